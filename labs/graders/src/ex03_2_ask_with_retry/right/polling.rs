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
use std::thread;
use std::time::{Duration, Instant};

fn poll(
    socket: &UdpSocket,
    server: SocketAddr,
    request: &[u8],
    timeout: Duration,
    tries: u32,
) -> io::Result<Vec<u8>> {
    let mut buf = [0; 65_535];
    let mut sends = 0;
    let mut next_send = Instant::now();
    loop {
        if Instant::now() >= next_send {
            if sends == tries {
                return Err(ErrorKind::TimedOut.into());
            }
            socket.send_to(request, server)?;
            sends += 1;
            next_send = Instant::now() + timeout;
        }
        match socket.recv_from(&mut buf) {
            Ok((len, from)) => {
                let answer = &buf[..len];
                if from == server && answer.get(..4) == Some(&request[..4]) {
                    return Ok(answer.to_vec());
                }
            }
            Err(e) if e.kind() == ErrorKind::WouldBlock => thread::sleep(Duration::from_millis(2)),
            Err(e) => return Err(e),
        }
    }
}

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
    socket.set_nonblocking(true)?;
    let answer = poll(socket, server, request, timeout, tries);
    socket.set_nonblocking(false)?;
    answer
}

fn main() -> ExitCode {
    graders::ex03_2_ask_with_retry::main(ask)
}
