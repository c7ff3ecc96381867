//! Clients that connect and say nothing: what waits in an accept queue.

use std::fs;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

/// How long a connection may take where there is room. A SYN that was dropped is
/// sent again after a second; longer than that there is none.
const LIMIT: Duration = Duration::from_millis(1500);
/// How long to look whether a connection comes about where there is no room: on
/// one machine a handshake takes less than a millisecond.
const LOOK: Duration = Duration::from_millis(15);

/// Clients of one server. They reset their connections when they are dropped, so
/// that nothing is left of them.
pub struct Clients {
    server: SocketAddr,
    connected: Vec<Socket>,
    refused: bool,
}

impl Clients {
    /// No client yet.
    pub fn of(server: SocketAddr) -> Self {
        Self {
            server,
            connected: Vec::new(),
            refused: false,
        }
    }

    /// Connects so many clients, one after the other, and returns how many of
    /// them there are. The first that has to wait is the last one to try.
    pub fn connect(&mut self, count: usize) -> io::Result<usize> {
        for done in 0..count {
            let socket = self.socket()?;
            match socket.connect_timeout(&self.server.into(), LIMIT) {
                Ok(()) => self.connected.push(socket),
                Err(e) if e.kind() == ErrorKind::TimedOut => return Ok(done),
                Err(e) if e.kind() == ErrorKind::ConnectionRefused => {
                    self.refused = true;
                    return Ok(done);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }

    /// Whether nobody listens there.
    pub fn refused(&self) -> bool {
        self.refused
    }

    /// Waits until those that are connected are in the server's queue: the last
    /// segment of a handshake may be on its way when the client goes on.
    pub fn are_queued(&self) {
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            match waiting(self.server) {
                Some(queued) if queued < self.connected.len() => {}
                Some(_) => return,
                None => break,
            }
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_millis(5));
    }

    /// Tries to connect so many more, all at the same time, and returns how many
    /// of them are connected soon.
    pub fn try_more(&mut self, count: usize) -> io::Result<usize> {
        let mut trying = Vec::new();
        for _ in 0..count {
            let socket = self.socket()?;
            socket.set_nonblocking(true)?;
            let _ = socket.connect(&self.server.into()); // it is under way
            trying.push(socket);
        }
        let deadline = Instant::now() + LOOK;
        loop {
            let connected = trying.iter().filter(|s| s.peer_addr().is_ok()).count();
            if connected == count || Instant::now() >= deadline {
                return Ok(connected);
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn socket(&self) -> io::Result<Socket> {
        let socket = Socket::new(Domain::for_address(self.server), Type::STREAM, None)?;
        socket.set_linger(Some(Duration::ZERO))?;
        Ok(socket)
    }
}

/// How many connections wait in the queue of the listener with this port; `None`
/// where the system does not tell.
fn waiting(server: SocketAddr) -> Option<usize> {
    // A line of proc_net_tcp(5): number, address, peer, state, queues. Of a listener
    // in LISTEN (0A), the second queue is the one of connections.
    let table = if server.is_ipv4() {
        fs::read_to_string("/proc/net/tcp")
    } else {
        fs::read_to_string("/proc/net/tcp6")
    };
    let port = format!(":{:04X}", server.port());
    let table = table.ok()?;
    let mut lines = table.lines().filter(|line| line.contains(&port));
    lines.find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, "0A", queues, ..] = fields[..] else {
            return None;
        };
        let queued = queues.split_once(':').filter(|_| local.ends_with(&port))?.1;
        usize::from_str_radix(queued, 16).ok()
    })
}
