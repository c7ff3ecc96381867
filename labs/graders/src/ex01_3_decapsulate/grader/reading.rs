//! Reads frames as the contract asks, and says why one carries no datagram.

use crate::judge::Fact;
use crate::messages::say;

/// Where the IPv4 header begins, and the UDP header behind one without options.
pub const IPV4: usize = 14;
pub const UDP: usize = IPV4 + 20;
/// The EtherType of IPv4.
pub const IP: u16 = 0x0800;
pub const DONT_FRAGMENT: u16 = 0x4000;
pub const MORE_FRAGMENTS: u16 = 0x2000;
/// How many bytes of data are shown.
const SHOWN: usize = 18;

/// A datagram: its ports and its data.
pub type Datagram<'a> = (u16, u16, &'a [u8]);

/// Why a frame carries no whole datagram over IPv4.
#[derive(Clone, Copy)]
pub enum Reason {
    EndsInside(&'static str),
    EtherType(u16),
    Version(u8),
    HeaderTooShort(usize),
    Protocol(u8),
    Fragment(u16),
    TotalTooShort(usize),
    TotalTooLong(usize),
    LengthTooShort(usize),
    LengthTooLong(usize),
}

impl Reason {
    /// Which of the fields of a frame of this length gives the reason, and what
    /// it means then; without a meaning, the field before which the frame ends.
    pub fn step(self, len: usize) -> (usize, Option<&'static str>) {
        let (step, meaning) = match self {
            Self::EndsInside("part-ethernet") => return (0, None),
            Self::EndsInside(_) => return (if len > IPV4 { 2 } else { 1 }, None),
            Self::EtherType(0x0806) => (0, "is-arp"),
            Self::EtherType(0x86dd) => (0, "is-ipv6"),
            Self::EtherType(0x8100) => (0, "is-tag"),
            Self::EtherType(_) => (0, "is-other-ethertype"),
            Self::Version(_) => (1, "is-version"),
            Self::HeaderTooShort(_) => (1, "is-header-too-short"),
            Self::TotalTooShort(_) => (2, "is-total-too-short"),
            Self::TotalTooLong(_) => (2, "is-total-too-long"),
            Self::Fragment(bits) if bits & 0x1fff == 0 => (3, "is-first-fragment"),
            Self::Fragment(_) => (3, "is-later-fragment"),
            Self::Protocol(1) => (4, "is-icmp"),
            Self::Protocol(6) => (4, "is-tcp"),
            Self::Protocol(_) => (4, "is-other-protocol"),
            Self::LengthTooShort(_) => (5, "is-length-too-short"),
            Self::LengthTooLong(_) => (5, "is-length-too-long"),
        };
        (step, Some(meaning))
    }

    /// The sentence about an answer that takes such a frame, and what it believes.
    pub fn taken(self) -> (&'static str, Option<&'static str>) {
        let (other, fragment) = (
            Some("every-packet-is-udp"),
            Some("every-fragment-has-a-header"),
        );
        let well_formed = Some("every-frame-is-well-formed");
        match self {
            Self::EndsInside(_) => ("decapsulate-took-short", well_formed),
            Self::EtherType(_) => ("decapsulate-took-ethertype", other),
            Self::Version(_) => ("decapsulate-took-version", other),
            Self::HeaderTooShort(_) => ("decapsulate-took-header", well_formed),
            Self::Protocol(_) => ("decapsulate-took-protocol", other),
            Self::Fragment(_) => ("decapsulate-took-fragment", fragment),
            Self::TotalTooShort(_) => ("decapsulate-took-total-short", well_formed),
            Self::TotalTooLong(_) => ("decapsulate-took-total-long", well_formed),
            Self::LengthTooShort(_) => ("decapsulate-took-length-short", well_formed),
            Self::LengthTooLong(_) => ("decapsulate-took-length-long", well_formed),
        }
    }

    /// The number that is the reason, as the header means it.
    pub fn number(self) -> Fact {
        match self {
            Self::EndsInside(part) => say(part, &[]).into(),
            Self::EtherType(n) => spaced(&n.to_be_bytes()).into(),
            Self::Fragment(n) => spaced(&n.to_be_bytes()).into(),
            Self::Version(n) | Self::Protocol(n) => u32::from(n).into(),
            Self::HeaderTooShort(n)
            | Self::TotalTooShort(n)
            | Self::TotalTooLong(n)
            | Self::LengthTooShort(n)
            | Self::LengthTooLong(n) => n.into(),
        }
    }
}

/// The number in two bytes of a frame, if it has them.
pub fn two(frame: &[u8], at: usize) -> Option<u16> {
    let bytes = frame.get(at..at + 2)?;
    Some(u16::from_be_bytes([bytes[0], bytes[1]]))
}

/// Reads a frame as the contract asks.
pub fn read(frame: &[u8]) -> Result<Datagram<'_>, Reason> {
    let inside = |end: usize, part| {
        if frame.len() < end {
            Err(Reason::EndsInside(part))
        } else {
            Ok(())
        }
    };
    let number = |at| two(frame, at).unwrap_or(0);
    inside(IPV4, "part-ethernet")?;
    if number(12) != IP {
        return Err(Reason::EtherType(number(12)));
    }
    inside(UDP, "part-ipv4")?;
    let (version, header) = (frame[IPV4] >> 4, usize::from(frame[IPV4] & 0xf) * 4);
    let (total, flags) = (usize::from(number(16)), number(20));
    if version != 4 {
        return Err(Reason::Version(version));
    }
    if header < 20 {
        return Err(Reason::HeaderTooShort(header));
    }
    inside(IPV4 + header, "part-ipv4")?;
    if IPV4 + total > frame.len() {
        return Err(Reason::TotalTooLong(total));
    }
    if flags & (MORE_FRAGMENTS | 0x1fff) != 0 {
        return Err(Reason::Fragment(flags));
    }
    if frame[23] != 17 {
        return Err(Reason::Protocol(frame[23]));
    }
    if total < header + 8 {
        return Err(Reason::TotalTooShort(total));
    }
    let udp = &frame[IPV4 + header..IPV4 + total];
    let length = usize::from(number(IPV4 + header + 4));
    if length < 8 {
        return Err(Reason::LengthTooShort(length));
    }
    let data = udp.get(8..length).ok_or(Reason::LengthTooLong(length))?;
    Ok((number(IPV4 + header), number(IPV4 + header + 2), data))
}

/// What came of a call.
#[derive(Clone, PartialEq, Eq)]
pub enum Got {
    Nothing,
    Found(u16, u16, Vec<u8>),
    Panicked,
}

impl Got {
    pub fn of(value: &[Vec<u8>]) -> Self {
        let text = |at: usize| {
            value
                .get(at)
                .map(|v| String::from_utf8_lossy(v).into_owned())
        };
        let port = |at| text(at).and_then(|t| t.parse().ok());
        match (port(0), port(1), value.get(2)) {
            (Some(from), Some(to), Some(data)) => Self::Found(from, to, data.clone()),
            _ => Self::Nothing,
        }
    }

    pub fn right(frame: &[u8]) -> Self {
        read(frame).map_or(Self::Nothing, |(from, to, data)| {
            Self::Found(from, to, data.to_vec())
        })
    }

    /// The value as Rust writes it, with the first bytes of the data.
    pub fn shown(&self) -> String {
        let Self::Found(from, to, data) = self else {
            return "None".into();
        };
        let first = &data[..data.len().min(SHOWN)];
        let text = first.iter().all(|b| matches!(b, b' '..=b'~' | 0));
        let first = if text {
            format!(
                "b\"{}\"",
                first.escape_ascii().to_string().replace("\\x00", "\\0")
            )
        } else {
            format!("{first:02x?}")
        };
        if data.len() <= SHOWN {
            return format!("Some(({from}, {to}, {first}))");
        }
        let all = say("some-bytes", &[("len", data.len().into())]);
        format!("Some(({from}, {to}, {first}…)), {all}")
    }
}

/// What the sentences about a frame may need to know; 0 where it is too short.
pub fn fields(frame: &[u8]) -> Vec<(&'static str, Fact)> {
    let byte = |at: usize| frame.get(at).copied().map_or(0, usize::from);
    let number = |at| two(frame, at).map_or(0, usize::from);
    let header = (byte(IPV4) & 0xf) * 4;
    let start = IPV4 + header;
    vec![
        ("size", some_bytes(frame.len())),
        ("header", header.into()),
        ("version", (byte(IPV4) >> 4).into()),
        ("protocol", byte(23).into()),
        ("offset", ((number(20) & 0x1fff) * 8).into()),
        ("total", number(16).into()),
        ("packet", (IPV4 + number(16)).into()),
        ("udp", start.into()),
        ("data", (start + 8).into()),
        ("length", number(start + 4).into()),
        ("end", (start + number(start + 4)).into()),
    ]
}

/// So many bytes, in words.
pub fn some_bytes(len: usize) -> Fact {
    say("some-bytes", &[("len", len.into())]).into()
}

/// Bytes in hexadecimal.
pub fn spaced(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect::<Vec<_>>()
        .join(" ")
}
