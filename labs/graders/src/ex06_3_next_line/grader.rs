//! Judges exercise 6.3: lines in pieces and in heaps, with all sorts of endings,
//! lines that do not end, and streams that end inside a line.

use crate::judge::{Bench, Event, Fact, Outcome, Scene, StreamId, Stuck, Why};
use crate::messages::say;

/// The limit of most calls, in bytes.
const LIMIT: usize = 60;
/// The room of the reader's buffer, in bytes: as std's, and less than a line.
const ROOM: usize = 8 << 10;
const LITTLE_ROOM: usize = 16;
/// More than a buffer holds.
const LONG: usize = 100_000;

/// Plays the peers.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let number = bench.random().u32(1_000..10_000);
    let mut game = Game {
        scene: Scene::start(bench)?,
        peer: None,
        limit: LIMIT,
        room: ROOM,
        new: false,
        before: 0,
    };
    game.talks(&format!("my number is {number}"))?;
    game.in_pieces()?;
    game.several_at_once()?;
    game.all_sorts()?;
    game.in_a_small_buffer()?;
    game.as_long_as_the_limit()?;
    game.too_long()?;
    game.no_end()?;
    game.no_text()?;
    game.ends_inside()?;
    game.is_long()?;
    game.breaks()
}

struct Game {
    scene: Scene,
    peer: Option<StreamId>,
    limit: usize,
    /// The room of the connection's buffer.
    room: usize,
    /// The connection is new: no call has seen it.
    new: bool,
    /// How many lines of the same write the function has returned.
    before: usize,
}

impl Game {
    /// A new peer connects; its reader has a buffer with so much room.
    fn connect(&mut self, room: usize) -> Result<StreamId, Outcome> {
        if let Some(peer) = self.peer {
            self.scene.forget(peer);
        }
        self.scene.new_page();
        let Some(peer) = self.scene.tcp_client("peer")? else {
            return Err(Outcome::Unjudged(say("too-busy", &[])));
        };
        (self.peer, self.limit, self.room) = (Some(peer), LIMIT, room);
        (self.new, self.before) = (true, 0);
        Ok(peer)
    }

    /// Calls the function on the connection.
    fn call(&mut self) -> Result<(), Outcome> {
        let [limit, room, new] = [
            self.limit.to_string(),
            self.room.to_string(),
            self.new.to_string(),
        ];
        self.new = false;
        let facts = [("limit", limit.as_str().into())];
        let arguments = [limit.as_bytes(), room.as_bytes(), new.as_bytes()];
        self.scene.call("called-next-line", &facts, &arguments)
    }

    /// One line after the other, and the end.
    fn talks(&mut self, text: &str) -> Result<(), Outcome> {
        let peer = self.connect(ROOM)?;
        for line in ["hello", text] {
            self.call()?;
            self.scene.settle(peer);
            self.still_reads()?;
            self.scene.write(peer, format!("{line}\n").as_bytes());
            self.returns(line)?;
        }
        self.call()?;
        self.scene.settle(peer);
        self.scene.end(peer);
        self.ends()?;
        let peer = self.connect(ROOM)?;
        self.scene.end(peer);
        self.call()?;
        self.ends()
    }

    /// Lines that come in pieces; characters and endings, too.
    fn in_pieces(&mut self) -> Result<(), Outcome> {
        let peer = self.connect(ROOM)?;
        for [first, rest] in [["hello, ", "world\n"], ["good-bye\r", "\n"], ["", "\n"]] {
            self.call()?;
            if !first.is_empty() {
                self.scene.settle(peer);
                self.scene.write(peer, first.as_bytes());
            }
            self.scene.settle(peer);
            self.still_reads()?;
            self.scene.write(peer, rest.as_bytes());
            self.returns(format!("{first}{rest}").trim_end())?;
        }
        let line = "Grüße: 世界 🙂";
        self.call()?;
        self.scene.settle(peer);
        let bytes = format!("{line}\n").into_bytes();
        self.scene.say_bytes(peer, &bytes, Some("one-by-one"));
        for byte in &bytes {
            self.scene.write_silently(peer, &[*byte]);
            self.scene.settle(peer);
            if let Some(event) = self.scene.now() {
                return self.returned(event, line);
            }
        }
        self.returns(line)
    }

    /// Lines that come in one write, with the end behind them.
    fn several_at_once(&mut self) -> Result<(), Outcome> {
        let peer = self.connect(ROOM)?;
        self.scene.write(peer, b"one\ntwo\n\nfour\n");
        self.scene.end(peer);
        for line in ["one", "two", "", "four"] {
            self.call()?;
            self.returns(line)?;
            self.before += 1;
        }
        self.call()?;
        self.ends()
    }

    /// Lines of every kind.
    fn all_sorts(&mut self) -> Result<(), Outcome> {
        let peer = self.connect(ROOM)?;
        for (line, end) in [
            ("one", "\r\n"),
            ("", "\n"),
            ("", "\r\n"),
            ("  two spaces, and a tab\t", "\n"),
            ("left\rright", "\n"),
            ("\r", "\r\n"),
            ("twice\r", "\r\n"),
        ] {
            self.scene.write(peer, format!("{line}{end}").as_bytes());
            self.call()?;
            self.returns(line)?;
        }
        Ok(())
    }

    /// Lines that the reader's buffer does not hold, cut inside a character and
    /// inside an ending.
    fn in_a_small_buffer(&mut self) -> Result<(), Outcome> {
        let peer = self.connect(LITTLE_ROOM)?;
        let lines = [
            "fifteen bytes ü and more: 世界",
            "fifteen bytes..",
            "sixteen bytes...",
            "the end",
        ];
        let text = lines.map(|line| format!("{line}\r\n")).concat();
        self.scene.write(peer, text.as_bytes());
        self.scene.end(peer);
        for line in lines {
            self.call()?;
            self.returns(line)?;
        }
        self.call()?;
        self.ends()
    }

    /// Lines that are just as long as they may be.
    fn as_long_as_the_limit(&mut self) -> Result<(), Outcome> {
        for room in [ROOM, LITTLE_ROOM] {
            let peer = self.connect(room)?;
            for (line, end, limit) in [
                ("x".repeat(LIMIT), "\n", LIMIT),
                ("x".repeat(LIMIT), "\r\n", LIMIT),
                ("ü".repeat(LIMIT / 2), "\n", LIMIT),
                ("hello".into(), "\n", 5),
                (String::new(), "\r\n", 0),
                (String::new(), "\n", 0),
            ] {
                self.limit = limit;
                self.scene.write(peer, format!("{line}{end}").as_bytes());
                self.call()?;
                self.returns(&line)?;
            }
        }
        Ok(())
    }

    /// Lines that are longer, and end.
    fn too_long(&mut self) -> Result<(), Outcome> {
        for (line, limit) in [
            ("x".repeat(LIMIT + 1), LIMIT),
            ("ü".repeat(LIMIT), LIMIT),
            (format!("{}\r\r", "x".repeat(LIMIT)), LIMIT),
            ("x".into(), 0),
        ] {
            let peer = self.connect(ROOM)?;
            self.limit = limit;
            self.scene.write(peer, format!("{line}\n").as_bytes());
            self.call()?;
            let length = line.strip_suffix('\r').unwrap_or(&line).len();
            let event = self.scene.wait_through();
            self.refuses(event, length)?;
        }
        Ok(())
    }

    /// Lines that do not end, and nothing behind them.
    fn no_end(&mut self) -> Result<(), Outcome> {
        for (room, limit) in [(ROOM, LIMIT), (LITTLE_ROOM, LIMIT), (ROOM, 0)] {
            let peer = self.connect(room)?;
            self.limit = limit;
            let bytes = vec![b'x'; limit + 2];
            self.call()?;
            self.scene.settle(peer);
            self.scene.write(peer, &bytes);
            let event = self.scene.wait_through();
            self.refuses(event, bytes.len())?;
        }
        Ok(())
    }

    fn refuses(&mut self, event: Event, length: usize) -> Result<(), Outcome> {
        let mut facts: Vec<(_, Fact)> =
            vec![("length", length.into()), ("limit", self.limit.into())];
        let (key, cause) = match event {
            Event::Failed { kind, .. } if kind == "InvalidData" => return Ok(()),
            Event::Failed { kind, .. } => {
                facts.push(("kind", kind.into()));
                ("line-refused-otherwise", None)
            }
            Event::Returned(fields) => {
                let characters = fields
                    .first()
                    .map(|f| String::from_utf8_lossy(f).chars().count());
                self.shows(&fields, None);
                // It has more bytes than the limit, and not more characters.
                let counted = characters.is_some_and(|n| n <= self.limit && n < length);
                if counted && fields[0].len() == length {
                    ("line-counts-characters", Some("a-character-is-a-byte"))
                } else if fields.first().is_some_and(|f| f.len() < length) {
                    facts.push(("got", fields[0].len().into()));
                    ("line-cut-to-limit", None)
                } else {
                    ("line-accepted", None)
                }
            }
            Event::Stuck(stuck) => {
                let cause = Some("every-line-ends");
                let key = "line-awaited";
                return Err(self.scene.stuck_because(stuck, key, &facts, cause));
            }
            other => return Err(self.scene.usual(other, "expecting-line-refused")),
        };
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// A line that is no text, behind one that is.
    fn no_text(&mut self) -> Result<(), Outcome> {
        for bytes in [
            &b"no text: \xff\n"[..],
            b"a part of a character: \xe4\xb8\r\n",
        ] {
            let peer = self.connect(ROOM)?;
            self.scene
                .write(peer, &[b"so far so good\n", bytes].concat());
            self.call()?;
            self.returns("so far so good")?;
            self.call()?;
            let (key, cause, facts): (_, _, Vec<(_, Fact)>) = match self.scene.wait_through() {
                Event::Failed { kind, .. } if kind == "InvalidData" => continue,
                Event::Failed { kind, .. } => {
                    ("line-no-text-otherwise", None, vec![("kind", kind.into())])
                }
                Event::Returned(fields) => {
                    self.shows(&fields, None);
                    ("line-no-text-returned", Some("bytes-are-text"), Vec::new())
                }
                other => return Err(self.scene.usual(other, "expecting-no-text")),
            };
            return Err(self.scene.not_yet(key, &facts, cause));
        }
        Ok(())
    }

    /// Streams that end inside a line.
    fn ends_inside(&mut self) -> Result<(), Outcome> {
        for text in ["good-bye", "good-bye\r", "x"] {
            let peer = self.connect(ROOM)?;
            self.scene.write(peer, format!("hello\n{text}").as_bytes());
            self.scene.end(peer);
            self.call()?;
            self.returns("hello")?;
            self.call()?;
            let mut facts: Vec<(_, Fact)> = vec![("got", text.len().into())];
            let clean = Some("eof-mid-frame-is-clean");
            let (key, cause) = match self.scene.wait_through() {
                Event::Failed { kind, .. } if kind == "UnexpectedEof" => continue,
                Event::Failed { kind, .. } => {
                    facts.push(("kind", kind.into()));
                    ("line-cut-otherwise", None)
                }
                Event::Returned(fields) => {
                    let key = if fields.is_empty() {
                        "line-cut-is-end"
                    } else {
                        "line-cut-returned"
                    };
                    self.shows(&fields, None);
                    (key, clean)
                }
                Event::Stuck(stuck) if stuck.why == Why::Busy => {
                    let cause = Some("close-is-an-error");
                    let key = "line-end-again";
                    return Err(self.scene.stuck_because(stuck, key, &[], cause));
                }
                other => return Err(self.scene.usual(other, "expecting-line-cut")),
            };
            return Err(self.scene.not_yet(key, &facts, cause));
        }
        Ok(())
    }

    /// A line that no buffer holds, and one behind it.
    fn is_long(&mut self) -> Result<(), Outcome> {
        let peer = self.connect(ROOM)?;
        let line = "ä long line ".repeat(LONG / 13);
        self.limit = line.len();
        self.call()?;
        self.scene.settle(peer);
        self.scene
            .write(peer, format!("{line}\r\nthat was it\n").as_bytes());
        self.returns(&line)?;
        self.call()?;
        self.returns("that was it")
    }

    /// The peer breaks the connection: that is no end.
    fn breaks(&mut self) -> Result<(), Outcome> {
        let peer = self.connect(ROOM)?;
        self.call()?;
        self.scene.write(peer, b"hello");
        self.scene.settle(peer);
        self.scene.reset(peer);
        match self.scene.wait_through() {
            Event::Failed { kind, .. } if kind == "ConnectionReset" => Ok(()),
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet("line-reset-otherwise", &facts, None))
            }
            Event::Returned(fields) => {
                self.shows(&fields, None);
                Err(self.scene.not_yet("line-reset-is-end", &[], None))
            }
            other => Err(self.scene.usual(other, "expecting-reset")),
        }
    }

    /// The function has not returned: its line is not whole yet.
    fn still_reads(&mut self) -> Result<(), Outcome> {
        let event = match self.scene.now() {
            None => return Ok(()),
            Some(event) => event,
        };
        let value = match &event {
            Event::Returned(fields) => self.shows(fields, None),
            Event::Failed { kind, .. } => format!("Err({kind})"),
            _ => return Err(self.scene.usual(event, "expecting-line-rest")),
        };
        let facts = [("value", value.into())];
        let cause = Some("one-write-one-read");
        Err(self.scene.not_yet("line-not-whole", &facts, cause))
    }

    /// The stream has ended where a line would begin.
    fn ends(&mut self) -> Result<(), Outcome> {
        let closes = Some("close-is-an-error");
        let (key, cause, facts): (_, _, Vec<(_, Fact)>) = match self.scene.wait_through() {
            Event::Returned(fields) if fields.is_empty() => {
                self.shows(&fields, None);
                return Ok(());
            }
            Event::Returned(fields) => {
                self.shows(&fields, Some("Ok(None)"));
                ("line-after-end", None, Vec::new())
            }
            Event::Failed { kind, .. } => ("line-end-failed", closes, vec![("kind", kind.into())]),
            Event::Stuck(stuck) if stuck.why == Why::Busy => {
                let key = "line-end-again";
                return Err(self.scene.stuck_because(stuck, key, &[], closes));
            }
            other => return Err(self.scene.usual(other, "expecting-line-end")),
        };
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// The function returns this line, all of which has come.
    fn returns(&mut self, line: &str) -> Result<(), Outcome> {
        let event = self.scene.wait_through();
        self.returned(event, line)
    }

    fn returned(&mut self, event: Event, line: &str) -> Result<(), Outcome> {
        match event {
            Event::Returned(fields) if fields == [line.as_bytes()] => {
                self.shows(&fields, None);
                Ok(())
            }
            Event::Returned(fields) => Err(self.wrong(&fields, line)),
            Event::Failed { kind, .. } => Err(self.failed(kind, line)),
            Event::Stuck(stuck) => Err(self.waits(stuck)),
            other => Err(self.scene.usual(other, "expecting-line")),
        }
    }

    /// It returned something else.
    fn wrong(&mut self, fields: &[Vec<u8>], line: &str) -> Outcome {
        let wanted = value(&[line.as_bytes().to_vec()]);
        self.shows(fields, Some(&wanted));
        let got = fields.first().map(|f| String::from_utf8_lossy(f));
        let (key, cause) = match got.as_deref() {
            None if line.is_empty() => ("line-empty-is-end", None),
            _ if self.before > 0 => ("line-lost", Some("new-bufreader-per-line")),
            None => ("line-none", None),
            Some(got) if got == format!("{line}\n") => ("line-with-end", None),
            Some(got) if got == format!("{line}\r") => ("line-with-return", None),
            Some(got) if got.contains('\u{fffd}') => ("line-replaced", Some("chunk-is-utf8")),
            Some(got) if !line.is_ascii() && got.chars().eq(line.bytes().map(char::from)) => {
                ("line-bytes-as-characters", Some("a-character-is-a-byte"))
            }
            Some(got) if got == line.replace('\r', "") => ("line-without-return", None),
            Some(got) if got == line.trim_end_matches('\r') => ("line-without-return", None),
            Some(got) if got == line.trim() || got == line.trim_end() => ("line-trimmed", None),
            Some(got) if line.starts_with(&format!("{got}\r")) => ("line-ends-at-return", None),
            Some(got) if got.starts_with(line) => ("line-with-more", Some("one-write-one-read")),
            Some(got) if line.starts_with(got) => ("line-part", Some("one-write-one-read")),
            Some(_) => ("line-other", None),
        };
        self.scene.not_yet(key, &[], cause)
    }

    /// It returned an error.
    fn failed(&mut self, kind: String, line: &str) -> Outcome {
        let invalid = kind == "InvalidData";
        let facts: [(_, Fact); 3] = [
            ("kind", kind.into()),
            ("length", line.len().into()),
            ("limit", self.limit.into()),
        ];
        let (key, cause) = if self.before > 0 {
            ("line-lost", Some("new-bufreader-per-line"))
        } else if invalid && line.len() == self.limit {
            ("line-limit-refused", None)
        } else if invalid && !line.is_ascii() {
            ("line-cut-text", Some("chunk-is-utf8"))
        } else {
            ("line-failed", None)
        };
        self.scene.not_yet(key, &facts, cause)
    }

    /// It waits, and its line is there.
    fn waits(&mut self, stuck: Stuck) -> Outcome {
        if self.before > 0 {
            let cause = Some("new-bufreader-per-line");
            return self.scene.stuck_because(stuck, "line-lost", &[], cause);
        }
        self.scene.usual(Event::Stuck(stuck), "expecting-line")
    }

    /// Shows the returned value as Rust writes it, with what was to come.
    fn shows(&mut self, fields: &[Vec<u8>], wanted: Option<&str>) -> String {
        let shown = value(fields);
        self.scene.returned(&shown, wanted);
        shown
    }
}

/// A returned value as Rust writes it.
fn value(fields: &[Vec<u8>]) -> String {
    let Some(bytes) = fields.first() else {
        return "Ok(None)".into();
    };
    if bytes.len() <= 70 {
        format!("Ok(Some({:?}))", String::from_utf8_lossy(bytes))
    } else {
        let some = say("some-bytes", &[("len", bytes.len().into())]);
        format!("Ok(Some({some}))")
    }
}
