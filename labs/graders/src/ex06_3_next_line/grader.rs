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

/// The read time limit of a connection that has one, in milliseconds, and how much
/// a system may round it.
const TIME_LIMIT: usize = 10;
const ROUNDED: usize = 20;

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
        lines: 0,
        time_limit: 0,
        changed: None,
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
    game.has_a_time_limit()?;
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
    /// How many lines of this connection the function has returned.
    lines: usize,
    /// The connection's read time limit in milliseconds; 0 is none.
    time_limit: usize,
    /// The stream's time limit after the last call, if that changed it.
    changed: Option<usize>,
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
        (self.new, self.before, self.lines, self.time_limit) = (true, 0, 0, 0);
        Ok(peer)
    }

    /// Calls the function on the connection.
    fn call(&mut self) -> Result<(), Outcome> {
        let facts: [(_, Fact); 2] = [
            ("limit", self.limit.into()),
            ("time", self.time_limit.into()),
        ];
        let how = if self.time_limit > 0 {
            "called-next-line-timed"
        } else {
            "called-next-line"
        };
        let arguments = [
            self.limit.to_string(),
            self.room.to_string(),
            self.time_limit.to_string(),
            self.new.to_string(),
        ];
        self.new = false;
        let arguments = arguments.each_ref().map(|a| a.as_bytes());
        self.scene.call(how, &facts, &arguments)
    }

    /// The next event; when the function has returned, its stream is looked at.
    fn event(&mut self) -> Event {
        let event = self.scene.wait_through();
        self.looked_at(event)
    }

    fn looked_at(&mut self, event: Event) -> Event {
        self.changed = None;
        if !matches!(event, Event::Returned(_) | Event::Failed { .. }) {
            return event;
        }
        let fields = match self.scene.wait_through() {
            Event::Told(fields) => fields,
            other => return other,
        };
        let limit = |field: &Vec<u8>| String::from_utf8_lossy(field).parse().unwrap_or(0);
        if let [before, after] = &fields[..] {
            let (before, after): (usize, usize) = (limit(before), limit(after));
            let changed = (before == 0) != (after == 0) || before.abs_diff(after) > ROUNDED;
            self.changed = changed.then_some(after);
        }
        event
    }

    /// The function has done what it should; its stream is as it was.
    fn is_as_before(&mut self) -> Result<(), Outcome> {
        let Some(after) = self.changed.take() else {
            return Ok(());
        };
        // As the judge has set it, and not as the system rounds it.
        let before = self.time_limit;
        let facts = [("before", before.into()), ("after", after.into())];
        Err(self.scene.not_yet("line-limit-changed", &facts, None))
    }

    /// What an event means that the contract does not ask for.
    fn usual(&mut self, event: Event, expecting: &'static str) -> Outcome {
        if matches!(event, Event::End { .. }) {
            return self.scene.not_yet("line-stream-ended", &[], None);
        }
        self.scene.usual(event, expecting)
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
                let event = self.looked_at(event);
                return self.returned(event, line);
            }
        }
        self.returns(line)
    }

    /// Lines that come in one write, with the end behind them.
    fn several_at_once(&mut self) -> Result<(), Outcome> {
        let peer = self.connect(ROOM)?;
        // All of them together are longer than one may be.
        self.limit = 5;
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
            let event = self.event();
            self.refuses(event, length, true)?;
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
            let event = self.event();
            self.refuses(event, bytes.len(), false)?;
        }
        Ok(())
    }

    fn refuses(&mut self, event: Event, length: usize, ends: bool) -> Result<(), Outcome> {
        let mut facts: Vec<(_, Fact)> =
            vec![("length", length.into()), ("limit", self.limit.into())];
        let (key, cause) = match event {
            Event::Failed { kind, .. } if kind == "InvalidData" => return self.is_as_before(),
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
                let (key, cause) = if ends {
                    ("line-behind-awaited", None)
                } else {
                    ("line-awaited", Some("every-line-ends"))
                };
                return Err(self.scene.stuck_because(stuck, key, &facts, cause));
            }
            other => return Err(self.usual(other, "expecting-line-refused")),
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
            let (key, cause, facts): (_, _, Vec<(_, Fact)>) = match self.event() {
                Event::Failed { kind, .. } if kind == "InvalidData" => continue,
                Event::Failed { kind, .. } => {
                    ("line-no-text-otherwise", None, vec![("kind", kind.into())])
                }
                Event::Returned(fields) => {
                    self.shows(&fields, None);
                    ("line-no-text-returned", Some("bytes-are-text"), Vec::new())
                }
                other => return Err(self.usual(other, "expecting-no-text")),
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
            let (key, cause) = match self.event() {
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
                other => return Err(self.usual(other, "expecting-line-cut")),
            };
            return Err(self.scene.not_yet(key, &facts, cause));
        }
        Ok(())
    }

    /// Nothing comes, or no end of a line, and the stream's time limit is over.
    fn has_a_time_limit(&mut self) -> Result<(), Outcome> {
        for part in ["", "hello"] {
            let peer = self.connect(ROOM)?;
            self.time_limit = TIME_LIMIT;
            if !part.is_empty() {
                self.scene.write(peer, part.as_bytes());
            }
            self.call()?;
            let (key, facts): (_, Vec<(_, Fact)>) = match self.event() {
                Event::Failed { kind, .. } if is_streams_own(&kind) => {
                    self.is_as_before()?;
                    continue;
                }
                Event::Failed { kind, .. } => ("line-idle-otherwise", vec![("kind", kind.into())]),
                Event::Returned(fields) => {
                    self.shows(&fields, None);
                    ("line-idle-returned", Vec::new())
                }
                Event::Stuck(stuck) => {
                    let key = "line-idle-waits";
                    return Err(self.scene.stuck_because(stuck, key, &[], None));
                }
                other => return Err(self.usual(other, "expecting-line-timeout")),
            };
            return Err(self.scene.not_yet(key, &facts, None));
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
        match self.event() {
            Event::Failed { kind, .. } if kind == "ConnectionReset" => self.is_as_before(),
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet("line-reset-otherwise", &facts, None))
            }
            Event::Returned(fields) => {
                self.shows(&fields, None);
                Err(self.scene.not_yet("line-reset-is-end", &[], None))
            }
            other => Err(self.usual(other, "expecting-reset")),
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
            _ => return Err(self.usual(event, "expecting-line-rest")),
        };
        let facts = [("value", value.into())];
        let cause = Some("one-write-one-read");
        Err(self.scene.not_yet("line-not-whole", &facts, cause))
    }

    /// The stream has ended where a line would begin.
    fn ends(&mut self) -> Result<(), Outcome> {
        let closes = Some("close-is-an-error");
        let (key, cause, facts): (_, _, Vec<(_, Fact)>) = match self.event() {
            Event::Returned(fields) if fields.is_empty() => {
                self.shows(&fields, None);
                return self.is_as_before();
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
            other => return Err(self.usual(other, "expecting-line-end")),
        };
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// The function returns this line, all of which has come.
    fn returns(&mut self, line: &str) -> Result<(), Outcome> {
        let event = self.event();
        self.returned(event, line)
    }

    fn returned(&mut self, event: Event, line: &str) -> Result<(), Outcome> {
        match event {
            Event::Returned(fields) if fields == [line.as_bytes()] => {
                self.shows(&fields, None);
                self.lines += 1;
                self.is_as_before()
            }
            Event::Returned(fields) => Err(self.wrong(&fields, line)),
            Event::Failed { kind, .. } => Err(self.failed(kind, line)),
            Event::Stuck(stuck) => Err(self.waits(stuck)),
            other => Err(self.usual(other, "expecting-line")),
        }
    }

    /// It returned something else.
    fn wrong(&mut self, fields: &[Vec<u8>], line: &str) -> Outcome {
        let wanted = value(&[line.as_bytes().to_vec()]);
        self.shows(fields, Some(&wanted));
        let got = fields.first().map(|f| String::from_utf8_lossy(f));
        let (key, cause) = match got.as_deref() {
            None if line.is_empty() => ("line-empty-is-end", None),
            _ if self.before > 0 => ("line-lost", Some("read-ahead-comes-back")),
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
            Some("") if self.lines > 0 => ("line-end-left", None),
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
        let (key, cause) = if self.before > 0 && !invalid {
            ("line-lost", Some("read-ahead-comes-back"))
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
            let cause = Some("read-ahead-comes-back");
            return self.scene.stuck_because(stuck, "line-lost", &[], cause);
        }
        self.usual(Event::Stuck(stuck), "expecting-line")
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

/// The error of a time limit as the system itself names it.
fn is_streams_own(kind: &str) -> bool {
    kind == if cfg!(windows) {
        "TimedOut"
    } else {
        "WouldBlock"
    }
}
