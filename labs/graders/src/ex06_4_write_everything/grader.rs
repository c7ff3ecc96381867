//! Judges exercise 6.4: peers that read late, bit by bit, or never, and one that
//! resets the connection.

use std::time::{Duration, Instant};

use crate::judge::{Bench, Event, Fact, Outcome, Scene, StreamId, Stuck, side_by_side};
use crate::messages::say;

/// More than all buffers on the way take, in bytes.
const HUGE: usize = 4 << 20;
/// More than a peer takes that reads bit by bit, as long as it is watched.
const ENDLESS: usize = 24 << 20;
/// After so many bytes all repeats itself: a prime number, so that every other
/// shift is seen.
const PERIOD: usize = 65_537;
/// Longer than anything here takes, in milliseconds.
const LONG: u64 = 20_000;
/// A peer that reads bit by bit reads so often.
const PACE: Duration = Duration::from_millis(20);
/// How long an answer may overrun its time: once that may be this machine's
/// pause, and twice it is the answer's.
const LATE: [Duration; 2] = [Duration::from_millis(500), Duration::from_millis(2000)];

/// How long a call takes at the most that finds room for all.
const AT_ONCE: Duration = Duration::from_millis(100);
/// Patience that is over, in milliseconds, and shorter than a wait that is taken
/// for the last one. An answer that waits longer does so each time.
const PATIENCES: [u64; 4] = [60, 200, 600, 600];
/// An own buffer of std's holds so much.
const BUFFERED: usize = 8 << 10;

/// How long what was written needs to come, at the most.
const ON_THE_WAY: Duration = Duration::from_millis(500);

/// Plays the peers.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut some = vec![0; PERIOD];
    bench.random().fill(&mut some);
    let game = || Game::start(bench, &some);
    side_by_side(&[
        &|| {
            let mut game = game()?;
            game.begins_at_once()?;
            game.reads_at_once(1)?;
            game.reads_at_once(0)?;
            game.goes_on_soon()
        },
        &|| game()?.never_reads(),
        &|| game()?.reads_bit_by_bit(),
        &|| game()?.vanishes(),
    ])
}

struct Game<'a> {
    bench: &'a Bench<'a>,
    scene: Scene,
    peer: Option<StreamId>,
    /// What is repeated in all that is to be written.
    some: &'a [u8],
    /// What was seen on the answer's side when its function returned last.
    seen: Seen,
}

/// The end of a call as the answer's own program saw it.
#[derive(Default)]
struct Seen {
    /// The stream is blocking now.
    blocking: bool,
    /// How long the call took.
    time: Duration,
    /// The stream has a write time limit now.
    limited: bool,
}

impl<'a> Game<'a> {
    fn start(bench: &'a Bench<'a>, some: &'a [u8]) -> Result<Self, Outcome> {
        Ok(Self {
            bench,
            scene: Scene::start(bench)?,
            peer: None,
            some,
            seen: Seen::default(),
        })
    }

    /// A peer connects that does not read yet, and the function is called.
    fn call(&mut self, len: usize, patience: u64) -> Result<StreamId, Outcome> {
        if let Some(peer) = self.peer {
            self.scene.forget(peer);
        }
        self.scene.new_page();
        let Some(peer) = self.scene.tcp_client("peer")? else {
            return Err(Outcome::Unjudged(say("too-busy", &[])));
        };
        self.peer = Some(peer);
        self.scene.stop_reading(peer);
        let facts: [(_, Fact); 2] = [
            ("len", len.into()),
            ("patience", patience.to_string().into()),
        ];
        let [size, patience] = [len.to_string(), patience.to_string()];
        let arguments = [self.some, size.as_bytes(), patience.as_bytes()];
        self.scene.call("called-write-all", &facts, &arguments)?;
        Ok(peer)
    }

    /// There is room for all of it from the beginning.
    fn begins_at_once(&mut self) -> Result<(), Outcome> {
        for _ in 0..3 {
            self.reads_at_once(5)?;
            if self.seen.time < AT_ONCE {
                return Ok(());
            }
        }
        let facts = [("time", millis(self.seen.time).into())];
        Err(self.scene.not_yet("all-begins-late", &facts, None))
    }

    /// What fits into the buffers on the way, and nothing.
    fn reads_at_once(&mut self, len: usize) -> Result<(), Outcome> {
        let peer = self.call(len, LONG)?;
        self.scene.read_again(peer);
        self.receives_all(peer, len, Duration::from_millis(LONG))
            .map(|_| ())
    }

    /// The peer begins to read when the function waits; `false` when what it is
    /// sent comes too slowly.
    fn reads_late(&mut self, limit: Duration) -> Result<bool, Outcome> {
        let peer = self.call(HUGE, LONG)?;
        self.scene.note("all-note-late", &[]);
        self.scene.settle(peer);
        let spins = self.scene.spins();
        self.still_writes()?;
        if spins {
            let cause = Some("spinning-is-waiting");
            return Err(self.scene.not_yet("all-spins", &[], cause));
        }
        self.scene.note("all-note-reads", &[]);
        self.scene.read_again(peer);
        self.receives_all(peer, HUGE, limit)
    }

    /// There is room again and again, and the function notices that soon.
    fn goes_on_soon(&mut self) -> Result<(), Outcome> {
        for limit in LATE {
            if self.reads_late(limit)? {
                return Ok(());
            }
            self.begins_anew()?;
        }
        let facts = [("time", LATE[1].as_millis().to_string().into())];
        Err(self.scene.not_yet("all-slow", &facts, None))
    }

    /// Not all can be written yet: the function has not returned.
    fn still_writes(&mut self) -> Result<(), Outcome> {
        let event = match self.scene.now() {
            None => return Ok(()),
            Some(event) => event,
        };
        let (key, cause, facts): (_, _, Vec<(_, Fact)>) = match event {
            Event::Returned(_) if self.goes_on() => ("all-goes-on-behind", None, Vec::new()),
            Event::Returned(_) => ("all-returned", Some("write-sends-all"), Vec::new()),
            Event::Failed { kind, .. } if kind == "WouldBlock" => (
                "all-would-block",
                Some("would-block-is-failure"),
                Vec::new(),
            ),
            Event::Failed { kind, .. } => ("all-gave-up", None, vec![("kind", kind.into())]),
            other => return Err(self.usual(other, "expecting-all")),
        };
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// The function has returned: whether all comes when the peer reads.
    fn goes_on(&mut self) -> bool {
        let page = self.scene.page();
        let Some(peer) = self.peer else { return false };
        self.scene.read_again(peer);
        while self.scene.wait_for(ON_THE_WAY).is_some() {
            if self.scene.received(peer).len() >= HUGE {
                break;
            }
        }
        self.scene.turn_back(page);
        self.scene.received(peer).len() == HUGE
    }

    /// The peer receives all, each byte once, and the function returns; `false`
    /// when that takes too long.
    fn receives_all(
        &mut self,
        peer: StreamId,
        len: usize,
        limit: Duration,
    ) -> Result<bool, Outcome> {
        let (mut returned, mut same) = (false, 0);
        let (begun, page) = (Instant::now(), self.scene.page());
        loop {
            let event = if returned {
                self.scene.wait_for(ON_THE_WAY)
            } else {
                Some(self.scene.wait_through())
            };
            // How much has come by now is another story each time.
            self.scene.turn_back(page.clone());
            let facts = [("len", len.into())];
            let (key, cause) = match event {
                Some(Event::Bytes { .. } | Event::Returned(_)) => {
                    if matches!(event, Some(Event::Returned(_))) {
                        returned = true;
                        self.is_non_blocking()?;
                        self.scene.turn_back(page.clone());
                    }
                    self.same(peer, &mut same, len)?;
                    if returned && same == len {
                        return Ok(begun.elapsed() < limit);
                    }
                    if begun.elapsed() >= limit {
                        return Ok(false);
                    }
                    continue;
                }
                None => {
                    self.scene.note("returned", &[("value", "Ok(())".into())]);
                    match len - same {
                        left if left == len => ("all-nothing", None),
                        // It has waited for the peer, and the last of it is missing.
                        left if len == HUGE && (BUFFERED / 4..=BUFFERED).contains(&left) => {
                            ("all-short", Some("buffered-is-sent"))
                        }
                        _ => ("all-short", Some("write-sends-all")),
                    }
                }
                Some(Event::Failed { kind, .. }) => {
                    let value = format!("Err({kind})");
                    self.scene.note("returned", &[("value", value.into())]);
                    if kind == "WouldBlock" {
                        ("all-would-block", Some("would-block-is-failure"))
                    } else {
                        let facts = [("kind", kind.into())];
                        return Err(self.scene.not_yet("all-failed", &facts, None));
                    }
                }
                Some(Event::Stuck(stuck)) if same < len => {
                    let key = "all-stopped";
                    return Err(self.scene.stuck_because(stuck, key, &facts, None));
                }
                Some(other) => return Err(self.usual(other, "expecting-return")),
            };
            return Err(self.scene.not_yet(key, &facts, cause));
        }
    }

    /// What has come since is what stands there.
    fn same(&mut self, peer: StreamId, same: &mut usize, len: usize) -> Result<(), Outcome> {
        let got = self.scene.received(peer);
        let wanted = |at: usize| self.some[at % self.some.len()];
        while *same < got.len().min(len) {
            let here = &self.some[*same % self.some.len()..];
            let end = got.len().min(len).min(*same + here.len());
            if got[*same..end] != here[..end - *same] {
                break;
            }
            *same = end;
        }
        if *same == got.len() {
            return Ok(());
        }
        let other = (*same..got.len()).find(|at| *at >= len || got[*at] != wanted(*at));
        let at = other.unwrap_or(*same);
        // From here on it may be something that has come before; its first bytes
        // may be those that were to come.
        let again = (at.saturating_sub(4)..=at).any(|from| {
            let here = &got[from..got.len().min(from + 64)];
            let is_from = |start: usize| (start..).zip(here).all(|(at, b)| wanted(at) == *b);
            here.len() > 4
                && (is_from(0) || (1..PERIOD / 2).any(|n| from >= n && is_from(from - n)))
        });
        let (key, cause) = if again {
            ("all-again", Some("write-all-can-be-retried"))
        } else {
            ("all-changed", None)
        };
        let facts = [("len", len.into())];
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// The function has returned, and its stream is as it was.
    fn is_non_blocking(&mut self) -> Result<(), Outcome> {
        self.look_at_stream()?;
        if self.seen.blocking {
            return Err(self.scene.not_yet("all-blocking", &[], None));
        }
        Ok(())
    }

    /// The function has returned: what its own program saw then.
    fn look_at_stream(&mut self) -> Result<(), Outcome> {
        loop {
            match self.scene.wait_through() {
                Event::Told(fields) => {
                    let field = |at: usize| {
                        let field = fields.get(at).map(|f| String::from_utf8_lossy(f));
                        field.unwrap_or_default()
                    };
                    self.seen = Seen {
                        blocking: field(0) == "blocking",
                        time: Duration::from_micros(field(1).parse().unwrap_or(0)),
                        limited: field(2) == "limited",
                    };
                    return Ok(());
                }
                Event::Bytes { .. } => {}
                other => return Err(self.usual(other, "expecting-return")),
            }
        }
    }

    /// What an event means that the contract does not ask for.
    fn usual(&mut self, event: Event, expecting: &'static str) -> Outcome {
        if matches!(event, Event::End { .. }) {
            return self.scene.not_yet("all-stream-ended", &[], None);
        }
        self.scene.usual(event, expecting)
    }

    /// The peer never reads.
    fn never_reads(&mut self) -> Result<(), Outcome> {
        let mut first = None;
        for patience in PATIENCES {
            let begun = Instant::now();
            self.call(HUGE, patience)?;
            self.scene.note("all-note-never", &[]);
            let event = self.scene.wait_through();
            self.times_out(event, begun, patience)?;
            // A machine that is busy adds some time of its own.
            if self.seen.time < Duration::from_millis(patience * 29 / 20) {
                return Ok(());
            }
            first.get_or_insert(self.seen.time);
        }
        let (time, page) = (self.seen.time, self.scene.page());
        // Its time depends on its patience: has each call a limit of its own?
        if first.is_some_and(|first| first < time / 2) {
            self.reads_bit_by_bit()?;
            self.scene.turn_back(page);
        }
        let facts = [
            ("time", millis(time).into()),
            ("patience", PATIENCES[3].to_string().into()),
        ];
        Err(self.scene.not_yet("all-late", &facts, None))
    }

    /// Holds the end of a call against its patience.
    fn times_out(&mut self, event: Event, begun: Instant, patience: u64) -> Result<(), Outcome> {
        let (time, limit) = (begun.elapsed(), Duration::from_millis(patience));
        let facts = |kind: &str| -> [(&'static str, Fact); 3] {
            [
                ("kind", kind.into()),
                ("time", time.as_millis().to_string().into()),
                ("patience", patience.to_string().into()),
            ]
        };
        let (key, cause, kind) = match event {
            Event::Failed { kind, .. } if kind == "TimedOut" && time < limit => {
                ("all-impatient", None, kind)
            }
            Event::Failed { kind, .. } if kind == "TimedOut" => return self.is_non_blocking(),
            Event::Failed { kind, .. } if kind == "WouldBlock" => {
                self.look_at_stream()?;
                // A limit of the socket's was over, and not only the answer's own.
                let cause = self.seen.limited.then_some("timeout-is-timedout");
                ("all-wrong-timeout", cause, kind)
            }
            Event::Failed { kind, .. } => ("all-wrong-timeout", None, kind),
            Event::Returned(_) if time >= limit => ("all-timeout-ok", None, String::new()),
            Event::Returned(_) => ("all-returned", None, String::new()),
            Event::Stuck(stuck) => return Err(self.no_limit(stuck, &facts(""))),
            other => return Err(self.usual(other, "expecting-all-limit")),
        };
        Err(self.scene.not_yet(key, &facts(&kind), cause))
    }

    fn no_limit(&mut self, stuck: Stuck, facts: &[(&'static str, Fact)]) -> Outcome {
        self.scene.stuck_because(stuck, "all-no-limit", facts, None)
    }

    /// The peer reads a part now and then: something is written all the time.
    fn reads_bit_by_bit(&mut self) -> Result<(), Outcome> {
        const PATIENCE: u64 = 200;
        let mut goes_on = 0;
        for _ in 0..4 {
            match self.stops_after(PATIENCE)? {
                Some(time) if time < Duration::from_millis(2 * PATIENCE) => return Ok(()),
                // A busy machine is late, and a peer that pauses may have been.
                Some(_) => {}
                None => goes_on += 1,
            }
            self.begins_anew()?;
            if goes_on == 2 {
                let facts = [("patience", PATIENCE.to_string().into())];
                let cause = Some("timeout-covers-the-message");
                return Err(self.scene.not_yet("all-goes-on", &facts, cause));
            }
        }
        Ok(())
    }

    /// Reads now and then: how long after it began to write the function returned
    /// in a way that is right, if it did so soon.
    fn stops_after(&mut self, patience: u64) -> Result<Option<Duration>, Outcome> {
        let begun = Instant::now();
        let peer = self.call(ENDLESS, patience)?;
        self.scene.note("all-note-bits", &[]);
        let page = self.scene.page();
        let limit = Duration::from_millis(patience) + LATE[0];
        let mut writes: Option<Instant> = None;
        while writes.is_none_or(|since| since.elapsed() < limit) {
            let mut event = self.scene.wait_for(PACE);
            if event.is_none() {
                self.scene.read_again(peer);
                event = self.scene.now();
                self.scene.stop_reading(peer);
            }
            match event {
                Some(Event::Bytes { .. }) => {
                    writes.get_or_insert_with(Instant::now);
                    // How much it was is another story each time.
                    self.scene.turn_back(page.clone());
                }
                None if begun.elapsed() > Duration::from_millis(LONG) => break,
                None => {}
                Some(event) => {
                    self.times_out(event, begun, patience)?;
                    return Ok(Some(writes.map_or(Duration::ZERO, |since| since.elapsed())));
                }
            }
        }
        Ok(None)
    }

    /// Another run of the answer, whose function does not return for now.
    fn begins_anew(&mut self) -> Result<(), Outcome> {
        let page = self.scene.page();
        (self.scene, self.peer) = (Scene::start(self.bench)?, None);
        self.scene.turn_back(page);
        Ok(())
    }

    /// The peer resets the connection while the function waits.
    fn vanishes(&mut self) -> Result<(), Outcome> {
        let peer = self.call(HUGE, LONG)?;
        self.scene.note("all-note-late", &[]);
        self.scene.settle(peer);
        self.still_writes()?;
        self.scene.reset(peer);
        let facts = [("patience", LONG.to_string().into())];
        match self.scene.wait_through() {
            Event::Failed { kind, .. } if kind == "TimedOut" || kind == "WouldBlock" => {
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet("all-reset-otherwise", &facts, None))
            }
            Event::Failed { .. } => self.is_non_blocking(),
            Event::Returned(_) => Err(self.scene.not_yet("all-reset-is-fine", &[], None)),
            Event::Stuck(stuck) => {
                let key = "all-reset-unseen";
                Err(self.scene.stuck_because(stuck, key, &facts, None))
            }
            other => Err(self.usual(other, "expecting-reset")),
        }
    }
}

/// A time that was measured.
fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}
