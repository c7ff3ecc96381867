//! The ways in which a frame may be read wrongly.

use super::reading::{Got, IP, IPV4, two};

/// In how many of them at once an answer may go wrong and still be understood.
const BELIEFS: usize = 3;

/// The fewest of them that give what the answer returned for the first of these
/// frames, and for all others; the one that counts for the first is told.
pub fn understand(seen: &[(Vec<u8>, Got)]) -> Option<&'static Way> {
    // Who never finds anything may believe whatever he likes.
    if !seen.iter().any(|(_, got)| matches!(got, Got::Found(..))) {
        return None;
    }
    let mut sets: Vec<Vec<&'static Way>> = vec![Vec::new()];
    for way in &WAYS {
        for set in sets.clone() {
            if set.len() < BELIEFS {
                sets.push([&set[..], &[way]].concat());
            }
        }
    }
    sets.sort_by_key(Vec::len);
    let fits = |ways: &Vec<&'static Way>| {
        Skips::all().any(|skips| {
            let model = Model::of(ways, skips);
            seen.iter().all(|(frame, got)| model.read(frame) == *got)
        })
    };
    let ways = sets.into_iter().find(fits)?;
    let (frame, _) = seen.first()?;
    let careful = Skips::all().next()?;
    let alone = |way: &&&Way| Model::of(&[way], careful).read(frame) != Got::right(frame);
    ways.iter().find(alone).or(ways.first()).copied()
}

/// How an answer reads a frame. Every field is the truth at first; a [`Way`]
/// puts something else in its place.
struct Model {
    skips: Skips,
    /// How many bytes it takes for something else at both ends of the frame.
    around: (usize, usize),
    /// Whether the EtherType, the lengths and the ports have their low byte first.
    swapped: [bool; 3],
    ports_swapped: bool,
    /// Where the IPv4 header ends, from the number in its first byte.
    header: fn(usize) -> usize,
    no_options: bool,
    no_flags: bool,
    /// How long the packet is, from its header's length and the total length.
    packet: fn(usize, usize) -> usize,
    /// Where the data begins in the datagram.
    begins: usize,
    ends: Ends,
    no_padding: bool,
    no_surplus: bool,
    no_empty: bool,
    shortest: usize,
}

/// Where the data ends.
#[derive(Clone, Copy)]
enum Ends {
    /// Where UDP's length says.
    Datagram,
    /// There, if UDP's length counted the data alone.
    DataOfLength,
    /// Where the packet ends.
    Packet,
    /// Where the frame ends.
    Frame,
}

/// What it does not look at. That is told at a frame that shows it, and here
/// only says what else it may do.
#[derive(Clone, Copy)]
struct Skips {
    /// Takes lengths as they are, and panics at those that do not fit.
    fits: bool,
    /// What kind of packet it is: the EtherType, the version, and so on.
    kind: bool,
    /// The total length: every packet is taken to end with its frame.
    total: bool,
}

impl Skips {
    fn all() -> impl Iterator<Item = Self> {
        (0..8).map(|bits| Self {
            fits: bits & 1 != 0,
            kind: bits & 2 != 0,
            total: bits & 4 != 0,
        })
    }
}

impl Model {
    fn of(ways: &[&Way], skips: Skips) -> Self {
        let mut model = Self {
            skips,
            around: (0, 0),
            swapped: [false; 3],
            ports_swapped: false,
            header: |words| words * 4,
            no_options: false,
            no_flags: false,
            packet: |_, total| total,
            begins: 8,
            ends: Ends::Datagram,
            no_padding: false,
            no_surplus: false,
            no_empty: false,
            shortest: 0,
        };
        ways.iter().for_each(|way| (way.change)(&mut model));
        model
    }

    fn read(&self, frame: &[u8]) -> Got {
        let broken = if self.skips.fits {
            Got::Panicked
        } else {
            Got::Nothing
        };
        let (front, back) = self.around;
        let inner = frame.get(front..frame.len().saturating_sub(back));
        inner.and_then(|f| self.found(f)).unwrap_or(broken)
    }

    /// What it finds; `None` where the frame does not reach that far.
    fn found(&self, frame: &[u8]) -> Option<Got> {
        let number = |at: usize, kind: usize| {
            let n = two(frame, at)?;
            Some(if self.swapped[kind] {
                n.swap_bytes()
            } else {
                n
            })
        };
        let ethertype = number(12, 0)?;
        let first = *frame.get(IPV4)?;
        let (flags, protocol) = (two(frame, 20)?, *frame.get(23)?);
        let header = (self.header)(usize::from(first & 0xf));
        let fragment = if self.no_flags { flags } else { flags & 0x3fff };
        let other = ethertype != IP || first >> 4 != 4 || protocol != 17 || fragment != 0;
        let refused = frame.len() < self.shortest
            || (other && !self.skips.kind)
            || (self.no_options && first & 0xf != 5);
        if refused {
            return Some(Got::Nothing);
        }
        let start = IPV4 + header;
        let total = (self.packet)(header, usize::from(number(16, 1)?));
        let packet = if self.skips.total {
            frame.len()
        } else {
            IPV4 + total
        };
        let (from, to) = (number(start, 2)?, number(start + 2, 2)?);
        let length = usize::from(number(start + 4, 1)?);
        let (end, fits) = match self.ends {
            Ends::Datagram => (start + length, length >= 8 && start + length <= packet),
            Ends::DataOfLength => (start + 8 + length, start + 8 + length <= packet),
            Ends::Packet => (packet, true),
            Ends::Frame => (frame.len(), true),
        };
        let fits = fits && packet <= frame.len() && start + 8 <= packet;
        if (!self.skips.fits && !fits) || (self.no_padding && packet != frame.len()) {
            return Some(Got::Nothing);
        }
        if self.no_surplus && end != packet {
            return Some(Got::Nothing);
        }
        let data = frame.get(start + self.begins..end)?;
        if self.no_empty && data.is_empty() {
            return Some(Got::Nothing);
        }
        let (from, to) = if self.ports_swapped {
            (to, from)
        } else {
            (from, to)
        };
        Some(Got::Found(from, to, data.to_vec()))
    }
}

/// One wrong way to read a frame: the sentence that tells of it, and the
/// misconception.
pub struct Way {
    pub key: &'static str,
    pub id: Option<&'static str>,
    change: fn(&mut Model),
}

const fn way(key: &'static str, id: Option<&'static str>, change: fn(&mut Model)) -> Way {
    Way { key, id, change }
}

const ORDER: Option<&str> = Some("host-byte-order");
const END: Option<&str> = Some("frame-end-is-data-end");
const TWENTY: Option<&str> = Some("header-is-20-bytes");

/// How a frame may be read wrongly, in the order in which it is explained.
const WAYS: [Way; 22] = [
    way("decapsulate-order-ethertype", ORDER, |m| {
        m.swapped = [true, false, false]
    }),
    way("decapsulate-order-lengths", ORDER, |m| {
        m.swapped = [false, true, false]
    }),
    way("decapsulate-order-ports", ORDER, |m| {
        m.swapped = [false, false, true]
    }),
    way("decapsulate-order", ORDER, |m| {
        m.swapped = [false, true, true]
    }),
    way("decapsulate-order", ORDER, |m| {
        m.swapped = [true, true, true]
    }),
    way("decapsulate-words", TWENTY, |m| m.header = |words| words),
    way("decapsulate-twenty", TWENTY, |m| m.header = |_| 20),
    way("decapsulate-no-options", TWENTY, |m| m.no_options = true),
    way(
        "decapsulate-total-length",
        Some("total-length-is-payload"),
        |m| m.packet = |header, total| header + total,
    ),
    way(
        "decapsulate-udp-length",
        Some("udp-length-is-payload"),
        |m| m.ends = Ends::DataOfLength,
    ),
    way("decapsulate-ports", Some("source-comes-first"), |m| {
        m.ports_swapped = true
    }),
    way("decapsulate-whole-frame", END, |m| m.ends = Ends::Frame),
    way("decapsulate-whole-packet", END, |m| m.ends = Ends::Packet),
    way("decapsulate-no-padding", END, |m| m.no_padding = true),
    way("decapsulate-no-surplus", END, |m| m.no_surplus = true),
    way("decapsulate-preamble", None, |m| m.around = (8, 0)),
    way("decapsulate-frame-check", None, |m| m.around = (0, 4)),
    way("decapsulate-no-flags", None, |m| m.no_flags = true),
    way("decapsulate-header-too", None, |m| m.begins = 0),
    way("decapsulate-no-empty", None, |m| m.no_empty = true),
    way("decapsulate-too-short", None, |m| m.shortest = 60),
    way("decapsulate-too-short", None, |m| m.shortest = 64),
];
