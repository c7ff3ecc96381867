//! Judges exercise 6.1: frames in pieces and in heaps, hostile lengths, streams
//! that end too early, and a time limit that is over in the middle.

use std::time::Duration;

use crate::judge::{Bench, Event, Fact, Outcome, Scene, StreamId, Stuck, Why, side_by_side};
use crate::messages::say;
use crate::wire::Message;

/// The limit of most calls, in bytes.
const LIMIT: usize = 1_000;
/// More than one read, or a buffer of std's, holds.
const LARGE: usize = 3 << 20;
/// What a stranger announces: more than any answer asks the system for.
const HOSTILE: u32 = 256 << 20;
/// The read time limit of a connection that has one, in milliseconds.
const TIME_LIMIT: usize = 10;

/// So much may a system round a time limit, in milliseconds.
const ROUNDED: usize = 20;

/// How long the end of a stream may be on its way.
const ON_THE_WAY: Duration = Duration::from_millis(3);

/// Plays the peers.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let number = random.u32(1_000..10_000);
    let mut large = vec![0; LARGE];
    random.fill(&mut large);
    side_by_side(&[
        &|| {
            let mut game = Game::start(bench)?;
            game.comes_at_once(&format!("my number is {number}"))?;
            game.pauses()?;
            game.comes_in_pieces()?;
            game.is_empty()?;
            game.as_long_as_the_limit(&large[..LIMIT])?;
            game.several_at_once(&large[..LIMIT])
        },
        &|| {
            let mut game = Game::start(bench)?;
            game.too_long()?;
            game.ends_inside()
        },
        &|| Game::start(bench)?.has_a_time_limit(),
        &|| {
            let mut game = Game::start(bench)?;
            game.is_large(&large)?;
            game.breaks()
        },
    ])
}

struct Game {
    scene: Scene,
    peer: Option<StreamId>,
    limit: usize,
    /// The connection's read time limit in milliseconds; 0 is none.
    time_limit: usize,
    /// The connection is new: no call has seen it.
    new: bool,
    /// How its frames came, which explains what is wrong.
    how: How,
    /// What the last call has changed that is its caller's.
    changed: Option<(&'static str, Vec<(&'static str, Fact)>)>,
}

/// How the frame of a call comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Whole,
    Pieces,
    /// Behind another frame of the same write.
    Behind,
    /// With a pause that is longer than the time limit.
    Paused,
    /// The time limit was over before it.
    AfterIdle,
}

impl Game {
    fn start(bench: &Bench<'_>) -> Result<Self, Outcome> {
        Ok(Self {
            scene: Scene::start(bench)?,
            peer: None,
            limit: LIMIT,
            time_limit: 0,
            new: false,
            how: How::Whole,
            changed: None,
        })
    }

    /// A new peer connects; its connection may have a time limit.
    fn connect(&mut self, time_limit: usize) -> Result<StreamId, Outcome> {
        if let Some(peer) = self.peer {
            self.scene.forget(peer);
        }
        self.scene.new_page();
        let Some(peer) = self.scene.tcp_client("peer")? else {
            return Err(Outcome::Unjudged(say("too-busy", &[])));
        };
        (self.peer, self.limit, self.how) = (Some(peer), LIMIT, How::Whole);
        (self.time_limit, self.new) = (time_limit, true);
        Ok(peer)
    }

    /// Calls the function on the connection.
    fn call(&mut self) -> Result<(), Outcome> {
        let facts: [(_, Fact); 2] = [
            ("limit", self.limit.to_string().into()),
            ("time", self.time_limit.to_string().into()),
        ];
        let how = if self.time_limit > 0 {
            "called-read-frame-timed"
        } else {
            "called-read-frame"
        };
        let [limit, time, new] = [
            self.limit.to_string(),
            self.time_limit.to_string(),
            self.new.to_string(),
        ];
        self.new = false;
        let arguments = [limit.as_bytes(), time.as_bytes(), new.as_bytes()];
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
        let limit = |at: usize| field(&fields, at).parse().unwrap_or(0);
        let (before, after): (usize, usize) = (limit(0), limit(1));
        if field(&fields, 2) == "non-blocking" {
            self.changed = Some(("frame-stream-non-blocking", Vec::new()));
        } else if (before == 0) != (after == 0) || before.abs_diff(after) > ROUNDED {
            // As the judge has set it, and not as the system rounds it.
            let facts = [("before", self.time_limit.into()), ("after", after.into())];
            self.changed = Some(("frame-limit-changed", facts.into()));
        }
        event
    }

    /// The function has done what it should; its stream is as it was.
    fn is_as_before(&mut self) -> Result<(), Outcome> {
        match self.changed.take() {
            Some((key, facts)) => Err(self.scene.not_yet(key, &facts, None)),
            None => Ok(()),
        }
    }

    /// What an event means that the contract does not ask for.
    fn usual(&mut self, event: Event, expecting: &'static str) -> Outcome {
        if matches!(event, Event::End { .. }) {
            return self.scene.not_yet("frame-stream-ended", &[], None);
        }
        self.scene.usual(event, expecting)
    }

    /// One frame in one write, and then the end.
    fn comes_at_once(&mut self, text: &str) -> Result<(), Outcome> {
        let peer = self.connect(0)?;
        self.call()?;
        self.scene.settle(peer);
        self.still_reads()?;
        self.scene.write(peer, &frame(text.as_bytes()));
        self.returns(text.as_bytes())?;
        self.call()?;
        self.scene.settle(peer);
        self.scene.end(peer);
        self.ends()?;
        let peer = self.connect(0)?;
        self.scene.end(peer);
        self.call()?;
        self.ends()
    }

    /// Frames whose bytes come one by one, and cut where it hurts.
    fn comes_in_pieces(&mut self) -> Result<(), Outcome> {
        let peer = self.connect(0)?;
        self.how = How::Pieces;
        for (text, cut) in [("hello", 4), ("hello again", 2), ("how are you?", 6)] {
            let bytes = frame(text.as_bytes());
            self.call()?;
            self.scene.settle(peer);
            self.scene.write(peer, &bytes[..cut]);
            self.scene.settle(peer);
            self.still_reads()?;
            self.scene.write(peer, &bytes[cut..]);
            self.returns(text.as_bytes())?;
        }
        self.call()?;
        self.scene.settle(peer);
        self.scene.write_one_by_one(peer, &frame(b"bye"));
        self.returns(b"bye")
    }

    /// Frames that come in one write, with the end behind them.
    fn several_at_once(&mut self, long: &[u8]) -> Result<(), Outcome> {
        let peer = self.connect(0)?;
        let bodies: [&[u8]; 4] = [b"one", b"", b"three", long];
        self.scene.write(peer, &bodies.map(frame).concat());
        self.scene.end(peer);
        for (at, body) in bodies.into_iter().enumerate() {
            self.call()?;
            if at > 0 {
                self.how = How::Behind;
            }
            self.returns(body)?;
        }
        self.call()?;
        self.ends()
    }

    /// An empty frame, and nothing behind it.
    fn is_empty(&mut self) -> Result<(), Outcome> {
        let peer = self.connect(0)?;
        self.scene.write(peer, &frame(b""));
        self.call()?;
        self.returns(b"")
    }

    /// Frames that are just as long as they may be, and limits of any size.
    fn as_long_as_the_limit(&mut self, long: &[u8]) -> Result<(), Outcome> {
        let peer = self.connect(0)?;
        let huge = usize::try_from(1_u64 << 32).unwrap_or(usize::MAX);
        for (limit, body) in [
            (long.len(), long),
            (5, b"hello"),
            (0, b""),
            (huge, b"hello"),
            (usize::MAX, b"hello"),
        ] {
            self.limit = limit;
            self.scene.write(peer, &frame(body));
            self.call()?;
            self.returns(body)?;
        }
        Ok(())
    }

    /// Lengths above the limit, with nothing behind them.
    fn too_long(&mut self) -> Result<(), Outcome> {
        for length in [LIMIT as u32 + 1, HOSTILE, u32::MAX] {
            let peer = self.connect(0)?;
            let before = self.scene.asked_for();
            self.scene.write(peer, &length.to_be_bytes());
            self.call()?;
            let event = self.event();
            let asked = before.zip(self.scene.asked_for());
            let asked = asked.map_or(0, |(before, after)| after.saturating_sub(before));
            self.refuses(event, length, asked)?;
        }
        let peer = self.connect(0)?;
        self.limit = 0;
        self.scene.write(peer, &frame(b"x"));
        self.call()?;
        let event = self.event();
        self.refuses(event, 1, 0)
    }

    fn refuses(&mut self, event: Event, length: u32, asked: u64) -> Result<(), Outcome> {
        let facts: [(_, Fact); 3] = [
            ("length", length.to_string().into()),
            ("limit", self.limit.to_string().into()),
            ("asked", (asked >> 20).to_string().into()),
        ];
        let hostile = Some("peer-length-is-honest");
        let reserved = asked >= u64::from(HOSTILE) / 2;
        let (key, cause) = match event {
            Event::Failed { kind, .. } if kind == "InvalidData" && !reserved => {
                if let Some(event @ Event::End { .. }) = self.scene.wait_for(ON_THE_WAY) {
                    self.scene.came_late();
                    return Err(self.usual(event, "expecting-frame-refused"));
                }
                return self.is_as_before();
            }
            Event::Failed { .. } | Event::Unwound { .. } if reserved => ("frame-reserved", hostile),
            Event::Failed { kind, .. } if kind == "UnexpectedEof" || kind == "WouldBlock" => {
                return Err(self.other(Event::Failed { kind, code: None }));
            }
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into())];
                return Err(self.scene.not_yet("frame-refused-otherwise", &facts, None));
            }
            Event::Stuck(stuck) => {
                let key = if reserved {
                    "frame-reserved-awaited"
                } else {
                    "frame-awaited"
                };
                return Err(self.scene.stuck_because(stuck, key, &facts, hostile));
            }
            // There was not so much memory.
            Event::Ended => ("frame-died", hostile),
            Event::Returned(fields) => {
                self.shows(&fields, None);
                ("frame-accepted", None)
            }
            other => return Err(self.usual(other, "expecting-frame-refused")),
        };
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// Streams that end inside a frame.
    fn ends_inside(&mut self) -> Result<(), Outcome> {
        let whole = frame(b"hello");
        for (cut, late) in [
            (1, false),
            (2, true),
            (3, false),
            (4, false),
            (6, true),
            (8, false),
        ] {
            let peer = self.connect(0)?;
            self.scene.write(peer, &whole[..cut]);
            if late {
                self.call()?;
                self.scene.settle(peer);
            }
            self.scene.end(peer);
            if !late {
                self.call()?;
            }
            let event = self.event();
            self.is_cut(event, cut, whole.len())?;
        }
        Ok(())
    }

    fn is_cut(&mut self, event: Event, got: usize, whole: usize) -> Result<(), Outcome> {
        let mut facts: Vec<(_, Fact)> = vec![("got", got.into()), ("whole", whole.into())];
        let clean = Some("eof-mid-frame-is-clean");
        let (key, cause) = match event {
            Event::Failed { kind, .. } if kind == "UnexpectedEof" => {
                return self.is_as_before();
            }
            Event::Failed { kind, .. } => {
                facts.push(("kind", kind.into()));
                ("frame-cut-otherwise", None)
            }
            Event::Returned(fields) if fields.is_empty() => {
                self.shows(&fields, None);
                ("frame-cut-is-end", clean)
            }
            Event::Returned(fields) => {
                self.shows(&fields, None);
                ("frame-cut-returned", clean)
            }
            Event::Stuck(stuck) if stuck.why == Why::Busy => {
                let cause = Some("close-is-an-error");
                let key = "frame-end-again";
                return Err(self.scene.stuck_because(stuck, key, &facts, cause));
            }
            other => return Err(self.usual(other, "expecting-frame-cut")),
        };
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// The peer pauses inside the head, and the answer waits without work.
    fn pauses(&mut self) -> Result<(), Outcome> {
        let peer = self.connect(0)?;
        let bytes = frame(b"hello");
        self.how = How::Pieces;
        self.call()?;
        self.scene.write(peer, &bytes[..2]);
        self.does_not_spin()?;
        self.scene.write(peer, &bytes[2..6]);
        self.does_not_spin()?;
        self.scene.write(peer, &bytes[6..]);
        self.returns(b"hello")
    }

    fn does_not_spin(&mut self) -> Result<(), Outcome> {
        let spins = self.scene.spins();
        self.still_reads()?;
        if spins {
            let cause = Some("spinning-is-waiting");
            return Err(self.scene.not_yet("frame-spins", &[], cause));
        }
        Ok(())
    }

    /// A time limit that is over between two frames, and inside one.
    fn has_a_time_limit(&mut self) -> Result<(), Outcome> {
        for (text, cut) in [("hello", 7), ("hello again", 2), ("how are you?", 4)] {
            let peer = self.connect(TIME_LIMIT)?;
            let bytes = frame(text.as_bytes());
            self.scene.write(peer, &bytes[..cut]);
            self.call()?;
            self.scene.settle(peer);
            self.scene.note("frame-note-pause", &[]);
            let mut times = if cut == 2 { 3 } else { 1 };
            while times > 0 {
                times = if self.scene.wakes() { times - 1 } else { 0 };
                self.stays_inside(&bytes, cut)?;
            }
            self.does_not_spin()?;
            self.how = How::Paused;
            self.scene.write(peer, &bytes[cut..]);
            // Whoever has lost a part waits for it in vain.
            self.scene.end(peer);
            self.returns(text.as_bytes())?;
            self.call()?;
            self.ends()?;
        }
        let peer = self.connect(TIME_LIMIT)?;
        self.call()?;
        self.gives_up()?;
        self.how = How::AfterIdle;
        self.scene.write(peer, &frame(b"hello"));
        self.call()?;
        self.returns(b"hello")?;
        self.call()?;
        self.gives_up()?;
        self.fails_in_time(&frame(b"hello")[..6])
    }

    /// Errors on a stream that has a time limit: it keeps it.
    fn fails_in_time(&mut self, part: &[u8]) -> Result<(), Outcome> {
        let peer = self.connect(TIME_LIMIT)?;
        let length = LIMIT as u32 + 1;
        self.scene.write(peer, &length.to_be_bytes());
        self.call()?;
        let event = self.event();
        self.refuses(event, length, 0)?;
        let peer = self.connect(TIME_LIMIT)?;
        self.scene.write(peer, part);
        self.scene.end(peer);
        self.call()?;
        let event = self.event();
        self.is_cut(event, part.len(), 9)
    }

    /// The time limit is over inside a frame: that is no reason to return.
    fn stays_inside(&mut self, bytes: &[u8], cut: usize) -> Result<(), Outcome> {
        let kind = match self.scene.now() {
            None => return Ok(()),
            Some(event) => match self.looked_at(event) {
                Event::Failed { kind, .. } if is_timeout(&kind) => kind,
                event => return Err(self.other(event)),
            },
        };
        let facts = [("kind", kind.into()), ("got", cut.into())];
        // What did it do with that part of the frame?
        let page = self.scene.page();
        if let Some(peer) = self.peer {
            self.scene.write(peer, &bytes[cut..]);
            self.scene.end(peer);
        }
        self.call()?;
        let kept = matches!(self.event(), Event::Returned(fields) if fields == [&bytes[4..]]);
        let (key, cause) = if kept {
            self.scene.turn_back(page);
            ("frame-gave-up", None)
        } else {
            ("frame-part-lost", Some("read-exact-can-be-retried"))
        };
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// Nothing comes, and the time limit is over.
    fn gives_up(&mut self) -> Result<(), Outcome> {
        let (key, facts): (_, Vec<(_, Fact)>) = match self.event() {
            Event::Failed { kind, .. } if is_streams_own(&kind) => return self.is_as_before(),
            Event::Failed { kind, .. } => ("frame-idle-otherwise", vec![("kind", kind.into())]),
            Event::Returned(fields) => {
                self.shows(&fields, None);
                ("frame-idle-returned", Vec::new())
            }
            Event::Stuck(stuck) => {
                let key = "frame-idle-waits";
                return Err(self.scene.stuck_because(stuck, key, &[], None));
            }
            other => return Err(self.usual(other, "expecting-frame-timeout")),
        };
        Err(self.scene.not_yet(key, &facts, None))
    }

    /// A frame that no read takes whole, and one behind it.
    fn is_large(&mut self, large: &[u8]) -> Result<(), Outcome> {
        let peer = self.connect(0)?;
        self.limit = large.len();
        self.call()?;
        self.scene.settle(peer);
        self.scene.write(peer, &frame(large));
        self.scene.write(peer, &frame(b"that was it"));
        self.returns(large)?;
        self.call()?;
        self.how = How::Behind;
        self.returns(b"that was it")
    }

    /// The peer resets the connection, between two frames and inside one.
    fn breaks(&mut self) -> Result<(), Outcome> {
        for cut in [0, 6] {
            let peer = self.connect(0)?;
            self.call()?;
            if cut > 0 {
                self.scene.write(peer, &frame(b"hello")[..cut]);
            }
            self.scene.settle(peer);
            self.scene.reset(peer);
            match self.event() {
                Event::Failed { kind, .. } if kind == "ConnectionReset" => self.is_as_before()?,
                Event::Failed { kind, .. } => {
                    let facts = [("kind", kind.into())];
                    return Err(self.scene.not_yet("frame-reset-otherwise", &facts, None));
                }
                Event::Returned(fields) => {
                    self.shows(&fields, None);
                    return Err(self.scene.not_yet("frame-reset-is-end", &[], None));
                }
                other => return Err(self.usual(other, "expecting-reset")),
            }
        }
        Ok(())
    }

    /// The stream has ended where a frame would begin.
    fn ends(&mut self) -> Result<(), Outcome> {
        let closes = Some("close-is-an-error");
        let (key, cause, facts): (_, _, Vec<(_, Fact)>) = match self.event() {
            Event::Returned(fields) if fields.is_empty() => {
                self.shows(&fields, None);
                return self.is_as_before();
            }
            Event::Returned(fields) => {
                self.shows(&fields, Some("Ok(None)"));
                ("frame-after-end", None, Vec::new())
            }
            Event::Failed { kind, .. } if is_timeout(&kind) => {
                ("frame-failed", None, vec![("kind", kind.into())])
            }
            Event::Failed { kind, .. } => ("frame-end-failed", closes, vec![("kind", kind.into())]),
            Event::Stuck(stuck) if stuck.why == Why::Busy => {
                let key = "frame-end-again";
                return Err(self.scene.stuck_because(stuck, key, &[], closes));
            }
            other => return Err(self.usual(other, "expecting-frame-end")),
        };
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// The function has not returned: its frame is not whole yet.
    fn still_reads(&mut self) -> Result<(), Outcome> {
        let event = match self.scene.now() {
            None => return Ok(()),
            Some(event) => event,
        };
        let value = match &event {
            Event::Returned(fields) => self.shows(fields, None),
            Event::Failed { kind, .. } if !is_timeout(kind) => format!("Err({kind})"),
            Event::Failed { .. } | Event::Unwound { .. } => return Err(self.other(event)),
            _ => return Err(self.usual(event, "expecting-frame-rest")),
        };
        let facts = [("value", value.into())];
        let cause = Some("read-fills-buffer");
        Err(self.scene.not_yet("frame-not-whole", &facts, cause))
    }

    /// The function returns this frame, all of which has come.
    fn returns(&mut self, body: &[u8]) -> Result<(), Outcome> {
        match self.event() {
            Event::Returned(fields) if fields == [body] => {
                self.shows(&fields, None);
                self.is_as_before()
            }
            Event::Returned(fields) => Err(self.wrong(&fields, body)),
            Event::Failed { kind, .. } => Err(self.failed(kind, body)),
            Event::Stuck(stuck) => Err(self.waits(stuck, body)),
            other => Err(self.usual(other, "expecting-frame")),
        }
    }

    /// It returned something else.
    fn wrong(&mut self, fields: &[Vec<u8>], body: &[u8]) -> Outcome {
        let wanted = value(&[body.to_vec()]);
        self.shows(fields, Some(&wanted));
        let (key, cause) = match fields {
            _ if self.how == How::Behind => ("frame-lost", Some("read-ahead-comes-back")),
            _ if self.how == How::Paused => {
                ("frame-paused-lost", Some("read-exact-can-be-retried"))
            }
            [] if body.is_empty() => ("frame-empty-is-end", None),
            [] => ("frame-none", None),
            [got] if *got == frame(body) => ("frame-with-head", None),
            [got] if got.starts_with(&frame(body)) => {
                ("frame-with-more", Some("one-write-one-read"))
            }
            [got] if got.starts_with(body) => ("frame-with-more", Some("one-write-one-read")),
            [got] if got.len() + 4 == body.len() && body.starts_with(got) => {
                ("frame-minus-head", None)
            }
            [got] if differs_late(got, body) => ("frame-not-full", Some("read-fills-buffer")),
            _ => ("frame-other", None),
        };
        let got = fields.first().map_or(0, Vec::len);
        let facts = [("got", got.into()), ("want", body.len().into())];
        self.scene.not_yet(key, &facts, cause)
    }

    /// It returned an error.
    fn failed(&mut self, kind: String, body: &[u8]) -> Outcome {
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let swapped = usize::try_from(length.swap_bytes()).unwrap_or(usize::MAX);
        let invalid = kind == "InvalidData";
        let facts: [(_, Fact); 4] = [
            ("kind", kind.as_str().into()),
            ("length", length.to_string().into()),
            ("swapped", swapped.to_string().into()),
            ("limit", self.limit.to_string().into()),
        ];
        let (key, cause) = match self.how {
            How::Behind => ("frame-lost", Some("read-ahead-comes-back")),
            How::Paused => ("frame-paused-lost", Some("read-exact-can-be-retried")),
            _ if invalid && swapped > self.limit && body.len() < self.limit => {
                ("frame-swapped", Some("host-byte-order"))
            }
            _ if invalid && body.len() == self.limit => ("frame-limit-refused", None),
            _ if invalid => ("frame-refused", None),
            _ if kind == "UnexpectedEof" && body.is_empty() => ("frame-empty-is-cut", None),
            _ => ("frame-failed", None),
        };
        self.scene.not_yet(key, &facts, cause)
    }

    /// It waits, and its frame is there.
    fn waits(&mut self, stuck: Stuck, body: &[u8]) -> Outcome {
        let (key, cause) = match self.how {
            How::Behind => ("frame-lost", Some("read-ahead-comes-back")),
            How::Paused => ("frame-paused-lost", Some("read-exact-can-be-retried")),
            _ if body.is_empty() => ("frame-empty-awaited", None),
            _ => return self.usual(Event::Stuck(stuck), "expecting-frame"),
        };
        self.scene.stuck_because(stuck, key, &[], cause)
    }

    /// Another end of the call.
    fn other(&mut self, event: Event) -> Outcome {
        match event {
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into())];
                self.scene.not_yet("frame-failed", &facts, None)
            }
            other => self.usual(other, "expecting-frame-rest"),
        }
    }

    /// Shows the returned value as Rust writes it, with what was to come.
    fn shows(&mut self, fields: &[Vec<u8>], wanted: Option<&str>) -> String {
        let shown = value(fields);
        self.scene.returned(&shown, wanted);
        shown
    }
}

/// A field of what was told, as text.
fn field(fields: &Message, at: usize) -> String {
    let field = fields.get(at).map(|f| String::from_utf8_lossy(f));
    field.unwrap_or_default().into_owned()
}

/// A frame on the wire.
fn frame(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), body].concat()
}

/// A returned value as Rust writes it.
fn value(fields: &[Vec<u8>]) -> String {
    let Some(bytes) = fields.first() else {
        return "Ok(None)".into();
    };
    let some = if bytes.is_empty() {
        "an empty frame".into()
    } else if bytes.len() <= 40 && bytes.iter().all(|b| matches!(b, b' '..=b'~')) {
        format!("b{:?}", String::from_utf8_lossy(bytes))
    } else {
        say("some-bytes", &[("len", bytes.len().into())])
    };
    format!("Ok(Some({some}))")
}

/// The error of a time limit as the system itself names it.
fn is_streams_own(kind: &str) -> bool {
    kind == if cfg!(windows) {
        "TimedOut"
    } else {
        "WouldBlock"
    }
}

fn is_timeout(kind: &str) -> bool {
    kind == "WouldBlock" || kind == "TimedOut"
}

/// A buffer that was not filled, as it is or cut: a part of the frame.
fn differs_late(got: &[u8], body: &[u8]) -> bool {
    let same = got.iter().zip(body).take_while(|(a, b)| a == b).count();
    same > 0 && got.len() <= body.len() && got[same..].iter().all(|b| *b == 0)
}
