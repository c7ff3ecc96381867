//! Judges exercise 6.2: peers that count what comes together, read late or not
//! at all, and are gone.

use std::thread;
use std::time::{Duration, Instant};

use crate::judge::{Bench, Event, Fact, Line, Outcome, Scene, StreamId, closing_for_good};
use crate::messages::say;

/// The limit of most calls, in bytes.
const LIMIT: usize = 1_000;
/// More than all buffers on the way take.
const HUGE: usize = 3 << 20;
/// After so many bytes a body repeats itself: a prime number, so that every
/// other shift is seen.
const PERIOD: usize = 4_099;
/// How often something is looked at that a busy machine may hide.
const TIMES: usize = 6;
/// How long what was written needs to come, at the most.
const ON_THE_WAY: Duration = Duration::from_millis(500);

/// So much may a system round a time limit, in milliseconds.
const ROUNDED: usize = 20;

/// Plays the peers.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut some = [0; PERIOD];
    random.fill(&mut some);
    let mut huge = some.repeat(HUGE / PERIOD + 1);
    huge.truncate(HUGE);
    let number = random.u32(1_000..10_000);
    let mut game = Game {
        scene: Scene::start(bench)?,
        peer: None,
        time_limit: 0,
        new: false,
        changed: None,
    };
    game.comes_together(&format!("my number is {number}"))?;
    game.one_after_the_other(&huge[..LIMIT])?;
    game.too_long(&huge[..LIMIT + 1])?;
    game.one_segment(&huge[..996])?;
    game.is_broken(&huge[..100_000])?;
    game.never_reads(&huge)?;
    game.reads_late(&huge)
}

struct Game {
    scene: Scene,
    peer: Option<StreamId>,
    /// The connection's write time limit in milliseconds; 0 is none.
    time_limit: u64,
    /// The connection is new: no call has seen it.
    new: bool,
    /// The stream's time limit after the last call, if that changed it.
    changed: Option<usize>,
}

impl Game {
    /// A new peer connects; its connection may have a time limit.
    fn connect(&mut self, time_limit: u64) -> Result<StreamId, Outcome> {
        if let Some(peer) = self.peer {
            self.scene.forget(peer);
        }
        self.scene.new_page();
        let Some(peer) = self.scene.tcp_client("peer")? else {
            return Err(Outcome::Unjudged(say("too-busy", &[])));
        };
        (self.peer, self.time_limit, self.new) = (Some(peer), time_limit, true);
        Ok(peer)
    }

    /// Calls the function on the connection.
    fn call(&mut self, body: &[u8], limit: usize) -> Result<(), Outcome> {
        let facts: [(_, Fact); 2] = [
            ("len", body.len().into()),
            ("limit", limit.to_string().into()),
        ];
        let how = if self.time_limit > 0 {
            "called-write-frame-timed"
        } else {
            "called-write-frame"
        };
        let [limit, time, new] = [
            limit.to_string(),
            self.time_limit.to_string(),
            self.new.to_string(),
        ];
        self.new = false;
        // A large one is made of its first bytes, over and over.
        let (some, len) = (&body[..body.len().min(PERIOD)], body.len().to_string());
        let numbers = [&len, &limit, &time, &new].map(|n| n.as_bytes());
        let arguments = [&[some], &numbers[..]].concat();
        self.scene.call(how, &facts, &arguments)
    }

    /// The next event; when the function has returned, its stream is looked at.
    fn event(&mut self) -> Event {
        let event = self.scene.wait_through();
        self.looked_at(event)
    }

    fn looked_at(&mut self, event: Event) -> Event {
        if !matches!(event, Event::Returned(_) | Event::Failed { .. }) {
            return event;
        }
        self.changed = None;
        let fields = loop {
            match self.scene.wait_through() {
                Event::Told(fields) => break fields,
                Event::Bytes { .. } => {}
                other => return other,
            }
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
        let before = usize::try_from(self.time_limit).unwrap_or(0);
        let facts = [("before", before.into()), ("after", after.into())];
        Err(self.scene.not_yet("write-limit-changed", &facts, None))
    }

    /// What an event means that the contract does not ask for.
    fn usual(&mut self, event: Event, expecting: &'static str) -> Outcome {
        if matches!(event, Event::End { .. }) {
            return self.scene.not_yet("write-stream-ended", &[], None);
        }
        self.scene.usual(event, expecting)
    }

    /// Small frames to a peer whose kernel takes its time to acknowledge: what
    /// is not in the first segment comes late.
    fn comes_together(&mut self, text: &str) -> Result<(), Outcome> {
        for _ in 0..TIMES {
            let peer = self.connect(0)?;
            self.scene.delay_acks(peer);
            self.call(text.as_bytes(), LIMIT)?;
            self.arrives(peer, 0, text.as_bytes(), LIMIT)?;
        }
        Ok(())
    }

    /// Frames of all sorts on one connection, each when the one before is there.
    fn one_after_the_other(&mut self, long: &[u8]) -> Result<(), Outcome> {
        let peer = self.connect(0)?;
        let no_limit = usize::try_from(u32::MAX).unwrap_or(usize::MAX);
        for (body, limit) in [
            (&b"hello"[..], LIMIT),
            (b"", LIMIT),
            (&long[..300], LIMIT),
            (long, long.len()),
            (b"", 0),
            (b"good-bye", no_limit),
        ] {
            let before = self.scene.received(peer).len();
            self.call(body, limit)?;
            self.arrives(peer, before, body, limit)?;
        }
        Ok(())
    }

    /// The function returns, and this frame comes, behind `before` bytes.
    fn arrives(
        &mut self,
        peer: StreamId,
        before: usize,
        body: &[u8],
        limit: usize,
    ) -> Result<(), Outcome> {
        let whole = frame(body);
        let mut returned = false;
        loop {
            let event = if returned {
                self.scene.wait_for(ON_THE_WAY)
            } else {
                Some(self.event())
            };
            let got = &self.scene.received(peer)[before..];
            match event {
                Some(Event::Bytes { .. }) if whole.starts_with(got) => {}
                Some(Event::Bytes { .. }) => return Err(self.wrong(before, body)),
                Some(Event::Returned(_)) => {
                    // A part of it is there, and the rest has not left.
                    if !got.is_empty() && got.len() < whole.len() {
                        return Err(self.held_back(peer, before, &whole));
                    }
                    returned = true;
                }
                Some(Event::Failed { kind, .. }) if kind == "InvalidInput" => {
                    let facts = [("len", body.len().into()), ("limit", limit.into())];
                    return Err(self.scene.not_yet("write-limit-refused", &facts, None));
                }
                Some(Event::Failed { kind, .. }) => return Err(self.failed(kind)),
                None if got.is_empty() => {
                    let facts = [("len", body.len().into())];
                    return Err(self.scene.not_yet("write-nothing", &facts, None));
                }
                None => return Err(self.wrong(before, body)),
                Some(Event::Stuck(stuck)) if got == whole => {
                    let key = "write-not-returned";
                    return Err(self.scene.stuck_because(stuck, key, &[], None));
                }
                Some(other) => return Err(self.usual(other, "expecting-frame-written")),
            }
            if returned && self.scene.received(peer)[before..] == whole {
                return self.is_as_before();
            }
        }
    }

    /// The function has returned, and a part of a small frame has come.
    fn held_back(&mut self, peer: StreamId, before: usize, whole: &[u8]) -> Outcome {
        let first = self.scene.received(peer).len() - before;
        self.scene.note("write-note-late", &[]);
        while self.scene.received(peer).len() - before < whole.len() {
            if self.scene.wait_for(ON_THE_WAY).is_none() {
                let facts = [("got", first.into()), ("want", whole.len().into())];
                let cause = Some("write-sends-all");
                return self.scene.not_yet("write-short", &facts, cause);
            }
        }
        let facts = [("first", first.into())];
        let cause = Some("small-writes-go-at-once");
        self.scene.not_yet("write-held-back", &facts, cause)
    }

    /// What came is not the frame.
    fn wrong(&mut self, before: usize, body: &[u8]) -> Outcome {
        // A longer head is seen when all of it is there.
        while let Some(Event::Bytes { .. } | Event::Returned(_)) =
            self.scene.wait_for(Duration::from_millis(60))
        {}
        let got = self.peer.map(|p| self.scene.received(p)).unwrap_or(&[]);
        let got = &got[before..];
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let head = |bytes: &[u8]| got.starts_with(bytes);
        let text = body.len().to_string();
        let little = head(&length.to_le_bytes()) || head(&u64::from(length).to_le_bytes());
        let (key, cause) = if little {
            ("write-swapped", Some("host-byte-order"))
        } else if got == [&u64::from(length).to_be_bytes(), body].concat() {
            ("write-eight", None)
        } else if got == [&(body.len() as u16).to_be_bytes(), body].concat() {
            ("write-two", None)
        } else if head(&(length + 4).to_be_bytes()) {
            ("write-counts-head", None)
        } else if head(text.as_bytes()) {
            ("write-as-text", None)
        } else if got == body {
            ("write-no-head", None)
        } else if head(&frame(body)) {
            ("write-more", None)
        } else if frame(body).starts_with(got) {
            ("write-short", Some("write-sends-all"))
        } else if got == [body, &length.to_be_bytes()].concat() {
            ("write-body-first", None)
        } else if got.len() == body.len() + 4 {
            ("write-other-bytes", None)
        } else {
            ("write-other", None)
        };
        let facts = [
            ("len", body.len().into()),
            ("got", got.len().into()),
            ("want", (body.len() + 4).into()),
        ];
        self.scene.not_yet(key, &facts, cause)
    }

    fn failed(&mut self, kind: String) -> Outcome {
        let facts = [("kind", kind.into())];
        self.scene.not_yet("write-failed", &facts, None)
    }

    /// A body that is too long, and one behind it that is not.
    fn too_long(&mut self, long: &[u8]) -> Result<(), Outcome> {
        for limit in [long.len() - 1, 0] {
            let peer = self.connect(0)?;
            self.call(long, limit)?;
            self.refuses(peer, limit)?;
            self.call(b"", limit)?;
            self.arrives(peer, 0, b"", limit)?;
        }
        Ok(())
    }

    fn refuses(&mut self, peer: StreamId, limit: usize) -> Result<(), Outcome> {
        loop {
            let event = self.event();
            let (key, facts): (_, Vec<(_, Fact)>) = match event {
                Event::Bytes { .. } => continue,
                Event::Failed { kind, .. } if kind == "InvalidInput" => {
                    let facts = vec![("got", self.scene.received(peer).len().into())];
                    if self.scene.received(peer).is_empty() {
                        return self.is_as_before();
                    }
                    ("write-refused-late", facts)
                }
                Event::Failed { kind, .. } => {
                    ("write-refused-otherwise", vec![("kind", kind.into())])
                }
                Event::Returned(_) => {
                    let got = self.scene.received(peer).len();
                    let key = match got {
                        0 => "write-limit-silent",
                        _ if got == limit + 4 => "write-cut",
                        _ => "write-no-limit",
                    };
                    (key, vec![("limit", limit.into())])
                }
                other => return Err(self.usual(other, "expecting-frame-too-long")),
            };
            return Err(self.scene.not_yet(key, &facts, None));
        }
    }

    /// A peer that has closed answers a segment with a reset. A frame in one
    /// segment is taken; a second write comes too late.
    fn one_segment(&mut self, long: &[u8]) -> Result<(), Outcome> {
        for body in [&b"hello"[..], long].repeat(TIMES / 2) {
            let peer = self.connect(0)?;
            closing_for_good(|| self.scene.close(peer));
            self.call(body, LIMIT)?;
            match self.event() {
                Event::Returned(_) => {}
                Event::Failed { kind, .. } => {
                    let facts = [("kind", kind.into())];
                    return Err(self.scene.not_yet("write-two-segments", &facts, None));
                }
                other => return Err(self.usual(other, "expecting-frame-written")),
            }
        }
        Ok(())
    }

    /// The connection is reset before the call.
    fn is_broken(&mut self, long: &[u8]) -> Result<(), Outcome> {
        // The reset may be late on a machine that is busy.
        for _ in 0..3 {
            if self.fails(b"hello", LIMIT)? {
                return Ok(());
            }
        }
        let page = self.scene.page();
        // What is kept in a buffer is not kept when it is more than fits there.
        let buffered = self.fails(long, long.len())?;
        self.scene.turn_back(page);
        let (key, cause) = if buffered {
            ("write-buffered-error", Some("buffered-is-sent"))
        } else {
            ("write-no-error", None)
        };
        Err(self.scene.not_yet(key, &[], cause))
    }

    /// Whether the function returns an error on a connection that is reset.
    fn fails(&mut self, body: &[u8], limit: usize) -> Result<bool, Outcome> {
        let peer = self.connect(0)?;
        closing_for_good(|| self.scene.reset(peer));
        thread::sleep(Duration::from_millis(2));
        self.call(body, limit)?;
        match self.event() {
            Event::Failed { .. } => Ok(true),
            Event::Returned(_) => Ok(false),
            other => Err(self.usual(other, "expecting-write-error")),
        }
    }

    /// The peer begins to read when a write of the answer's has ended with a
    /// part of the frame.
    fn reads_late(&mut self, body: &[u8]) -> Result<(), Outcome> {
        for time_limit in [60, 300, 1_500] {
            let peer = self.connect(time_limit)?;
            self.scene.stop_reading(peer);
            self.call(body, HUGE)?;
            self.scene.note("write-note-late-reader", &[]);
            self.begins_to_write(peer);
            let early = self
                .scene
                .wait_for(Duration::from_millis(time_limit * 5 / 4));
            self.scene.note("write-note-reads", &[]);
            let page = self.scene.page();
            self.scene.read_again(peer);
            let event = match early {
                Some(event) => self.looked_at(event),
                None => self.reads_all(peer, body)?,
            };
            match event {
                // By then this machine was too slow, perhaps.
                Event::Failed { kind, .. } if is_timeout(&kind) && time_limit < 1_500 => continue,
                Event::Failed { kind, .. } => {
                    self.scene.turn_back(page);
                    return Err(self.failed(kind));
                }
                Event::Returned(_) => {}
                other => return Err(self.usual(other, "expecting-frame-written")),
            }
            self.took_all(peer, body, page)?;
            return self.is_as_before();
        }
        Ok(())
    }

    /// Waits until something of the frame has come.
    fn begins_to_write(&mut self, peer: StreamId) {
        let limit = Instant::now() + ON_THE_WAY;
        while !self.scene.has_unread(peer) && Instant::now() < limit {
            thread::sleep(Duration::from_micros(300));
        }
    }

    /// Reads until the function has returned.
    fn reads_all(&mut self, peer: StreamId, body: &[u8]) -> Result<Event, Outcome> {
        let whole = frame(body);
        let mut same = 0;
        loop {
            match self.event() {
                Event::Bytes { .. } => {
                    let got = self.scene.received(peer);
                    if whole.get(same..got.len()) != Some(&got[same..]) {
                        let facts = [("len", whole.len().into())];
                        return Err(self.scene.not_yet("write-changed", &facts, None));
                    }
                    same = got.len();
                }
                event => return Ok(event),
            }
        }
    }

    /// The function has returned `Ok`: the rest is on the way.
    fn took_all(&mut self, peer: StreamId, body: &[u8], page: Vec<Line>) -> Result<(), Outcome> {
        while self.scene.received(peer).len() < body.len() + 4 {
            if self.scene.wait_for(ON_THE_WAY).is_none() {
                let facts = [("want", (body.len() + 4).into())];
                let cause = Some("write-sends-all");
                self.scene.turn_back(page); // how much it was differs
                return Err(self.scene.not_yet("write-short", &facts, cause));
            }
        }
        if self.scene.received(peer) == frame(body) {
            return Ok(());
        }
        let facts = [("len", (body.len() + 4).into())];
        Err(self.scene.not_yet("write-changed", &facts, None))
    }

    /// The peer never reads: no more is taken, and the time limit is over.
    fn never_reads(&mut self, body: &[u8]) -> Result<(), Outcome> {
        for time_limit in [30, 100, 300] {
            let peer = self.connect(time_limit)?;
            self.scene.stop_reading(peer);
            let begun = Instant::now();
            self.call(body, HUGE)?;
            self.scene.note("write-note-no-reader", &[]);
            let event = self.event();
            let time = begun.elapsed();
            self.times_out(event, body)?;
            // A part is taken, nothing is taken, and a buffer that is dropped may
            // try once more. A machine that is busy adds some time of its own.
            if time < Duration::from_millis(4 * time_limit) {
                return Ok(());
            }
        }
        Err(self.scene.not_yet("write-tries-again", &[], None))
    }

    fn times_out(&mut self, event: Event, body: &[u8]) -> Result<(), Outcome> {
        match event {
            Event::Failed { kind, .. } if is_streams_own(&kind) => self.is_as_before(),
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet("write-timeout-otherwise", &facts, None))
            }
            Event::Returned(_) => {
                let facts = [("want", (body.len() + 4).into())];
                let cause = Some("write-sends-all");
                Err(self.scene.not_yet("write-part", &facts, cause))
            }
            Event::Stuck(stuck) => {
                let key = "write-waits-on";
                Err(self.scene.stuck_because(stuck, key, &[], None))
            }
            other => Err(self.usual(other, "expecting-write-timeout")),
        }
    }
}

/// A frame on the wire.
fn frame(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), body].concat()
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
