//! What comes of sharing a port: who gets the datagrams, whose the connections
//! are.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use labs::{Trouble, say};

use crate::cases::{BOTH_FAMILIES, Case, Share};
use crate::open;

/// How many sockets send, where a hash of the sender's address decides.
const SENDERS: usize = 64;

/// How long a datagram may take from one socket of this program to another.
const PATIENCE: Duration = Duration::from_secs(1);

// ANCHOR: deliver
/// Two UDP sockets share a port: sends to it, and looks who got what.
pub fn deliver(case: &Case, receivers: &[UdpSocket; 2]) -> Result<(), Trouble> {
    let Ok(port) = receivers[0].local_addr().map(|address| address.port()) else {
        return Ok(());
    };
    for ip in case.ask {
        let senders = match case.first.share {
            Share::ReusePort => SENDERS,
            _ => 1,
        };
        let target = SocketAddr::new(*ip, port);
        let sent = (0..senders).filter(|_| send(target).is_ok()).count();
        say(match (sent, received(receivers, sent)) {
            (0, _) => format!("      nothing can be sent to {target}"),
            (1, [1, 0]) => format!("      a datagram to {target} came to the first"),
            (1, [0, 1]) => format!("      a datagram to {target} came to the second"),
            (_, [first, second]) => format!(
                "      of {sent} datagrams {first} came to the first, {second} to the second"
            ),
        })?;
    }
    Ok(())
}

/// One datagram, from a port of its own.
fn send(target: SocketAddr) -> io::Result<usize> {
    UdpSocket::bind(SocketAddr::new(target.ip(), 0))?.send_to(b"who gets this?", target)
}

/// How many datagrams each of the two receives, until all have come.
fn received(receivers: &[UdpSocket; 2], sent: usize) -> [usize; 2] {
    let mut counts = [0, 0];
    let deadline = Instant::now() + PATIENCE;
    while counts.iter().sum::<usize>() < sent && Instant::now() < deadline {
        for (receiver, count) in receivers.iter().zip(&mut counts) {
            let _ = receiver.set_read_timeout(Some(Duration::from_millis(5)));
            while receiver.recv(&mut [0; 100]).is_ok() {
                *count += 1;
            }
        }
    }
    counts
}
// ANCHOR_END: deliver

// ANCHOR: mapped
/// With IPV6_V6ONLY off, one IPv6 socket takes what comes over IPv4 too.
pub fn mapped() -> Result<(), Trouble> {
    let receive = || {
        let socket: UdpSocket = open(&BOTH_FAMILIES, 0)?.into();
        let port = socket.local_addr()?.port();
        socket.set_read_timeout(Some(PATIENCE))?;
        let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        sender.send_to(b"hello", (Ipv4Addr::LOCALHOST, port))?;
        let (_, peer) = socket.recv_from(&mut [0; 100])?;
        Ok::<_, io::Error>((sender.local_addr()?, peer))
    };
    say(match receive() {
        Ok((sender, peer)) => {
            format!("  off, alone: a datagram from {sender}\n              has the sender {peer}")
        }
        Err(error) => format!("  off, alone: not on this machine ({})", error.kind()),
    })
}
// ANCHOR_END: mapped

// ANCHOR: connections
/// A TCP server's connections all have the port of its listener. What differs
/// is the other end, and it is the pair of both ends that names a connection.
pub fn connections() -> Result<(), Trouble> {
    let accept = || {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let here = listener.local_addr()?;
        let mut lines = vec![format!("  listener    {here}")];
        let mut open = Vec::new();
        for _ in 0..2 {
            let client = TcpStream::connect(here)?;
            let (connection, peer) = listener.accept()?;
            lines.push(format!(
                "  connection  {} with {peer}",
                connection.local_addr()?
            ));
            open.push((client, connection));
        }
        Ok::<_, io::Error>(lines.join("\n"))
    };
    say("TCP: a listener and the connections that it accepted")?;
    say(accept().unwrap_or_else(|error| format!("  not on this machine ({})", error.kind())))
}
// ANCHOR_END: connections
