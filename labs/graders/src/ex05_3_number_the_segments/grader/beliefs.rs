//! What one may believe of the numbers, and which beliefs make what an answer
//! returned.

use super::{Connection, Numbers, Segment, Side};

/// What is so.
pub const TRUTH: Model = Model {
    syn: 1,
    fin: 1,
    unit: Unit::Bytes,
    ack: Ack::Next,
    wrap: Wrap::At32Bits,
    first: First::Nothing,
    from_zero: false,
    swapped: false,
    offset: 0,
};

/// A way of numbering.
#[derive(Clone, Copy)]
pub struct Model {
    syn: u64,
    fin: u64,
    unit: Unit,
    ack: Ack,
    wrap: Wrap,
    first: First,
    /// The first number of each direction is 0.
    from_zero: bool,
    swapped: bool,
    /// Where the first number is, counted from the initial one.
    offset: u32,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Bytes,
    /// Every segment counts one.
    Segments,
    /// Every segment that carries anything counts one.
    Carriers,
    /// A segment without anything counts one, too.
    AtLeastOne,
    /// SYN and FIN count where there is no data.
    Instead,
    /// Every segment counts one and its bytes.
    OneAndBytes,
    /// Data counts only where there is no SYN, or no FIN, or none of both.
    NotWith {
        syn: bool,
        fin: bool,
    },
}

/// What an acknowledgement number is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ack {
    /// The next number that is expected.
    Next,
    /// The last number that has arrived.
    Last,
    /// The number of the last segment that has arrived.
    LastSegment,
    /// The number of what its own sender sends next.
    Own,
    /// Its own sequence number.
    Same,
    /// The next number of whoever sent the segment before it.
    Previous,
    /// One counter gives all numbers.
    Shared,
    /// A segment's data and flags alone: from 0, not from the initial number.
    Relative,
}

/// What the first segment acknowledges, at whose sender nothing has arrived.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    Nothing,
    /// This number.
    Number(u32),
    /// What the others acknowledge, as if something had arrived.
    AsLater,
}

/// What comes after the last number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrap {
    At32Bits,
    /// 0 comes one too early.
    OneEarly,
    /// Nothing.
    Stays,
    /// 0, however far it goes past it.
    Anew,
}

/// How many numbers a segment takes.
pub fn length(segment: Segment) -> u32 {
    u32::from(segment.syn) + u32::from(segment.fin) + segment.bytes
}

impl Model {
    /// The numbers that come of it.
    pub fn numbers(&self, connection: &Connection) -> Vec<Numbers> {
        let mut isn = [connection.client_isn, connection.server_isn];
        if self.swapped {
            isn.reverse();
        }
        if self.from_zero {
            isn = [0; 2];
        }
        let mut next = isn.map(|isn| isn.wrapping_add(self.offset));
        let mut last = isn; // the last segment's number, each direction
        let mut previous = isn[0];
        let mut arrived = [false; 2];
        let mut numbers = Vec::new();
        for segment in &connection.segments {
            let me = usize::from(segment.from == Side::Server);
            let own = if self.ack == Ack::Shared { 0 } else { me };
            let seq = next[own];
            let after = self.add(seq, self.count(*segment));
            let ack = match self.ack {
                Ack::Next => next[1 - me],
                Ack::Last => next[1 - me].wrapping_sub(1),
                Ack::LastSegment => last[1 - me],
                Ack::Own => after,
                Ack::Same | Ack::Shared => seq,
                Ack::Previous => previous,
                Ack::Relative => next[1 - me].wrapping_sub(isn[1 - me]),
            };
            let ack = match self.first {
                First::Number(number) if !arrived[1 - me] => Some(number),
                First::Nothing if !arrived[1 - me] => None,
                _ => Some(ack),
            };
            numbers.push(Numbers { seq, ack });
            last[own] = seq;
            next[own] = after;
            previous = after;
            arrived[me] = true;
        }
        numbers
    }

    fn count(&self, segment: Segment) -> u64 {
        let bytes = u64::from(segment.bytes);
        let flags = u64::from(segment.syn) * self.syn + u64::from(segment.fin) * self.fin;
        match self.unit {
            Unit::Bytes => flags + bytes,
            Unit::Segments => 1,
            Unit::Carriers => (flags + bytes).min(1),
            Unit::AtLeastOne => (flags + bytes).max(1),
            Unit::Instead if bytes > 0 => bytes,
            Unit::Instead => flags,
            Unit::OneAndBytes => 1 + bytes,
            Unit::NotWith { syn, fin } if (segment.syn && syn) || (segment.fin && fin) => flags,
            Unit::NotWith { .. } => flags + bytes,
        }
    }

    fn add(&self, number: u32, count: u64) -> u32 {
        let sum = u64::from(number) + count;
        let limit = u64::from(u32::MAX);
        match self.wrap {
            Wrap::At32Bits => sum as u32,
            Wrap::OneEarly => (sum % limit) as u32,
            Wrap::Stays => sum.min(limit) as u32,
            Wrap::Anew if sum > limit => 0,
            Wrap::Anew => sum as u32,
        }
    }
}

/// A message, and the misconception behind it where there is one.
type Words = (&'static str, Option<&'static str>);

/// What an answer may do otherwise.
struct Way {
    words: Words,
    change: fn(&mut Model),
}

const fn way(
    key: &'static str,
    misconception: Option<&'static str>,
    change: fn(&mut Model),
) -> Way {
    Way {
        words: (key, misconception),
        change,
    }
}

/// What tells most comes first.
#[rustfmt::skip]
const WAYS: [Way; 28] = [
    way("numbers-from-zero", Some("numbers-start-at-zero"), |m| m.from_zero = true),
    way("numbers-syn-fin", Some("syn-takes-no-number"), |m| { m.syn = 0; m.fin = 0; }),
    way("numbers-syn", Some("syn-takes-no-number"), |m| m.syn = 0),
    way("numbers-fin", Some("syn-takes-no-number"), |m| m.fin = 0),
    way("numbers-segments", Some("numbers-count-segments"), |m| m.unit = Unit::Segments),
    way("numbers-segments", Some("numbers-count-segments"), |m| m.unit = Unit::Carriers),
    way("numbers-last", Some("ack-names-the-last-byte"), |m| m.ack = Ack::Last),
    way("numbers-last-segment", None, |m| m.ack = Ack::LastSegment),
    way("numbers-own", Some("one-counter-for-both"), |m| m.ack = Ack::Own),
    way("numbers-own", Some("one-counter-for-both"), |m| m.ack = Ack::Same),
    way("numbers-shared", Some("one-counter-for-both"), |m| m.ack = Ack::Shared),
    way("numbers-previous", Some("one-counter-for-both"), |m| m.ack = Ack::Previous),
    way("numbers-stay", Some("sequence-never-wraps"), |m| m.wrap = Wrap::Stays),
    way("numbers-one-early", None, |m| m.wrap = Wrap::OneEarly),
    way("numbers-empty-counts", None, |m| m.unit = Unit::AtLeastOne),
    way("numbers-empty-counts", None, |m| m.unit = Unit::OneAndBytes),
    way("numbers-instead", None, |m| m.unit = Unit::Instead),
    way("numbers-first", None, |m| m.first = First::Number(0)),
    way("numbers-first", None, |m| m.first = First::AsLater),
    way("numbers-swapped", None, |m| m.swapped = true),
    way("numbers-relative", None, |m| m.ack = Ack::Relative),
    way("numbers-next-isn", None, |m| m.offset = 1),
    way("numbers-next-isn", None, |m| { m.offset = 1; m.syn = 0; }),
    way("numbers-anew", None, |m| m.wrap = Wrap::Anew),
    way("numbers-not-with", None, |m| m.unit = Unit::NotWith { syn: true, fin: true }),
    way("numbers-not-with", None, |m| m.unit = Unit::NotWith { syn: true, fin: false }),
    way("numbers-not-with", None, |m| m.unit = Unit::NotWith { syn: false, fin: true }),
    way("numbers-first", None, |m| m.first = First::Number(1)),
];

/// What the fewest ways that make all of what the answer returned say of it.
pub fn understand(seen: &[(Connection, Vec<Numbers>)]) -> Option<Words> {
    let fits = |model: &Model| seen.iter().all(|(c, got)| model.numbers(c) == *got);
    let changed = |ways: &[&Way]| {
        let mut model = TRUTH;
        ways.iter().for_each(|way| (way.change)(&mut model));
        model
    };
    let single = WAYS.iter().find(|way| fits(&changed(&[way])));
    let pair = || {
        let others = |one| WAYS.iter().map(move |other| (one, other));
        let mut pairs = WAYS.iter().flat_map(others);
        pairs.find(|(one, other)| fits(&changed(&[one, other])))
    };
    single
        .or_else(|| pair().map(|(one, _)| one))
        .map(|way| way.words)
}
