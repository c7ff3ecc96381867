//! Judges exercise 1.1: files from one byte to ten terabytes, over slow lines
//! and fast ones, near and far.
//!
//! A wrong time is explained by computing: which beliefs, put in the place of
//! the truth, make exactly the times that the answer returned?

use std::time::Duration;

use crate::judge::{Bench, Call, Event, Fact, Outcome, Scene, Waiting, Why};
use crate::messages::say;

mod beliefs;

use beliefs::{Model, Way, understand};

/// The bytes of a file that a packet carries.
const ROOM: u64 = 1_460;
/// The bytes that a packet takes beside these.
const EXTRA: u64 = 78;
/// The most bytes of a file, and the most Mb/s of a line.
const MOST: (u64, u64) = (10_000_000_000_000, 400_000);
/// How far a right time may be off, in nanoseconds: who cuts both of its parts to
/// whole microseconds has been told to do no better.
const TOLERANCE: u128 = 2_000;
/// How many random files there are.
const RANDOM: usize = 150;

/// Gives the answer files, lines and delays.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let scene = Scene::start(bench)?;
    let mut game = Game {
        bench,
        scene,
        seen: Vec::new(),
    };
    let (ms, us) = (1_000_000, 1_000);
    let fixed = [
        file(1_460, 1, 0),
        file(1_460, 1, 20 * ms),
        file(14_600, 1, 20 * ms),
        file(15_000, 1, 20 * ms),
        file(1, 1, 100 * ms),
        file(1_461, 10, 2 * ms),
        file(1_000_000, 100, 20 * ms),
        file(1_000_000, 1_000, 250 * us),
        file(700_000_000, 16, 1_250 * ms + 500 * us),
        file(MOST.0, 1, 20 * ms),
        file(MOST.0, MOST.1, 120 * ms + 7),
    ];
    for case in fixed {
        game.ask(case)?;
    }
    for _ in 0..RANDOM {
        game.ask(any(&mut random))?;
    }
    for case in [fixed[6], fixed[0]] {
        game.ask_again(case)?;
    }
    Ok(())
}

/// One file and its line.
#[derive(Clone, Copy, Debug)]
struct Case {
    bytes: u64,
    /// In Mb/s.
    rate: u64,
    /// In nanoseconds.
    delay: u64,
}

fn file(bytes: u64, rate: u64, delay: u64) -> Case {
    Case { bytes, rate, delay }
}

/// A file of any size, which as often as not ends near a packet's end.
fn any(random: &mut fastrand::Rng) -> Case {
    let digits = 10_u64.pow(random.u32(1..=13));
    let bytes = match random.u8(0..4) {
        0 => random.u64(..digits) / ROOM * ROOM,
        1 => random.u64(..digits) / ROOM * ROOM + 1,
        _ => random.u64(..digits),
    };
    let rate = match random.u8(0..2) {
        0 => *random
            .choice(&[1, 10, 16, 100, 1_000, 2_500, 10_000, 400_000])
            .unwrap_or(&1),
        _ => random.u64(1..=MOST.1),
    };
    let longest = 10_u64.pow(random.u32(1..=10));
    let delay = random.u64(..longest);
    file(bytes.clamp(1, MOST.0), rate, delay)
}

impl Case {
    fn packets(self) -> u64 {
        self.bytes.div_ceil(ROOM)
    }

    /// The bytes that go over the line.
    fn line(self) -> u64 {
        self.bytes + self.packets() * EXTRA
    }

    /// How long all of them take to enter the line, in nanoseconds. A bit takes
    /// a microsecond at 1 Mb/s.
    fn entering(self) -> u128 {
        let nanos = u128::from(self.line()) * 8 * 1_000;
        (nanos + u128::from(self.rate) / 2) / u128::from(self.rate)
    }

    fn right(self) -> u128 {
        self.entering() + u128::from(self.delay)
    }

    fn arguments(self) -> [String; 3] {
        [self.bytes, self.rate, self.delay].map(|n| n.to_string())
    }

    /// What the sentences about this case may need to know.
    fn facts(self) -> Vec<(&'static str, Fact)> {
        vec![
            ("size", some("transfer-size", self.bytes)),
            ("rate", grouped(self.rate).into()),
            ("megabytes", some("transfer-megabytes", self.rate)),
            ("delay", shown(self.delay.into()).into()),
            ("packets", some("transfer-packets", self.packets())),
            ("total", grouped(self.line()).into()),
            ("bits", grouped(self.line() * 8).into()),
            ("entering", shown(self.entering()).into()),
            ("last", some("transfer-size", (self.bytes - 1) % ROOM + 1)),
            ("decimal", grouped(self.rate * 1_000_000).into()),
            ("binary", grouped(self.rate << 20).into()),
        ]
    }
}

struct Game<'a> {
    bench: &'a Bench<'a>,
    scene: Scene,
    /// Every case so far, with what the answer returned.
    seen: Vec<(Case, u128)>,
}

impl Game<'_> {
    fn ask(&mut self, case: Case) -> Result<(), Outcome> {
        let got = self.time(case)?;
        self.seen.push((case, got));
        if is_right(case, got) {
            return Ok(());
        }
        self.scene.returned(&shown(got), Some(&shown(case.right())));
        let seen = [&self.seen[..], &self.probe(case)].concat();
        let (key, facts, id) = match understand(&seen).as_deref() {
            Some([]) => unexplained("transfer-rounding", case, got),
            // Nothing at all fits too many beliefs to say much about any.
            Some(ways) if got > 0 || ways.len() == 1 => explain(ways, case, got),
            _ => unexplained("transfer-wrong", case, got),
        };
        Err(self.scene.not_yet(key, &facts, id))
    }

    /// The same arguments as before give the same time as before.
    fn ask_again(&mut self, case: Case) -> Result<(), Outcome> {
        let now = self.time(case)?;
        if is_right(case, now) {
            return Ok(());
        }
        self.scene.returned(&shown(now), Some(&shown(case.right())));
        let facts = [
            ("first", shown(case.right()).into()),
            ("now", shown(now).into()),
        ];
        Err(self.scene.not_yet("transfer-changed", &facts, None))
    }

    /// What the answer returns, in nanoseconds.
    fn time(&mut self, case: Case) -> Result<u128, Outcome> {
        let arguments = case.arguments();
        let arguments = arguments.each_ref().map(|a| a.as_bytes());
        match self
            .scene
            .ask("called-transfer", &case.facts(), &arguments)?
        {
            Event::Returned(value) => Ok(number(&value)),
            other => Err(self.stopped(other, case)),
        }
    }

    /// The answer did not return: what of the case explains that?
    fn stopped(&mut self, event: Event, case: Case) -> Outcome {
        let busy = matches!(&event, Event::Stuck(stuck) if stuck.why == Why::Busy);
        let sleeps = |t: &Waiting| t.call == Call::Sleep;
        let asleep = matches!(&event, Event::Stuck(stuck) if stuck.threads.iter().any(sleeps));
        let panic = self.scene.panic_message().unwrap_or_default();
        let has = |words: &str| panic.contains(words);
        let key = if has("divide by zero") {
            Some("transfer-zero")
        } else if has("overflow") && !has("subtract") {
            Some("transfer-overflow")
        } else if has("float seconds to Duration") {
            Some("transfer-no-duration")
        } else if busy && case.packets() > 1_000_000 {
            Some("transfer-loops")
        } else if asleep {
            Some("transfer-sleeps")
        } else {
            None
        };
        let mut outcome = self.scene.usual(event, "expecting-return");
        if let (Outcome::NotYet(finding), Some(key)) = (&mut outcome, key) {
            finding.key = key;
            finding.facts.extend(case.facts());
            if asleep {
                finding.stuck = None; // it would return, in its own time
            }
        }
        outcome
    }

    /// What a new run of the answer makes of other files: one case alone may fit
    /// more than one belief. Where the case has no delay there is none here
    /// either, so that a reader is told of one thing at a time.
    fn probe(&self, case: Case) -> Vec<(Case, u128)> {
        let delays = if case.delay == 0 {
            [0; 3]
        } else {
            [1_250_700_500, 12_345_678, 40_000_000]
        };
        let files = [(1_000_000, 100), (123_456_789, 16), (5_000, 3)];
        let mut found = Vec::new();
        let Ok(mut scene) = Scene::start(self.bench) else {
            return found;
        };
        for ((bytes, rate), delay) in files.into_iter().zip(delays) {
            let case = file(bytes, rate, delay);
            let arguments = case.arguments();
            let arguments = arguments.each_ref().map(|a| a.as_bytes());
            let event = scene.ask("called-transfer", &[], &arguments);
            let Ok(Event::Returned(value)) = event else {
                break;
            };
            found.push((case, number(&value)));
        }
        found
    }
}

fn number(value: &[Vec<u8>]) -> u128 {
    let text = value.first().map(Vec::as_slice).unwrap_or_default();
    String::from_utf8_lossy(text).parse().unwrap_or(u128::MAX)
}

fn is_right(case: Case, got: u128) -> bool {
    got.abs_diff(case.right()) <= TOLERANCE
}

type Finding = (
    &'static str,
    Vec<(&'static str, Fact)>,
    Option<&'static str>,
);

/// The sentence for the first of these beliefs that matters in this case.
fn explain(ways: &[&Way], case: Case, got: u128) -> Finding {
    let matters = |way: &&&Way| !Model::of(&[way]).fits(case, case.right());
    let Some(way) = ways.iter().find(matters).or(ways.first()) else {
        return unexplained("transfer-wrong", case, got);
    };
    let model = Model::of(&[way]);
    let counted = model.packets(case);
    let counted = if counted.fract() == 0.0 {
        some("transfer-packets", counted as u64)
    } else {
        format!("{counted:.3}").into()
    };
    let (scale, word) = if model.scale > 1.0 {
        (model.scale, "long")
    } else {
        (1.0 / model.scale, "short")
    };
    let mut facts = case.facts();
    facts.extend([
        ("counted", counted),
        ("room", grouped(model.room as u64).into()),
        ("factor", grouped(scale.round() as u64).into()),
        ("word", word.into()),
        ("filled", grouped(model.padded_to(case).unwrap_or(0)).into()),
    ]);
    (way.key, facts, way.id)
}

/// No known belief makes what the answer returned: how far is it off?
fn unexplained(key: &'static str, case: Case, got: u128) -> Finding {
    let (off, right) = (got.abs_diff(case.right()), case.right());
    let word = if got > right { "long" } else { "short" };
    let mut facts = case.facts();
    facts.extend([("off", shown(off).into()), ("word", word.into())]);
    (key, facts, None)
}

/// A time as Rust writes it.
fn shown(nanos: u128) -> String {
    let (seconds, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
    format!(
        "{:?}",
        Duration::new(seconds, u32::try_from(rest).unwrap_or(0))
    )
}

/// A number with commas between its thousands.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many bytes or packets, in words.
fn some(key: &'static str, n: u64) -> Fact {
    let count = i64::try_from(n).unwrap_or(i64::MAX);
    say(
        key,
        &[("count", count.into()), ("shown", grouped(n).into())],
    )
    .into()
}
