//! The floors: echo loops of the standard library with nothing around them, and
//! a ping-pong that needs no network at all.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;

/// As the labs' servers have it.
pub(crate) const BUFFER: usize = 64 * 1024;

/// Echoes connections one after another: no threads, no output, no care.
pub(crate) fn tcp_server(listen: SocketAddr, buffer: usize) -> io::Result<()> {
    let listener = TcpListener::bind(listen)?;
    let mut buf = vec![0; buffer];
    loop {
        let (stream, _) = listener.accept()?;
        echo(&stream, &mut buf)?;
    }
}

/// Sends back what comes until the end of the stream.
fn echo(mut stream: impl Read + Write, buf: &mut [u8]) -> io::Result<()> {
    loop {
        let len = stream.read(buf)?;
        if len == 0 {
            return Ok(());
        }
        stream.write_all(&buf[..len])?;
    }
}

/// Echoes datagrams.
pub(crate) fn udp_server(listen: SocketAddr) -> io::Result<()> {
    let socket = UdpSocket::bind(listen)?;
    let mut buf = vec![0; BUFFER];
    loop {
        let (len, peer) = socket.recv_from(&mut buf)?;
        socket.send_to(&buf[..len], peer)?;
    }
}

/// Round trips between two processes that share a socketpair.
#[cfg(unix)]
pub(crate) fn pair(time: Duration) -> io::Result<()> {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;
    use std::process::{Command, Stdio};

    let (ours, theirs) = UnixStream::pair()?;
    let mut echo = Command::new(std::env::current_exe()?)
        .arg("pair-echo")
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .spawn()?;
    let measured = crate::clients::ping_pong(&ours, time);
    drop(ours); // the end of the stream, at which the other process ends
    echo.wait()?;
    measured
}

/// The other process: echoes its standard input, which is a socket.
#[cfg(unix)]
pub(crate) fn pair_echo() -> io::Result<()> {
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;

    let socket = io::stdin().as_fd().try_clone_to_owned()?;
    echo(&UnixStream::from(socket), &mut vec![0; BUFFER])
}

#[cfg(not(unix))]
pub(crate) fn pair(_: Duration) -> io::Result<()> {
    pair_echo()
}

#[cfg(not(unix))]
pub(crate) fn pair_echo() -> io::Result<()> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "this system has no socketpair",
    ))
}
