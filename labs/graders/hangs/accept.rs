//! An answer to exercise 3.1 that hangs.

use std::io;
use std::net::{TcpListener, UdpSocket};
use std::process::ExitCode;

fn echo_one(_: &UdpSocket) -> io::Result<usize> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.accept()?;
    Ok(0)
}

fn main() -> ExitCode {
    graders::ex03_1_echo_datagram::main(echo_one)
}
