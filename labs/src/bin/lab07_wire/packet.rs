//! Where a TCP segment or a UDP datagram lies in a frame.

/// A TCP or UDP packet's fields, taken from its frame.
pub struct Packet<'a> {
    pub ports: (u16, u16),
    /// Of TCP: sequence number, acknowledgement number, flags.
    pub tcp: Option<(u32, u32, u8)>,
    pub data: &'a [u8],
}

/// Finds TCP or UDP over IPv4 in a frame; `None` for anything else, and for
/// what is too short for its own lengths.
pub fn packet(frame: &[u8]) -> Option<Packet<'_>> {
    let (ethernet, ip) = frame.split_at_checked(14)?;
    let header = usize::from(ip.first()? & 0x0f) * 4;
    let total = usize::from(u16::from_be_bytes([*ip.get(2)?, *ip.get(3)?]));
    let is_first = [ip.get(6)? & 0x1f, *ip.get(7)?] == [0, 0]; // of its fragments
    if ethernet[12..] != [0x08, 0x00] || header < 20 || !is_first {
        return None;
    }
    let segment = ip.get(header..total)?;
    let u16_at = |at: usize| {
        Some(u16::from_be_bytes([
            *segment.get(at)?,
            *segment.get(at + 1)?,
        ]))
    };
    let u32_at = |at: usize| Some(u32::from(u16_at(at)?) << 16 | u32::from(u16_at(at + 2)?));
    let ports = (u16_at(0)?, u16_at(2)?);
    match ip[9] {
        6 => Some(Packet {
            ports,
            tcp: Some((u32_at(4)?, u32_at(8)?, *segment.get(13)?)),
            data: segment.get(usize::from(segment.get(12)? >> 4) * 4..)?,
        }),
        17 => Some(Packet {
            ports,
            tcp: None,
            data: segment.get(8..)?,
        }),
        _ => None,
    }
}
