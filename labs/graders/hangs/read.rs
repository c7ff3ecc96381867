//! An answer to exercise 3.1 that hangs.

use std::io::{self, Read};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::ExitCode;

fn echo_one(_: &UdpSocket) -> io::Result<usize> {
    // A connection to itself, on which nothing is ever written.
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    let (_server, _) = listener.accept()?;
    client.read(&mut [0; 16])
}

fn main() -> ExitCode {
    graders::ex03_1_echo_datagram::main(echo_one)
}
