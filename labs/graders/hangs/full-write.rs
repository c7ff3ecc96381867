//! An answer to exercise 3.1 that hangs.

use std::io::{self, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::ExitCode;

fn echo_one(_: &UdpSocket) -> io::Result<usize> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    let (_server, _) = listener.accept()?; // which never reads
    client.write_all(&vec![0; 64 << 20])?;
    Ok(0)
}

fn main() -> ExitCode {
    graders::ex03_1_echo_datagram::main(echo_one)
}
