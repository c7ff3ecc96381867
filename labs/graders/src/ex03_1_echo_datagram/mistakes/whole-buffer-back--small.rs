//! Echo one datagram
//!
//! `cargo test ex03_1` grades this file. To try it by hand, run it as a server
//! and send to it from a second terminal:
//!
//! ```text
//! cargo run -p exercises --bin ex03_1_echo_datagram -- 127.0.0.1:8888
//! cargo run --bin lab03_udp_client -- hello
//! ```

use std::io;
use std::net::UdpSocket;
use std::process::ExitCode;

/// Receives one datagram, sends the same bytes back to whoever sent it, and
/// returns how many bytes that was.
///
/// The socket is bound and not connected. It is called again for each datagram,
/// with the same socket; datagrams come from more than one client, carry any
/// bytes, and have any size that UDP can carry over IPv4.
///
/// # Errors
/// Those of the socket, as they are.
fn echo_one(socket: &UdpSocket) -> io::Result<usize> {
    let mut buf = [0; 2048];
    let (len, sender) = socket.recv_from(&mut buf)?;
    socket.send_to(&buf, sender)?;
    Ok(len)
}

fn main() -> ExitCode {
    graders::ex03_1_echo_datagram::main(echo_one)
}
