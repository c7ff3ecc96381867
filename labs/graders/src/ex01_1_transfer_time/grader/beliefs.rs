//! What an answer may take for true in place of the contract, and the times that
//! this makes.

use super::{Case, EXTRA, ROOM};

/// How many beliefs an answer may hold at once and still be understood.
const BELIEFS: usize = 3;

/// How an answer comes to its time. Every field is the truth at first; a
/// [`Way`] puts something else in its place.
pub struct Model {
    /// How many bits it makes of a byte of the file, and of one beside it.
    bits: (f64, f64),
    mega: f64,
    pub room: f64,
    extra: Extra,
    count: fn(f64) -> f64,
    /// The delay's part, from the delay, the number of packets and the time in
    /// which the bits enter the line; all times in microseconds.
    delay: fn(f64, f64, f64) -> f64,
    pub scale: f64,
    /// What is done to the time in which the bits enter the line.
    cut_entering: fn(f64) -> f64,
    /// What is done to the sum.
    cut_sum: fn(f64) -> f64,
}

#[derive(Clone, Copy)]
enum Extra {
    EachPacket,
    Nothing,
    Once,
    FullPackets,
    /// A packet with less of the file than this is filled up to it.
    AtLeast(f64),
}

impl Model {
    /// The truth, changed in these ways.
    pub fn of(ways: &[&Way]) -> Self {
        let mut model = Self {
            bits: (8.0, 8.0),
            mega: 1e6,
            room: ROOM as f64,
            extra: Extra::EachPacket,
            count: f64::ceil,
            delay: |delay, _, _| delay,
            scale: 1.0,
            cut_entering: |time| time,
            cut_sum: |time| time,
        };
        ways.iter().for_each(|way| (way.change)(&mut model));
        model
    }

    /// How many packets it counts.
    pub fn packets(&self, case: Case) -> f64 {
        (self.count)(case.bytes as f64 / self.room)
    }

    /// How much of the file the last packet carries.
    fn last(&self, case: Case) -> f64 {
        (case.bytes as f64 - 1.0) % self.room + 1.0
    }

    /// To how many bytes it fills this case's last packet up, those beside the
    /// file's included, if it does so at all.
    pub fn padded_to(&self, case: Case) -> Option<u64> {
        match self.extra {
            Extra::AtLeast(least) if least > self.last(case) => Some(least as u64 + EXTRA),
            _ => None,
        }
    }

    /// The time that it gives, in microseconds.
    fn time(&self, case: Case) -> f64 {
        let (bytes, packets) = (case.bytes as f64, self.packets(case));
        let (room, extra) = (self.room, EXTRA as f64);
        let (data, beside) = match self.extra {
            Extra::EachPacket => (bytes, packets * extra),
            Extra::Nothing => (bytes, 0.0),
            Extra::Once => (bytes, extra),
            Extra::FullPackets => (packets * room, packets * extra),
            Extra::AtLeast(least) => {
                let padding = (least - self.last(case)).max(0.0);
                (bytes, packets * extra + padding)
            }
        };
        let bits = data * self.bits.0 + beside * self.bits.1;
        let entering = bits / case.rate as f64 / self.mega * 1e6 * self.scale;
        let entering = (self.cut_entering)(entering);
        let delay = case.delay as f64 / 1e3;
        (self.cut_sum)(entering + (self.delay)(delay, packets.max(1.0), entering))
    }

    /// Whether it gives this time, up to what rounding may make of it: to whole
    /// microseconds, or to a nanosecond for each packet.
    pub fn fits(&self, case: Case, nanos: u128) -> bool {
        let (time, got) = (self.time(case), nanos as f64 / 1e3);
        // No time at all is no time that is much too short.
        let some = nanos > 0 || self.scale >= 1.0;
        some && (time - got).abs() <= 2.0 + case.packets() as f64 * 1e-3
    }
}

/// One thing that an answer takes for true: the sentence that tells of it, and
/// the misconception.
pub struct Way {
    pub key: &'static str,
    pub id: Option<&'static str>,
    change: fn(&mut Model),
}

const fn way(key: &'static str, id: Option<&'static str>, change: fn(&mut Model)) -> Way {
    Way { key, id, change }
}

fn to_seconds(time: f64) -> f64 {
    (time / 1e6).floor() * 1e6
}

fn to_millis(time: f64) -> f64 {
    (time / 1e3).floor() * 1e3
}

/// What may be taken for true, in the order in which it is explained. Of each
/// group an answer takes one thing at the most.
const WAYS: [&[Way]; 8] = [
    &[
        way("transfer-scale", None, |m| m.scale = 1e3),
        way("transfer-scale", None, |m| m.scale = 1e6),
        way("transfer-scale", None, |m| m.scale = 1e-3),
        way("transfer-scale", None, |m| m.scale = 1e-6),
    ],
    &[
        way("transfer-bytes", Some("megabit-is-megabyte"), |m| {
            m.bits = (1.0, 1.0)
        }),
        way("transfer-divided", Some("megabit-is-megabyte"), |m| {
            m.bits = (0.125, 0.125)
        }),
        way(
            "transfer-extra-in-bytes",
            Some("megabit-is-megabyte"),
            |m| m.bits = (8.0, 1.0),
        ),
    ],
    &[way("transfer-mega", Some("mega-is-1048576"), |m| {
        m.mega = 1_048_576.0
    })],
    &[
        way("transfer-no-extra", Some("headers-are-free"), |m| {
            m.extra = Extra::Nothing
        }),
        way("transfer-extra-once", Some("headers-are-free"), |m| {
            m.extra = Extra::Once
        }),
        way(
            "transfer-full-packets",
            Some("packets-divide-evenly"),
            |m| m.extra = Extra::FullPackets,
        ),
        // 46 bytes are the least behind Ethernet's header: 40 of them are the
        // headers of IPv4 and TCP, or they are taken for the file's.
        way("transfer-padded", None, |m| m.extra = Extra::AtLeast(6.0)),
        way("transfer-padded", None, |m| m.extra = Extra::AtLeast(46.0)),
    ],
    &[
        way("transfer-packets-cut", Some("packets-divide-evenly"), |m| {
            m.count = f64::floor
        }),
        way("transfer-packets-cut", Some("packets-divide-evenly"), |m| {
            m.count = f64::round
        }),
        way(
            "transfer-packets-in-parts",
            Some("packets-divide-evenly"),
            |m| m.count = |n| n,
        ),
        way("transfer-packets-one-more", None, |m| {
            m.count = |n| n.floor() + 1.0
        }),
    ],
    &[
        way("transfer-room", None, |m| m.room = (ROOM - EXTRA) as f64),
        way("transfer-room", None, |m| m.room = (ROOM + EXTRA) as f64),
    ],
    &[
        way(
            "transfer-delay-each",
            Some("delay-is-paid-per-packet"),
            |m| m.delay = |d, n, _| d * n,
        ),
        way(
            "transfer-delay-each-twice",
            Some("delay-is-paid-per-packet"),
            |m| m.delay = |d, n, _| 2.0 * d * n,
        ),
        way("transfer-no-delay", Some("bandwidth-is-latency"), |m| {
            m.delay = |_, _, _| 0.0
        }),
        way(
            "transfer-delay-or-rate",
            Some("bandwidth-is-latency"),
            |m| m.delay = |d, _, e| (d - e).max(0.0),
        ),
        way("transfer-delay-twice", None, |m| {
            m.delay = |d, _, _| 2.0 * d
        }),
        way("transfer-delay-half", None, |m| m.delay = |d, _, _| d / 2.0),
        way("transfer-delay-seconds", None, |m| {
            m.delay = |d, _, _| to_seconds(d)
        }),
        way("transfer-delay-millis", None, |m| {
            m.delay = |d, _, _| to_millis(d)
        }),
    ],
    &[
        way("transfer-seconds", None, |m| m.cut_entering = to_seconds),
        way("transfer-millis", None, |m| m.cut_entering = to_millis),
        way("transfer-seconds", None, |m| m.cut_sum = to_seconds),
        way("transfer-millis", None, |m| m.cut_sum = to_millis),
    ],
];

/// The fewest beliefs that make all that the answer returned: none, when it was
/// only rounded.
pub fn understand(seen: &[(Case, u128)]) -> Option<Vec<&'static Way>> {
    let mut sets: Vec<Vec<&'static Way>> = vec![Vec::new()];
    for group in WAYS {
        for set in sets.clone() {
            if set.len() < BELIEFS {
                sets.extend(group.iter().map(|way| [&set[..], &[way]].concat()));
            }
        }
    }
    sets.sort_by_key(Vec::len);
    // The last case is a probe, and the first ones were right.
    sets.into_iter().find(|ways| {
        let model = Model::of(ways);
        seen.iter().rev().all(|(case, got)| model.fits(*case, *got))
    })
}
