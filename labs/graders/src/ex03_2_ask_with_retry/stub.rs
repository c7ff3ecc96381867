//! Ask, and ask again
//!
//! `cargo test ex03_2` grades this file. To try it by hand, ask a server that
//! echoes, or one that is not there:
//!
//! ```text
//! cargo run --bin lab03_udp_server
//! cargo run -p exercises --bin ex03_2_ask_with_retry -- 127.0.0.1:8888 hello
//! ```

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::Duration;

/// Sends `request` to `server` and returns its answer.
///
/// The first four bytes of a request are its id. A datagram is the answer when
/// it comes from `server` and begins with the same four bytes; whatever else
/// arrives is ignored. When no answer has come for `timeout` since the request
/// was sent, the request is sent again. It is sent `tries` times at the most.
///
/// The socket is bound and not connected; `tries` is at least 1. The network
/// may lose the request or the answer, and anybody may send to the socket.
///
/// # Errors
/// `ErrorKind::TimedOut` when the last try stays without an answer; others as
/// the socket reports them.
fn ask(
    socket: &UdpSocket,
    server: SocketAddr,
    request: &[u8],
    timeout: Duration,
    tries: u32,
) -> io::Result<Vec<u8>> {
    // TODO: send, wait for the answer, and send again when none comes in time.
    let _ = (socket, server, request, timeout, tries);
    todo!()
}

fn main() -> ExitCode {
    graders::ex03_2_ask_with_retry::main(ask)
}
