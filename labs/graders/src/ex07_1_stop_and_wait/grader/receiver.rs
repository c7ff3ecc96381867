//! The sender, as the judge plays it opposite the receiver's half.

use std::time::{Duration, Instant};

use super::{ALL_NUMBERS, LARGE, LONG, Moment, Stage, too_long, too_short};
use crate::judge::{Bench, Event, Fact, Outcome, REACTION, side_by_side};
use crate::messages::say;

/// How long the receiver stays where that is not the point, in milliseconds.
const QUIET: u64 = 15;
/// The same where a function that leaves at once is told from one that stays: each
/// is tried when this machine was too slow for the one before.
const GONE: [u64; 3] = [100, 400, 1600];
/// The same where it is the point: each is tried when this machine, or the answer's luck,
/// was too bad for the one before.
const QUIETS: [u64; 3] = [40, 120, 300];

/// After so many newer ones a copy may still come.
const OLD: usize = 100;

/// The line of the `todo!()`, where the half is not written yet.
pub(super) fn todo(bench: &Bench<'_>) -> Result<Option<u32>, Outcome> {
    Game::call(bench, texts(&["hello"]), LONG)?.stage.todo()
}

/// Plays the sender.
pub(super) fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    side_by_side(&[
        &|| {
            each_is_acknowledged(bench)?;
            an_empty_datagram_comes_first(bench)?;
            it_waits(bench)?;
            each_is_returned(bench)?;
            acknowledgements_are_lost(bench)
        },
        &|| {
            old_ones_come_late(bench)?;
            the_last_acknowledgement_is_lost(bench)
        },
        &|| {
            the_sender_is_gone(bench)?;
            every_number_twice(bench)
        },
    ])
}

fn texts(words: &[&str]) -> Vec<Vec<u8>> {
    words.iter().map(|w| w.as_bytes().to_vec()).collect()
}

/// A call of the receiver's half.
struct Game {
    stage: Stage,
    messages: Vec<Vec<u8>>,
    quiet: Duration,
    /// What the story has shown so far that may explain a wrong result.
    story: Story,
    /// When the last datagram was sent.
    last: Instant,
}

/// What the network did so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Story {
    /// Nothing but to carry.
    Plain,
    /// It carried a datagram without a byte.
    Empty,
    /// It lost acknowledgements, so that messages came again.
    Repeats,
    /// It held one back until newer ones had come.
    Late,
    /// The numbers have begun again.
    Numbers,
}

impl Game {
    fn call(bench: &Bench<'_>, messages: Vec<Vec<u8>>, quiet: u64) -> Result<Self, Outcome> {
        let mut stage = Stage::new(bench, "sender")?;
        let sender = stage.scene.address(stage.peer)?.to_string();
        let (count, limit) = (messages.len().to_string(), quiet.to_string());
        let facts = [
            ("count", messages.len().into()),
            ("quiet", limit.as_str().into()),
        ];
        let arguments: [&[u8]; 4] = [
            b"receive",
            sender.as_bytes(),
            limit.as_bytes(),
            count.as_bytes(),
        ];
        stage
            .scene
            .call("called-receive-messages", &facts, &arguments)?;
        Ok(Self {
            stage,
            messages,
            quiet: Duration::from_millis(quiet),
            story: Story::Plain,
            last: Instant::now(),
        })
    }

    fn datagram(&self, at: usize) -> Vec<u8> {
        [&[number(at)], self.messages[at].as_slice()].concat()
    }

    /// Sends a message.
    fn send(&mut self, at: usize) -> Result<(), Outcome> {
        let datagram = self.datagram(at);
        self.last = Instant::now();
        self.stage.scene.send(self.stage.peer, &datagram)
    }

    /// Sends a message, and waits for its acknowledgement.
    fn delivers(&mut self, at: usize) -> Result<(), Outcome> {
        self.send(at)?;
        self.is_acknowledged(at, false)
    }

    /// Sends a message that has come before, and waits for its acknowledgement.
    fn delivers_again(&mut self, at: usize) -> Result<(), Outcome> {
        self.send(at)?;
        self.is_acknowledged(at, true)
    }

    fn is_acknowledged(&mut self, at: usize, again: bool) -> Result<(), Outcome> {
        match self.stage.scene.wait() {
            Event::Datagram { bytes, .. } if bytes == [number(at)] => Ok(()),
            Event::Datagram { bytes, .. } => Err(self.another(&bytes, at)),
            Event::Stuck(stuck) => {
                let (key, cause) = match (again, self.story) {
                    (true, Story::Numbers) => ("sw-repeat-dropped", Some("numbers-never-run-out")),
                    (true, Story::Late) => ("sw-late-dropped", Some("a-repeat-needs-no-ack")),
                    (true, _) => ("sw-repeat-dropped", Some("a-repeat-needs-no-ack")),
                    (false, Story::Numbers) => ("sw-no-ack", Some("numbers-never-run-out")),
                    (false, _) if self.messages[at].is_empty() => ("sw-no-ack-empty", None),
                    (false, _) => ("sw-no-ack", None),
                };
                let facts = [("at", at.into())];
                Err(self.stage.scene.stuck_because(stuck, key, &facts, cause))
            }
            Event::Returned(value) => {
                self.holds(&value)?;
                Err(self.not_yet("sw-gone-before", &[("at", at.into())], None))
            }
            event => Err(self.otherwise(event, "expecting-ack")),
        }
    }

    /// What came is not the acknowledgement.
    fn another(&mut self, bytes: &[u8], at: usize) -> Outcome {
        let key = match bytes {
            _ if bytes == self.datagram(at) => "sw-ack-echo",
            [first] if *first == number(at + 1) => "sw-ack-next",
            [first] if at > 0 && *first == number(at - 1) => "sw-ack-again",
            [_] => "sw-ack-other",
            [] => "sw-ack-empty",
            _ => "sw-ack-long",
        };
        let facts = [
            ("at", at.into()),
            ("number", usize::from(number(at)).into()),
            ("got", some_bytes(bytes.len())),
        ];
        self.not_yet(key, &facts, None)
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
    fn otherwise(&mut self, event: Event, expecting: &'static str) -> Outcome {
        match event {
            Event::Returned(value) => match self.holds(&value) {
                Ok(()) => self.left_early(),
                Err(outcome) => outcome,
            },
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into())];
                self.not_yet("sw-receiver-failed", &facts, None)
            }
            event @ Event::Unwound { .. } => {
                let cause = match self.story {
                    Story::Empty => Some(("sw-panicked-empty", "every-datagram-is-well-formed")),
                    Story::Numbers => Some(("sw-numbers-panicked", "numbers-never-run-out")),
                    Story::Repeats | Story::Late => {
                        Some(("sw-panicked-repeat", "every-datagram-is-new"))
                    }
                    Story::Plain => None,
                };
                self.stage.scene.because(event, cause, expecting)
            }
            other => self.stage.scene.usual(other, expecting),
        }
    }

    /// Shows what was returned by its number.
    fn shows(&mut self, value: &[Vec<u8>]) {
        let shown = say("sw-some-messages", &[("count", value.len().into())]);
        self.stage.scene.returned(&format!("Ok({shown})"), None);
    }

    /// The messages that were returned are those that were sent.
    fn holds(&mut self, value: &[Vec<u8>]) -> Result<(), Outcome> {
        self.shows(value);
        let want = &self.messages;
        if value == want.as_slice() {
            return Ok(());
        }
        let differs = (0..want.len()).find(|&at| value.get(at) != Some(&want[at]));
        let at = differs.unwrap_or(want.len());
        let got = value.get(at);
        let again = at > 0 && got.is_some_and(|got| want[..at].contains(got));
        let cut = |got: &Vec<u8>| want.get(at).is_some_and(|w| w.starts_with(got));
        let padded = |got: &Vec<u8>| want.get(at).is_some_and(|w| got.starts_with(w));
        let headed = |got: &Vec<u8>| want.get(at).is_some_and(|w| got[1..] == w[..]);
        let (key, cause) = match (self.story, got) {
            // The copy that came before the numbers began again.
            (Story::Numbers, _) if again && at == OLD + 31 => {
                ("sw-late-taken", Some("udp-keeps-order"))
            }
            (Story::Numbers, _) => ("sw-numbers-lost", Some("numbers-never-run-out")),
            (Story::Empty, Some(got)) if got.is_empty() => {
                ("sw-empty-taken", Some("whole-buffer-back"))
            }
            (Story::Late, _) if again => ("sw-late-taken", Some("udp-keeps-order")),
            (_, Some(_)) if again => ("sw-repeat-taken", Some("lost-means-resend-only")),
            (Story::Empty, None) => ("sw-empty-ends", Some("zero-is-always-eof")),
            (_, None) => ("sw-too-few", None),
            (_, Some(got)) if !got.is_empty() && headed(got) => ("sw-number-kept", None),
            (_, Some(got)) if cut(got) => ("sw-message-cut", Some("rest-stays-for-next-recv")),
            (_, Some(got)) if padded(got) => ("sw-message-padded", Some("whole-buffer-back")),
            _ => ("sw-message-wrong", None),
        };
        let facts = [
            ("at", at.into()),
            ("count", value.len().into()),
            ("want", want.len().into()),
            ("got-bytes", some_bytes(got.map_or(0, Vec::len))),
            ("want-bytes", some_bytes(want.get(at).map_or(0, Vec::len))),
        ];
        Err(self.not_yet(key, &facts, cause))
    }

    /// The function stays for as long as was asked, and returns the messages.
    fn returns(&mut self) -> Result<(), Outcome> {
        match self.stage.scene.wait() {
            Event::Returned(value) => {
                let stayed = self.last.elapsed();
                self.holds(&value)?;
                if too_short(stayed, self.quiet) {
                    return Err(self.left_early());
                }
                Ok(())
            }
            Event::Stuck(stuck) => {
                let (key, cause) = match self.story {
                    Story::Numbers => ("sw-numbers-missed", Some("numbers-never-run-out")),
                    _ => ("sw-stays", None),
                };
                Err(self.stage.scene.stuck_because(stuck, key, &[], cause))
            }
            Event::Datagram { .. } => Err(self.not_yet("sw-ack-again", &[], None)),
            event => Err(self.otherwise(event, "expecting-messages-back")),
        }
    }

    fn left_early(&mut self) -> Outcome {
        let facts = [("quiet", self.quiet.as_millis().to_string().into())];
        self.not_yet("sw-left-early", &facts, Some("last-ack-arrives"))
    }
}

fn number(at: usize) -> u8 {
    at.to_le_bytes()[0]
}

fn some_bytes(len: usize) -> Fact {
    say("some-bytes", &[("len", len.into())]).into()
}

/// Nothing is lost, and the function stays when it has the last message.
fn each_is_acknowledged(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::call(bench, texts(&["one", "two", "three"]), LONG)?;
    for at in 0..game.messages.len() {
        game.delivers(at)?;
    }
    match game.stage.scene.see(REACTION) {
        None => Ok(()),
        Some(Event::Datagram { .. }) => Err(game.not_yet("sw-ack-again", &[], None)),
        Some(event) => Err(game.otherwise(event, "expecting-messages-back")),
    }
}

/// The messages take their time.
fn it_waits(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::call(bench, texts(&["late", "later"]), QUIET)?;
    for at in 0..2 {
        game.stage.scene.note("sw-note-waits", &[]);
        // The time counts from when it waits.
        let early = game.stage.scene.see(REACTION);
        let early = early.or_else(|| game.stage.scene.wait_for(game.quiet * 3));
        let facts = |kind: &str| [("at", at.into()), ("kind", Fact::from(kind))];
        match early {
            None => game.delivers(at)?,
            Some(Event::Failed { kind, .. }) => {
                return Err(game.not_yet("sw-receiver-impatient", &facts(&kind), None));
            }
            Some(Event::Returned(value)) => {
                game.shows(&value);
                return Err(game.not_yet("sw-receiver-gave-up", &facts(""), None));
            }
            Some(event) => return Err(game.otherwise(event, "expecting-first-message")),
        }
    }
    Ok(())
}

/// Nothing is lost, and the function returns the messages when all is quiet.
fn each_is_returned(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut large = vec![0; LARGE];
    bench.random().fill(&mut large);
    // The first and the last are alike, and are two messages.
    let messages = vec![b"one".to_vec(), Vec::new(), large, b"one".to_vec()];
    let mut game = Game::call(bench, messages, QUIET)?;
    for at in 0..game.messages.len() {
        game.delivers(at)?;
    }
    game.returns()
}

/// A datagram without a byte is no message.
fn an_empty_datagram_comes_first(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::call(bench, texts(&["red", "green"]), LONG)?;
    game.story = Story::Empty;
    let event = game.stage.scene.send_and_see(game.stage.peer, b"")?;
    match event {
        None => {}
        Some(Event::Datagram { .. }) => {
            let cause = Some("whole-buffer-back");
            return Err(game.not_yet("sw-empty-acknowledged", &[], cause));
        }
        Some(Event::Failed { kind, .. }) => {
            let cause = Some("every-datagram-is-well-formed");
            return Err(game.not_yet("sw-empty-stops", &[("kind", kind.into())], cause));
        }
        Some(event) => return Err(game.otherwise(event, "expecting-first-message")),
    }
    game.delivers(0)
}

/// The sender does not hear some acknowledgements, and sends again.
fn acknowledgements_are_lost(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::call(bench, texts(&["spring", "summer", "autumn"]), QUIET)?;
    game.delivers(0)?;
    game.story = Story::Repeats;
    game.stage.scene.lose_last();
    game.delivers_again(0)?;
    game.delivers(1)?;
    game.stage.scene.lose_last();
    game.delivers_again(1)?;
    game.stage.scene.lose_last();
    game.delivers_again(1)?;
    game.delivers(2)?;
    game.returns()
}

/// Copies of messages come when newer ones have come between.
fn old_ones_come_late(bench: &Bench<'_>) -> Result<(), Outcome> {
    let messages = texts(&["north", "east", "south", "west", "home"]);
    let mut game = Game::call(bench, messages, QUIET)?;
    for at in 0..4 {
        game.delivers(at)?;
    }
    game.story = Story::Late;
    game.stage.scene.note("sw-note-late", &[]);
    // No sender waits for these acknowledgements any more; the contract has them.
    game.delivers_again(2)?;
    game.delivers_again(0)?;
    game.delivers(4)?;
    game.returns()
}

/// The sender does not hear of the last message.
fn the_last_acknowledgement_is_lost(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut doubt = None;
    for quiet in QUIETS {
        let mut game = Game::call(bench, texts(&["last"]), quiet)?;
        game.delivers(0)?;
        game.story = Story::Repeats;
        doubt = game.comes_again_twice()?;
        if doubt.is_none() {
            return Ok(());
        }
    }
    Err(doubt.unwrap_or_else(|| Outcome::Unjudged(say("too-busy", &[]))))
}

impl Game {
    /// The last message comes again, and once more, always before the receiver
    /// may go; what was wrong then may be this machine's fault.
    fn comes_again_twice(&mut self) -> Result<Option<Outcome>, Outcome> {
        for times in 0..2 {
            self.stage.scene.lose_last();
            let early = self.stage.scene.wait_for(self.quiet * 3 / 5);
            if times == 0 && matches!(early, Some(Event::Returned(_))) {
                return Ok(Some(self.left_early()));
            }
            if let Some(event) = early {
                return Ok(Some(self.gone(event)));
            }
            self.send(0)?;
            match self.stage.scene.wait() {
                Event::Datagram { bytes, .. } if bytes == [number(0)] => {}
                Event::Datagram { bytes, .. } => return Err(self.another(&bytes, 0)),
                event @ Event::Returned(_) => return Ok(Some(self.gone_without_ack(event))),
                Event::Stuck(stuck) => {
                    let cause = Some("a-repeat-needs-no-ack");
                    let facts = [("at", 0_usize.into())];
                    let key = "sw-repeat-dropped";
                    return Err(self.stage.scene.stuck_because(stuck, key, &facts, cause));
                }
                event => return Err(self.otherwise(event, "expecting-ack")),
            }
        }
        let sent = self.last;
        let event = self.stage.scene.wait();
        let moment = Moment::of(&self.stage.scene);
        match event {
            Event::Returned(value) => self.holds(&value)?,
            event => return Err(self.otherwise(event, "expecting-messages-back")),
        }
        if too_short(moment.before.saturating_duration_since(sent), self.quiet) {
            return Ok(Some(self.not_yet("sw-quiet-once", &[], None)));
        }
        let last = self.quiet == Duration::from_millis(QUIETS[2]);
        if too_long(
            moment.after.saturating_duration_since(sent),
            self.quiet,
            last,
        ) {
            return Ok(Some(self.not_yet("sw-stays-long", &[], None)));
        }
        Ok(None)
    }

    /// The function ended while the sender waited for an acknowledgement.
    fn gone_without_ack(&mut self, event: Event) -> Outcome {
        if too_short(self.last.elapsed(), self.quiet) {
            return self.gone(event);
        }
        let cause = Some("a-repeat-needs-no-ack");
        self.not_yet("sw-repeat-ignored", &[("at", 0_usize.into())], cause)
    }

    /// The function ended while the sender still asked.
    fn gone(&mut self, event: Event) -> Outcome {
        match event {
            Event::Returned(value) => match self.holds(&value) {
                Ok(()) => self.not_yet("sw-quiet-once", &[], None),
                Err(outcome) => outcome,
            },
            event => self.otherwise(event, "expecting-messages-back"),
        }
    }
}

/// The sender has heard all that it wants, and a late copy is still on its way.
fn the_sender_is_gone(bench: &Bench<'_>) -> Result<(), Outcome> {
    for quiet in GONE {
        let mut game = Game::call(bench, texts(&["good", "bye"]), quiet)?;
        if game.stays_alone()? {
            return Ok(());
        }
    }
    Err(Outcome::Unjudged(say("too-busy", &[])))
}

impl Game {
    /// A copy of the last message comes, and finds nobody to acknowledge it to;
    /// `false` if this machine was so slow with it that the function may have
    /// returned before.
    fn stays_alone(&mut self) -> Result<bool, Outcome> {
        self.delivers(0)?;
        let begun = Instant::now();
        self.delivers(1)?;
        let late = self.datagram(1);
        self.stage.scene.note("sw-note-gone", &[]);
        self.last = Instant::now();
        self.stage.scene.send_and_leave(self.stage.peer, &late)?;
        let may_be_over = begun.elapsed() > self.quiet * 4 / 5;
        match self.stage.scene.wait() {
            Event::Returned(value) => {
                let stayed = self.last.elapsed();
                self.holds(&value)?;
                match too_short(stayed, self.quiet) {
                    true if may_be_over => Ok(false),
                    true => Err(self.not_yet("sw-gone-ends", &[], Some("udp-never-errors"))),
                    false => Ok(true),
                }
            }
            Event::Failed { kind, .. }
                if matches!(kind.as_str(), "ConnectionRefused" | "ConnectionReset") =>
            {
                let facts = [("kind", kind.into())];
                Err(self.not_yet("sw-gone-refused", &facts, Some("udp-never-errors")))
            }
            event @ Event::Unwound { .. } => {
                let cause = Some(("sw-gone-panicked", "udp-never-errors"));
                let scene = &mut self.stage.scene;
                Err(scene.because(event, cause, "expecting-messages-back"))
            }
            event => Err(self.otherwise(event, "expecting-messages-back")),
        }
    }
}

/// More messages than there are numbers, some of them twice.
fn every_number_twice(bench: &Bench<'_>) -> Result<(), Outcome> {
    let messages = (0..ALL_NUMBERS).map(|n| format!("page {n}").into_bytes());
    let mut game = Game::call(bench, messages.collect(), QUIET)?;
    for at in 0..ALL_NUMBERS {
        if at == 200 {
            game.story = Story::Numbers; // the first few were seen in other cases
        }
        game.delivers(at)?;
        if at == OLD + 30 {
            game.story = Story::Late;
            game.stage.scene.note("sw-note-late", &[]);
            game.delivers_again(at - OLD)?;
        }
        if (254..257).contains(&at) {
            game.stage.scene.lose_last();
            game.delivers_again(at)?;
        }
    }
    game.returns()
}
