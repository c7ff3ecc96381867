//! Judges exercise 4.2: clients that send text and other bytes, whole and in
//! pieces, read late, end at once, and break the connection.

use std::time::Duration;

use crate::judge::{Bench, Event, Fact, Outcome, Scene, StreamId, Stuck, Why, silence};
use crate::messages::say;

/// More than the buffers between the two ends take without a read, in bytes.
const LARGE: usize = 1 << 20;
/// As many bytes as any buffer of 32 KiB or less, a power of two, takes whole.
const BUFFERS_FULL: usize = 32 << 10;
/// How long a client is silent between two messages, at least.
const THINKS: Duration = Duration::from_millis(60);
/// More than a writer's buffer holds, in bytes.
const OVERFLOWING: usize = 256 << 10;

/// Plays the clients.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut large = vec![0; LARGE];
    bench.random().fill(&mut large);
    let mut game = Game::new(bench)?;
    game.talks()?;
    for case in [
        Game::cuts_text,
        Game::sends_bytes,
        Game::ends_at_once,
        Game::breaks,
    ] {
        game = game.next()?;
        case(&mut game)?;
    }
    game.next()?.reads_late(&large)
}

/// One client and its connection.
struct Game<'a> {
    bench: &'a Bench<'a>,
    scene: Scene,
    client: StreamId,
    /// All that the client has sent.
    sent: Vec<u8>,
    /// The client has ended its stream.
    ended: bool,
    /// What the function returned.
    returned: Option<String>,
    /// The answer has ended its stream.
    closed: bool,
}

/// What an answer does that echoes nothing of a short message.
enum WaitsFor {
    /// It echoes when a line has ended.
    Line,
    /// It echoes when a buffer is full.
    Buffer,
    /// The same, and it fails when the stream ends before that.
    Exactly,
    /// It echoes when the stream has ended.
    End,
    /// It does not echo.
    Nothing,
}

impl<'a> Game<'a> {
    /// A new run of the answer, with its first client.
    fn new(bench: &'a Bench<'a>) -> Result<Self, Outcome> {
        Self::with(bench, Scene::start(bench)?)
    }

    /// Another client of the same run.
    fn next(self) -> Result<Self, Outcome> {
        Self::with(self.bench, self.scene)
    }

    /// A client connects, and the function is called with its connection.
    fn with(bench: &'a Bench<'a>, mut scene: Scene) -> Result<Self, Outcome> {
        scene.new_page();
        let Some(client) = scene.tcp_client("client")? else {
            return Err(Outcome::Unjudged(say("too-busy", &[])));
        };
        scene.call("called-with-stream", &[], &[])?;
        Ok(Self {
            bench,
            scene,
            client,
            sent: Vec::new(),
            ended: false,
            returned: None,
            closed: false,
        })
    }

    /// Text, one piece after the other, each echoed before the next one.
    fn talks(&mut self) -> Result<(), Outcome> {
        self.rests()?;
        self.write(b"hello");
        self.echoed()?;
        self.rests()?;
        self.thinks()?;
        self.write(b", and how are you?\n");
        self.echoed()?;
        self.rests()?;
        self.ends()
    }

    /// Text whose characters have up to four bytes, byte by byte.
    fn cuts_text(&mut self) -> Result<(), Outcome> {
        let text = "Grüße: 世界 🙂\n".as_bytes();
        self.sent.extend(text);
        self.scene.write_one_by_one(self.client, text);
        self.echoed()?;
        self.ends()
    }

    /// Bytes that are no text.
    fn sends_bytes(&mut self) -> Result<(), Outcome> {
        self.write(&[0xff, 0x00, b'\r', b'\n', 0xfe, b'!', 0xc3]);
        self.echoed()?;
        self.ends()
    }

    /// A client that has nothing to say.
    fn ends_at_once(&mut self) -> Result<(), Outcome> {
        self.ends()
    }

    /// The client breaks the connection: that is no end.
    fn breaks(&mut self) -> Result<(), Outcome> {
        self.write(b"I am off");
        self.echoed()?;
        self.rests()?;
        self.scene.reset(self.client);
        match self.scene.wait() {
            Event::Failed { kind, .. } if kind == "ConnectionReset" => Ok(()),
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into()), ("wanted", "ConnectionReset".into())];
                Err(self.scene.not_yet("send-other-error", &facts, None))
            }
            Event::Returned(value) => {
                let facts = [("got", text(&value).into())];
                Err(self.scene.not_yet("echo-reset-is-end", &facts, None))
            }
            other => Err(self.scene.usual(other, "expecting-reset")),
        }
    }

    /// A client that sends much, ends its stream, and reads only after that.
    fn reads_late(&mut self, large: &[u8]) -> Result<(), Outcome> {
        self.scene.stop_reading(self.client);
        self.write(large);
        self.ended = true;
        self.scene.end(self.client);
        self.scene.settle(self.client);
        self.thinks()?;
        self.scene.note("echo-note-late", &[]);
        self.scene.read_again(self.client);
        self.ends()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.sent.extend(bytes);
        self.scene.write(self.client, bytes);
    }

    /// All that the client has sent comes back.
    fn echoed(&mut self) -> Result<(), Outcome> {
        while self.scene.received(self.client).len() < self.sent.len() {
            let event = self.scene.wait();
            self.happens(event)?;
        }
        Ok(())
    }

    /// The client sends nothing now, and the answer rests.
    fn rests(&mut self) -> Result<(), Outcome> {
        self.scene.settle(self.client);
        while let Some(event) = self.scene.wait_for(Duration::ZERO) {
            self.happens(event)?;
        }
        Ok(())
    }

    /// The client takes its time. A read that somebody gave a time limit gives up.
    fn thinks(&mut self) -> Result<(), Outcome> {
        let silence = silence(self.bench.program, THINKS);
        let facts = [("ms", (silence.as_millis() as usize).into())];
        self.scene.note("echo-note-thinks", &facts);
        let mut event = self.scene.wait_for(silence);
        // Whoever returns has closed the connection just before that.
        if matches!(event, Some(Event::End { .. } | Event::Reset { .. })) {
            event = Some(self.scene.wait());
        }
        match event {
            None => Ok(()),
            // More than the buffers take is on its way, and nobody has read it.
            Some(Event::Returned(value)) if self.ended => {
                let facts = [("got", text(&value).into())];
                Err(self.scene.not_yet("echo-unsent", &facts, None))
            }
            Some(Event::Returned(value)) => {
                let facts = [("got", text(&value).into())];
                Err(self.scene.not_yet("echo-gave-up", &facts, None))
            }
            Some(Event::Failed { kind, .. })
                if self.ended && (kind == "WouldBlock" || kind == "TimedOut") =>
            {
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet("echo-impatient-write", &facts, None))
            }
            Some(event) => self.happens(event),
        }
    }

    /// The client ends its stream: the rest of the echo comes, the end of the
    /// answer's stream, and the function returns.
    fn ends(&mut self) -> Result<(), Outcome> {
        if !self.ended {
            self.ended = true;
            self.scene.end(self.client);
        }
        loop {
            if let (Some(got), true) = (&self.returned, self.closed) {
                let (echo, sent) = (self.scene.received(self.client).len(), self.sent.len());
                let facts = [("got", echo.into()), ("sent", sent.into())];
                if echo != sent {
                    return Err(self.scene.not_yet("echo-incomplete", &facts, None));
                }
                if !self.scene.has_ended(self.client) {
                    return Err(self.scene.not_yet("echo-broken", &[], None));
                }
                if *got != sent.to_string() {
                    let facts = [("got", got.as_str().into()), ("sent", sent.into())];
                    return Err(self.scene.not_yet("echo-wrong-count", &facts, None));
                }
                return Ok(());
            }
            let event = self.scene.wait();
            self.happens(event)?;
        }
    }

    /// Holds one event against what may happen now.
    fn happens(&mut self, event: Event) -> Result<(), Outcome> {
        match event {
            Event::Bytes { .. } => self.same_bytes(),
            Event::End { .. } | Event::Reset { .. } if self.ended => {
                self.closed = true;
                Ok(())
            }
            // Whoever returns early has closed the connection just before that.
            Event::End { .. } | Event::Reset { .. } => match self.scene.wait() {
                Event::Stuck(_) | Event::Bytes { .. } => {
                    Err(self.scene.usual(event, "expecting-echo-goes-on"))
                }
                next => self.happens(next),
            },
            Event::Returned(value) if self.ended => {
                self.returned = Some(text(&value));
                Ok(())
            }
            Event::Returned(value) => Err(self.returned_early(&text(&value))),
            Event::Failed { kind, .. } if kind == "InvalidData" => {
                Err(self.as_text("echo-stream-text", kind))
            }
            Event::Failed { kind, .. } if kind == "WouldBlock" || kind == "TimedOut" => {
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet("echo-impatient", &facts, None))
            }
            Event::Failed { kind, .. } if self.ended => {
                let cause = Some("close-is-an-error");
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet("echo-end-failed", &facts, cause))
            }
            Event::Unwound { .. }
                if self
                    .scene
                    .panic_message()
                    .is_some_and(|m| m.contains("Utf8Error")) =>
            {
                Err(self.as_text("echo-stream-text", "Utf8Error".into()))
            }
            Event::Stuck(stuck) if self.returned.is_some() => {
                Err(self
                    .scene
                    .stuck_because(stuck, "echo-stays-open", &[], None))
            }
            Event::Stuck(stuck) if self.ended && stuck.why == Why::Busy => {
                let cause = Some("close-is-an-error");
                Err(self
                    .scene
                    .stuck_because(stuck, "echo-end-again", &[], cause))
            }
            Event::Stuck(stuck) if !self.ended => Err(self.silent(stuck)),
            other => Err(self.scene.usual(other, "expecting-return")),
        }
    }

    /// What has come back so far is what the client sent.
    fn same_bytes(&mut self) -> Result<(), Outcome> {
        let got = self.scene.received(self.client);
        if self.sent.starts_with(got) {
            return Ok(());
        }
        let facts = [("got", got.len().into()), ("sent", self.sent.len().into())];
        // What is put for bytes that are no text.
        let replaced = got.windows(3).any(|w| w == "\u{fffd}".as_bytes());
        let (key, cause) = if replaced {
            return Err(self.as_text("echo-stream-replaced", String::new()));
        } else if got.starts_with(&self.sent) {
            // A buffer that is sent whole holds zeros behind the first message.
            let zeros = got[self.sent.len()..].ends_with(&[0; 8]);
            ("echo-stream-longer", zeros.then_some("whole-buffer-back"))
        } else {
            ("echo-stream-other", None)
        };
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// The answer took what came for text. What came may be text, cut in the
    /// middle of a character.
    fn as_text(&mut self, key: &'static str, kind: String) -> Outcome {
        let cut = std::str::from_utf8(&self.sent).is_ok();
        let cause = if cut {
            "chunk-is-utf8"
        } else {
            "bytes-are-text"
        };
        let facts: [(&'static str, Fact); 2] = [
            ("kind", kind.into()),
            ("what", if cut { "cut" } else { "bytes" }.into()),
        ];
        self.scene.not_yet(key, &facts, Some(cause))
    }

    /// The function returned, and the client has not ended its stream.
    fn returned_early(&mut self, value: &str) -> Outcome {
        let echoed = self.scene.received(self.client).len();
        let facts = [("got", echoed.into()), ("value", value.into())];
        let unread = self.scene.was_reset(self.client);
        let (key, cause) = if self.sent.is_empty() && cfg!(target_os = "linux") {
            ("echo-not-read", None)
        } else if echoed == 0 && (unread || self.sent.is_empty()) {
            ("echo-no-room", Some("capacity-is-room"))
        } else if echoed == 0 {
            ("echo-nothing", None)
        } else if echoed > b"hello".len() {
            ("echo-stopped", None)
        } else if self.reads_on_when_full() {
            ("echo-read-short", Some("read-fills-buffer"))
        } else {
            ("echo-read-once", Some("one-write-one-read"))
        };
        self.scene.not_yet(key, &facts, cause)
    }

    /// Whether an answer that returned after its first read goes on when that
    /// read fills its buffer.
    fn reads_on_when_full(&self) -> bool {
        let Ok(mut other) = Game::new(self.bench) else {
            return false;
        };
        other.write(&vec![b'x'; BUFFERS_FULL]);
        other.echoed().and_then(|()| other.rests()).is_ok()
    }

    /// Nothing comes back, and the answer waits. What for?
    fn silent(&mut self, stuck: Stuck) -> Outcome {
        let facts = [
            ("got", self.scene.received(self.client).len().into()),
            ("sent", self.sent.len().into()),
        ];
        if !self.scene.received(self.client).is_empty() {
            return self
                .scene
                .stuck_because(stuck, "echo-partial", &facts, None);
        }
        let (key, cause) = match self.waits() {
            Ok(WaitsFor::Line) => ("echo-by-line", None),
            Ok(WaitsFor::Buffer) => ("echo-kept", Some("buffered-is-sent")),
            Ok(WaitsFor::Exactly) => ("echo-not-full", Some("read-fills-buffer")),
            Ok(WaitsFor::End) => ("echo-at-end", None),
            Ok(WaitsFor::Nothing) => {
                return self.scene.usual(Event::Stuck(stuck), "expecting-echo");
            }
            Err(outcome) => return outcome,
        };
        self.scene.stuck_because(stuck, key, &facts, cause)
    }

    /// Gives an answer that echoes nothing of "hello" more and more, until it
    /// echoes.
    fn waits(&self) -> Result<WaitsFor, Outcome> {
        let mut other = Game::new(self.bench)?;
        other.write(b"hello");
        other.scene.settle(other.client);
        other.write(b"\n");
        let line = other.echoes();
        other.write(b"how");
        other.scene.settle(other.client);
        other.write(b"dy");
        let word = other.echoes();
        if line && !word {
            return Ok(WaitsFor::Line);
        }
        other.write(&vec![b'x'; OVERFLOWING]);
        let full = other.echoes() && !line;
        other.scene.end(other.client);
        loop {
            match other.scene.wait() {
                Event::Failed { .. } => return Ok(WaitsFor::Exactly),
                Event::Bytes { .. } | Event::End { .. } => {}
                // What did not fill the buffer was lost, or kept till the end.
                _ if full && other.scene.received(other.client).len() < other.sent.len() => {
                    return Ok(WaitsFor::Exactly);
                }
                _ if full => return Ok(WaitsFor::Buffer),
                _ if !line && !other.scene.received(other.client).is_empty() => {
                    return Ok(WaitsFor::End);
                }
                _ => return Ok(WaitsFor::Nothing),
            }
        }
    }

    /// Whether something more has come back by the time the answer rests.
    fn echoes(&mut self) -> bool {
        let before = self.scene.received(self.client).len();
        self.scene.settle(self.client);
        while let Some(Event::Bytes { .. }) = self.scene.wait_for(Duration::from_millis(20)) {}
        self.scene.received(self.client).len() > before
    }
}

/// The only field of a returned value.
fn text(value: &[Vec<u8>]) -> String {
    let text = value
        .first()
        .map(|v| String::from_utf8_lossy(v).into_owned());
    text.unwrap_or_default()
}
