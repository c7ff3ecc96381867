//! Judges exercise 1.3: frames with padding and options, frames with something
//! else in them, frames that are cut anywhere or lie about their lengths.
//!
//! A frame that carries a whole datagram and is read otherwise is explained by
//! reading it in other ways, until one gives what the answer returned.

use std::ops::Range;

use crate::judge::{Bench, Event, Fact, Line, Outcome, Scene};
use crate::messages::say;

mod beliefs;
mod frames;
mod reading;

use beliefs::understand;
use frames::{FREE, Frame, any, liars, odd, ordinary, others, place};
use reading::{DONT_FRAGMENT, Datagram, Got, IPV4, UDP, fields, read, some_bytes, spaced};

/// The most bytes of a frame on plain Ethernet.
const MOST: usize = 1_514;
/// How many random frames there are.
const RANDOM: usize = 150;

/// Gives the answer frames.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut game = Game {
        bench,
        scene: Scene::start(bench)?,
        right: Vec::new(),
    };
    let plain = Frame::new(50_000, 8_888, b"hello");
    let answer = Frame::new(53, 50_001, &b"0123456789".repeat(12));
    let long: Vec<u8> = (0..1_472).map(|_| random.u8(..)).collect();
    let whole = [
        plain.bytes(),
        plain.with(|f| f.flags = DONT_FRAGMENT).bytes(),
        plain.with(|f| f.padded = true).bytes(),
        Frame::new(40_000, 9, b"").with(|f| f.padded = true).bytes(),
        Frame::new(1, 65_535, &long).bytes(),
        Frame::new(7, 7, b"a line\n\0\0")
            .with(|f| f.padded = true)
            .bytes(),
        answer.with(|f| f.options = vec![0x94, 4, 0, 0]).bytes(),
        answer.with(|f| f.options = vec![1; 40]).bytes(),
        plain.with(|f| f.surplus = b"more".to_vec()).bytes(),
        plain
            .with(|f| (f.options, f.surplus, f.padded) = (vec![1; 4], vec![0; 3], true))
            .bytes(),
    ];
    for frame in &whole {
        game.ask(frame)?;
    }
    for frame in odd(&plain) {
        game.ask(&frame)?;
    }
    for frame in others(&plain, &answer) {
        game.ask(&frame)?;
    }
    for len in (0..whole[0].len()).rev() {
        game.ask(&whole[0][..len])?;
    }
    for len in (UDP..UDP + 4 + 8).rev() {
        game.ask(&whole[6][..len])?; // inside the options, and the UDP header
    }
    for frame in liars(&plain) {
        game.ask(&frame)?;
    }
    for _ in 0..RANDOM {
        game.ask(&any(&mut random))?;
    }
    for frame in [&whole[0], &whole[9]] {
        game.ask_again(frame)?;
    }
    Ok(())
}

struct Game<'a> {
    bench: &'a Bench<'a>,
    scene: Scene,
    /// The frames that were read rightly.
    right: Vec<Vec<u8>>,
}

impl Game<'_> {
    fn ask(&mut self, frame: &[u8]) -> Result<(), Outcome> {
        let event = self
            .scene
            .ask("called-decapsulate", &facts_of(frame), &[frame])?;
        let got = match &event {
            Event::Returned(value) => Got::of(value),
            Event::Unwound { .. } => Got::Panicked,
            _ => return Err(self.scene.usual(event, "expecting-return")),
        };
        let want = Got::right(frame);
        if got == want {
            self.right.push(frame.to_vec());
            return Ok(());
        }
        let free = match &got {
            Got::Nothing => self.refused_for(frame),
            _ => None,
        };
        // The frame first, then what was made of it.
        self.scene.new_page();
        self.scene.note("called-decapsulate", &facts_of(frame));
        self.show(frame, free.as_ref());
        let (key, mut facts, id) = match read(frame) {
            Err(_) if got == Got::Panicked => {
                let id = Some("every-frame-is-well-formed");
                ("decapsulate-panicked", Vec::new(), id)
            }
            Err(reason) => {
                let (key, id) = reason.taken();
                (key, vec![("number", reason.number())], id)
            }
            Ok(_) if let Some(free) = free => (free.key, vec![("value", free.value)], None),
            Ok(_) if got == Got::Nothing && frame.len() > MOST => {
                ("decapsulate-refused-long", Vec::new(), None)
            }
            Ok(_) if got == Got::Panicked && self.overflowed() => {
                ("decapsulate-overflow", Vec::new(), None)
            }
            Ok(datagram) => self.misread(frame, datagram, &got),
        };
        facts.extend(fields(frame));
        if got != Got::Panicked {
            let (got, want) = (got.shown(), want.shown());
            self.scene.note("returned", &[("value", got.into())]);
            self.scene.note("should-return", &[("value", want.into())]);
            return Err(self.scene.not_yet(key, &facts, id));
        }
        let mut outcome = self.scene.usual(event, "expecting-return");
        if let Outcome::NotYet(finding) = &mut outcome {
            let panic = std::mem::replace(&mut finding.facts, facts);
            finding
                .exchange
                .push(Line::Note("decapsulate-panics", panic));
            (finding.key, finding.misconception) = (key, id);
        }
        Err(outcome)
    }

    /// The same frame as before is read as before.
    fn ask_again(&mut self, frame: &[u8]) -> Result<(), Outcome> {
        let event = self
            .scene
            .ask("called-decapsulate", &facts_of(frame), &[frame])?;
        let Event::Returned(value) = event else {
            return Err(self.scene.usual(event, "expecting-return"));
        };
        let (got, want) = (Got::of(&value), Got::right(frame));
        if got == want {
            return Ok(());
        }
        self.scene.returned(&got.shown(), Some(&want.shown()));
        Err(self.scene.not_yet("decapsulate-changed", &[], None))
    }

    fn overflowed(&self) -> bool {
        let panic = self.scene.panic_message().unwrap_or_default();
        panic.contains("overflow")
    }

    /// The field for which the answer refuses this frame, which has a whole
    /// datagram: with an ordinary value there it takes it.
    fn refused_for(&self, frame: &[u8]) -> Option<Free> {
        read(frame).ok()?;
        FREE.into_iter().find_map(|(name, key, start, len)| {
            let other = ordinary(frame, start, len)?;
            let found = self.ask_anew(&other)? == Got::right(&other);
            let at = place(frame, start, len);
            found.then(|| Free {
                name,
                key,
                value: value_of(name, &frame[at.clone()]),
                at,
            })
        })
    }

    /// What a new run of the answer makes of a frame.
    fn ask_anew(&self, frame: &[u8]) -> Option<Got> {
        let mut scene = Scene::start(self.bench).ok()?;
        match scene.ask("called-decapsulate", &[], &[frame]).ok()? {
            Event::Returned(value) => Some(Got::of(&value)),
            Event::Unwound { .. } => Some(Got::Panicked),
            _ => None,
        }
    }

    /// Shows the fields of a frame that count, as far as a reader has to look,
    /// and this one.
    fn show(&mut self, frame: &[u8], free: Option<&Free>) {
        let facts = fields(frame);
        let header = frame.get(IPV4).map_or(0, |b| usize::from(b & 0xf) * 4);
        let mut steps = [
            (12, 2, "field-ethertype", "is-ipv4"),
            (14, 1, "field-version", "is-header"),
            (16, 2, "field-total-length", "is-packet"),
            (20, 2, "field-flags", "is-whole"),
            (23, 1, "field-protocol", "is-udp"),
            (IPV4 + header + 4, 2, "field-udp-length", "is-datagram"),
        ];
        let (shown, last) = match read(frame) {
            Ok(_) => (steps.len(), None),
            Err(reason) => {
                let (step, meaning) = reason.step(frame.len());
                match meaning {
                    Some(meaning) => {
                        steps[step].3 = meaning;
                        (step + 1, None)
                    }
                    None => (step, Some(reason)),
                }
            }
        };
        let steps = &steps[..shown];
        let mut rows: Vec<(usize, [String; 3])> = Vec::new();
        for (at, len, field, meaning) in steps {
            let bytes = spaced(&frame[*at..at + len]);
            rows.push((*at, [say(field, &[]), bytes, say(meaning, &facts)]));
        }
        if let Some(free) = free {
            let (bytes, value) = (spaced(&frame[free.at.clone()]), free.value.clone());
            let meaning = say("is-value", &[("value", value)]);
            rows.push((free.at.start, [say(free.name, &[]), bytes, meaning]));
            rows.sort_by_key(|(at, _)| *at);
        }
        let width = |column: usize| {
            let widths = rows.iter().map(|(_, row)| row[column].chars().count());
            widths.max().unwrap_or(0)
        };
        let (names, numbers) = (width(0), width(1).max(5));
        for (at, [name, bytes, meaning]) in &rows {
            let row = [
                ("at", format!("{at:<2}").into()),
                ("field", format!("{name:names$}").into()),
                ("bytes", format!("{bytes:numbers$}").into()),
                ("meaning", meaning.clone().into()),
            ];
            self.scene.note("decapsulate-field", &row);
        }
        if let Some(reason) = last {
            let facts = [
                ("number", reason.number()),
                ("size", some_bytes(frame.len())),
            ];
            self.scene.note("decapsulate-ends", &facts);
        }
    }

    /// A frame with a whole datagram was read otherwise: in which way?
    fn misread(&self, frame: &[u8], right: Datagram<'_>, got: &Got) -> Finding {
        let mut facts = fields(frame);
        let all = right.2.len();
        facts.extend([
            ("all", some_bytes(all)),
            ("want-from", u32::from(right.0).into()),
        ]);
        if let Got::Found(from, _, data) = got {
            facts.extend([
                ("found", some_bytes(data.len())),
                ("from", u32::from(*from).into()),
            ]);
        }
        let mut seen = vec![(frame.to_vec(), got.clone())];
        seen.extend(self.right.iter().map(|f| (f.clone(), Got::right(f))));
        if !matches!(got, Got::Found(..)) {
            seen.extend(self.probe());
        }
        if let Some(way) = understand(&seen) {
            return (way.key, facts, way.id);
        }
        let key = match got {
            Got::Panicked => "decapsulate-panicked-whole",
            Got::Nothing => "decapsulate-missed",
            Got::Found(from, to, _) if (*from, *to) != (right.0, right.1) => {
                "decapsulate-other-ports"
            }
            Got::Found(_, _, data) if data.len() == all => "decapsulate-other-data",
            Got::Found(..) => "decapsulate-other-length",
        };
        (key, facts, None)
    }

    /// What the answer makes of frames that only who reads them wrongly can
    /// read: each in a new run, because it may panic.
    fn probe(&self) -> Vec<(Vec<u8>, Got)> {
        let plain = Frame::new(0x1234, 0x5678, b"hello");
        let swapped = |ats: &[usize]| {
            let mut frame = plain.bytes();
            ats.iter().for_each(|at| frame.swap(*at, at + 1));
            frame
        };
        // For a header of 15 bytes; one of 60 does not fit.
        let mut words = plain
            .with(|f| (f.words, f.total) = (Some(15), Some(28)))
            .bytes();
        words[33..35].copy_from_slice(&[0, 13]);
        let plain_bytes = plain.bytes();
        let frames = [
            swapped(&[12]),
            swapped(&[16, 38]),
            swapped(&[12, 16, 38]),
            plain.with(|f| f.length = Some(5)).bytes(),
            plain.with(|f| f.total = Some(13)).bytes(),
            plain.with(|f| f.data = vec![b'!'; 18]).bytes(),
            plain.with(|f| f.data = vec![b'!'; 22]).bytes(),
            words,
            [&plain_bytes[..], &[0xde, 0xad, 0xbe, 0xef]].concat(),
            [&[0x55; 7][..], &[0xd5], &plain_bytes].concat(),
        ];
        let found = frames
            .into_iter()
            .map(|frame| (self.ask_anew(&frame), frame));
        found
            .filter_map(|(got, frame)| Some((frame, got?)))
            .collect()
    }
}

type Finding = (
    &'static str,
    Vec<(&'static str, Fact)>,
    Option<&'static str>,
);

/// A field that may hold anything, and for which a frame was refused.
struct Free {
    name: &'static str,
    /// The sentence that tells of it.
    key: &'static str,
    at: Range<usize>,
    value: Fact,
}

/// What the bytes of such a field mean.
fn value_of(name: &str, bytes: &[u8]) -> Fact {
    let joined = |text: fn(&u8) -> String, between: &str| {
        bytes.iter().map(text).collect::<Vec<_>>().join(between)
    };
    match (name, bytes) {
        ("field-service", [byte]) => {
            let parts = [("dscp", byte >> 2), ("ecn", byte & 3)];
            say("is-service", &parts.map(|(k, n)| (k, u32::from(n).into()))).into()
        }
        (_, [_, _, _, _]) => joined(u8::to_string, ".").into(),
        (_, [n]) => u32::from(*n).into(),
        (_, [high, low]) => u32::from(u16::from_be_bytes([*high, *low])).into(),
        _ => joined(|b| format!("{b:02x}"), ":").into(),
    }
}

/// What the call shows of a frame.
fn facts_of(frame: &[u8]) -> [(&'static str, Fact); 1] {
    [("size", some_bytes(frame.len()))]
}
