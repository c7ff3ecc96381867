//! One run of an answer: the child process, the peers that play opposite it,
//! and everything that happens between them, in order.
//!
//! A scene has one thread. It looks at the channel and at the peers' sockets in
//! turn. The channel comes first: when the answer says that it returned, all
//! that it had sent before lies in the peers' sockets already, and is delivered
//! before the return.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::running::{Running, field};
use super::verdict::YOU;
use super::{Bench, Fact, Line, Outcome};
use crate::messages::say;
use crate::wire::Message;

mod event;
mod outcomes;
mod tcp;

pub use event::Event;
use tcp::Tcp;
pub use tcp::{ServerId, StreamId};

/// How long the scene rests when there is nothing to see.
const PAUSE: Duration = Duration::from_micros(300);

/// How long an answer may sleep on when something was sent to it that it receives.
pub const REACTION: Duration = Duration::from_millis(500);
/// How long it may take until a port that a peer has left is free.
const COMING_BACK: Duration = Duration::from_secs(1);

/// A peer of the scene, by the order in which it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerId(usize);

struct Peer {
    name: &'static str,
    socket: UdpSocket,
}

/// One run of an answer.
pub struct Scene {
    running: Running,
    peers: Vec<Peer>,
    tcp: Tcp,
    /// Where the answer's socket is; port 0 when its function gets no socket.
    pub answer: SocketAddr,
    exchange: Vec<Line>,
    calls: usize,
    sent: usize,
    heard: usize,
    silent: Instant,
}

impl Scene {
    /// Starts the answer and waits until it has made its socket, or has said
    /// that it needs none.
    ///
    /// # Errors
    /// An [`Outcome`] when the program does not start or does not report.
    pub fn start(bench: &Bench<'_>) -> Result<Self, Outcome> {
        let mut scene = Self {
            running: Running::start(bench.program).map_err(trouble)?,
            peers: Vec::new(),
            tcp: Tcp::default(),
            answer: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            exchange: Vec::new(),
            calls: 0,
            sent: 0,
            heard: 0,
            silent: Instant::now(),
        };
        loop {
            // It may have a `main` of its own: then it ends, or goes its own way.
            if let Some(report) = scene.running.report() {
                if report[0] == b"socket" {
                    scene.answer = field(&report, 1)
                        .parse()
                        .map_err(|_| trouble(ErrorKind::InvalidData.into()))?;
                }
                return Ok(scene);
            }
            if let Some(event) = scene.no_progress() {
                return Err(scene.usual(event, "expecting-start"));
            }
            thread::sleep(PAUSE);
        }
    }

    /// Whether the answer has ended, or goes nowhere.
    fn no_progress(&mut self) -> Option<Event> {
        if self.running.is_gone() {
            return Some(Event::Ended);
        }
        if self.tcp.rests() {
            self.running.watch.begin(); // it is a peer that takes its time
        }
        let mut stuck = self.running.watch.look()?;
        self.tcp.name_peers(&mut stuck);
        Some(Event::Stuck(stuck))
    }

    /// Makes a UDP peer on a free port of 127.0.0.1; `name` is the key of its name.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system has no socket left.
    pub fn udp_peer(&mut self, name: &'static str) -> Result<PeerId, Outcome> {
        self.udp_peer_at(name, Ipv4Addr::LOCALHOST.into())
    }

    /// Makes a UDP peer on a free port of another address of this machine.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the machine does not have the address, as `::1`.
    pub fn udp_peer_at(&mut self, name: &'static str, ip: IpAddr) -> Result<PeerId, Outcome> {
        let socket = socket_at(SocketAddr::new(ip, 0)).map_err(trouble)?;
        self.peers.push(Peer { name, socket });
        Ok(PeerId(self.peers.len() - 1))
    }

    /// A peer's own address.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system does not say.
    pub fn address(&self, peer: PeerId) -> Result<SocketAddr, Outcome> {
        self.peers[peer.0].socket.local_addr().map_err(trouble)
    }

    /// The key of a peer's name.
    pub fn name(&self, peer: PeerId) -> &'static str {
        self.peers[peer.0].name
    }

    /// Sends a datagram from a peer to the answer's socket.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system does not send it.
    pub fn send(&mut self, peer: PeerId, bytes: &[u8]) -> Result<(), Outcome> {
        let Peer { name, socket } = &self.peers[peer.0];
        socket.send_to(bytes, self.answer).map_err(trouble)?;
        self.sent += 1;
        let line = Line::Datagram {
            from: name,
            to: YOU,
            bytes: bytes.to_vec(),
            lost: false,
        };
        self.exchange.push(line);
        Ok(())
    }

    /// Sends a datagram that the exchange does not list, one of a great many.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system does not send it.
    pub fn disturb(&mut self, peer: PeerId, bytes: &[u8]) -> Result<(), Outcome> {
        self.sent += 1;
        self.peers[peer.0]
            .socket
            .send_to(bytes, self.answer)
            .map(|_| ())
            .map_err(trouble)
    }

    /// Sends a datagram, and waits until the answer has woken up for it and rests
    /// again: what it did by then, if it did something.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system does not send it.
    pub fn send_and_see(&mut self, peer: PeerId, bytes: &[u8]) -> Result<Option<Event>, Outcome> {
        self.acts();
        self.send(peer, bytes)?;
        Ok(self.see(REACTION))
    }

    /// Leaves a peer's port: from here on the system answers for it that nobody
    /// is there, and the port is not given to another program.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system does not do so.
    pub fn leave(&mut self, peer: PeerId) -> Result<(), Outcome> {
        // A socket that is connected to itself takes nothing from others.
        let socket = &self.peers[peer.0].socket;
        let itself = socket.local_addr();
        itself.and_then(|to| socket.connect(to)).map_err(trouble)
    }

    /// Sends a datagram from a peer that is gone when the answer replies to it.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system does not do so.
    pub fn send_and_leave(&mut self, peer: PeerId, bytes: &[u8]) -> Result<(), Outcome> {
        // Elsewhere a connected socket sends to its own peer alone.
        if cfg!(target_os = "linux") {
            self.leave(peer)?;
            return self.send(peer, bytes);
        }
        self.send(peer, bytes)?;
        self.leave(peer)
    }

    /// Comes back to the port that [`Scene::leave`] has left.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when another program was quicker.
    pub fn come_back(&mut self, peer: PeerId) -> Result<(), Outcome> {
        let address = self.address(peer)?;
        let elsewhere = socket_at(SocketAddr::new(address.ip(), 0)).map_err(trouble)?;
        drop(std::mem::replace(&mut self.peers[peer.0].socket, elsewhere));
        // A process that is just being started may still have a copy of the old
        // socket.
        let limit = Instant::now() + COMING_BACK;
        let here = loop {
            match socket_at(address) {
                Err(e) if e.kind() == ErrorKind::AddrInUse && Instant::now() < limit => {
                    thread::sleep(PAUSE);
                }
                bound => break bound,
            }
        };
        self.peers[peer.0].socket = here.map_err(trouble)?;
        Ok(())
    }

    /// A moment before which the event that was seen last had not happened.
    pub fn silent_until(&self) -> Instant {
        self.silent
    }

    /// The line of the answer's first panic, if it panicked in its own file.
    pub fn panic_line(&self) -> Option<u32> {
        self.running.panic.as_ref().map(|p| p.line)
    }

    /// Adds a line of the peers' own to the exchange.
    pub fn note(&mut self, key: &'static str, facts: &[(&'static str, Fact)]) {
        self.exchange.push(Line::Note(key, facts.to_vec()));
    }

    /// Marks the last datagram as one that the network loses.
    pub fn lose_last(&mut self) {
        if let Some(Line::Datagram { lost, .. }) = self.exchange.last_mut() {
            *lost = true;
        }
    }

    /// The exchange so far, for [`Scene::turn_back`]: the judge tries something
    /// out that is no part of the story.
    pub fn page(&self) -> Vec<Line> {
        self.exchange.clone()
    }

    /// Forgets what was tried out.
    pub fn turn_back(&mut self, page: Vec<Line>) {
        self.exchange = page;
    }

    /// What was seen last had happened before what was seen right before it: on
    /// a busy machine a report may overtake a segment.
    pub fn came_late(&mut self) {
        if let [.., before, last] = &mut self.exchange[..] {
            std::mem::swap(before, last);
        }
    }

    /// Forgets the exchange so far: a new part of the story begins.
    pub fn new_page(&mut self) {
        self.exchange.clear();
    }

    /// Calls the answer's function with these arguments; `how` is the line of
    /// the exchange that tells of the call.
    ///
    /// # Errors
    /// What kept the answer from taking the call.
    pub fn call(
        &mut self,
        how: &'static str,
        facts: &[(&'static str, Fact)],
        arguments: &[&[u8]],
    ) -> Result<(), Outcome> {
        let mut message: Message = arguments.iter().map(|a| a.to_vec()).collect();
        if message.is_empty() {
            message.push(Vec::new());
        }
        self.calls += 1;
        self.acts();
        self.note(how, facts);
        self.running.call(&message).map_err(trouble)
    }

    /// Calls a function that talks to nobody, on a new page of the exchange,
    /// and waits for what comes of it.
    ///
    /// # Errors
    /// What kept the answer from taking the call.
    pub fn ask(
        &mut self,
        how: &'static str,
        facts: &[(&'static str, Fact)],
        arguments: &[&[u8]],
    ) -> Result<Event, Outcome> {
        self.new_page();
        self.call(how, facts, arguments)?;
        Ok(self.wait())
    }

    /// Shows the value that was returned last as `shown`, the way Rust writes
    /// it, and below it, where the contract asks for another one, `wanted`.
    pub fn returned(&mut self, shown: &str, wanted: Option<&str>) {
        if let Some(Line::Returned(value)) = self.exchange.last_mut() {
            *value = shown.into();
        }
        if let Some(wanted) = wanted {
            self.note("should-return", &[("value", wanted.into())]);
        }
    }

    /// Waits for the next event while the peers owe the answer nothing: an
    /// answer that makes no progress is [`Event::Stuck`].
    pub fn wait(&mut self) -> Event {
        self.running.watch.begin();
        loop {
            if let Some(event) = self.look().or_else(|| self.no_progress()) {
                return event;
            }
            thread::sleep(PAUSE);
        }
    }

    /// Waits for the next event for `limit` at most: `None` when the time is
    /// over. The answer may rest as long as it likes meanwhile.
    pub fn wait_for(&mut self, limit: Duration) -> Option<Event> {
        let deadline = Instant::now() + limit;
        loop {
            let event = self.look();
            if event.is_some() || Instant::now() >= deadline {
                return event;
            }
            thread::sleep(PAUSE);
        }
    }

    /// The next event, if there is one now. The order matters: a report that is
    /// read after the peers' sockets could overtake a datagram that was sent
    /// before it.
    fn look(&mut self) -> Option<Event> {
        let now = Instant::now();
        let event = self.look_around();
        if event.is_none() {
            self.silent = now;
        }
        event
    }

    fn look_around(&mut self) -> Option<Event> {
        self.running.listen();
        for (index, peer) in self.peers.iter().enumerate() {
            let mut buf = vec![0; 65_535];
            // Windows reports a peer's closed port here: that is no datagram.
            let Ok((len, from)) = peer.socket.recv_from(&mut buf) else {
                continue;
            };
            buf.truncate(len);
            self.heard += 1;
            let line = Line::Datagram {
                from: YOU,
                to: peer.name,
                bytes: buf.clone(),
                lost: false,
            };
            self.exchange.push(line);
            return Some(Event::Datagram {
                at: PeerId(index),
                from,
                bytes: buf,
            });
        }
        if let Some(event) = self.look_at_streams() {
            return Some(event);
        }
        if let Some(report) = self.running.report_heard() {
            return Some(self.translate(&report));
        }
        self.running.is_gone().then_some(Event::Ended)
    }

    fn translate(&mut self, report: &Message) -> Event {
        let text = |at: usize| field(report, at);
        match report[0].as_slice() {
            b"returned" => {
                let value: Vec<_> = report[1..].iter().map(|f| brief(f)).collect();
                let value = if value.is_empty() {
                    "()".to_string()
                } else {
                    value.join(", ")
                };
                self.exchange.push(Line::Returned(format!("Ok({value})")));
                Event::Returned(report[1..].to_vec())
            }
            b"told" => Event::Told(report[1..].to_vec()),
            b"failed" if text(1) == "Interrupted" => Event::Interrupted,
            b"failed" => {
                // Where std has no name for an error, the system's own text says more.
                let kind = if text(1) == "Uncategorized" {
                    text(3)
                } else {
                    text(1)
                };
                self.exchange.push(Line::Returned(format!("Err({kind})")));
                Event::Failed {
                    kind,
                    code: text(2).parse().ok(),
                }
            }
            b"unwound" => Event::Unwound {
                waiting: text(1).parse().unwrap_or(0),
            },
            _ => Event::Ended, // an answer that speaks another language
        }
    }
}

/// A peer's UDP socket.
fn socket_at(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(address)?;
    socket.set_nonblocking(true)?;
    // The scene may look away for a while: let nothing be lost here. A system
    // that allows less gives what it can.
    let _ = SockRef::from(&socket).set_recv_buffer_size(4 << 20);
    Ok(socket)
}

/// The judge's own trouble with the system.
fn trouble(error: io::Error) -> Outcome {
    Outcome::Unjudged(say(
        "judge-trouble",
        &[("why", error.kind().to_string().into())],
    ))
}

/// A returned value in a few characters: text as it is, bytes by their number.
fn brief(field: &[u8]) -> String {
    match std::str::from_utf8(field) {
        Ok(text) if text.len() <= 20 && text.parse::<i64>().is_ok() => text.to_string(),
        _ => say("some-bytes", &[("len", field.len().into())]),
    }
}
