//! Judges exercise 2.1: an address of each kind, both sides of every border of
//! every range, and addresses at random.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Kind;
use crate::judge::{Bench, Event, Fact, Outcome, Scene};

/// The judge's own list of the ranges: kind, first address, prefix length.
/// IPv6's stand behind IPv4's.
#[rustfmt::skip]
const RANGES: [Range; 19] = [
    v4(Kind::Unspecified, [0, 0, 0, 0], 32),
    v4(Kind::Loopback, [127, 0, 0, 0], 8),
    v4(Kind::Private, [10, 0, 0, 0], 8),
    v4(Kind::Private, [172, 16, 0, 0], 12),
    v4(Kind::Private, [192, 168, 0, 0], 16),
    v4(Kind::Shared, [100, 64, 0, 0], 10),
    v4(Kind::LinkLocal, [169, 254, 0, 0], 16),
    v4(Kind::Multicast, [224, 0, 0, 0], 4),
    v4(Kind::Documentation, [192, 0, 2, 0], 24),
    v4(Kind::Documentation, [198, 51, 100, 0], 24),
    v4(Kind::Documentation, [203, 0, 113, 0], 24),
    v4(Kind::Broadcast, [255, 255, 255, 255], 32),
    v6(Kind::Unspecified, [0, 0, 0, 0, 0, 0, 0, 0], 128),
    v6(Kind::Loopback, [0, 0, 0, 0, 0, 0, 0, 1], 128),
    v6(Kind::Private, [0xfc00, 0, 0, 0, 0, 0, 0, 0], 7),
    v6(Kind::LinkLocal, [0xfe80, 0, 0, 0, 0, 0, 0, 0], 10),
    v6(Kind::Multicast, [0xff00, 0, 0, 0, 0, 0, 0, 0], 8),
    v6(Kind::Documentation, [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    v6(Kind::Documentation, [0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

/// What stands in IANA's special-purpose registries besides: no address of it
/// is asked about, so its kind counts for nothing. In IPv6 the same holds for
/// all that is neither of a range nor global unicast, `2000::/3`: the rest is
/// reserved. So some borders are asked from the inside alone, and too wide a
/// range passes there: to call 0.0.0.1, 255.255.255.254, fe00::1, fec0::1 or
/// ::ffff:0:0:1 `Public` would be no better.
#[rustfmt::skip]
const NOT_ASKED: [Range; 11] = [
    v4(Kind::Public, [0, 0, 0, 0], 8),
    v4(Kind::Public, [192, 0, 0, 0], 24),
    v4(Kind::Public, [192, 31, 196, 0], 24),
    v4(Kind::Public, [192, 52, 193, 0], 24),
    v4(Kind::Public, [192, 88, 99, 0], 24),
    v4(Kind::Public, [192, 175, 48, 0], 24),
    v4(Kind::Public, [198, 18, 0, 0], 15),
    v4(Kind::Public, [240, 0, 0, 0], 4),
    v6(Kind::Public, [0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    v6(Kind::Public, [0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    v6(Kind::Public, [0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48),
];

/// Addresses of each kind, the best known first.
const KNOWN: [&str; 47] = [
    "127.0.0.1",
    "192.168.1.20",
    "1.2.3.4",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.20.10.2",
    "172.31.200.7",
    "172.32.0.1",
    "192.167.1.20",
    "127.0.0.53",
    "169.254.17.3",
    "100.64.0.1",
    "100.100.100.100",
    "100.128.0.1",
    "224.0.0.251",
    "232.1.2.3",
    "239.255.255.250",
    "255.255.255.255",
    "192.168.1.255",
    "192.0.2.1",
    "198.51.100.7",
    "203.0.113.9",
    "198.51.101.7",
    "::1",
    "::",
    "2600:1:2:3::4",
    "2001:db8::1",
    "fe80::1",
    "fe9a::1",
    "febf:1::2",
    "fd12:3456:789a::1",
    "fc00::1",
    "ff02::fb",
    "ff0e::101",
    "ff3e::8000:1",
    "2001:db9::1",
    "3fff::1",
    "3fff:123::1",
    "3fff:fff:1::1",
    "3fff:1000::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:1.2.3.4",
    "::ffff:192.0.2.1",
    "::ffff:255.255.255.255",
    "::ffff:0.0.0.0",
];

/// How many addresses are asked at random.
const RANDOM: usize = 150;

/// Asks about one address after the other.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut scene = Scene::start(bench)?;
    for text in KNOWN {
        ask(&mut scene, text.parse().unwrap_or(LOOPBACK_V6))?;
    }
    for address in RANGES.iter().flat_map(Range::borders) {
        ask(&mut scene, address)?;
    }
    for _ in 0..RANDOM {
        ask(&mut scene, some_address(&mut random))?;
    }
    Ok(())
}

/// Asks about one address, unless the contract leaves it out.
fn ask(scene: &mut Scene, address: IpAddr) -> Result<(), Outcome> {
    let Some(want) = kind(address) else {
        return Ok(());
    };
    let text = address.to_string();
    let facts = [("address", text.as_str().into())];
    match scene.ask("called-classify", &facts, &[text.as_bytes()])? {
        Event::Returned(value) => {
            let name = value.into_iter().next().unwrap_or_default();
            let name = String::from_utf8_lossy(&name);
            let wanted = format!("{want:?}");
            if name == wanted {
                return Ok(());
            }
            scene.returned(&name, Some(&wanted));
            let (key, cause) = explain(address, &name);
            Err(scene.not_yet(key, &facts_of(address, &name), cause))
        }
        other => Err(scene.usual(other, "expecting-return")),
    }
}

/// The message and the misconception for an address that was given a wrong
/// kind: what would have to be believed to come to this one?
fn explain(address: IpAddr, got: &str) -> (&'static str, Option<&'static str>) {
    let plain = address.to_canonical();
    let got_is = |kind: Kind| got == format!("{kind:?}");
    let octet = Some("prefix-is-an-octet");
    match (plain, RANGES.iter().find(|range| range.holds(plain))) {
        // As an IPv6 address it lies in none of the ranges.
        _ if plain != address && got_is(Kind::Public) => {
            ("classify-mapped", Some("mapped-is-an-ipv6-address"))
        }
        (IpAddr::V4(_), Some(range)) if range.kind == Kind::Loopback && got_is(Kind::Public) => {
            ("classify-loopback", Some("loopback-is-one-address"))
        }
        (IpAddr::V4(a), None) if a.octets()[0] == 172 && got_is(Kind::Private) => {
            ("classify-172", Some("private-is-192-168"))
        }
        (IpAddr::V4(a), _) if a.octets()[3] == 255 && got_is(Kind::Broadcast) => {
            ("classify-broadcast", None)
        }
        // What is in the middle was asked before the end.
        (_, Some(range))
            if got_is(Kind::Public) && range.prefix < range.width() && range.end().holds(plain) =>
        {
            ("classify-end", None)
        }
        // The border at the next dot or colon to the right leaves it out.
        (_, Some(range)) if got_is(Kind::Public) && range.narrowed().any(|r| !r.holds(plain)) => {
            ("classify-border", octet)
        }
        (IpAddr::V4(_), Some(range)) if range.kind == Kind::Private && got_is(Kind::Public) => {
            ("classify-private", Some("private-is-192-168"))
        }
        // The border at the next dot or colon to the left lets it in.
        (_, None) if widened(plain).any(|range| got_is(range.kind)) => ("classify-border", octet),
        // to_ipv4 makes 0.0.0.1 of it.
        _ if address == LOOPBACK_V6 && got_is(Kind::Public) => ("classify-compatible", None),
        (_, Some(_)) => ("classify-inside", None),
        (_, None) => ("classify-outside", None),
    }
}

/// What the messages know: the address, the range that it lies in, or that it
/// would lie in if the border were at a dot.
fn facts_of(address: IpAddr, got: &str) -> [(&'static str, Fact); 7] {
    let plain = address.to_canonical();
    let inside = RANGES.iter().find(|range| range.holds(plain));
    let near = widened(plain).find(|range| format!("{:?}", range.kind) == got);
    let text = |address: Option<IpAddr>| address.map_or(String::new(), |a| a.to_string());
    let range = inside.copied().or(near);
    [
        ("address", address.to_string().into()),
        ("plain", plain.to_string().into()),
        ("got", got.into()),
        (
            "want",
            format!("{:?}", kind(address).unwrap_or(Kind::Public)).into(),
        ),
        ("range", range.map_or(String::new(), |r| r.name()).into()),
        ("first", text(range.map(|r| r.first)).into()),
        ("last", text(range.map(|r| r.last())).into()),
    ]
}

/// The kind of an address, unless the contract leaves it out.
fn kind(address: IpAddr) -> Option<Kind> {
    let address = address.to_canonical();
    let within = |ranges: &[Range]| ranges.iter().find(|r| r.holds(address)).map(|r| r.kind);
    let global = match address {
        IpAddr::V4(_) => true,
        IpAddr::V6(address) => address.segments()[0] & 0xe000 == 0x2000,
    };
    within(&RANGES).or((global && within(&NOT_ASKED).is_none()).then_some(Kind::Public))
}

/// An address at random: of a range, or a public one; of IPv4 also in IPv6's
/// spelling.
fn some_address(random: &mut fastrand::Rng) -> IpAddr {
    let address = match random.usize(..RANGES.len() + 8) {
        public if public < 4 => IpAddr::V4(random.u32(..).into()),
        public if public < 8 => {
            // The blocks from which the regional registries give addresses.
            let block = [0x2400, 0x2600, 0x2800, 0x2a00, 0x2c00][random.usize(..5)];
            let rest = random.u128(..) >> 12;
            IpAddr::V6(((block << 112) | rest).into())
        }
        range => {
            let range = RANGES[range - 8];
            let inside = random.u128(..) & range.host_bits();
            range.at(range.bits() | inside)
        }
    };
    match address {
        IpAddr::V4(address) if random.u8(..4) == 0 => IpAddr::V6(address.to_ipv6_mapped()),
        other => other,
    }
}

const LOOPBACK_V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// A range of addresses, all of one kind.
#[derive(Clone, Copy)]
struct Range {
    kind: Kind,
    first: IpAddr,
    prefix: u32,
}

const fn v4(kind: Kind, first: [u8; 4], prefix: u32) -> Range {
    let [a, b, c, d] = first;
    let first = IpAddr::V4(Ipv4Addr::new(a, b, c, d));
    Range {
        kind,
        first,
        prefix,
    }
}

const fn v6(kind: Kind, first: [u16; 8], prefix: u32) -> Range {
    let [a, b, c, d, e, f, g, h] = first;
    let first = IpAddr::V6(Ipv6Addr::new(a, b, c, d, e, f, g, h));
    Range {
        kind,
        first,
        prefix,
    }
}

impl Range {
    /// As it is written, `10.0.0.0/8`, or the one address that it is.
    fn name(&self) -> String {
        if self.prefix == self.width() {
            self.first.to_string()
        } else {
            format!("{}/{}", self.first, self.prefix)
        }
    }

    /// How many bits its addresses have.
    fn width(&self) -> u32 {
        if self.first.is_ipv4() { 32 } else { 128 }
    }

    /// The first address as a number.
    fn bits(&self) -> u128 {
        bits(self.first)
    }

    /// Ones where its addresses differ from each other.
    fn host_bits(&self) -> u128 {
        let ones = if self.width() == 32 {
            u128::from(u32::MAX)
        } else {
            u128::MAX
        };
        ones.checked_shr(self.prefix).unwrap_or(0)
    }

    /// An address of this family by its number; too large a number wraps.
    fn at(&self, bits: u128) -> IpAddr {
        match self.first {
            IpAddr::V4(_) => IpAddr::V4((bits as u32).into()),
            IpAddr::V6(_) => IpAddr::V6(bits.into()),
        }
    }

    /// After how many bits a dot or a colon may stand, where its border is at
    /// neither and inside a byte.
    fn steps(&self) -> impl Iterator<Item = u32> + use<> {
        let steps: &'static [u32] = match (self.prefix % 8, self.width()) {
            (0, _) => &[],
            (_, 32) => &[8],
            _ => &[8, 16],
        };
        steps.iter().copied()
    }

    fn last(&self) -> IpAddr {
        self.at(self.bits() | self.host_bits())
    }

    fn holds(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.first.is_ipv4()
            && self.bits() <= bits(address)
            && bits(address) <= bits(self.last())
    }

    /// The addresses on both sides of both borders; those of IPv4 also in
    /// IPv6's spelling.
    fn borders(&self) -> Vec<IpAddr> {
        let (first, last) = (self.bits(), bits(self.last()));
        let mut borders = vec![self.first, self.last()];
        borders.extend(first.checked_sub(1).map(|before| self.at(before)));
        borders.extend(last.checked_add(1).map(|behind| self.at(behind)));
        let mapped = |address: &IpAddr| match address {
            IpAddr::V4(address) => Some(IpAddr::V6(address.to_ipv6_mapped())),
            IpAddr::V6(_) => None,
        };
        let mapped: Vec<IpAddr> = borders.iter().filter_map(mapped).collect();
        borders.extend(mapped);
        borders
    }

    /// What lies in it with the highest number of the octet, in IPv6 of the
    /// group, in which its border is; nothing but the last address where the
    /// border is at a dot or a colon.
    fn end(&self) -> Range {
        let step = if self.width() == 32 { 8 } else { 16 };
        let prefix = match self.prefix % step {
            0 => self.width(),
            _ => self.prefix.next_multiple_of(step),
        };
        let end = Range { prefix, ..*self };
        Range {
            first: self.at(bits(self.last()) & !end.host_bits()),
            ..end
        }
    }

    /// The range with its border at the next dot to the right; in IPv6 also at
    /// the next colon. The same range where its border is between two bytes.
    fn narrowed(&self) -> impl Iterator<Item = Range> {
        let range = *self;
        range.steps().map(move |step| Range {
            prefix: range.prefix.next_multiple_of(step),
            ..range
        })
    }
}

/// The ranges that would hold an address if their borders were at the next dot
/// (in IPv6 also at the next colon) to the left, but not at the very front.
fn widened(address: IpAddr) -> impl Iterator<Item = Range> {
    let widen = |range: &'static Range| {
        range.steps().map(|step| Range {
            prefix: range.prefix / step * step,
            ..*range
        })
    };
    let holds = move |range: &Range| {
        let wide = Range {
            first: range.at(range.bits() & !range.host_bits()),
            ..*range
        };
        range.prefix > 0 && wide.holds(address)
    };
    RANGES
        .iter()
        .flat_map(move |range| widen(range).filter(holds).map(|_| *range))
}

/// An address as a number.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}
