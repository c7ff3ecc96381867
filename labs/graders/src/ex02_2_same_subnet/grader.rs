//! Judges exercise 2.2: pairs of addresses of both families with borders at
//! every bit.

use std::net::IpAddr;

use crate::judge::{Bench, Event, Fact, Outcome, Scene};

/// Pairs and prefixes, the plain ones first.
const FIXED: [(&str, &str, u8); 49] = [
    ("192.168.1.10", "192.168.1.77", 24),
    ("192.168.1.10", "192.168.2.10", 24),
    ("10.1.2.3", "10.200.7.9", 8),
    ("10.1.2.3", "11.1.2.3", 8),
    ("172.16.5.1", "172.16.200.9", 16),
    ("172.16.5.1", "172.17.5.1", 16),
    ("192.168.1.0", "192.168.1.255", 24),
    ("10.1.2.200", "10.1.2.100", 26),
    ("10.1.2.70", "10.1.2.100", 26),
    ("172.16.0.1", "172.31.255.254", 12),
    ("172.31.255.254", "172.32.0.1", 12),
    ("198.51.100.17", "198.51.100.20", 30),
    ("198.51.100.16", "198.51.100.19", 30),
    ("192.0.2.0", "192.0.2.1", 31),
    ("192.0.2.1", "192.0.2.2", 31),
    ("192.0.2.1", "192.0.2.1", 32),
    ("192.0.2.1", "192.0.2.0", 32),
    ("100.64.0.1", "127.255.255.255", 1),
    ("100.64.0.1", "200.64.0.1", 1),
    ("203.0.113.5", "10.0.0.1", 0),
    ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", 64),
    ("2001:db8:0:1::1", "2001:db8:0:2::1", 64),
    ("2001:db8:0:1::1", "2001:db8:0:2::1", 48),
    ("2001:db8:0:1::1", "2001:db9:0:1::1", 32),
    ("2001:db8:aa00::1", "2001:db8:aaff::1", 40),
    ("2001:db8:aa00::1", "2001:db8:ab00::1", 40),
    ("2001:db8:0:8::1", "2001:db8:0:f::1", 61),
    ("2001:db8:0:8::1", "2001:db8:0:7::1", 61),
    ("2001:db8::", "2001:db8::1", 127),
    ("2001:db8::1", "2001:db8::2", 127),
    ("2001:db8::1", "2001:db8::1", 128),
    ("2001:db8::1", "2001:db8::", 128),
    ("2001:db8::1", "3fff::1", 3),
    ("2001:db8::1", "fe80::1", 0),
    ("10.0.0.1", "::1", 32),
    ("32.1.13.184", "2001:db8::1", 24),
    ("2001:db8::1", "32.1.13.184", 8),
    ("10.0.0.1", "2001:db8::1", 0),
    ("2001:db8::1", "10.0.0.1", 0),
    ("::1", "10.0.0.1", 0),
    ("10.0.0.1", "::1", 8),
    ("0.0.0.0", "::", 32),
    ("::", "0.0.0.0", 0),
    ("10.0.0.1", "::ffff:10.0.0.1", 24),
    ("::ffff:10.0.0.1", "10.0.0.1", 32),
    ("::ffff:10.0.0.1", "::ffff:10.200.7.9", 104),
    ("::ffff:10.0.0.1", "::ffff:10.0.0.2", 120),
    ("::ffff:10.0.0.1", "::ffff:10.0.1.1", 120),
    ("::ffff:10.0.0.1", "::ffff:10.0.0.2", 128),
];

/// How many pairs are asked at random.
const RANDOM: usize = 200;

/// Asks about one pair after the other.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut scene = Scene::start(bench)?;
    for pair in fixed() {
        ask(bench, &mut scene, pair)?;
    }
    for _ in 0..RANDOM {
        ask(bench, &mut scene, some_pair(&mut random))?;
    }
    Ok(())
}

fn fixed() -> impl Iterator<Item = Pair> {
    let parse =
        |(a, b, prefix): (&str, &str, u8)| Some(Pair::of(a.parse().ok()?, b.parse().ok()?, prefix));
    FIXED.into_iter().filter_map(parse)
}

/// Two addresses that have about as many bits in common as the prefix asks for.
fn some_pair(random: &mut fastrand::Rng) -> Pair {
    let width: u32 = if random.bool() { 32 } else { 128 };
    let prefix = random.u32(0..=width);
    let common = match random.u8(..4) {
        0 => random.u32(0..=width),
        _ => (prefix + random.u32(..3)).saturating_sub(1).min(width),
    };
    let address = |bits: u128| match width {
        32 => IpAddr::V4((bits as u32).into()),
        _ => IpAddr::V6(bits.into()),
    };
    let a = random.u128(..);
    let flipped = 1u128.checked_shl(width - common).unwrap_or(0) >> 1;
    let behind = random.u128(..) & flipped.saturating_sub(1);
    Pair::of(address(a), address(a ^ flipped ^ behind), prefix as u8)
}

/// Asks about one pair.
fn ask(bench: &Bench<'_>, scene: &mut Scene, pair: Pair) -> Result<(), Outcome> {
    match put(scene, pair)? {
        Event::Returned(value) => {
            let got = value.first().is_some_and(|v| v == b"true");
            if got == pair.same() {
                return Ok(());
            }
            let (shown, wanted) = (got.to_string(), pair.same().to_string());
            scene.returned(&shown, Some(&wanted));
            let (key, cause) = explain(bench, pair, got);
            Err(scene.not_yet(key, &pair.facts(&shown), cause))
        }
        event @ Event::Unwound { .. } => {
            let overflow = |what: &str| {
                let message = scene.panic_message().unwrap_or_default();
                message.starts_with("attempt to") && message.contains(what)
            };
            let all = pair.prefix == 0 || pair.prefix == pair.width;
            let cause = if pair.width == 128 && !all && (overflow("shift") || overflow("subtract"))
            {
                Some(("subnet-32-bits-panic", "an-address-has-32-bits"))
            } else if overflow("shift") {
                Some(("subnet-shift-panic", "shift-by-all-bits"))
            } else {
                None
            };
            let mut outcome = scene.because(event, cause, "expecting-return");
            if let Outcome::NotYet(finding) = &mut outcome {
                finding.facts.push(("prefix", pair.prefix.into()));
            }
            Err(outcome)
        }
        other => Err(scene.usual(other, "expecting-return")),
    }
}

/// Calls the answer with a pair.
fn put(scene: &mut Scene, pair: Pair) -> Result<Event, Outcome> {
    let texts = [
        pair.a.to_string(),
        pair.b.to_string(),
        pair.prefix.to_string(),
    ];
    let arguments = [
        texts[0].as_bytes(),
        texts[1].as_bytes(),
        texts[2].as_bytes(),
    ];
    scene.ask("called-subnet", &pair.facts(""), &arguments)
}

/// The message and the misconception for a wrong value: the belief that gives
/// this one too, and that gives more of the answer's other values than the
/// truth does.
fn explain(bench: &Bench<'_>, pair: Pair, got: bool) -> Words {
    if pair.width == 0 {
        let same = pair.a.to_canonical() == pair.b.to_canonical();
        return match same {
            true => ("subnet-mapped", None),
            false => ("subnet-families", None),
        };
    }
    let values = values(bench);
    let fits = |gives: &dyn Fn(Pair) -> bool| {
        values
            .iter()
            .filter(|(pair, got)| gives(*pair) == *got)
            .count()
    };
    let enough = (fits(&|pair| pair.same()) + 1).max(values.len() * 19 / 20);
    BELIEFS
        .into_iter()
        .filter(|(rule, _)| rule.gives(pair) == got)
        .map(|(rule, words)| (fits(&|pair| rule.gives(pair)), words))
        .filter(|(fits, _)| *fits >= enough)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map_or(OTHER, |(_, words)| words)
}

/// What the answer gives to the fixed pairs and to some at random, in runs of
/// its own; where it panics, it gives nothing.
fn values(bench: &Bench<'_>) -> Vec<(Pair, bool)> {
    let mut random = fastrand::Rng::with_seed(1);
    let more: Vec<Pair> = (0..100).map(|_| some_pair(&mut random)).collect();
    let mut values = Vec::new();
    let mut running = None;
    let mut panics = 0;
    for pair in fixed().chain(more) {
        let Some(mut scene) = running.take().or_else(|| Scene::start(bench).ok()) else {
            break;
        };
        match put(&mut scene, pair) {
            Ok(Event::Returned(value)) => {
                values.push((pair, value.first().is_some_and(|v| v == b"true")));
                running = Some(scene);
            }
            Ok(Event::Unwound { .. }) if panics < 30 => panics += 1,
            _ => break,
        }
    }
    values
}

/// A message, and the misconception behind it where there is one.
type Words = (&'static str, Option<&'static str>);

const FROM_RIGHT: Words = ("subnet-from-right", Some("prefix-counts-from-the-right"));
const NATIVE: Words = ("subnet-native-order", Some("host-byte-order"));
const OCTETS: Words = ("subnet-octets", Some("prefix-is-an-octet"));
const BITS_32: Words = ("subnet-32-bits", Some("an-address-has-32-bits"));
const BITS_64: Words = ("subnet-64-bits", None);
const NEVER_V6: Words = ("subnet-never-ipv6", Some("an-address-has-32-bits"));
const WRAPS_FULL: Words = ("subnet-wraps-full", Some("shift-by-all-bits"));
const WRAPS: Words = ("subnet-wraps", Some("shift-by-all-bits"));
const OTHER: Words = ("subnet-value", None);

/// What one may believe. The last ones explain nothing; they keep others from
/// explaining what they do not.
#[rustfmt::skip]
const BELIEFS: [(Rule, Words); 26] = [
    (Rule::Shift, FROM_RIGHT),
    (Rule::LowBits, FROM_RIGHT),
    (Rule::Reversed { v6: true }, NATIVE),
    (Rule::Reversed { v6: false }, NATIVE),
    (Rule::Border { v4: 8, v6: 8, up: false }, OCTETS),
    (Rule::Border { v4: 8, v6: 16, up: false }, OCTETS),
    (Rule::Border { v4: 8, v6: 1, up: false }, OCTETS),
    (Rule::Border { v4: 1, v6: 8, up: false }, OCTETS),
    (Rule::Border { v4: 1, v6: 16, up: false }, OCTETS),
    (Rule::Border { v4: 8, v6: 8, up: true }, OCTETS),
    (Rule::Border { v4: 8, v6: 16, up: true }, OCTETS),
    (Rule::Border { v4: 8, v6: 1, up: true }, OCTETS),
    (Rule::Border { v4: 1, v6: 8, up: true }, OCTETS),
    (Rule::Border { v4: 1, v6: 16, up: true }, OCTETS),
    (Rule::First32, BITS_32),
    (Rule::Last32 { capped: true }, BITS_32),
    (Rule::Last32 { capped: false }, BITS_32),
    (Rule::NeverV6, NEVER_V6),
    (Rule::AllForNone, WRAPS),
    (Rule::NoneForAll, WRAPS_FULL),
    (Rule::First64, BITS_64),
    (Rule::Fixed { v4: 24 }, OTHER),
    (Rule::Fixed { v4: 0 }, OTHER),
    (Rule::Equal, OTHER),
    (Rule::Always(false), OTHER),
    (Rule::Always(true), OTHER),
];

/// What a belief makes of the first bits.
#[derive(Clone, Copy)]
enum Rule {
    /// Borders are after so many bits alone.
    Border { v4: u32, v6: u32, up: bool },
    /// Shifts the prefix out on the right, and compares the rest.
    Shift,
    /// Compares the last bits, as many as the prefix says.
    LowBits,
    /// Takes the last byte for the first; of IPv6 perhaps not.
    Reversed { v6: bool },
    /// Compares no more than the first 32 bits.
    First32,
    /// Compares no more than the first 64 bits.
    First64,
    /// Keeps the last 32 bits of an IPv6 address; a longer prefix asks for 32
    /// of them, or for more than there are.
    Last32 { capped: bool },
    /// Knows IPv4 alone.
    NeverV6,
    /// Compares all bits where the prefix is 0: the mask wrapped around.
    AllForNone,
    /// Compares no bit where the prefix is all of them, for the same reason.
    NoneForAll,
    /// Compares always so many bits of an IPv4 address, and half of an IPv6
    /// address; with 0 it looks at IPv4's prefix as it should.
    Fixed { v4: u32 },
    /// Does not look at the prefix.
    Equal,
    /// Looks at nothing.
    Always(bool),
}

impl Rule {
    fn gives(self, pair: Pair) -> bool {
        let Pair { prefix, width, .. } = pair;
        let (a, b) = (pair.left(pair.a), pair.left(pair.b));
        let differ = a ^ b; // the address's bits are the first ones
        let first = |bits: u32| differ.leading_zeros() >= bits;
        let v6 = width == 128;
        match self {
            Rule::Always(value) => value,
            _ if width == 0 => false,
            Rule::Border { v4, v6: groups, up } => {
                let step = if v6 { groups } else { v4 };
                let down = prefix / step * step;
                first(if up {
                    prefix.next_multiple_of(step)
                } else {
                    down
                })
            }
            Rule::Shift => first(width - prefix),
            Rule::LowBits => {
                let unused = 128 - width;
                (differ >> unused).trailing_zeros() >= prefix
            }
            Rule::Reversed { v6: reversed } if reversed || !v6 => {
                let bytes = (differ >> (128 - width)).swap_bytes();
                bytes.leading_zeros() >= prefix
            }
            Rule::First32 if v6 => first(prefix.min(32)),
            Rule::First64 if v6 => first(prefix.min(64)),
            Rule::Fixed { .. } if v6 => first(64),
            Rule::Fixed { v4 } if v4 > 0 => first(v4),
            Rule::Last32 { capped } if v6 => {
                let bits = if capped { prefix.min(32) } else { prefix };
                (differ as u32).leading_zeros() >= bits
            }
            Rule::NeverV6 if v6 => false,
            Rule::AllForNone if prefix == 0 => differ == 0,
            Rule::NoneForAll if prefix == width => true,
            Rule::Equal => differ == 0,
            _ => pair.same(),
        }
    }
}

/// Two addresses and a prefix length.
#[derive(Clone, Copy)]
struct Pair {
    a: IpAddr,
    b: IpAddr,
    prefix: u32,
    /// How many bits both have; 0 when they are of different families.
    width: u32,
}

impl Pair {
    fn of(a: IpAddr, b: IpAddr, prefix: u8) -> Self {
        let width = match (a, b) {
            (IpAddr::V4(_), IpAddr::V4(_)) => 32,
            (IpAddr::V6(_), IpAddr::V6(_)) => 128,
            _ => 0,
        };
        let prefix = prefix.into();
        Self {
            a,
            b,
            prefix,
            width,
        }
    }

    /// What is so.
    fn same(&self) -> bool {
        self.width > 0 && self.common() >= self.prefix
    }

    /// How many first bits both have in common.
    fn common(&self) -> u32 {
        let differ = self.left(self.a) ^ self.left(self.b);
        differ.leading_zeros().min(self.width)
    }

    /// An address as a number whose first bits are those of the address.
    fn left(&self, address: IpAddr) -> u128 {
        match address {
            IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
            IpAddr::V6(address) => address.into(),
        }
    }

    fn facts(&self, got: &str) -> [(&'static str, Fact); 5] {
        [
            ("a", self.a.to_string().into()),
            ("b", self.b.to_string().into()),
            ("prefix", self.prefix.into()),
            ("common", self.common().into()),
            ("got", got.into()),
        ]
    }
}
