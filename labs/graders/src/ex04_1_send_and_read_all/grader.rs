//! Judges exercise 4.1: a server that reads to the end, and then answers in
//! every way that a stream can come.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use crate::judge::{Bench, Event, Fact, Line, Outcome, Scene, ServerId, StreamId, Why, silence};
use crate::messages::say;

/// More than any socket buffer that a peer here has, in bytes.
const LARGE: usize = 1 << 20;
/// As many bytes as any buffer of 32 KiB or less, a power of two, takes whole.
const BUFFERS_FULL: usize = 32 << 10;
/// More than the kernel takes of a message that nobody reads, in bytes.
const UNREAD: usize = 24 << 20;
/// How long the server takes before it answers in one case, at least.
const THINKS: Duration = Duration::from_millis(120);
/// How soon an end follows that is sent after the message, even by a machine
/// that is busy.
const AT_ONCE: Duration = Duration::from_millis(100);

/// Plays the server.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut bytes = |len: usize| {
        let mut bytes = vec![0; len];
        random.fill(&mut bytes);
        bytes
    };
    let mut game = Game::new(bench)?;

    game.asked(b"hello", &[b"good day"])?;
    game.asked(
        b"tell me a story",
        &[&bytes(BUFFERS_FULL), b"and so on", b", ", b"the end"],
    )?;
    game.asked(
        &[b' ', 0xff, 0x00, b'a', b'\n', 0xfe, b'\n'],
        &[b"\n\xc3", b"\xa9\n\xff\x00\t"],
    )?;
    game.thinks_first()?;
    game.asked(b"", &[b"nothing came"])?;
    game.asked(b"and you?", &[])?;
    game.asked(b"", &[])?;
    game.asked(&bytes(LARGE), &[&bytes(LARGE), b"!"])?;
    game.breaks()?;
    game.nobody_there()
}

struct Game<'a> {
    bench: &'a Bench<'a>,
    scene: Scene,
    server: ServerId,
    /// What had happened when the answer had its connection.
    connected: Vec<Line>,
}

impl<'a> Game<'a> {
    fn new(bench: &'a Bench<'a>) -> Result<Self, Outcome> {
        let mut scene = Scene::start(bench)?;
        let server = scene.tcp_server("server")?;
        Ok(Self {
            bench,
            scene,
            server,
            connected: Vec::new(),
        })
    }

    /// One call: the message arrives, and the server answers in these pieces,
    /// each after the one before has been read.
    fn asked(&mut self, message: &[u8], pieces: &[&[u8]]) -> Result<(), Outcome> {
        let stream = self.called(message)?;
        self.message_arrives(stream, message)?;
        self.waits_for_the_answer(stream)?;
        let answer = pieces.concat();
        for (number, piece) in pieces.iter().enumerate() {
            self.scene.write(stream, piece);
            if number + 1 < pieces.len() || piece.len() > BUFFERS_FULL {
                self.still_reads(stream, number)?;
            }
        }
        self.scene.end(stream);
        self.returns(&answer)
    }

    /// Calls the answer, and waits for its connection.
    fn called(&mut self, message: &[u8]) -> Result<StreamId, Outcome> {
        let address = self.scene.server_address(self.server)?.to_string();
        self.scene.new_page();
        let facts = [("len", message.len().into())];
        self.scene
            .call("called-send", &facts, &[address.as_bytes(), message])?;
        match self.scene.wait() {
            Event::Connected { stream, .. } => {
                self.connected = self.scene.page();
                Ok(stream)
            }
            other => Err(self.scene.usual(other, "expecting-connection")),
        }
    }

    /// The message arrives, and its end.
    fn message_arrives(&mut self, stream: StreamId, message: &[u8]) -> Result<(), Outcome> {
        loop {
            let event = self.scene.wait();
            let got = self.scene.received(stream);
            let (whole, begun) = (got == message, message.starts_with(got));
            let facts = [("got", count(got)), ("want", count(message))];
            let (key, cause) = match event {
                Event::Bytes { .. } if begun => continue,
                Event::Bytes { .. } if got.starts_with(message) => ("send-more", None),
                Event::Bytes { .. } => ("send-changed", None),
                Event::End { .. } if whole => return Ok(()),
                Event::End { .. } => return Err(self.ended_short(stream, &facts)),
                Event::Connected { .. } => return Err(self.second()),
                Event::Stuck(stuck) => {
                    return Err(if whole {
                        self.scene.stuck_because(
                            stuck,
                            "send-no-end",
                            &facts,
                            Some("last-write-is-eof"),
                        )
                    } else if self.keeps_little() {
                        let cause = Some("buffered-is-sent");
                        self.scene.stuck_because(stuck, "send-kept", &facts, cause)
                    } else {
                        self.scene
                            .stuck_because(stuck, "send-nothing", &facts, None)
                    });
                }
                other => return Err(self.scene.usual(other, "expecting-message-end")),
            };
            return Err(self.scene.not_yet(key, &facts, cause));
        }
    }

    /// The stream ended before the whole message had come.
    fn ended_short(&mut self, stream: StreamId, facts: &[(&'static str, Fact)]) -> Outcome {
        self.scene.settle(stream);
        match self.scene.wait_for(Duration::ZERO) {
            Some(Event::Failed { kind, .. }) if kind == "BrokenPipe" => {
                self.scene.not_yet("send-ended-first", facts, None)
            }
            _ => {
                let cause = self.keeps_little().then_some("buffered-is-sent");
                self.scene.not_yet("send-short", facts, cause)
            }
        }
    }

    /// Whether most of a long message comes: what is kept is less than a
    /// writer's buffer holds.
    fn keeps_little(&self) -> bool {
        let long = vec![b'x'; LARGE];
        let tried = || {
            let mut other = Game::new(self.bench).ok()?;
            let stream = other.called(&long).ok()?;
            while let Event::Bytes { .. } = other.scene.wait() {}
            Some(other.scene.received(stream).len())
        };
        tried().is_some_and(|came| came > LARGE - BUFFERS_FULL * 2)
    }

    /// The answer has connected once more. What it sent before that comes on
    /// another connection, sooner or later: it is no part of the story.
    fn second(&mut self) -> Outcome {
        let mut page = self.connected.clone();
        page.extend(self.scene.page().pop());
        self.scene.turn_back(page);
        self.scene.not_yet("send-second", &[], None)
    }

    /// The message has ended, and the server has not answered yet: the function
    /// has to wait.
    fn waits_for_the_answer(&mut self, stream: StreamId) -> Result<(), Outcome> {
        self.scene.settle(stream);
        match self.scene.wait_for(Duration::ZERO) {
            None => Ok(()),
            Some(Event::Returned(value)) if first(&value).is_empty() => Err(self.too_early()),
            Some(Event::Returned(value)) => {
                let facts = [("got", count(first(&value)))];
                Err(self.scene.not_yet("send-made-up", &facts, None))
            }
            Some(Event::Failed { kind, .. }) => Err(self.impatient(kind)),
            Some(Event::Connected { .. }) => Err(self.second()),
            Some(other) => Err(self.scene.usual(other, "expecting-wait")),
        }
    }

    /// An answer returned nothing, although the server had sent something or
    /// had not ended. Why is that?
    fn too_early(&mut self) -> Outcome {
        match self.never_ends() {
            Ok(true) => {
                let cause = Some("last-write-is-eof");
                return self.scene.not_yet("send-end-by-drop", &[], cause);
            }
            Ok(false) => {}
            Err(outcome) => return outcome,
        }
        match self.reads_what_is_there() {
            Ok(true) => {
                let cause = Some("shutdown-is-close");
                return self.scene.not_yet("send-both-ended", &[], cause);
            }
            Ok(false) => {}
            Err(outcome) => return outcome,
        }
        for _ in 0..20 {
            match self.waits_without_room() {
                Ok(None) => {}
                Ok(Some(outcome)) | Err(outcome) => return outcome,
            }
        }
        self.scene.not_yet("send-never-reads", &[], None)
    }

    /// An answer returned an error while the server had all the time in the world.
    fn impatient(&mut self, kind: String) -> Outcome {
        let (key, cause) = match self.never_ends() {
            Ok(true) => ("send-end-by-error", Some("last-write-is-eof")),
            Ok(false) => ("send-impatient", None),
            Err(outcome) => return outcome,
        };
        self.scene.not_yet(key, &[("kind", kind.into())], cause)
    }

    /// Whether the end of the message comes only with the end of the call: the
    /// answer sends all of it, and then waits for something else.
    fn never_ends(&mut self) -> Result<bool, Outcome> {
        let mut other = Game::new(self.bench)?;
        let message = b"hello";
        let stream = other.called(message)?;
        while other.scene.received(stream).len() < message.len() {
            if !matches!(other.scene.wait(), Event::Bytes { .. }) {
                return Ok(false);
            }
        }
        Ok(other.scene.wait_for(AT_ONCE).is_none())
    }

    /// On Linux a read without room waits until anything happens to the
    /// connection, and mostly that is the server's answer. An answer that does
    /// not read at all never waits; neither does one that reads without room
    /// elsewhere.
    fn waits_without_room(&mut self) -> Result<Option<Outcome>, Outcome> {
        let mut other = Game::new(self.bench)?;
        let (message, answer) = (b"hello", b"good day");
        let stream = other.called(message)?;
        other.message_arrives(stream, message)?;
        other.scene.settle(stream);
        let waits = other.scene.wait_for(Duration::ZERO).is_none();
        if !waits && cfg!(target_os = "linux") {
            return Ok(None);
        }
        other.scene.write(stream, answer);
        other.scene.settle(stream);
        let read_on = waits && other.next_now().is_none();
        other.scene.end(stream);
        if read_on {
            other.scene.wait();
        }
        let facts = [("sent", count(answer))];
        // It closed its socket with bytes unread.
        let (key, cause) = if other.scene.was_reset(stream) || !waits {
            ("send-no-room", Some("capacity-is-room"))
        } else {
            ("send-lost", None)
        };
        Ok(Some(other.scene.not_yet(key, &facts, cause)))
    }

    /// Whether an answer returns what lies in its socket before it ends its
    /// direction: it does if it then ends both directions.
    fn reads_what_is_there(&mut self) -> Result<bool, Outcome> {
        let mut other = Game::new(self.bench)?;
        let message = vec![b'x'; UNREAD];
        let stream = other.called(&message)?;
        other.scene.stop_reading(stream);
        other.scene.write(stream, b"early");
        other.scene.settle(stream); // it stands in its write
        other.scene.read_again(stream);
        loop {
            match other.scene.wait() {
                Event::Bytes { .. } | Event::End { .. } | Event::Reset { .. } => {}
                Event::Returned(value) => return Ok(value.first().is_some_and(|v| v == b"early")),
                _ => return Ok(false),
            }
        }
    }

    /// The server has sent a piece of its answer, and not its end.
    fn still_reads(&mut self, stream: StreamId, number: usize) -> Result<(), Outcome> {
        self.scene.settle(stream);
        match self.next_now() {
            None => Ok(()),
            Some(Event::Returned(value)) if first(&value).is_empty() => Err(self.too_early()),
            Some(Event::Returned(value)) => {
                let got = first(&value).len();
                let facts = [("got", count(first(&value)))];
                // Who reads until a buffer does not come back full takes the
                // first piece in whole buffers, and stops after a later one.
                let (key, cause) = if up_to_a_byte(first(&value)) {
                    ("send-up-to", None)
                } else if got > BUFFERS_FULL + 100 {
                    ("send-stopped", None)
                } else if number == 0 {
                    ("send-read-once", Some("one-write-one-read"))
                } else {
                    ("send-read-short", Some("read-fills-buffer"))
                };
                Err(self.scene.not_yet(key, &facts, cause))
            }
            Some(Event::Failed { kind, .. }) if kind == "InvalidData" => self.as_text(kind),
            Some(other) => Err(self.scene.usual(other, "expecting-whole-answer")),
        }
    }

    /// What has happened by now, other than that the answer closed its socket
    /// with bytes unread.
    fn next_now(&mut self) -> Option<Event> {
        let mut event = self.scene.wait_for(Duration::ZERO);
        if matches!(event, Some(Event::Reset { .. })) {
            event = Some(self.scene.wait());
        }
        event
    }

    fn as_text(&mut self, kind: String) -> Result<(), Outcome> {
        let facts = [("kind", kind.into())];
        Err(self
            .scene
            .not_yet("send-text-error", &facts, Some("bytes-are-text")))
    }

    /// The server has ended its stream: the function returns all of it.
    fn returns(&mut self, answer: &[u8]) -> Result<(), Outcome> {
        let mut event = self.scene.wait();
        if matches!(event, Event::Reset { .. }) {
            event = self.scene.wait(); // it closed its socket with bytes unread
        }
        match event {
            Event::Returned(value) if first(&value) == answer => Ok(()),
            Event::Returned(value) if first(&value).is_empty() => Err(self.too_early()),
            Event::Returned(value) => {
                let got = first(&value);
                let facts = [("got", count(got)), ("want", count(answer))];
                let (key, cause) = if got == String::from_utf8_lossy(answer).as_bytes() {
                    ("send-as-text", Some("bytes-are-text"))
                } else if answer.starts_with(got) {
                    ("send-cut", None)
                } else if got.starts_with(answer) {
                    // A buffer holds zeros at first, and then what came before.
                    let rest = &got[answer.len()..];
                    let old = rest.len() > 8 || rest.iter().all(|b| *b == 0);
                    ("send-padded", old.then_some("whole-buffer-back"))
                } else {
                    ("send-wrong", None)
                };
                Err(self.scene.not_yet(key, &facts, cause))
            }
            Event::Failed { kind, .. } if kind == "InvalidData" => self.as_text(kind),
            Event::Failed { kind, .. } => {
                let (key, cause) = if kind == "UnexpectedEof" && self.likes_full_buffers()? {
                    ("send-not-full", "read-fills-buffer")
                } else {
                    ("send-end-failed", "close-is-an-error")
                };
                Err(self
                    .scene
                    .not_yet(key, &[("kind", kind.into())], Some(cause)))
            }
            Event::Stuck(stuck) if matches!(stuck.why, Why::Busy | Why::Waking) => {
                let cause = Some("close-is-an-error");
                Err(self
                    .scene
                    .stuck_because(stuck, "send-end-again", &[], cause))
            }
            Event::Connected { .. } => Err(self.scene.not_yet("send-second", &[], None)),
            other => Err(self.scene.usual(other, "expecting-return-all")),
        }
    }

    /// Whether an answer that returned `UnexpectedEof` returns something where
    /// the server's answer fills any buffer that a person chooses.
    fn likes_full_buffers(&mut self) -> Result<bool, Outcome> {
        let mut other = Game::new(self.bench)?;
        let stream = other.called(b"hello")?;
        other.message_arrives(stream, b"hello")?;
        other.scene.write(stream, &vec![b'x'; 64 << 10]);
        other.scene.end(stream);
        loop {
            match other.scene.wait() {
                Event::Reset { .. } => {} // it closed its socket with bytes unread
                event => return Ok(matches!(event, Event::Returned(_))),
            }
        }
    }

    /// The server takes its time. A read that somebody gave a time limit gives up.
    fn thinks_first(&mut self) -> Result<(), Outcome> {
        let message = b"what is the meaning of it all?";
        let stream = self.called(message)?;
        self.message_arrives(stream, message)?;
        self.waits_for_the_answer(stream)?;
        let silence = silence(self.bench.program, THINKS);
        let facts = [("ms", (silence.as_millis() as usize).into())];
        self.scene.note("send-note-thinks", &facts);
        match self.scene.wait_for(silence) {
            None => {}
            Some(Event::Failed { kind, .. }) => return Err(self.impatient(kind)),
            Some(Event::Returned(value)) => {
                let facts = [("got", count(first(&value)))];
                return Err(self.scene.not_yet("send-gave-up", &facts, None));
            }
            Some(other) => return Err(self.scene.usual(other, "expecting-wait")),
        }
        self.scene.write(stream, b"42");
        self.scene.end(stream);
        self.returns(b"42")
    }

    /// The connection breaks in the middle of the answer: that is no end.
    fn breaks(&mut self) -> Result<(), Outcome> {
        let message = b"one more";
        let stream = self.called(message)?;
        self.message_arrives(stream, message)?;
        self.scene.write(stream, b"once upon a ");
        self.still_reads(stream, 0)?;
        self.scene.reset(stream);
        self.fails("ConnectionReset", "send-reset-is-end", "expecting-reset")
    }

    /// Nobody listens at the address.
    fn nobody_there(&mut self) -> Result<(), Outcome> {
        // A port that is taken and not listened on: nobody else can get it.
        let silent = Socket::new(Domain::IPV4, Type::STREAM, None)
            .and_then(|socket| {
                socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
                Ok(socket)
            })
            .and_then(|socket| Ok((socket.local_addr()?, socket)));
        let Some((address, _socket)) = silent
            .ok()
            .and_then(|(address, socket)| Some((address.as_socket()?, socket)))
        else {
            return Err(Outcome::Unjudged(say("too-busy", &[])));
        };
        self.scene.new_page();
        let facts = [("len", 5_usize.into())];
        let address = address.to_string();
        self.scene.call(
            "called-send-nobody",
            &facts,
            &[address.as_bytes(), b"hello"],
        )?;
        self.fails(
            "ConnectionRefused",
            "send-refused-is-empty",
            "expecting-refused",
        )
    }

    /// The function returns the error of this kind.
    fn fails(
        &mut self,
        wanted: &'static str,
        key: &'static str,
        expecting: &'static str,
    ) -> Result<(), Outcome> {
        match self.scene.wait() {
            Event::Failed { kind, .. } if kind == wanted => Ok(()),
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into()), ("wanted", wanted.into())];
                Err(self.scene.not_yet("send-other-error", &facts, None))
            }
            Event::Returned(value) => {
                let facts = [("got", count(first(&value)))];
                Err(self.scene.not_yet(key, &facts, None))
            }
            other => Err(self.scene.usual(other, expecting)),
        }
    }
}

/// Whether the bytes go up to the first end of a line, or of a string: somebody
/// read up to it.
fn up_to_a_byte(bytes: &[u8]) -> bool {
    let marks = [b'\n', b'\r', b'\0'];
    bytes
        .split_last()
        .is_some_and(|(last, before)| marks.contains(last) && !before.contains(last))
}

/// The only field of a returned value.
fn first(value: &[Vec<u8>]) -> &[u8] {
    value.first().map(Vec::as_slice).unwrap_or_default()
}

/// A number of bytes, in words.
fn count(bytes: &[u8]) -> Fact {
    say("some-bytes", &[("len", bytes.len().into())]).into()
}
