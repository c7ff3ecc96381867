//! An answer to exercise 3.1 that hangs.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::ExitCode;

use socket2::{Domain, Socket, Type};

fn echo_one(_: &UdpSocket) -> io::Result<usize> {
    // A listener that never accepts: once its queue is full, a connect waits.
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    listener.listen(1)?;
    let listener = TcpListener::from(listener);
    let mut waiting = Vec::new();
    for _ in 0..100 {
        waiting.push(TcpStream::connect(listener.local_addr()?)?);
    }
    Ok(waiting.len())
}

fn main() -> ExitCode {
    graders::ex03_1_echo_datagram::main(echo_one)
}
