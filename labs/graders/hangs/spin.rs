//! An answer to exercise 3.1 that hangs.

use std::io;
use std::net::UdpSocket;
use std::process::ExitCode;

fn echo_one(socket: &UdpSocket) -> io::Result<usize> {
    let mut buf = [0; 65_535];
    socket.set_nonblocking(true)?;
    loop {
        // Anything but the datagram that came: it asks for a second one.
        if let Ok((len, sender)) = socket.recv_from(&mut buf) {
            if len > 65_000 {
                return socket.send_to(&buf[..len], sender);
            }
        }
    }
}

fn main() -> ExitCode {
    graders::ex03_1_echo_datagram::main(echo_one)
}
