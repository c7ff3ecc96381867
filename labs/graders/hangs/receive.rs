//! An answer to exercise 3.1 that hangs.

use std::io;
use std::net::UdpSocket;
use std::process::ExitCode;

fn echo_one(socket: &UdpSocket) -> io::Result<usize> {
    let mut buf = [0; 65_535];
    socket.recv_from(&mut buf)?;
    socket.recv(&mut buf) // the second part, which nobody sends
}

fn main() -> ExitCode {
    graders::ex03_1_echo_datagram::main(echo_one)
}
