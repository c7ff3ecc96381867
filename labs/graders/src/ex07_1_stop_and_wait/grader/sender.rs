//! The receiver, as the judge plays it opposite the sender's half.

use std::time::{Duration, Instant};

use super::{ALL_NUMBERS, LARGE, LONG, Moment, Stage, too_long, too_short};
use crate::judge::{Bench, Event, Fact, Outcome, REACTION, side_by_side};
use crate::messages::say;

/// Time limits for the cases in which they have to pass, in milliseconds: each is
/// tried when this machine, or the answer's luck, was too bad for the one before.
const SHORT: [u64; 3] = [25, 80, 250];
/// The same where they pass until the tries are over.
const SHORTER: [u64; 3] = [15, 60, 150];
/// The same while something comes every 8 ms.
const NOISY: [u64; 4] = [50, 100, 200, 400];
/// How long that may keep an answer from sending again.
const PATIENCE: Duration = Duration::from_secs(1);

/// The line of the `todo!()`, where the half is not written yet.
pub(super) fn todo(bench: &Bench<'_>) -> Result<Option<u32>, Outcome> {
    let game = Game::call(bench, &texts(&["hello"]), LONG, 1)?;
    game.stage.todo()
}

/// Plays the receiver.
pub(super) fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    side_by_side(&[
        &|| {
            one_after_the_other(bench)?;
            nothing_to_send(bench)?;
            others_are_acknowledged(bench)?;
            odd_arrivals(bench)
        },
        &|| {
            first_copies_are_lost(bench)?;
            noise_does_not_prolong(bench)
        },
        &|| {
            nobody_answers(bench)?;
            the_receiver_starts_late(bench)
        },
        &|| {
            too_long_for_a_datagram(bench)?;
            every_number_twice(bench)
        },
    ])
}

fn texts(words: &[&str]) -> Vec<Vec<u8>> {
    words.iter().map(|w| w.as_bytes().to_vec()).collect()
}

/// A call of the sender's half.
struct Game {
    stage: Stage,
    messages: Vec<Vec<u8>>,
    wait: Duration,
    tries: u32,
    called: Instant,
}

/// What arrives that is not the acknowledgement that is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Odd {
    /// A datagram without a byte.
    Empty,
    /// The acknowledgement of an earlier message, once more.
    Old,
    /// One of a message that was not sent yet.
    Early,
    /// The right number, and another byte.
    Long,
}

impl Game {
    fn call(
        bench: &Bench<'_>,
        messages: &[Vec<u8>],
        wait: u64,
        tries: u32,
    ) -> Result<Self, Outcome> {
        let stage = Stage::new(bench, "receiver")?;
        Self::begin(stage, "called-send-messages", messages, wait, tries)
    }

    /// Calls the answer; the line of the exchange is that of the key `how`.
    fn begin(
        mut stage: Stage,
        how: &'static str,
        messages: &[Vec<u8>],
        wait: u64,
        tries: u32,
    ) -> Result<Self, Outcome> {
        let receiver = stage.scene.address(stage.peer)?.to_string();
        let limits = [wait.to_string(), tries.to_string()];
        let count = messages.len().to_string();
        let mut arguments: Vec<&[u8]> = vec![b"send", receiver.as_bytes()];
        arguments.extend([limits[0].as_bytes(), limits[1].as_bytes(), count.as_bytes()]);
        arguments.extend(messages.iter().map(Vec::as_slice));
        let facts = [
            ("count", messages.len().into()),
            ("wait", limits[0].as_str().into()),
            ("tries", tries.into()),
        ];
        let called = Instant::now();
        stage.scene.call(how, &facts, &arguments)?;
        Ok(Self {
            stage,
            messages: messages.to_vec(),
            wait: Duration::from_millis(wait),
            tries,
            called,
        })
    }

    /// The datagram of a message.
    fn datagram(&self, at: usize) -> Vec<u8> {
        [&[number(at)], self.messages[at].as_slice()].concat()
    }

    /// Waits for the datagram of a message.
    fn comes(&mut self, at: usize) -> Result<Moment, Outcome> {
        let event = self.stage.scene.wait();
        let moment = Moment::of(&self.stage.scene);
        self.is(event, at).map(|()| moment)
    }

    /// The event is the datagram of a message.
    fn is(&mut self, event: Event, at: usize) -> Result<(), Outcome> {
        match event {
            Event::Datagram { bytes, .. } if bytes == self.datagram(at) => Ok(()),
            Event::Datagram { bytes, .. } => Err(self.another(&bytes, at)),
            Event::Returned(_) => Err(self.not_yet(
                "sw-left-out",
                &[("left", (self.messages.len() - at).into())],
                None,
            )),
            event => Err(self.otherwise(event)),
        }
    }

    /// Another datagram came than that of the message.
    fn another(&mut self, bytes: &[u8], at: usize) -> Outcome {
        let want = self.datagram(at);
        let message = &self.messages[at];
        let wide = |n: usize| {
            let (be, le) = ((at as u64).to_be_bytes(), (at as u64).to_le_bytes());
            bytes == [&be[8 - n..], message].concat() || bytes == [&le[..n], message].concat()
        };
        let ends = |number: usize| bytes == [&[number as u8], message.as_slice()].concat();
        let resent = at > 0 && bytes == self.datagram(at - 1);
        let ahead = (at + 1..self.messages.len()).find(|&later| bytes == self.datagram(later));
        let (key, cause) = if bytes == message.as_slice() {
            ("sw-no-number", Some("lost-means-resend-only"))
        } else if wide(2) || wide(4) || wide(8) {
            ("sw-wide-number", None)
        } else if ends(at + 1) {
            ("sw-from-one", None)
        } else if resent {
            ("sw-sent-again", None)
        } else if ahead.is_some() {
            ("sw-skipped", None)
        } else if bytes.first() == want.first() {
            ("sw-changed", None)
        } else {
            ("sw-wrong-number", None)
        };
        let facts = [
            ("at", at.into()),
            ("number", usize::from(number(at)).into()),
            ("next", usize::from(number(at + 1)).into()),
            ("got", some_bytes(bytes.len())),
            ("want", some_bytes(want.len())),
        ];
        self.not_yet(key, &facts, cause)
    }

    fn not_yet(
        &mut self,
        key: &'static str,
        facts: &[(&'static str, Fact)],
        cause: Option<&'static str>,
    ) -> Outcome {
        self.stage.scene.not_yet(key, facts, cause)
    }

    /// What no part of this story asks for.
    fn otherwise(&mut self, event: Event) -> Outcome {
        match event {
            Event::Failed { kind, .. } => {
                let cause = (kind == "WouldBlock").then_some("timeout-is-timedout");
                self.not_yet("sw-failed", &[("kind", kind.into())], cause)
            }
            other => self.stage.scene.usual(other, "expecting-message"),
        }
    }

    fn acknowledge(&mut self, at: usize) -> Result<(), Outcome> {
        self.stage.scene.send(self.stage.peer, &[number(at)])
    }

    /// The function has nothing to do now but to wait for an acknowledgement.
    fn waits(&mut self, at: usize) -> Result<(), Outcome> {
        let Some(event) = self.stage.scene.see(REACTION) else {
            return Ok(());
        };
        let facts = [("at", at.into())];
        match event {
            Event::Datagram { bytes, .. } if bytes == self.datagram(at) => {
                Err(self.not_yet("sw-impatient", &facts, None))
            }
            Event::Datagram { .. } if at + 1 < self.messages.len() => {
                Err(self.not_yet("sw-all-at-once", &facts, Some("sent-means-received")))
            }
            Event::Returned(_) => {
                Err(self.not_yet("sw-not-awaited", &facts, Some("sent-means-received")))
            }
            event => Err(self.otherwise(event)),
        }
    }

    /// Something arrives that is not the acknowledgement of the message: nothing
    /// comes of it.
    fn ignores(&mut self, at: usize, odd: Odd, bytes: &[u8]) -> Result<(), Outcome> {
        let event = self.stage.scene.send_and_see(self.stage.peer, bytes)?;
        let Some(event) = event else {
            return Ok(());
        };
        let facts = [("at", at.into())];
        let malformed = Some("every-datagram-is-well-formed");
        match event {
            Event::Datagram { bytes, .. } if bytes == self.datagram(at) => {
                let cause = Some("first-arrival-ends-the-wait");
                Err(self.not_yet("sw-ended-wait", &facts, cause))
            }
            Event::Datagram { .. } | Event::Returned(_) => {
                let (key, cause) = match odd {
                    Odd::Empty => ("sw-took-empty", Some("whole-buffer-back")),
                    Odd::Old => ("sw-took-old", Some("late-answer-is-mine")),
                    Odd::Early => ("sw-took-early", None),
                    Odd::Long => ("sw-took-long", None),
                };
                Err(self.not_yet(key, &facts, cause))
            }
            Event::Failed { kind, .. } => {
                let cause = match odd {
                    Odd::Old => Some("every-datagram-is-new"),
                    _ => malformed,
                };
                Err(self.not_yet("sw-stopped-at", &[("kind", kind.into())], cause))
            }
            event @ Event::Unwound { .. } => {
                let cause = match odd {
                    Odd::Old => "every-datagram-is-new",
                    _ => "every-datagram-is-well-formed",
                };
                let cause = Some(("sw-panicked-at", cause));
                Err(self.stage.scene.because(event, cause, "expecting-message"))
            }
            event => Err(self.otherwise(event)),
        }
    }

    /// All is acknowledged: the function returns.
    fn returns(&mut self) -> Result<(), Outcome> {
        match self.stage.scene.wait() {
            Event::Returned(_) => Ok(()),
            Event::Datagram { .. } => Err(self.not_yet("sw-goes-on", &[], None)),
            Event::Failed { kind, .. } => {
                Err(self.not_yet("sw-failed-at-last", &[("kind", kind.into())], None))
            }
            other => Err(self.stage.scene.usual(other, "expecting-all-acknowledged")),
        }
    }
}

fn number(at: usize) -> u8 {
    at.to_le_bytes()[0]
}

fn some_bytes(len: usize) -> Fact {
    say("some-bytes", &[("len", len.into())]).into()
}

/// A measured time in milliseconds.
fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn too_busy() -> Outcome {
    Outcome::Unjudged(say("too-busy", &[]))
}

/// Nothing is lost, and the next message waits for the acknowledgement.
fn one_after_the_other(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut large = vec![0; LARGE];
    bench.random().fill(&mut large);
    let messages = [b"one".to_vec(), Vec::new(), large, b"four".to_vec()];
    let mut game = Game::call(bench, &messages, LONG, 3)?;
    for at in 0..messages.len() {
        game.comes(at)?;
        game.waits(at)?;
        game.acknowledge(at)?;
    }
    game.returns()
}

/// There is no message.
fn nothing_to_send(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::call(bench, &[], LONG, 3)?;
    game.returns()
}

/// The acknowledgements of other messages arrive.
fn others_are_acknowledged(bench: &Bench<'_>) -> Result<(), Outcome> {
    let messages = texts(&["red", "green", "blue"]);
    let mut game = Game::call(bench, &messages, LONG, 3)?;
    game.comes(0)?;
    game.acknowledge(0)?;
    game.comes(1)?;
    game.ignores(1, Odd::Old, &[0])?;
    game.ignores(1, Odd::Early, &[2])?;
    game.acknowledge(1)?;
    game.comes(2)?;
    game.ignores(2, Odd::Old, &[1])?;
    game.ignores(2, Odd::Old, &[0])?;
    game.acknowledge(2)?;
    game.returns()
}

/// What arrives is no acknowledgement.
fn odd_arrivals(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::call(bench, &texts(&["left", "right"]), LONG, 3)?;
    game.comes(0)?;
    game.ignores(0, Odd::Empty, b"")?;
    game.acknowledge(0)?;
    game.comes(1)?;
    game.ignores(1, Odd::Empty, b"")?;
    game.ignores(1, Odd::Long, &[1, 0])?;
    game.ignores(1, Odd::Empty, b"")?;
    game.acknowledge(1)?;
    game.returns()
}

/// Of each message the first copy is lost, and the second one, which is the last
/// that is allowed, arrives.
fn first_copies_are_lost(bench: &Bench<'_>) -> Result<(), Outcome> {
    let messages = texts(&["spring", "summer", "autumn"]);
    let mut doubt = None;
    for wait in SHORT {
        // The machine's pace decides on this wait.
        let (stage, how) = (Stage::new(bench, "receiver")?, "called-send-messages-short");
        let mut game = Game::begin(stage, how, &messages, wait, 2)?;
        doubt = match game.loses_first_copies() {
            // How long it waited tells why, and is seen better in a longer wait.
            Err(outcome) if tried_without_sending(&outcome) => Some(outcome),
            played => played?,
        };
        if doubt.is_none() {
            return Ok(());
        }
    }
    Err(doubt.unwrap_or_else(too_busy))
}

fn tried_without_sending(outcome: &Outcome) -> bool {
    let cause = Some("waiting-is-asking-again");
    matches!(outcome, Outcome::NotYet(finding) if finding.misconception == cause)
}

/// What was wrong, where that may be this machine's fault.
type Doubt = Option<Outcome>;

impl Game {
    fn loses_first_copies(&mut self) -> Result<Doubt, Outcome> {
        for at in 0..self.messages.len() {
            let first = match self.comes(at) {
                Ok(moment) => moment,
                // The acknowledgement of the one before may have been too late.
                Err(outcome) if at > 0 => return Ok(Some(outcome)),
                Err(outcome) => return Err(outcome),
            };
            self.stage.scene.lose_last();
            let second = self.comes_again(at, first)?;
            let wait = self.wait.as_millis().to_string();
            let waited = shown(second.least_since(first));
            let facts = [
                ("at", at.into()),
                ("wait", wait.into()),
                ("waited", waited.into()),
            ];
            if too_short(second.most_since(first), self.wait) {
                return Err(self.not_yet("sw-impatient", &facts, None));
            }
            let last = self.wait == Duration::from_millis(SHORT[2]);
            if too_long(second.least_since(first), self.wait, last) {
                let key = if at == 0 { "sw-late" } else { "sw-late-again" };
                return Ok(Some(self.not_yet(key, &facts, None)));
            }
            if let Some(event) = self.stage.scene.see(REACTION) {
                let waited = Moment::of(&self.stage.scene).most_since(second);
                return match event {
                    // One that waits too little, and this machine's pauses, are seen elsewhere.
                    Event::Failed { .. } if waited < self.wait / 2 => {
                        Err(self.not_yet("sw-no-last-wait", &facts, None))
                    }
                    event => Ok(Some(self.otherwise(event))),
                };
            }
            self.acknowledge(at)?;
        }
        Ok(self.returns().err())
    }
}

impl Game {
    /// The message comes a second time.
    fn comes_again(&mut self, at: usize, first: Moment) -> Result<Moment, Outcome> {
        let event = self.stage.scene.wait();
        let moment = Moment::of(&self.stage.scene);
        match event {
            Event::Datagram { bytes, .. } if bytes == self.datagram(at) => Ok(moment),
            Event::Datagram { bytes, .. } => {
                let later = (at + 1..self.messages.len()).any(|l| bytes == self.datagram(l));
                if later {
                    let facts = [("at", at.into())];
                    return Err(self.not_yet("sw-left-behind", &facts, None));
                }
                Err(self.not_yet("sw-changed-again", &[("at", at.into())], None))
            }
            Event::Failed { kind, .. } => Err(self.gave_up(1, kind, moment.least_since(first))),
            Event::Returned(_) => Err(self.not_yet("sw-not-awaited", &[("at", at.into())], None)),
            other => Err(self.stage.scene.usual(other, "expecting-message-again")),
        }
    }

    /// An error came before the tries were over, so long after the first send.
    fn gave_up(&mut self, sends: u32, kind: String, after: Duration) -> Outcome {
        // Who has waited for longer than once has tried again without sending.
        let tried = after > self.wait * 3 / 2;
        let cause = match kind.as_str() {
            "WouldBlock" => Some("timeout-is-timedout"),
            "TimedOut" if sends == 1 && tried => Some("waiting-is-asking-again"),
            _ => None,
        };
        let facts = [
            ("kind", kind.into()),
            ("sends", sends.into()),
            ("tries", self.tries.into()),
        ];
        self.not_yet("sw-gave-up", &facts, cause)
    }
}

/// The first copy of a message is lost, and old acknowledgements keep coming.
fn noise_does_not_prolong(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut doubt = None;
    for wait in NOISY {
        // The machine's pace decides on this wait.
        let (stage, how) = (Stage::new(bench, "receiver")?, "called-send-messages-short");
        let mut game = Game::begin(stage, how, &texts(&["north", "south"]), wait, 3)?;
        game.comes(0)?;
        game.acknowledge(0)?;
        let first = match game.comes(1) {
            Ok(moment) => moment,
            Err(outcome) => {
                doubt = Some(outcome); // the acknowledgement may have been late
                continue;
            }
        };
        game.stage.scene.lose_last();
        game.stage.scene.note("sw-note-noise", &[]);
        let (mut said, mut pause) = (first.before, Duration::ZERO);
        let event = loop {
            game.stage.scene.disturb(game.stage.peer, &[0])?;
            pause = pause.max(said.elapsed());
            said = Instant::now();
            match game.stage.scene.wait_for(Duration::from_millis(8)) {
                None if said > first.before + PATIENCE => break None,
                None => {}
                event => break event,
            }
        };
        pause = pause.max(said.elapsed());
        let moment = Moment::of(&game.stage.scene);
        let Some(event) = event else {
            let cause = Some("timeout-covers-the-message");
            return Err(game.not_yet("sw-kept-waiting", &[], cause));
        };
        match event {
            Event::Datagram { bytes, .. } if bytes == game.datagram(1) => {}
            Event::Failed { kind, .. } => {
                return Err(game.gave_up(1, kind, moment.least_since(first)));
            }
            other => return Err(game.stage.scene.usual(other, "expecting-message-again")),
        }
        if too_short(moment.most_since(first), game.wait) {
            let cause = Some("first-arrival-ends-the-wait");
            return Err(game.not_yet("sw-ended-wait", &[("at", 1_usize.into())], cause));
        }
        if pause < game.wait * 2 / 3 {
            return Ok(());
        }
    }
    Err(doubt.unwrap_or_else(too_busy))
}

/// The receiver takes everything and says nothing.
fn nobody_answers(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut long = Vec::new();
    for wait in SHORTER {
        let mut game = Game::call(bench, &texts(&["hello?", "anybody?"]), wait, 3)?;
        game.stage.scene.note("sw-note-silence", &[]);
        let (pace, facts) = hears_nothing(&mut game)?;
        match pace {
            Pace::Right => return Ok(()),
            Pace::Unclear if wait > SHORTER[0] => return Ok(()),
            Pace::Unclear => {}
            Pace::Short(key, cause) => {
                let outcome = game.not_yet(key, &facts, cause);
                // No machine makes a wait shorter; which one it was is seen better
                // where they are longer.
                if wait > SHORTER[0] {
                    return Err(outcome);
                }
            }
            Pace::Long => long.push(game.not_yet("sw-long-waits", &facts, None)),
        }
    }
    // Now and then it may be this machine that makes them long.
    if long.len() < SHORTER.len() {
        return Ok(());
    }
    long.pop().map_or(Ok(()), Err)
}

/// How the waits between the tries were.
enum Pace {
    /// As long as they should be.
    Right,
    /// This machine was too busy to tell.
    Unclear,
    /// Too short, with a message and a misconception.
    Short(&'static str, Option<&'static str>),
    /// Too long.
    Long,
}

/// What a message needs to know of the waits.
type Waits = [(&'static str, Fact); 3];

fn hears_nothing(game: &mut Game) -> Result<(Pace, Waits), Outcome> {
    let mut sent = vec![game.comes(0)?];
    let end = loop {
        let sends = sent.len();
        match game.stage.scene.wait() {
            Event::Datagram { bytes, .. } if bytes == game.datagram(0) => {
                sent.push(Moment::of(&game.stage.scene));
            }
            Event::Failed { kind, .. } if sends < 3 => {
                let after = Moment::of(&game.stage.scene).least_since(sent[0]);
                return Err(game.gave_up(u32::try_from(sends).unwrap_or(0), kind, after));
            }
            Event::Failed { kind, .. } => {
                let facts = [("sends", sends.into()), ("tries", game.tries.into())];
                if sends > 3 {
                    return Err(game.not_yet("sw-too-often", &facts, None));
                }
                if kind != "TimedOut" {
                    let cause = (kind == "WouldBlock").then_some("timeout-is-timedout");
                    let facts = [("kind", kind.into()), ("tries", game.tries.into())];
                    return Err(game.not_yet("sw-wrong-error", &facts, cause));
                }
                break Moment::of(&game.stage.scene);
            }
            Event::Datagram { .. } if sends == 3 => {
                return Err(game.not_yet("sw-next-anyway", &[], None));
            }
            Event::Datagram { .. } => {
                return Err(game.not_yet("sw-left-behind", &[("at", 0_usize.into())], None));
            }
            Event::Returned(_) => {
                return Err(game.not_yet("sw-returned-silent", &[], None));
            }
            other => return Err(game.stage.scene.usual(other, "expecting-give-up-message")),
        }
        if sent.len() == 6 {
            let facts = [("sends", sent.len().into()), ("tries", game.tries.into())];
            return Err(game.not_yet("sw-too-often", &facts, Some("retry-forever")));
        }
    };
    sent.push(end);
    let (mut waited, mut due) = (Vec::new(), Vec::new());
    for (pair, wait) in sent.windows(2).zip(game.dues()) {
        waited.push(shown(pair[1].least_since(pair[0])));
        due.push(format!("{} ms", wait.as_millis()));
    }
    let facts = [
        ("at", 0_usize.into()),
        ("waited", waited.join(", ").into()),
        ("due", due.join(", ").into()),
    ];
    Ok((game.paces(&sent), facts))
}

impl Game {
    /// How long each of three tries waits.
    fn dues(&self) -> [Duration; 3] {
        [1, 2, 4].map(|times| self.wait * times)
    }

    /// Whether each wait was as long as it should be.
    fn paces(&self, sent: &[Moment]) -> Pace {
        let waits: Vec<_> = sent
            .windows(2)
            .zip(self.dues())
            .map(|(pair, due)| {
                (
                    pair[1].least_since(pair[0]),
                    pair[1].most_since(pair[0]),
                    due,
                )
            })
            .collect();
        let short: Vec<_> = waits
            .iter()
            .map(|&(_, most, due)| too_short(most, due))
            .collect();
        let last = self.wait == Duration::from_millis(SHORTER[2]);
        let long = |time, due| too_long(time, due, last);
        // Who keeps the pace waits after the last try, too.
        let gone = waits
            .last()
            .is_some_and(|&(_, most, _)| too_short(most, self.wait));
        match short.as_slice() {
            [true, ..] => Pace::Short("sw-impatient", None),
            [_, _, true] if gone => Pace::Short("sw-last-wait", None),
            [_, true, _] | [_, _, true] => Pace::Short("sw-same-pace", Some("keep-the-pace")),
            _ if waits.iter().any(|&(least, _, due)| long(least, due)) => Pace::Long,
            _ if waits
                .iter()
                .any(|&(least, most, due)| too_short(least, due) || long(most, due)) =>
            {
                Pace::Unclear
            }
            _ => Pace::Right,
        }
    }
}

/// Nobody listens at the receiver's port when the first copy comes.
fn the_receiver_starts_late(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut doubt = None;
    for wait in SHORT {
        let mut stage = Stage::new(bench, "receiver")?;
        stage.scene.leave(stage.peer)?;
        stage.scene.note("sw-note-absent", &[]);
        let mut game = Game::begin(
            stage,
            "called-send-messages",
            &texts(&["knock", "knock"]),
            wait,
            5,
        )?;
        let event = game.stage.scene.see(REACTION);
        if event.is_none() {
            game.stage.scene.come_back(game.stage.peer)?;
            game.stage.scene.note("sw-note-starts", &[]);
        }
        let event = event.unwrap_or_else(|| game.stage.scene.wait());
        let all = game.wait * 31;
        match event {
            Event::Datagram { bytes, .. } if bytes == game.datagram(0) => {}
            // The tries may be over: with so late a receiver that would be right.
            Event::Failed { kind, .. }
                if kind == "TimedOut" && game.called.elapsed() >= all / 2 =>
            {
                continue;
            }
            Event::Failed { kind, .. } if kind == "TimedOut" => {
                return Err(game.not_yet("sw-refused-burnt", &[], None));
            }
            Event::Failed { kind, .. }
                if matches!(kind.as_str(), "ConnectionRefused" | "ConnectionReset") =>
            {
                let facts = [("kind", kind.into())];
                return Err(game.not_yet("sw-refused", &facts, Some("udp-never-errors")));
            }
            event @ Event::Unwound { .. } => {
                let cause = Some(("sw-panicked-refused", "udp-never-errors"));
                return Err(game
                    .stage
                    .scene
                    .because(event, cause, "expecting-message-again"));
            }
            Event::Failed { kind, .. } => return Err(game.gave_up(1, kind, Duration::ZERO)),
            other => return Err(game.stage.scene.usual(other, "expecting-message-again")),
        }
        game.acknowledge(0)?;
        doubt = match game.comes(1) {
            Ok(_) => {
                game.acknowledge(1)?;
                game.returns().err()
            }
            Err(outcome) => Some(outcome),
        };
        if doubt.is_none() {
            return Ok(());
        }
    }
    Err(doubt.unwrap_or_else(too_busy))
}

/// The socket does not take the message: its error is the function's.
fn too_long_for_a_datagram(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::call(bench, &[vec![b'x'; 70_000]], SHORTER[0], 1)?;
    match game.stage.scene.wait() {
        Event::Failed { kind, .. } if kind != "TimedOut" && kind != "WouldBlock" => Ok(()),
        Event::Failed { kind, .. } => {
            Err(game.not_yet("sw-send-error", &[("kind", kind.into())], None))
        }
        Event::Returned(_) => Err(game.not_yet("sw-send-error-ok", &[], None)),
        Event::Datagram { bytes, .. } => {
            let facts = [("got", some_bytes(bytes.len()))];
            Err(game.not_yet("sw-cut", &facts, Some("any-datagram-size")))
        }
        other => Err(game.stage.scene.usual(other, "expecting-send-error")),
    }
}

/// More messages than there are numbers.
fn every_number_twice(bench: &Bench<'_>) -> Result<(), Outcome> {
    let messages: Vec<_> = (0..ALL_NUMBERS)
        .map(|n| format!("page {n}").into_bytes())
        .collect();
    let mut game = Game::call(bench, &messages, LONG, 3)?;
    for at in 0..messages.len() {
        if let Err(outcome) = game.comes(at) {
            // The first few were seen in other cases.
            return Err(if at < 200 { outcome } else { ran_out(outcome) });
        }
        game.acknowledge(at)?;
    }
    game.returns()
}

/// What is wrong where the numbers begin again.
fn ran_out(mut outcome: Outcome) -> Outcome {
    if let Outcome::NotYet(finding) = &mut outcome {
        let key = match finding.key {
            "panicked" => "sw-numbers-panicked",
            "sw-left-out" => "sw-numbers-left-out",
            "stuck" => "sw-numbers-stuck",
            "sw-failed" => "sw-numbers-failed",
            _ => "sw-numbers-wrong",
        };
        finding.key = key;
        finding.misconception = Some("numbers-never-run-out");
    }
    outcome
}
