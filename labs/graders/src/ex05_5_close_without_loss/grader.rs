//! Judges exercise 5.5: clients that go on sending, read late, never end, and
//! vanish.

use std::thread;
use std::time::{Duration, Instant};

use crate::judge::{Bench, Event, Fact, Outcome, Scene, StreamId, Stuck, Why};
use crate::messages::say;

/// More than a client's buffer takes of an answer, and less than the kernel
/// takes of a write, in bytes.
const LARGE: usize = 600 << 10;
/// More than all buffers on the way take.
const HUGE: usize = 2 << 20;
/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(20);
/// By then an answer has noticed the end of one client among several.
const AT_ONCE: Duration = Duration::from_millis(100);
/// By then a connection is over that nobody holds any more.
const OVER: Duration = Duration::from_millis(500);
/// How long an answer may overrun its patience on a machine that is busy.
const LATE: Duration = Duration::from_millis(1500);

/// Plays the clients.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut bytes = |len: usize| {
        // What repeats after a prime number of bytes shows every other shift.
        let mut some = [0; 4_099];
        random.fill(&mut some);
        let mut bytes = some.repeat(len / some.len() + 1);
        bytes.truncate(len);
        bytes
    };
    let mut game = Game {
        bench,
        scene: Scene::start(bench)?,
        noticed: LONG,
    };
    game.goes_on_sending(&bytes(LARGE))?;
    game.ends_soon(b"yes\n")?;
    game.ends_soon(b"")?;
    game.has_ended(&bytes(LARGE))?;
    game.sends_much(b"enough", &bytes(100_000))?;
    game.notices_ends()?;
    game.reads_late(&bytes(HUGE))?;
    game.says_nothing(b"the end")?;
    game.says_one_thing(b"the end")?;
    game.trickles(b"the end")?;
    game.vanishes_later(b"hello?")?;
    game.vanishes_meanwhile(&bytes(HUGE))
}

struct Game<'a> {
    bench: &'a Bench<'a>,
    scene: Scene,
    /// The shortest time after which the end of a client was noticed.
    noticed: Duration,
}

impl<'a> Game<'a> {
    /// A run of its own, to see what an answer does elsewhere.
    fn other(&self) -> Result<Self, Outcome> {
        Ok(Self {
            bench: self.bench,
            scene: Scene::start(self.bench)?,
            noticed: LONG,
        })
    }

    /// A client connects.
    fn connect(&mut self) -> Result<StreamId, Outcome> {
        self.scene.new_page();
        match self.scene.tcp_client("client")? {
            Some(stream) => Ok(stream),
            None => Err(self.scene.usual(Event::Ended, "expecting-start")),
        }
    }

    fn call(&mut self, answer: &[u8], patience: Duration) -> Result<(), Outcome> {
        self.call_as("called-close", answer, patience)
    }

    /// Calls the answer with a patience that the machine's pace decides on.
    fn call_shortly(&mut self, answer: &[u8], patience: Duration) -> Result<(), Outcome> {
        self.call_as("called-close-short", answer, patience)
    }

    fn call_as(
        &mut self,
        how: &'static str,
        answer: &[u8],
        patience: Duration,
    ) -> Result<(), Outcome> {
        let millis = patience.as_millis().to_string();
        let facts = [
            ("len", answer.len().into()),
            ("patience", millis.as_str().into()),
        ];
        let arguments = [answer, millis.as_bytes()];
        self.scene.call(how, &facts, &arguments)
    }

    /// The client has sent a request, sends more, and reads late.
    fn goes_on_sending(&mut self, answer: &[u8]) -> Result<(), Outcome> {
        let client = self.connect()?;
        self.scene.stop_reading(client);
        self.scene.write(client, b"what do you know?");
        self.call(answer, LONG)?;
        self.scene.settle(client);
        let early = self.has_returned(client)?;
        self.scene.write(client, b"and what else?");
        self.scene.settle(client);
        self.scene.note("close-note-reads", &[]);
        self.scene.read_again(client);
        let mut early = self.receives(client, answer, early)?;
        if !early {
            self.scene.write(client, b"thank you");
            self.scene.settle(client);
            early = self.has_returned(client)?;
        }
        if early {
            let cause = Some("drop-delivers-all");
            return Err(self.scene.not_yet("close-returned-early", &[], cause));
        }
        self.scene.end(client);
        self.returns()
    }

    /// The client ends as soon as it has the answer and its end.
    fn ends_soon(&mut self, answer: &[u8]) -> Result<(), Outcome> {
        let client = self.connect()?;
        self.call(answer, LONG)?;
        self.receives_first(client, answer)?;
        self.scene.end(client);
        self.returns()
    }

    /// The client has ended its side already, and reads late.
    fn has_ended(&mut self, answer: &[u8]) -> Result<(), Outcome> {
        let client = self.connect()?;
        self.scene.stop_reading(client);
        self.scene.write(client, b"one thing only");
        self.scene.end(client);
        self.call(answer, LONG)?;
        self.scene.settle(client);
        let early = self.has_returned(client)?;
        self.scene.note("close-note-reads", &[]);
        self.scene.read_again(client);
        if self.receives(client, answer, early)? {
            return Ok(());
        }
        self.returns()
    }

    /// The client has much to say.
    fn sends_much(&mut self, answer: &[u8], request: &[u8]) -> Result<(), Outcome> {
        let client = self.connect()?;
        self.scene.write(client, request);
        self.call(answer, LONG)?;
        self.receives_first(client, answer)?;
        self.scene.settle(client);
        if self.has_returned(client)? {
            let cause = Some("drop-delivers-all");
            return Err(self.scene.not_yet("close-returned-early", &[], cause));
        }
        self.scene.end(client);
        self.returns()
    }

    /// The function has returned soon after the end of one client at least.
    fn notices_ends(&mut self) -> Result<(), Outcome> {
        if self.noticed < AT_ONCE {
            return Ok(());
        }
        let facts = [("time", self.noticed.as_millis().to_string().into())];
        Err(self.scene.not_yet("close-end-late", &facts, None))
    }

    /// The client reads nothing for longer than the patience; the answer is more
    /// than fits anywhere.
    fn reads_late(&mut self, answer: &[u8]) -> Result<(), Outcome> {
        for millis in [40, 300, 1_000, 4_000] {
            let patience = Duration::from_millis(millis);
            let client = self.stands_in_its_write(answer, patience, patience * 3 / 2)?;
            let page = self.scene.page();
            let begun = Instant::now();
            self.scene.read_again(client);
            let event = loop {
                match self.scene.wait() {
                    Event::End { .. } if self.scene.received(client) == answer => {
                        self.scene.end(client);
                    }
                    Event::Bytes { .. } | Event::End { .. } | Event::Reset { .. } => {}
                    event => break event,
                }
            };
            let whole = self.scene.received(client) == answer && self.scene.has_ended(client);
            match event {
                Event::Returned(_) if whole => return Ok(()),
                Event::Returned(_) => {
                    let got = self.scene.received(client).len();
                    let facts = [("got", got.into()), ("len", answer.len().into())];
                    let cause = Some("drop-delivers-all");
                    return Err(self.scene.not_yet("close-lost", &facts, cause));
                }
                // The client itself was so slow that the time may be over.
                _ if begun.elapsed() > patience / 2 => self.scene = Scene::start(self.bench)?,
                // How much the client has read by then is another story each time.
                Event::Failed { kind, .. } => {
                    self.scene.turn_back(page);
                    let value = format!("Err({kind})");
                    self.scene.note("returned", &[("value", value.into())]);
                    return Err(self.hurried(Event::Failed { kind, code: None }));
                }
                event => return Err(self.hurried(event)),
            }
        }
        Err(Outcome::Unjudged(say("too-busy", &[])))
    }

    /// The function writes what a client does not read; so for a while.
    fn stands_in_its_write(
        &mut self,
        answer: &[u8],
        patience: Duration,
        rest: Duration,
    ) -> Result<StreamId, Outcome> {
        let client = self.connect()?;
        self.scene.stop_reading(client);
        self.scene.write(client, b"slowly, please");
        self.call_shortly(answer, patience)?;
        self.scene.note("close-note-reads-late", &[]);
        let limit = Instant::now() + LATE;
        while !self.scene.has_unread(client) && Instant::now() < limit {
            if let Some(event) = self.scene.wait_for(Duration::from_millis(1)) {
                return Err(self.hurried(event));
            }
        }
        match self.scene.wait_for(rest) {
            None => Ok(client),
            Some(event) => Err(self.hurried(event)),
        }
    }

    /// An end before the client had read the answer.
    fn hurried(&mut self, event: Event) -> Outcome {
        match event {
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into())];
                self.scene.not_yet("close-hurried", &facts, None)
            }
            other => self.scene.usual(other, "expecting-close-answer"),
        }
    }

    /// The client never ends, and says nothing.
    fn says_nothing(&mut self, answer: &[u8]) -> Result<(), Outcome> {
        for millis in [37, 300] {
            let patience = Duration::from_millis(millis);
            let client = self.connect()?;
            let limit = Instant::now() + LATE;
            let mut before = Instant::now();
            self.call(answer, patience)?;
            // The wait begins after the last look that found nothing.
            let first = loop {
                let look = Instant::now();
                let event = self.scene.wait_for(Duration::ZERO);
                if event.is_some() || look > limit {
                    break event;
                }
                before = look;
                thread::sleep(Duration::from_micros(200));
            };
            if let Some(event) = first.filter(|e| !matches!(e, Event::Bytes { .. })) {
                return Err(self.failed_or(event, "expecting-close-answer"));
            }
            self.receives_first(client, answer)?;
            let after = Instant::now();
            let event = self.scene.wait();
            let time = after.elapsed();
            self.times_out(event, before, patience)?;
            self.is_over(client)?;
            // One pause may be this machine's; two are the answer's.
            if time < 2 * patience {
                return Ok(());
            }
            let time = time.as_millis().to_string();
            let facts = [
                ("patience", patience.as_millis().to_string().into()),
                ("time", time.into()),
            ];
            if millis == 300 {
                return Err(self.scene.not_yet("close-late", &facts, None));
            }
        }
        Ok(())
    }

    /// The function has returned, so the connection is over: what the client sends
    /// now is answered with a reset.
    fn is_over(&mut self, client: StreamId) -> Result<(), Outcome> {
        let deadline = Instant::now() + OVER;
        while !self.scene.was_reset(client) {
            if Instant::now() >= deadline {
                self.scene.note("close-note-still-taken", &[]);
                let (key, cause) = if self.has_a_clone()? {
                    ("close-clone-stays", Some("one-clone-closes"))
                } else {
                    ("close-stays", None)
                };
                return Err(self.scene.not_yet(key, &[], cause));
            }
            self.scene.write_silently(client, b"?");
            match self.scene.wait_for(Duration::from_millis(10)) {
                None | Some(Event::Reset { .. }) => {}
                Some(other) => return Err(self.scene.usual(other, "expecting-close-limit")),
            }
        }
        Ok(())
    }

    /// Whether an answer has two handles of the connection while it waits for the
    /// client's end.
    fn has_a_clone(&mut self) -> Result<bool, Outcome> {
        let mut other = self.other()?;
        let client = other.connect()?;
        other.call(b"yes\n", LONG)?;
        other.receives_first(client, b"yes\n")?;
        other.scene.settle(client);
        Ok(other.scene.handles(client).is_some_and(|n| n > 1))
    }

    /// The client never ends, and says one thing late.
    fn says_one_thing(&mut self, answer: &[u8]) -> Result<(), Outcome> {
        for millis in [50, 300, 700] {
            let patience = Duration::from_millis(millis);
            let client = self.connect()?;
            let called = Instant::now();
            self.call_shortly(answer, patience)?;
            self.receives_first(client, answer)?;
            self.scene.note("close-note-one-byte", &[]);
            let late = patience * 4 / 10;
            if let Some(event) = self.scene.wait_for(late.saturating_sub(called.elapsed())) {
                // The machine is busy, or the answer does not wait.
                self.times_out(event, called, patience)?;
                continue;
            }
            let said = Instant::now();
            self.scene.write_silently(client, b"!");
            let event = loop {
                match self.scene.wait_for(patience * 2) {
                    Some(Event::Reset { .. }) => {}
                    event => break event,
                }
            };
            let time = said.elapsed();
            if let Some(event) = event {
                self.times_out(event, called, patience)?;
            }
            // Who counts anew returns when the patience is over once more. On a busy
            // machine another one may, too, and this one may see its own deadline
            // pass before it reads; hardly three times.
            let in_time = called.elapsed() < patience * 9 / 8 || millis == 700;
            if time < patience && in_time {
                return Ok(());
            }
        }
        let cause = Some("timeout-covers-the-message");
        Err(self.scene.not_yet("close-begins-anew", &[], cause))
    }

    /// The client never ends, and says something again and again.
    fn trickles(&mut self, answer: &[u8]) -> Result<(), Outcome> {
        for millis in [40, 400, 1_500] {
            let patience = Duration::from_millis(millis);
            let client = self.connect()?;
            let called = Instant::now();
            self.call_shortly(answer, patience)?;
            self.receives_first(client, answer)?;
            self.scene.note("close-note-trickle", &[]);
            let (mut said, mut pause) = (called, Duration::ZERO);
            let event = loop {
                self.scene.write_silently(client, b".");
                pause = pause.max(said.elapsed());
                said = Instant::now();
                match self.scene.wait_for(Duration::from_millis(10)) {
                    None if called.elapsed() >= patience + LATE => break None,
                    None | Some(Event::Reset { .. }) => {}
                    Some(event) => break Some(event),
                }
            };
            let Some(event) = event else {
                let cause = Some("timeout-covers-the-message");
                return Err(self.scene.not_yet("close-trickled", &[], cause));
            };
            self.times_out(event, called, patience)?;
            pause = pause.max(said.elapsed());
            // On a busy machine the client itself may have paused for so long that
            // any time limit was over.
            if pause < patience / 2 {
                return Ok(());
            }
        }
        Err(Outcome::Unjudged(say("too-busy", &[])))
    }

    /// The patience is over: the function returns TimedOut, and not before.
    fn times_out(
        &mut self,
        event: Event,
        begun: Instant,
        patience: Duration,
    ) -> Result<(), Outcome> {
        let time = begun.elapsed();
        let facts = |kind: &str| -> [(&'static str, Fact); 3] {
            [
                ("patience", patience.as_millis().to_string().into()),
                ("kind", kind.into()),
                ("time", time.as_millis().to_string().into()),
            ]
        };
        let (key, cause, kind) = match event {
            Event::Failed { kind, .. } if kind == "TimedOut" && time >= patience => return Ok(()),
            Event::Failed { kind, .. } if kind == "TimedOut" => ("close-impatient", None, kind),
            Event::Failed { kind, .. } if kind == "WouldBlock" => {
                ("close-would-block", Some("timeout-is-timedout"), kind)
            }
            Event::Failed { kind, .. } => ("close-wrong-error", None, kind),
            Event::Returned(_) => ("close-nobody-ended", None, String::new()),
            Event::Stuck(stuck) => {
                let facts = facts("");
                let key = "close-no-limit";
                return Err(self.scene.stuck_because(stuck, key, &facts, None));
            }
            other => return Err(self.scene.usual(other, "expecting-close-limit")),
        };
        Err(self.scene.not_yet(key, &facts(&kind), cause))
    }

    /// The client resets the connection when it has the answer.
    fn vanishes_later(&mut self, answer: &[u8]) -> Result<(), Outcome> {
        let client = self.connect()?;
        self.call(answer, LONG)?;
        self.receives_first(client, answer)?;
        self.scene.settle(client);
        self.scene.reset(client);
        self.fails()
    }

    /// The client resets the connection when it has a part of the answer.
    fn vanishes_meanwhile(&mut self, answer: &[u8]) -> Result<(), Outcome> {
        // A write with a time limit gets a little done at first, and gives up
        // after a few of them.
        let (patience, rest) = (Duration::from_millis(3), Duration::from_millis(70));
        let client = self.stands_in_its_write(answer, patience, rest)?;
        self.scene.reset(client);
        self.fails()
    }

    /// The connection was reset: the function returns the error.
    fn fails(&mut self) -> Result<(), Outcome> {
        match self.scene.wait() {
            Event::Failed { kind, .. } if kind != "TimedOut" && kind != "WouldBlock" => Ok(()),
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet("close-reset-is-late", &facts, None))
            }
            Event::Returned(_) => Err(self.scene.not_yet("close-reset-is-end", &[], None)),
            other => Err(self.scene.usual(other, "expecting-close-error")),
        }
    }

    /// Whether the function has returned by now.
    fn has_returned(&mut self, client: StreamId) -> Result<bool, Outcome> {
        match self.scene.wait_for(Duration::ZERO) {
            None => Ok(false),
            Some(Event::Returned(_)) => Ok(true),
            Some(Event::Reset { .. }) => self.has_returned(client),
            Some(event) => {
                self.scene.read_again(client); // whether it read anything is seen there
                Err(self.failed_or(event, "expecting-close-answer"))
            }
        }
    }

    fn failed_or(&mut self, event: Event, expecting: &'static str) -> Outcome {
        match event {
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into())];
                self.scene.not_yet("close-failed", &facts, None)
            }
            other => self.scene.usual(other, expecting),
        }
    }

    /// The client receives the whole answer and its end, and the function goes
    /// on waiting.
    fn receives_first(&mut self, client: StreamId, answer: &[u8]) -> Result<(), Outcome> {
        if self.receives(client, answer, false)? {
            let cause = Some("drop-delivers-all");
            return Err(self.scene.not_yet("close-returned-early", &[], cause));
        }
        Ok(())
    }

    /// The client receives the whole answer and its end; whether the function
    /// has `returned` by then.
    fn receives(
        &mut self,
        client: StreamId,
        answer: &[u8],
        mut returned: bool,
    ) -> Result<bool, Outcome> {
        loop {
            let event = self.scene.wait();
            let got = self.scene.received(client);
            let (whole, begun) = (got == answer, answer.starts_with(got));
            let facts = [("got", got.len().into()), ("len", answer.len().into())];
            let (key, cause) = match event {
                Event::Bytes { .. } if begun => continue,
                Event::Bytes { .. } => ("close-changed", None),
                Event::End { .. } if whole => return Ok(returned),
                Event::End { .. } if returned => ("close-short", None),
                // It may have gone before the end of the answer, and says why.
                Event::End { .. } => match self.scene.wait() {
                    Event::Returned(_) | Event::Stuck(_) => ("close-short", None),
                    other => return Err(self.failed_or(other, "expecting-close-answer")),
                },
                Event::Reset { .. } if whole => ("close-reset", Some("drop-delivers-all")),
                Event::Reset { .. } if returned => ("close-lost", Some("drop-delivers-all")),
                Event::Reset { .. } => match self.scene.wait() {
                    Event::Returned(_) | Event::Stuck(_) => {
                        ("close-lost", Some("drop-delivers-all"))
                    }
                    other => return Err(self.failed_or(other, "expecting-close-answer")),
                },
                Event::Returned(_) => {
                    returned = true;
                    continue;
                }
                Event::Stuck(stuck) if whole => return Err(self.no_end(stuck)?),
                Event::Stuck(stuck) => {
                    let key = if got.is_empty() {
                        "close-read-first"
                    } else {
                        "close-stopped"
                    };
                    return Err(self.scene.stuck_because(stuck, key, &facts, None));
                }
                other => return Err(self.failed_or(other, "expecting-close-answer")),
            };
            return Err(self.scene.not_yet(key, &facts, cause));
        }
    }

    /// The client has the whole answer, and the end does not come. Why is that?
    fn no_end(&mut self, stuck: Stuck) -> Result<Outcome, Outcome> {
        let mut other = self.other()?;
        let client = other.connect()?;
        other.scene.stop_reading(client);
        other.call(&vec![b'x'; HUGE], LONG)?;
        other.scene.settle(client); // it stands in its write
        let (key, cause) = if other.scene.handles(client).is_some_and(|n| n > 1) {
            ("close-clone", Some("one-clone-closes"))
        } else {
            ("close-no-end", None)
        };
        Ok(self.scene.stuck_because(stuck, key, &[], cause))
    }

    /// The client has ended its side: the function returns.
    fn returns(&mut self) -> Result<(), Outcome> {
        let ended = Instant::now();
        match self.scene.wait() {
            Event::Returned(_) => {
                self.noticed = self.noticed.min(ended.elapsed());
                Ok(())
            }
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet("close-end-failed", &facts, None))
            }
            Event::Stuck(stuck) if stuck.why == Why::Busy => {
                let cause = Some("close-is-an-error");
                Err(self
                    .scene
                    .stuck_because(stuck, "close-end-again", &[], cause))
            }
            Event::Stuck(stuck) => {
                Err(self
                    .scene
                    .stuck_because(stuck, "close-end-unseen", &[], None))
            }
            other => Err(self.scene.usual(other, "expecting-close-return")),
        }
    }
}
