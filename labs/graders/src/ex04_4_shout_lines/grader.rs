//! Judges exercise 4.4: clients that send one line, several at once, one in many
//! pieces, and something that is no text.

use std::time::Duration;

use crate::judge::{Bench, Event, Fact, Outcome, Scene, StreamId, Stuck, Why, silence};
use crate::messages::say;

/// How long a client is silent between two lines, at least.
const THINKS: Duration = Duration::from_millis(60);
/// More than a reader's or a writer's buffer holds, in bytes.
const LONG: usize = 200 << 10;
/// A long line up to where it rests, in bytes.
const HALF: usize = 100 << 10;

/// Plays the clients.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let number = bench.random().u32(1_000..10_000);
    let mut game = Game::new(bench)?;
    game.talks(number)?;
    for case in [
        Game::several_at_once,
        Game::one_in_pieces,
        Game::lacks_the_last_end,
        Game::all_sorts,
        Game::long_in_pieces,
        Game::ends_at_once,
        Game::no_text,
        Game::breaks,
        Game::much,
    ] {
        game = game.next()?;
        case(&mut game)?;
    }
    Ok(())
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
    /// The function has returned.
    returned: bool,
    /// The answer has ended its stream.
    closed: bool,
}

/// What an answer does that sends nothing for a line.
enum WaitsFor {
    /// It sends when a buffer is full.
    Buffer,
    /// It sends when the stream has ended.
    End,
    /// It does not send, or only when another line comes.
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
            returned: false,
            closed: false,
        })
    }

    /// One line after the other, each answered before the next one.
    fn talks(&mut self, number: u32) -> Result<(), Outcome> {
        self.rests()?;
        self.says("hello\n")?;
        self.rests()?;
        self.thinks()?;
        self.says(&format!("my number is {number}\n"))?;
        self.rests()?;
        self.ends()
    }

    /// Several lines in one write, and one more.
    fn several_at_once(&mut self) -> Result<(), Outcome> {
        self.says("one\ntwo\nthree\n")?;
        self.says("four\n")?;
        self.ends()
    }

    /// Lines that come in pieces; characters, too.
    fn one_in_pieces(&mut self) -> Result<(), Outcome> {
        self.write(b"hello");
        self.rests()?;
        self.says(", world\n")?;
        let text = "Grüße: 世界 🙂\n".as_bytes();
        self.sent.extend(text);
        self.scene.write_one_by_one(self.client, text);
        self.answered()?;
        self.ends()
    }

    /// Lines of every kind.
    fn all_sorts(&mut self) -> Result<(), Outcome> {
        for line in [
            "Straße\n",
            "\n",
            "  two spaces, and a tab\t\n",
            "one more\r\n",
        ] {
            self.says(line)?;
        }
        self.ends()
    }

    /// The last line has no end of line.
    fn lacks_the_last_end(&mut self) -> Result<(), Outcome> {
        self.says("hello\n")?;
        self.write(b"bye");
        self.rests()?;
        self.ends()
    }

    /// A client that has nothing to say.
    fn ends_at_once(&mut self) -> Result<(), Outcome> {
        self.ends()
    }

    /// A line that is no text, behind one that is.
    fn no_text(&mut self) -> Result<(), Outcome> {
        self.scene
            .write(self.client, b"so far so good\nno text: \xff\n");
        loop {
            let event = self.scene.wait();
            let got = self.scene.received(self.client);
            let (key, facts): (_, Vec<(_, Fact)>) = match event {
                Event::Bytes { .. } if b"SO FAR SO GOOD\n".starts_with(got) => continue,
                Event::Bytes { .. } => ("shout-no-text-answered", Vec::new()),
                Event::End { .. } | Event::Reset { .. } => continue,
                Event::Failed { .. } if got.is_empty() => ("shout-no-text-first", Vec::new()),
                Event::Failed { kind, .. } if kind == "InvalidData" => return Ok(()),
                Event::Failed { kind, .. } => ("shout-no-text-kind", vec![("kind", kind.into())]),
                Event::Returned(_) => ("shout-no-text-ok", Vec::new()),
                Event::Stuck(stuck) => {
                    let key = "shout-no-text-stuck";
                    return Err(self.scene.stuck_because(stuck, key, &[], None));
                }
                other => return Err(self.scene.usual(other, "expecting-invalid-data")),
            };
            return Err(self.scene.not_yet(key, &facts, None));
        }
    }

    /// The client breaks the connection: that is no end.
    fn breaks(&mut self) -> Result<(), Outcome> {
        self.says("I am off\n")?;
        self.rests()?;
        self.scene.reset(self.client);
        match self.scene.wait() {
            Event::Failed { kind, .. } if kind == "ConnectionReset" => Ok(()),
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into()), ("wanted", "ConnectionReset".into())];
                Err(self.scene.not_yet("send-other-error", &facts, None))
            }
            Event::Returned(_) => Err(self.scene.not_yet("shout-reset-is-end", &[], None)),
            other => Err(self.scene.usual(other, "expecting-reset")),
        }
    }

    /// A long line, in two pieces.
    fn long_in_pieces(&mut self) -> Result<(), Outcome> {
        self.write("quite long line ".repeat(HALF / 16).as_bytes());
        self.scene.settle(self.client);
        if let Some(Event::Bytes { .. }) = self.scene.wait_for(Duration::ZERO) {
            let facts = [("sent", self.sent.len().into())];
            return Err(self.scene.not_yet("shout-long-part", &facts, None));
        }
        self.rests()?;
        self.says("ends here\n")?;
        self.ends()
    }

    /// A line that fills any buffer, many short ones, and the end, at once.
    fn much(&mut self) -> Result<(), Outcome> {
        let mut text = "ä long line ".repeat(LONG / 13);
        text.push('\n');
        (0..500).for_each(|n| text.push_str(&format!("line {n}\n")));
        self.write(text.as_bytes());
        self.ends()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.sent.extend(bytes);
        self.scene.write(self.client, bytes);
    }

    /// The client sends this, and all lines that are whole are answered.
    fn says(&mut self, text: &str) -> Result<(), Outcome> {
        self.write(text.as_bytes());
        self.answered()
    }

    fn answered(&mut self) -> Result<(), Outcome> {
        while self.scene.received(self.client).len() < self.wanted().len() {
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
            Some(Event::Returned(_)) => Err(self.scene.not_yet("shout-gave-up", &[], None)),
            Some(event) => self.happens(event),
        }
    }

    /// The client ends its stream: the rest of the answers comes, the end of the
    /// answer's stream, and the function returns.
    fn ends(&mut self) -> Result<(), Outcome> {
        self.ended = true;
        self.scene.end(self.client);
        while !(self.returned && self.closed) {
            let event = self.scene.wait();
            self.happens(event)?;
        }
        let (got, wanted) = (self.scene.received(self.client).len(), self.wanted());
        if got == wanted.len() {
            return if self.scene.has_ended(self.client) {
                Ok(())
            } else {
                Err(self.scene.not_yet("echo-broken", &[], None))
            };
        }
        let last = self
            .sent
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        let last_is_missing = last < self.sent.len() && got == shouted(&self.sent[..last]).len();
        let facts = [("got", got.into()), ("want", wanted.len().into())];
        let key = if last_is_missing {
            "shout-last-lost"
        } else {
            "shout-incomplete"
        };
        Err(self.scene.not_yet(key, &facts, None))
    }

    /// What has to have come back by now.
    fn wanted(&self) -> Vec<u8> {
        let whole = self.sent.iter().rposition(|b| *b == b'\n');
        let whole = whole.map_or(0, |at| at + 1);
        let end = if self.ended { self.sent.len() } else { whole };
        shouted(&self.sent[..end])
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
            Event::Returned(_) if self.ended => {
                self.returned = true;
                Ok(())
            }
            Event::Returned(_) => Err(self.returned_early()),
            Event::Failed { kind, .. } if kind == "InvalidData" => Err(self.cut_text(kind)),
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
                Err(self.cut_text("Utf8Error".into()))
            }
            Event::Stuck(stuck) if self.returned => {
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

    /// Every line that the client has sent is text.
    fn cut_text(&mut self, kind: String) -> Outcome {
        let facts = [("kind", kind.into())];
        self.scene
            .not_yet("shout-cut-text", &facts, Some("chunk-is-utf8"))
    }

    /// What has come back so far is what the contract asks for.
    fn same_bytes(&mut self) -> Result<(), Outcome> {
        let got = self.scene.received(self.client);
        let wanted = self.wanted();
        if wanted.starts_with(got) {
            return Ok(());
        }
        // Where the two part, there begins the line that is answered otherwise.
        let parts = got.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
        let line = wanted[..parts].iter().rposition(|b| *b == b'\n');
        let line = line.map_or(0, |at| at + 1);
        let again = line > 0 && got[line..].starts_with(&wanted[..line.min(got.len() - line)]);
        let (key, cause) = if shouted(&self.sent).starts_with(got) {
            ("shout-part", Some("one-write-one-read"))
        } else if got.windows(3).any(|w| w == "\u{fffd}".as_bytes()) {
            ("shout-replaced", Some("chunk-is-utf8"))
        } else if self.ended && !self.sent.ends_with(b"\n") && got == [&wanted[..], b"\n"].concat()
        {
            ("shout-added-end", None)
        } else if got == self.sent.to_ascii_uppercase() {
            ("shout-ascii", None)
        } else if got.iter().eq(wanted.iter().filter(|b| **b != b'\r')) {
            ("shout-no-return", None)
        } else if again {
            ("shout-again", None)
        } else {
            ("shout-other", None)
        };
        Err(self.scene.not_yet(key, &[], cause))
    }

    /// The function returned, and the client has not ended its stream.
    fn returned_early(&mut self) -> Outcome {
        let unread = self.scene.was_reset(self.client);
        let (key, cause) = if self.sent.is_empty() && cfg!(target_os = "linux") {
            ("echo-not-read", None)
        } else if self.scene.received(self.client).is_empty() && (unread || self.sent.is_empty()) {
            ("shout-no-room", Some("capacity-is-room"))
        } else {
            ("shout-returned", None)
        };
        self.scene.not_yet(key, &[], cause)
    }

    /// An answer is missing, and the function waits. What for?
    fn silent(&mut self, stuck: Stuck) -> Outcome {
        let (got, wanted) = (self.scene.received(self.client), self.wanted());
        let (key, cause) = if self.sent.ends_with(b"\n\n") && wanted == [got, b"\n"].concat() {
            ("shout-not-empty", None)
        } else if !got.is_empty() && wanted == [got, b"\n"].concat() {
            ("shout-no-end", None)
        } else if !got.is_empty() {
            match self.after_several() {
                Ok(Some(found)) => found,
                Ok(None) => return self.scene.usual(Event::Stuck(stuck), "expecting-shout"),
                Err(outcome) => return outcome,
            }
        } else {
            match self.waits() {
                Ok(WaitsFor::Buffer) => ("shout-kept", Some("buffered-is-sent")),
                Ok(WaitsFor::End) => ("shout-at-end", None),
                Ok(WaitsFor::Nothing) => {
                    return self.scene.usual(Event::Stuck(stuck), "expecting-shout");
                }
                Err(outcome) => return outcome,
            }
        };
        self.scene.stuck_because(stuck, key, &[], cause)
    }

    /// Of several lines that came at once, not all are answered: what becomes of
    /// the others when one more line comes?
    fn after_several(&self) -> Result<Option<(&'static str, Option<&'static str>)>, Outcome> {
        let mut other = Game::new(self.bench)?;
        other.write(b"one\ntwo\nthree\n");
        other.hears();
        other.write(b"four\n");
        other.hears();
        let got = other.scene.received(other.client);
        Ok(if got == b"ONE\nFOUR\n" {
            Some(("shout-lost", Some("new-bufreader-per-line")))
        } else if got == b"ONE\nTWO\n" {
            Some(("shout-one-per-read", Some("one-write-one-read")))
        } else {
            None
        })
    }

    /// Gives an answer that does not answer a line more and more lines.
    fn waits(&self) -> Result<WaitsFor, Outcome> {
        let mut other = Game::new(self.bench)?;
        other.write(b"hello\n");
        other.hears();
        other.write(b"and\n");
        other.hears();
        if !other.scene.received(other.client).is_empty() {
            return Ok(WaitsFor::Nothing); // it is one line behind
        }
        other.write(&b"and so on\n".repeat(LONG / 10));
        other.hears();
        let full = !other.scene.received(other.client).is_empty();
        other.scene.end(other.client);
        loop {
            match other.scene.wait() {
                Event::Bytes { .. } | Event::End { .. } => {}
                _ if full => return Ok(WaitsFor::Buffer),
                _ if !other.scene.received(other.client).is_empty() => return Ok(WaitsFor::End),
                _ => return Ok(WaitsFor::Nothing),
            }
        }
    }

    /// Takes what comes until the answer rests.
    fn hears(&mut self) {
        self.scene.settle(self.client);
        while let Some(Event::Bytes { .. }) = self.scene.wait_for(Duration::from_millis(20)) {}
    }
}

/// Lines in capital letters.
fn shouted(lines: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(lines).to_uppercase().into_bytes()
}
