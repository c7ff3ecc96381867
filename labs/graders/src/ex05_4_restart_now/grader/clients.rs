//! Clients that connect and say nothing: what waits in an accept queue.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

/// How long a connection may take where there is room. A SYN that was dropped is
/// sent again after a second; longer than that there is none.
const LIMIT: Duration = Duration::from_millis(1500);
/// How long to look whether a connection comes about where there is no room.
const LOOK: Duration = Duration::from_millis(40);

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

    /// Tries to connect so many more, all at the same time, and returns how many
    /// of them are connected soon.
    pub fn try_more(&mut self, count: usize) -> io::Result<usize> {
        thread::sleep(Duration::from_millis(5)); // those before are in the queue by then
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
