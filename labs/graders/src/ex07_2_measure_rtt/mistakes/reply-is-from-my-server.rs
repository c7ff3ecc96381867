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
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::{Duration, Instant};

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
    let socket = match server {
        SocketAddr::V4(_) => UdpSocket::bind("0.0.0.0:0"),
        SocketAddr::V6(_) => UdpSocket::bind("[::]:0"),
    }?;
    let mut times = Vec::new();
    let mut buf = [0; 2048];
    for number in 0..probes {
        let sent = Instant::now();
        socket.send_to(&number.to_be_bytes(), server)?;
        let deadline = sent + wait;
        let mut time = None;
        loop {
            let now = Instant::now();
            if now >= deadline {
                break;
            }
            socket.set_read_timeout(Some(deadline - now))?;
            match socket.recv_from(&mut buf) {
                Ok((4, _)) if buf[..4] == number.to_be_bytes() => {
                    time = Some(sent.elapsed());
                    break;
                }
                Ok(_) => {}
                Err(e)
                    if matches!(
                        e.kind(),
                        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::ConnectionReset
                    ) => {}
                Err(e) => return Err(e),
            }
        }
        times.push(time);
    }
    Ok(times)
}

fn main() -> ExitCode {
    graders::ex07_2_measure_rtt::main(measure_rtt)
}
