//! A peer's end of one connection: what it still has to do, and what has come.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// The most that one look reads from, or writes to, one connection, in bytes.
pub const AT_ONCE: usize = 256 << 10;

/// A peer's end of one connection.
pub struct Stream {
    /// The key of its name.
    pub name: &'static str,
    /// `None` once the peer has closed or reset it.
    pub socket: Option<TcpStream>,
    /// What it still has to do.
    pub steps: VecDeque<Step>,
    /// Whether it reads.
    pub reads: bool,
    /// All that has come.
    pub received: Vec<u8>,
    /// Whether it has written anything.
    pub wrote: bool,
    /// The answer's end is gone: a write failed, or a reset came after the end.
    pub broken: bool,
    /// The answer has ended its direction.
    pub ended: bool,
    /// The answer's side has reset the connection.
    pub reset: bool,
}

/// What a peer still has to do on its connection.
pub enum Step {
    /// These bytes, from here on.
    Write(Vec<u8>, usize),
    /// Nothing for so long.
    Rest(Duration),
    /// Nothing until then.
    Until(Instant),
    /// The end of its direction.
    End,
}

impl Stream {
    /// A connection that was just made.
    pub fn new(name: &'static str, socket: TcpStream) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        socket.set_nodelay(true)?; // each write is a segment of its own
        Ok(Self {
            name,
            socket: Some(socket),
            steps: VecDeque::new(),
            reads: true,
            received: Vec::new(),
            wrote: false,
            broken: false,
            ended: false,
            reset: false,
        })
    }

    /// Does what can be done now; whether anything could.
    pub fn pump(&mut self) -> bool {
        let Some(socket) = &mut self.socket else {
            return false;
        };
        let (mut moved, mut budget) = (false, AT_ONCE);
        while let Some(step) = self.steps.front_mut() {
            match step {
                Step::Write(bytes, at) if *at == bytes.len() => {}
                Step::Write(_, _) if budget == 0 => break,
                Step::Write(bytes, at) => {
                    let end = bytes.len().min(*at + budget);
                    match socket.write(&bytes[*at..end]) {
                        Ok(n) => {
                            (*at, budget, moved) = (*at + n, budget - n, true);
                            self.wrote = true;
                        }
                        Err(e) if e.kind() == ErrorKind::Interrupted => {}
                        Err(e) if e.kind() == ErrorKind::WouldBlock => break,
                        Err(_) => {
                            self.broken = true;
                            self.steps.clear();
                            return true;
                        }
                    }
                    continue;
                }
                Step::Rest(pause) => {
                    *step = Step::Until(Instant::now() + *pause);
                    continue;
                }
                Step::Until(then) if Instant::now() < *then => break,
                Step::Until(_) => {}
                Step::End => {
                    // It fails where the answer has reset the connection: the
                    // next read says so.
                    let _ = socket.shutdown(Shutdown::Write);
                }
            }
            self.steps.pop_front();
            moved = true;
        }
        moved
    }

    /// Whether the peer itself makes the answer wait.
    pub fn rests(&self) -> bool {
        matches!(self.steps.front(), Some(Step::Rest(_) | Step::Until(_)))
    }

    /// What there is to read now; `buf` is room for it.
    pub fn read(&mut self, buf: &mut [u8]) -> Option<Arrival> {
        let socket = self.socket.as_mut()?;
        if self.reset || (!self.reads && !self.broken) {
            return None;
        }
        if self.ended && !self.broken {
            // Whoever closes with bytes unread resets, after its end too.
            self.broken = !matches!(socket.take_error(), Ok(None));
        }
        if self.reads && !self.ended {
            loop {
                match socket.read(buf) {
                    Ok(0) if !self.broken => {
                        self.ended = true;
                        return Some(Arrival::End);
                    }
                    Ok(n @ 1..) => {
                        self.received.extend(&buf[..n]);
                        return Some(Arrival::Bytes(buf[..n].to_vec()));
                    }
                    Err(e) if e.kind() == ErrorKind::Interrupted => {}
                    Err(e) if e.kind() == ErrorKind::WouldBlock && !self.broken => return None,
                    Ok(_) | Err(_) => break,
                }
            }
        } else if !self.broken {
            return None;
        }
        self.reset = true;
        Some(Arrival::Reset)
    }
}

/// What came from the answer.
pub enum Arrival {
    /// Bytes.
    Bytes(Vec<u8>),
    /// The end of its direction.
    End,
    /// A reset.
    Reset,
}
