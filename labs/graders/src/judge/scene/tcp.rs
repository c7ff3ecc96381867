//! The TCP peers of a scene: servers that the answer connects to, clients that
//! connect to it, and what they do to a connection.
//!
//! How the kernel cuts a stream into reads differs from run to run. So a peer's
//! arrivals are one line of the exchange until something else happens, and what
//! came from several connections meanwhile stands there by connection.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, SockRef, Socket, Type};

use super::{Event, PAUSE, Scene, trouble};
use crate::judge::verdict::YOU;
use crate::judge::{Line, Outcome, Stuck};

mod pace;
mod stream;

use stream::{AT_ONCE, Arrival, Step, Stream};

/// The buffers of a peer's socket, in bytes. They are fixed, or the kernel would
/// let them grow, and a peer that does not read could take many megabytes.
const BUFFER: usize = 256 << 10;
/// How much of what was sent the exchange keeps, to show it.
const KEPT: usize = 64;
/// How long a connection to the answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the answer may take to read what it was sent, before the peers go on.
const SETTLING: Duration = Duration::from_secs(2);
/// How long it may sleep on before it is taken for one that does not read now.
const NO_REACTION: Duration = Duration::from_millis(60);
/// How long it rests at least when it waits.
const MOMENT: Duration = Duration::from_millis(1);
/// One that has waited so often, and never for so long, looks now and then.
const SHORT_WAITS: u32 = 6;
/// So much processor time without a rest: it asks again and again.
const RESTLESS: Duration = Duration::from_millis(40);
/// Where the system does not tell what the answer does: how long it gets.
const UNSEEN: Duration = Duration::from_millis(30);

/// A listening peer, by the order in which it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerId(usize);

/// A peer's end of a connection, by the order in which it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamId(usize);

/// All TCP peers of a scene.
pub(super) struct Tcp {
    servers: Vec<Server>,
    streams: Vec<Stream>,
    /// The answer slept when a peer did something last, and this was its mark.
    asleep: Option<u64>,
    /// Room for what arrives.
    room: Vec<u8>,
}

impl Default for Tcp {
    fn default() -> Self {
        Self {
            servers: Vec::new(),
            streams: Vec::new(),
            asleep: None,
            room: vec![0; AT_ONCE],
        }
    }
}

struct Server {
    name: &'static str,
    socket: TcpListener,
}

impl Tcp {
    /// Whether the peers themselves make the answer wait.
    pub(super) fn rests(&self) -> bool {
        self.streams.iter().any(Stream::rests)
    }

    /// Lets every peer do what it can do now; whether one could.
    pub(super) fn pump(&mut self) -> bool {
        let moved = self
            .streams
            .iter_mut()
            .filter_map(|s| s.pump().then_some(()));
        moved.count() > 0
    }

    /// Says whom the answer's sockets are connected to.
    pub(super) fn name_peers(&self, stuck: &mut Stuck) {
        for socket in stuck.threads.iter_mut().filter_map(|t| t.socket.as_mut()) {
            let ends_there = |s: &&Stream| {
                let ours = s.socket.as_ref().and_then(|s| s.local_addr().ok());
                ours.is_some() && ours == socket.remote
            };
            socket.peer = self.streams.iter().find(ends_there).map(|s| s.name);
        }
    }

    /// Whether an answer that is gone took nothing of what the peers had sent:
    /// the kernel resets a connection that is closed with bytes unread. Where it
    /// does not, as on macOS, the answer has the benefit of the doubt.
    pub(super) fn untouched(&mut self) -> bool {
        let deadline = Instant::now() + Duration::from_secs(1);
        while Instant::now() < deadline {
            let written = || {
                self.streams
                    .iter()
                    .filter(|s| s.wrote && s.socket.is_some())
            };
            if written().all(|s| s.ended || s.reset) {
                let told = cfg!(any(target_os = "linux", windows));
                return written().all(|s| s.received.is_empty() && (s.reset || !told));
            }
            for stream in &mut self.streams {
                let _ = stream.read(&mut self.room);
            }
            thread::sleep(PAUSE);
        }
        false
    }
}

impl Scene {
    /// Makes a listening peer on a free port of 127.0.0.1; `name` is the key of
    /// its name, and that of every connection to it.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system has no socket left.
    pub fn tcp_server(&mut self, name: &'static str) -> Result<ServerId, Outcome> {
        let make = || {
            let socket = socket()?;
            socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
            socket.listen(128)?;
            socket.set_nonblocking(true)?;
            Ok(Server {
                name,
                socket: socket.into(),
            })
        };
        self.tcp.servers.push(make().map_err(trouble)?);
        Ok(ServerId(self.tcp.servers.len() - 1))
    }

    /// A listening peer's address.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system does not say.
    pub fn server_address(&self, server: ServerId) -> Result<SocketAddr, Outcome> {
        self.tcp.servers[server.0]
            .socket
            .local_addr()
            .map_err(trouble)
    }

    /// Connects a peer to the answer's listener; `None` when nobody listens
    /// there any more.
    ///
    /// # Errors
    /// [`Outcome::Unjudged`] when the system has no socket left, or the answer's
    /// queue stays full.
    pub fn tcp_client(&mut self, name: &'static str) -> Result<Option<StreamId>, Outcome> {
        self.acts();
        let connect = || {
            let socket = socket()?;
            socket.connect_timeout(&self.answer.into(), PATIENCE)?;
            Stream::new(name, socket.into())
        };
        let (key, made) = match connect() {
            Ok(stream) => {
                self.tcp.streams.push(stream);
                ("connects", Some(StreamId(self.tcp.streams.len() - 1)))
            }
            Err(e) if e.kind() == ErrorKind::ConnectionRefused => ("refused", None),
            Err(error) => return Err(trouble(error)),
        };
        self.exchange.push(Line::Mark {
            from: name,
            to: YOU,
            key,
            stream: self.tcp.streams.len(),
        });
        Ok(made)
    }

    /// The key of the name of a connection's peer.
    pub fn stream_name(&self, stream: StreamId) -> &'static str {
        self.tcp.streams[stream.0].name
    }

    /// All that has arrived on a connection since it was made.
    pub fn received(&self, stream: StreamId) -> &[u8] {
        &self.tcp.streams[stream.0].received
    }

    /// Whether the peer has seen the end of the answer's stream.
    pub fn has_ended(&self, stream: StreamId) -> bool {
        self.tcp.streams[stream.0].ended
    }

    /// Whether the connection was reset by the answer's side.
    pub fn was_reset(&self, stream: StreamId) -> bool {
        self.tcp.streams[stream.0].reset
    }

    /// How many bytes the peer could not write yet, because the answer does not
    /// read them.
    pub fn unwritten(&self, stream: StreamId) -> usize {
        let steps = &self.tcp.streams[stream.0].steps;
        let left = steps.iter().map(|step| match step {
            Step::Write(bytes, at) => bytes.len() - at,
            _ => 0,
        });
        left.sum()
    }

    /// Writes bytes, in one write as far as the kernel takes them; the rest
    /// follows as soon as there is room.
    pub fn write(&mut self, stream: StreamId, bytes: &[u8]) {
        self.say_bytes(stream, bytes, None);
        self.step(stream, Step::Write(bytes.to_vec(), 0));
    }

    /// Writes bytes that the exchange does not list, one piece of many.
    pub fn write_silently(&mut self, stream: StreamId, bytes: &[u8]) {
        self.step(stream, Step::Write(bytes.to_vec(), 0));
    }

    /// Writes bytes one by one, with a rest after each.
    pub fn trickle(&mut self, stream: StreamId, bytes: &[u8], rest: Duration) {
        self.say_bytes(stream, bytes, Some("one-by-one"));
        for byte in bytes {
            self.step(stream, Step::Write(vec![*byte], 0));
            self.step(stream, Step::Rest(rest));
        }
    }

    /// Writes bytes one by one, each after the answer has read the one before.
    pub fn write_one_by_one(&mut self, stream: StreamId, bytes: &[u8]) {
        self.say_bytes(stream, bytes, Some("one-by-one"));
        for byte in bytes {
            self.step(stream, Step::Write(vec![*byte], 0));
            self.settle(stream);
        }
    }

    /// Adds a line about bytes that a peer sends to the exchange: what
    /// [`Scene::write_silently`] leaves to its caller. `how` is the key of a remark.
    pub fn say_bytes(&mut self, stream: StreamId, bytes: &[u8], how: Option<&'static str>) {
        self.exchange.push(Line::Bytes {
            from: self.tcp.streams[stream.0].name,
            to: YOU,
            len: bytes.len(),
            first: bytes[..bytes.len().min(KEPT)].to_vec(),
            how,
            stream: stream.0,
        });
    }

    /// Ends the peer's direction, after all that it still has to write:
    /// `shutdown(Write)`.
    pub fn end(&mut self, stream: StreamId) {
        self.mark(stream, "end-of-stream");
        self.step(stream, Step::End);
    }

    /// Closes the peer's socket now. With input that the peer has not read, the
    /// kernel resets the connection.
    pub fn close(&mut self, stream: StreamId) {
        self.mark(stream, "closes");
        self.acts();
        self.tcp.streams[stream.0].socket = None;
    }

    /// Resets the connection now (`SO_LINGER` with 0 seconds, and close).
    pub fn reset(&mut self, stream: StreamId) {
        self.mark(stream, "reset");
        self.acts();
        if let Some(socket) = self.tcp.streams[stream.0].socket.take() {
            let _ = SockRef::from(&socket).set_linger(Some(Duration::ZERO));
        }
    }

    /// The peer reads nothing from here on.
    pub fn stop_reading(&mut self, stream: StreamId) {
        self.tcp.streams[stream.0].reads = false;
    }

    /// The peer reads again, what came meanwhile first.
    pub fn read_again(&mut self, stream: StreamId) {
        self.tcp.streams[stream.0].reads = true;
    }

    /// How many handles the answer has to this connection: descriptors, those of
    /// `try_clone` too. `None` where the system does not tell.
    pub fn handles(&self, stream: StreamId) -> Option<usize> {
        let ours = self.tcp.streams[stream.0]
            .socket
            .as_ref()?
            .local_addr()
            .ok()?;
        self.running.watch.handles(ours)
    }

    /// Whether bytes wait in the buffer of a peer that does not read.
    pub fn has_unread(&self, stream: StreamId) -> bool {
        let socket = self.tcp.streams[stream.0].socket.as_ref();
        socket.is_some_and(|s| s.peek(&mut [0; 1]).is_ok_and(|n| n > 0))
    }

    /// Waits until the answer has woken up for what the peers did last, has let
    /// this one write all, and rests again: what is written next is another read
    /// of its. An answer that does not react is not waited for.
    ///
    /// Only Linux tells; elsewhere the answer gets a moment.
    pub fn settle(&mut self, stream: StreamId) {
        let (begun, mut quiet) = (Instant::now(), None);
        let busy = self.running.watch.busy();
        while begun.elapsed() < SETTLING {
            self.running.listen(); // its reports are kept for later
            if self.running.is_gone() || self.tcp.streams[stream.0].broken {
                return;
            }
            if self.running.watch.busy().saturating_sub(busy) >= RESTLESS {
                return;
            }
            let moved = self.tcp.pump();
            let written = self.tcp.streams[stream.0].steps.is_empty();
            match self.running.watch.rest() {
                None if begun.elapsed() >= UNSEEN => return,
                Some((true, runs)) if written && self.tcp.asleep != Some(runs) => return,
                Some((true, _)) if !moved => {
                    if quiet.get_or_insert_with(Instant::now).elapsed() >= NO_REACTION {
                        return;
                    }
                }
                _ => quiet = None,
            }
            thread::sleep(PAUSE);
        }
    }

    /// Waits until the answer rests, in another wait than the one that it was in
    /// when a peer did something last: what it did by then, if it did something.
    /// An answer that sleeps on for `limit` is not waited for.
    ///
    /// Only Linux tells; elsewhere the answer gets a moment.
    pub fn see(&mut self, limit: Duration) -> Option<Event> {
        let begun = Instant::now();
        // When it was seen first in the wait that it is in, and which one that is.
        let mut resting: Option<(Instant, u64)> = None;
        let mut waits = 0;
        let busy = self.running.watch.busy();
        loop {
            let rest = self.running.watch.rest();
            if let Some(event) = self.look() {
                return Some(event);
            }
            let restless = self.running.watch.busy().saturating_sub(busy) >= RESTLESS;
            let rests = match rest {
                None => begun.elapsed() >= UNSEEN,
                Some((true, runs)) => {
                    let same = resting.filter(|&(_, before)| before == runs);
                    waits += u32::from(same.is_none());
                    let (since, _) = *resting.insert(same.unwrap_or((Instant::now(), runs)));
                    // A moment's rest may be one for a page of memory.
                    let long = if self.tcp.asleep == Some(runs) {
                        limit
                    } else {
                        MOMENT
                    };
                    since.elapsed() >= long || waits > SHORT_WAITS
                }
                Some((false, _)) => false,
            };
            if rests || restless || begun.elapsed() >= SETTLING {
                return None;
            }
            thread::sleep(PAUSE);
        }
    }

    /// A peer is about to do something: an answer that sleeps now has to wake
    /// up for it.
    pub(super) fn acts(&mut self) {
        let rest = self.running.watch.rest();
        self.tcp.asleep = rest.and_then(|(sleeps, runs)| sleeps.then_some(runs));
    }

    fn step(&mut self, stream: StreamId, step: Step) {
        if self.tcp.streams[stream.0].steps.is_empty() {
            self.acts();
        }
        let stream = &mut self.tcp.streams[stream.0];
        stream.steps.push_back(step);
        stream.pump();
    }

    fn mark(&mut self, stream: StreamId, key: &'static str) {
        self.exchange.push(Line::Mark {
            from: self.tcp.streams[stream.0].name,
            to: YOU,
            key,
            stream: stream.0,
        });
    }

    /// What the TCP peers see now: a connection to one of them, or something on one.
    pub(super) fn look_at_streams(&mut self) -> Option<Event> {
        if self.tcp.pump() {
            self.running.watch.begin();
        }
        for at in 0..self.tcp.servers.len() {
            let Server { name, socket } = &self.tcp.servers[at];
            let Ok((accepted, _)) = socket.accept() else {
                continue;
            };
            let name = *name;
            let Ok(stream) = Stream::new(name, accepted) else {
                continue; // it is gone already, as some systems say here
            };
            self.tcp.streams.push(stream);
            let stream = self.tcp.streams.len() - 1;
            self.heard += 1;
            self.arrived(stream, name, Some("connects"), &[]);
            return Some(Event::Connected {
                at: ServerId(at),
                stream: StreamId(stream),
            });
        }
        for index in 0..self.tcp.streams.len() {
            let name = self.tcp.streams[index].name;
            let at = StreamId(index);
            let Tcp { streams, room, .. } = &mut self.tcp;
            let event = match streams[index].read(room) {
                None => continue,
                Some(Arrival::Bytes(bytes)) => {
                    self.heard += 1;
                    self.arrived(index, name, None, &bytes);
                    Event::Bytes { at, bytes }
                }
                Some(Arrival::End) => {
                    self.arrived(index, name, Some("end-of-stream"), &[]);
                    Event::End { at }
                }
                Some(Arrival::Reset) => {
                    self.arrived(index, name, Some("reset"), &[]);
                    Event::Reset { at }
                }
            };
            return Some(event);
        }
        None
    }

    /// Adds what came from the answer to the exchange: to the line of the same
    /// connection, if nothing but arrivals came since.
    fn arrived(
        &mut self,
        stream: usize,
        to: &'static str,
        mark: Option<&'static str>,
        bytes: &[u8],
    ) {
        let of = |line: &Line| match line {
            Line::Bytes { from, stream, .. } | Line::Mark { from, stream, .. } if *from == YOU => {
                Some(*stream)
            }
            _ => None,
        };
        let start = self.exchange.iter().rposition(|l| of(l).is_none());
        let start = start.map_or(0, |at| at + 1);
        let place = start + self.exchange[start..].partition_point(|l| of(l) <= Some(stream));
        let line = match mark {
            Some(key) => Line::Mark {
                from: YOU,
                to,
                key,
                stream,
            },
            None => {
                if place > start
                    && let Line::Bytes {
                        len,
                        first,
                        stream: same,
                        ..
                    } = &mut self.exchange[place - 1]
                    && *same == stream
                {
                    *len += bytes.len();
                    let room = KEPT.saturating_sub(first.len()).min(bytes.len());
                    first.extend(&bytes[..room]);
                    return;
                }
                Line::Bytes {
                    from: YOU,
                    to,
                    len: bytes.len(),
                    first: bytes[..bytes.len().min(KEPT)].to_vec(),
                    how: None,
                    stream,
                }
            }
        };
        self.exchange.insert(place, line);
    }
}

/// A TCP socket of a peer's.
fn socket() -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // A system that allows less gives what it can.
    let _ = socket.set_recv_buffer_size(BUFFER);
    let _ = socket.set_send_buffer_size(BUFFER);
    Ok(socket)
}
