//! Measure the round-trip time
//!
//! `cargo test ex07_2` grades this file. To try it by hand, send five probes to
//! a server that echoes:
//!
//! ```text
//! cargo run --bin lab03_udp_server
//! cargo run -p exercises --bin ex07_2_measure_rtt -- 127.0.0.1:8888 5
//! ```

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::{Duration, Instant};

// ANCHOR: answer
/// Sends `probes` probes to the echo server `server`, one after the other, and
/// returns the round-trip time of each, in their order.
///
/// A probe is a datagram of four bytes: its number, counted from 0, in network
/// order. Its echo is a datagram from `server` with the same four bytes. Whatever
/// else arrives is ignored. The time of a probe runs from just before it is sent
/// until its echo is received.
///
/// A probe whose echo has not come when this time reaches `wait` is lost: it has
/// `None` for a time, whatever comes later. Nothing else ends a probe's wait, and
/// no probe is sent again. The next one is sent as soon as the one before has its
/// echo or is lost.
///
/// The network may lose, repeat and delay datagrams both ways, anybody may send
/// to the socket, and there may be no server. `server` has an IPv4 address or an
/// IPv6 address, and `wait` is longer than 0.
///
/// # Errors
/// Those of the socket. A lost probe is none, also when nobody listens at the
/// server's port.
fn measure_rtt(
    server: SocketAddr,
    probes: u32,
    wait: Duration,
) -> io::Result<Vec<Option<Duration>>> {
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any)?;
    socket.connect(server)?; // the kernel keeps strangers out
    (0..probes)
        .map(|number| probe(&socket, &number.to_be_bytes(), wait))
        .collect()
}

/// Sends one probe and waits for its echo; `None` when none comes in time.
fn probe(socket: &UdpSocket, probe: &[u8], wait: Duration) -> io::Result<Option<Duration>> {
    let sent = Instant::now();
    match socket.send(probe) {
        Err(e) if !is_gone(&e) => return Err(e),
        _ => {}
    }
    let mut buf = [0; 65_527]; // on Windows what does not fit is an error
    loop {
        let left = wait.saturating_sub(sent.elapsed());
        if left.is_zero() {
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv(&mut buf) {
            Ok(len) if buf[..len] == *probe => return Ok(Some(sent.elapsed())),
            Ok(_) => {} // an earlier probe's, or none at all
            Err(e) if is_silence(&e) || is_gone(&e) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether the error says that the time limit is over.
fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Whether the error says that nobody listens at the server's port.
fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    graders::ex07_2_measure_rtt::main(measure_rtt)
}
