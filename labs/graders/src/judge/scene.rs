//! One run of an answer: the child process, the peers that play opposite it,
//! and everything that happens between them, in order.
//!
//! A scene has one thread. It looks at the channel and at the peers' sockets in
//! turn. The channel comes first: when the answer says that it returned, all
//! that it had sent before lies in the peers' sockets already, and is delivered
//! before the return.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::printed::Printed;
use super::stuck::Watch;
use super::verdict::YOU;
use super::{Bench, Fact, Finding, Line, Outcome, Stuck};
use crate::messages::say;
use crate::wire::{self, Message};

/// How long the scene rests when there is nothing to see.
const PAUSE: Duration = Duration::from_micros(300);

/// A peer of the scene, by the order in which it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerId(usize);

/// What happens in a scene.
#[derive(Debug)]
pub enum Event {
    /// A datagram from `from` reached one of the peers.
    Datagram {
        /// The peer that it reached.
        at: PeerId,
        /// Where it came from.
        from: SocketAddr,
        /// What it carried.
        bytes: Vec<u8>,
    },
    /// The function returned `Ok`; its value in fields.
    Returned(Message),
    /// The function returned `Err`.
    Failed {
        /// The kind of the error, as `ErrorKind` names it, or the system's own
        /// text where it has no name.
        kind: String,
        /// The system's number of the error, where there is one.
        code: Option<i32>,
    },
    /// The function panicked; `waiting` datagrams were left in its socket.
    Unwound {
        /// How many datagrams nobody took.
        waiting: usize,
    },
    /// The program ended without an answer.
    Ended,
    /// The answer makes no progress, and the peers owe it nothing.
    Stuck(Stuck),
}

struct Peer {
    name: &'static str,
    socket: UdpSocket,
}

struct Panic {
    message: String,
    line: u32,
}

/// One run of an answer.
pub struct Scene {
    child: Child,
    channel: Option<TcpStream>,
    unread: Vec<u8>,
    gone: bool,
    reports: VecDeque<Message>,
    peers: Vec<Peer>,
    /// Where the answer's socket is.
    pub answer: SocketAddr,
    exchange: Vec<Line>,
    printed: Printed,
    panic: Option<Panic>,
    watch: Watch,
    calls: usize,
    sent: usize,
    heard: usize,
}

impl Scene {
    /// Starts the answer and waits until it has made its socket.
    ///
    /// # Errors
    /// An [`Outcome`] when the program does not start or does not report.
    pub fn start(bench: &Bench<'_>) -> Result<Self, Outcome> {
        let mut scene = Self::spawn(bench)?;
        match scene.wait_for_report() {
            Ok(report) => {
                let address = report.get(1).and_then(|a| String::from_utf8_lossy(a).parse().ok());
                scene.answer = address.ok_or_else(|| trouble(ErrorKind::InvalidData.into()))?;
                Ok(scene)
            }
            Err(event) => Err(scene.usual(event, "expecting-start")),
        }
    }

    /// Starts the program and waits until it has called its judge.
    fn spawn(bench: &Bench<'_>) -> Result<Self, Outcome> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(trouble)?;
        listener.set_nonblocking(true).map_err(trouble)?;
        let here = listener.local_addr().map_err(trouble)?;
        let token = format!("{:016x}", fastrand::u64(..));
        let mut child = Command::new(bench.program)
            .env(wire::CHANNEL, format!("{here}/{token}"))
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(trouble)?;
        let mut scene = Self {
            printed: Printed::of(&mut child),
            watch: Watch::new(child.id()),
            child,
            channel: None,
            unread: Vec::new(),
            gone: false,
            reports: VecDeque::new(),
            peers: Vec::new(),
            answer: here,
            exchange: Vec::new(),
            panic: None,
            calls: 0,
            sent: 0,
            heard: 0,
        };
        scene.watch.begin();
        while scene.channel.is_none() {
            scene.channel = accept(&listener, &token).map_err(trouble)?;
            // A `main` of the reader's own, perhaps: it ends, or goes its own way.
            if scene.channel.is_none() && scene.child.try_wait().map_err(trouble)?.is_some() {
                return Err(scene.usual(Event::Ended, "expecting-start"));
            }
            if let Some(stuck) = scene.watch.look() {
                return Err(scene.usual(Event::Stuck(stuck), "expecting-start"));
            }
            thread::sleep(PAUSE);
        }
        Ok(scene)
    }

    /// The first report of the answer, or what came instead of it.
    fn wait_for_report(&mut self) -> Result<Message, Event> {
        self.watch.begin();
        loop {
            self.listen();
            if let Some(report) = self.next_report() {
                return Ok(report);
            }
            if self.gone {
                return Err(Event::Ended);
            }
            if let Some(stuck) = self.watch.look() {
                return Err(Event::Stuck(stuck));
            }
            thread::sleep(PAUSE);
        }
    }

    /// Makes a UDP peer on a free port of 127.0.0.1; `name` is the key of its name.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system has no socket left.
    pub fn udp_peer(&mut self, name: &'static str) -> Result<PeerId, Outcome> {
        let peer = || {
            let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
            socket.set_nonblocking(true)?;
            // The scene may look away for a while: let nothing be lost here. A
            // system that allows less gives what it can.
            let _ = SockRef::from(&socket).set_recv_buffer_size(4 << 20);
            Ok(Peer { name, socket })
        };
        self.peers.push(peer().map_err(trouble)?);
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
        let line = Line::Datagram { from: name, to: YOU, bytes: bytes.to_vec(), lost: false };
        self.exchange.push(line);
        Ok(())
    }

    /// Sends a datagram that the exchange does not list, one of a great many.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system does not send it.
    pub fn disturb(&mut self, peer: PeerId, bytes: &[u8]) -> Result<(), Outcome> {
        self.sent += 1;
        self.peers[peer.0].socket.send_to(bytes, self.answer).map(|_| ()).map_err(trouble)
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

    /// Forgets the exchange so far: a new part of the story begins.
    pub fn new_page(&mut self) {
        self.exchange.clear();
    }

    /// Calls the answer's function with these arguments.
    ///
    /// # Errors
    /// What kept the answer from taking the call.
    pub fn call(&mut self, arguments: &[&[u8]]) -> Result<(), Outcome> {
        let mut message: Message = arguments.iter().map(|a| a.to_vec()).collect();
        if message.is_empty() {
            message.push(Vec::new());
        }
        self.calls += 1;
        self.exchange.push(Line::Called);
        self.watch.restart();
        let Some(channel) = &self.channel else { return Err(self.usual(Event::Ended, "expecting-return")) };
        channel.set_nonblocking(false).map_err(trouble)?;
        let written = wire::write(channel, &message);
        channel.set_nonblocking(true).map_err(trouble)?;
        // An answer that is gone is noticed at the next look.
        self.gone |= written.is_err();
        Ok(())
    }

    /// Waits for the next event while the peers owe the answer nothing: an
    /// answer that makes no progress is [`Event::Stuck`].
    pub fn wait(&mut self) -> Event {
        self.watch.begin();
        loop {
            if let Some(event) = self.look() {
                return event;
            }
            if let Some(stuck) = self.watch.look() {
                return Event::Stuck(stuck);
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
        self.listen();
        for (index, peer) in self.peers.iter().enumerate() {
            let mut buf = vec![0; 65_535];
            // Windows reports a peer's closed port here: that is no datagram.
            let Ok((len, from)) = peer.socket.recv_from(&mut buf) else { continue };
            buf.truncate(len);
            self.heard += 1;
            let line = Line::Datagram { from: YOU, to: peer.name, bytes: buf.clone(), lost: false };
            self.exchange.push(line);
            return Some(Event::Datagram { at: PeerId(index), from, bytes: buf });
        }
        if let Some(report) = self.next_report() {
            return Some(self.translate(&report));
        }
        self.gone.then_some(Event::Ended)
    }

    fn translate(&mut self, report: &Message) -> Event {
        let text = |at: usize| report.get(at).map(|f| String::from_utf8_lossy(f).into_owned()).unwrap_or_default();
        match report[0].as_slice() {
            b"returned" => {
                let value: Vec<_> = report[1..].iter().map(|f| brief(f)).collect();
                self.exchange.push(Line::Returned(format!("Ok({})", value.join(", "))));
                Event::Returned(report[1..].to_vec())
            }
            b"failed" => {
                // Where std has no name for an error, the system's own text says more.
                let kind = if text(1) == "Uncategorized" { text(3) } else { text(1) };
                self.exchange.push(Line::Returned(format!("Err({kind})")));
                Event::Failed { kind, code: text(2).parse().ok() }
            }
            b"unwound" => Event::Unwound { waiting: text(1).parse().unwrap_or(0) },
            _ => Event::Ended, // an answer that speaks another language
        }
    }

    /// Takes a report, if one is there; a panic's is kept for later.
    fn next_report(&mut self) -> Option<Message> {
        while let Some(report) = self.reports.pop_front() {
            if report[0] != b"panicked" {
                return Some(report);
            }
            let text = |at: usize| report.get(at).map(|f| String::from_utf8_lossy(f).into_owned()).unwrap_or_default();
            self.panic.get_or_insert(Panic { message: text(1), line: text(2).parse().unwrap_or(0) });
        }
        None
    }

    /// Reads what the channel holds.
    fn listen(&mut self) {
        let Some(channel) = &mut self.channel else { return };
        let mut buf = [0; 65_536];
        loop {
            match channel.read(&mut buf) {
                Ok(0) => self.gone = true,
                Ok(n) => {
                    self.unread.extend(&buf[..n]);
                    continue;
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) if e.kind() == ErrorKind::WouldBlock => {}
                Err(_) => self.gone = true,
            }
            break;
        }
        while let Ok(Some((report, len))) = wire::parse(&self.unread) {
            self.unread.drain(..len);
            self.reports.push_back(report);
        }
    }

    /// A finding of the exercise's own.
    pub fn not_yet(
        &mut self,
        key: &'static str,
        facts: &[(&'static str, Fact)],
        misconception: Option<&'static str>,
    ) -> Outcome {
        Outcome::NotYet(Box::new(Finding {
            key,
            facts: facts.to_vec(),
            exchange: std::mem::take(&mut self.exchange),
            misconception,
            stuck: None,
            printed: self.end_and_collect(),
        }))
    }

    /// What an event means that no exercise asks for: a panic, a `todo!()`, the
    /// end of the program, no progress, an error, a datagram too many.
    /// `expecting` is the key of what the peers wait for.
    pub fn usual(&mut self, event: Event, expecting: &'static str) -> Outcome {
        let line = self.panic.as_ref().map_or(0, |p| p.line);
        let message = self.panic.as_ref().map(|p| p.message.clone()).unwrap_or_default();
        let todo = message.starts_with("not yet implemented");
        let panic: [(&'static str, Fact); 2] = [("line", line.into()), ("message", message.into())];
        match event {
            Event::Unwound { waiting } if todo => {
                let untouched = self.calls == 1 && self.heard == 0 && waiting == self.sent;
                if untouched { Outcome::NotStarted } else { Outcome::Unfinished { line } }
            }
            _ if todo => Outcome::Unfinished { line },
            Event::Unwound { .. } => self.not_yet("panicked", &panic, None),
            Event::Stuck(stuck) => {
                let mut outcome = if self.panic.is_some() {
                    self.not_yet("panicked-thread", &panic, None)
                } else {
                    self.not_yet("stuck", &[("expecting", say(expecting, &[]).into())], None)
                };
                if let Outcome::NotYet(finding) = &mut outcome {
                    finding.stuck = Some(stuck);
                }
                outcome
            }
            Event::Ended => {
                let status = self.child.wait().ok().and_then(|s| s.code());
                let status = status.map_or("?".to_string(), |code| code.to_string());
                self.not_yet("ended", &[("status", status.into())], None)
            }
            Event::Failed { kind, .. } => self.not_yet("failed", &[("kind", kind.into())], None),
            Event::Returned(_) => self.not_yet("returned-early", &[("expecting", say(expecting, &[]).into())], None),
            Event::Datagram { at, bytes, .. } => {
                let facts = [("len", bytes.len().into()), ("peer", say(self.name(at), &[]).into())];
                self.not_yet("unexpected-datagram", &facts, None)
            }
        }
    }

    /// No progress, for a reason that the exercise knows (a message and a
    /// misconception), or for one that it does not know.
    pub fn stuck_because(
        &mut self,
        stuck: Event,
        cause: Option<(&'static str, &'static str)>,
        expecting: &'static str,
    ) -> Outcome {
        let mut outcome = self.usual(stuck, expecting);
        if let (Outcome::NotYet(finding), Some((key, misconception)), None) = (&mut outcome, cause, &self.panic) {
            finding.key = key;
            finding.misconception = Some(misconception);
        }
        outcome
    }

    /// The message of the answer's first panic, if it panicked.
    pub fn panic_message(&self) -> Option<&str> {
        self.panic.as_ref().map(|p| p.message.as_str())
    }

    /// Ends the answer, so that all it printed can be collected.
    fn end_and_collect(&mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.printed.collect()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The judge's own trouble with the system.
fn trouble(error: io::Error) -> Outcome {
    Outcome::Unjudged(say("judge-trouble", &[("why", error.kind().to_string().into())]))
}

/// A returned value in a few characters: text as it is, bytes by their number.
fn brief(field: &[u8]) -> String {
    match std::str::from_utf8(field) {
        Ok(text) if text.len() <= 20 && text.parse::<i64>().is_ok() => text.to_string(),
        _ => say("some-bytes", &[("len", field.len().into())]),
    }
}

/// Accepts a caller that knows the token: our child, and nobody else.
fn accept(listener: &TcpListener, token: &str) -> io::Result<Option<TcpStream>> {
    let stream = match listener.accept() {
        Ok((stream, _)) => stream,
        Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => return Ok(None),
        Err(error) => return Err(error),
    };
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    if !wire::read(&stream).is_ok_and(|hello| hello == [token.as_bytes()]) {
        return Ok(None);
    }
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    Ok(Some(stream))
}
