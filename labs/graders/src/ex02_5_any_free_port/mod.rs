//! Exercise 2.5: open a socket on any free port, and say where it is.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::Duration;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: an IP address to a socket there, and the address to
/// which a program on this machine sends.
pub type Answer = fn(IpAddr) -> io::Result<(UdpSocket, SocketAddr)>;

/// How long a socket may wait for a datagram that was sent to it before.
const LIMIT: Duration = Duration::from_secs(1);

/// Under a judge, one call for each socket, which is kept, and one for each
/// look at what the last one received; by hand, an echo server at the address
/// in the first argument.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            let mut sockets = Vec::new();
            while let Some(mut call) = judge.next_call()? {
                match call.text().as_str() {
                    "open" => {
                        let ip = call.parsed();
                        let open = |(socket, address): (UdpSocket, SocketAddr)| {
                            let told = vec![
                                socket.local_addr().map_or(String::new(), |a| a.to_string()),
                                socket.peer_addr().map_or(String::new(), |a| a.to_string()),
                                address.to_string(),
                            ];
                            sockets.push(socket);
                            told.into_iter().map(String::into_bytes).collect()
                        };
                        judge.run(|| answer(ip), open)?;
                    }
                    _ => {
                        let received = sockets.last().and_then(|socket| receive(socket).ok());
                        judge.tell(received.into_iter().collect())?;
                    }
                }
            }
            Ok(())
        },
        |args| {
            let ip = child::argument(args, 0, "an address of this machine, like 0.0.0.0")?;
            let (socket, address) = answer(ip)
                .map_err(|e| format!("the answer returned an error: {:?} ({e})", e.kind()))?;
            let at = |address: io::Result<SocketAddr>| {
                address.map_or_else(|e| format!("{:?}", e.kind()), |a| a.to_string())
            };
            let local = at(socket.local_addr());
            child::show(Ok(format!("the socket is at {local}; send to {address}")))?;
            loop {
                child::show(echo(&socket))?;
            }
        },
    )
}

/// One datagram that waits in a socket, whatever was set on it.
fn receive(socket: &UdpSocket) -> io::Result<Vec<u8>> {
    socket.set_nonblocking(false)?;
    socket.set_read_timeout(Some(LIMIT))?;
    let mut buf = [0; 1_500];
    let (len, _) = socket.recv_from(&mut buf)?;
    Ok(buf[..len].to_vec())
}

/// Sends one datagram back, and says what it was.
fn echo(socket: &UdpSocket) -> io::Result<String> {
    let mut buf = [0; 65_535];
    let (len, sender) = socket.recv_from(&mut buf)?;
    socket.send_to(&buf[..len], sender)?;
    let text = buf[..len].escape_ascii();
    Ok(format!("{sender} sent {len} bytes: {text}"))
}
