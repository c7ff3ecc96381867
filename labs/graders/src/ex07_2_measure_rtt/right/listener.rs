//! Measure the round-trip time
//!
//! `cargo test ex07_2` grades this file. To try it by hand, send five probes to
//! a server that echoes:
//!
//! ```text
//! cargo run --bin lab03_udp_server
//! cargo run -p exercises --bin ex07_2_measure_rtt -- 127.0.0.1:8888 5
//! ```

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// What the listening thread heard, and when.
type Echo = (Instant, Vec<u8>);

/// Passes on all that the server sends, until `over`.
fn listen(socket: &UdpSocket, server: SocketAddr, over: &AtomicBool, heard: &Sender<Echo>) {
    let mut buf = [0; 1500];
    while !over.load(Ordering::Relaxed) {
        if let Ok((len, from)) = socket.recv_from(&mut buf) {
            let now = Instant::now();
            if from == server {
                let _ = heard.send((now, buf[..len].to_vec()));
            }
        }
    }
}

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
    let any = if server.is_ipv4() {
        "0.0.0.0:0"
    } else {
        "[::]:0"
    };
    let socket = UdpSocket::bind(any)?;
    socket.set_read_timeout(Some(Duration::from_millis(5)))?;
    let over = AtomicBool::new(false);
    let (heard, echoes) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| listen(&socket, server, &over, &heard));
        let one = |number: u32| {
            let sent = Instant::now();
            socket.send_to(&number.to_be_bytes(), server)?;
            loop {
                match echoes.recv_timeout(wait.saturating_sub(sent.elapsed())) {
                    Ok((when, echo)) if echo == number.to_be_bytes() => {
                        return Ok(Some(when - sent));
                    }
                    Ok(_) => {}
                    Err(_) => return Ok(None),
                }
            }
        };
        let times = (0..probes).map(one).collect();
        over.store(true, Ordering::Relaxed);
        times
    })
}

fn main() -> ExitCode {
    graders::ex07_2_measure_rtt::main(measure_rtt)
}
