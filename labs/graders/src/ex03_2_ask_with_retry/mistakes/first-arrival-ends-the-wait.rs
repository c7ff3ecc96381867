//! Ask, and ask again
//!
//! `cargo test ex03_2` grades this file. To try it by hand, ask a server that
//! echoes, or one that is not there:
//!
//! ```text
//! cargo run --bin lab03_udp_server
//! cargo run -p exercises --bin ex03_2_ask_with_retry -- 127.0.0.1:8888 hello
//! ```

use std::io::{self, ErrorKind};
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
    socket.set_read_timeout(Some(timeout))?;
    let mut buf = [0; 65_535];
    for _ in 0..tries {
        socket.send_to(request, server)?;
        match socket.recv_from(&mut buf) {
            Ok((len, from)) if from == server && buf[..len].starts_with(&request[..4]) => {
                return Ok(buf[..len].to_vec());
            }
            Ok(_) => continue, // not the answer
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
            Err(e) => return Err(e),
        }
    }
    Err(ErrorKind::TimedOut.into())
}

fn main() -> ExitCode {
    graders::ex03_2_ask_with_retry::main(ask)
}
