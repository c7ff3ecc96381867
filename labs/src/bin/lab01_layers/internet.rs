//! The headers of the internet layer. Each function gives back what the frame
//! has after its packet.

use super::meaning::{
    bytes, checked, content, fragment, ipv4_address, ipv6_address, protocol, treatment,
};
use super::names::{Inside, Layer, Outcome, all_there, header, inside};
use super::options;
use super::span::{Field, Span};

/// An IPv4 packet (RFC 791).
pub fn ipv4<'a>(from: Span<'a>, layers: &mut Vec<Layer>) -> Outcome<Span<'a>> {
    let h = header(from, 20, ("internet", "IPv4"), layers)?;
    let (version, size) = (h.number(0..1) >> 4, (h.number(0..1) & 0xf) * 4);
    let (total, flags) = (h.number(2..4), h.number(6..8));
    let (packet, after) = from.split(total);
    let (whole, data) = packet.split(size);
    let options = ipv4_header(h, whole, layers);
    if version != 4 {
        return Err(other_version(4, version));
    }
    if size < 20 || total < size {
        return Err(format!(
            "the IPv4 header says that it has {size} bytes of the packet's {total}; it has at least 20"
        ));
    }
    all_there("IPv4 header", size, from.len())?;
    options?;
    let packet = Inside {
        protocol: h.number(9..10),
        addresses: h.split(12).1.bytes,
        data,
        offset: (flags & 0x1fff) * 8,
        complete: flags & 0x3fff == 0 && total <= from.len(),
    };
    let outcome = inside(&packet, layers);
    all_there("IPv4 packet", total, from.len())?;
    outcome.map(|()| after)
}

/// Names the 20 bytes of `h`, and the options that the `whole` header has.
fn ipv4_header(h: Span, whole: Span, layers: &mut Vec<Layer>) -> Outcome {
    let (size, total) = ((h.number(0..1) & 0xf) * 4, h.number(2..4));
    let what = match h.number(6..8) & 0x3fff {
        0 => content(h.number(9..10)),
        _ => "data", // a fragment
    };
    let rest = total.saturating_sub(size);
    let lengths = format!("{total} = {size} header + {rest} {what}");
    let sum = checked(whole.bytes, 10, &[]);
    let mut fields = vec![
        h.part(0..1, "x.", "version", h.number(0..1) >> 4),
        h.part(0..1, ".x", "header length", words(size)),
        h.field(1..2, "DSCP, ECN", treatment(h.number(1..2))),
        h.field(2..4, "total length", lengths),
        h.field(4..6, "identification", h.number(4..6)),
        h.field(6..8, "flags, offset", fragment(h.number(6..8))),
        h.field(8..9, "time to live", h.number(8..9)),
        h.field(9..10, "protocol", protocol(h.number(9..10))),
        h.field(10..12, "header checksum", sum),
        h.field(12..16, "source address", ipv4_address(h.get(12..16))),
        h.field(16..20, "destination address", ipv4_address(h.get(16..20))),
    ];
    let options = options::ipv4(whole.split(20).1, &mut fields);
    let packet = bytes(total);
    layers.push(Layer {
        place: "internet",
        name: "IPv4",
        size: whole.len().max(20),
        title: format!("IPv4 header {size} + {what} {rest} = a packet of {packet}"),
        fields,
    });
    options
}

/// What a header's length in words of 32 bits means.
pub fn words(size: usize) -> String {
    format!("{} words of 4 bytes = {size}", size / 4)
}

/// Two headers that contradict each other.
fn other_version(kind: usize, version: usize) -> String {
    format!("Ethernet says that this is IPv{kind}, and its version is {version}")
}

/// An IPv6 packet (RFC 8200).
pub fn ipv6<'a>(from: Span<'a>, layers: &mut Vec<Layer>) -> Outcome<Span<'a>> {
    let h = header(from, 40, ("internet", "IPv6"), layers)?;
    let (version, total) = (h.number(0..1) >> 4, 40 + h.number(4..6));
    let (packet, after) = from.split(total);
    ipv6_header(h, layers);
    if version != 6 {
        return Err(other_version(6, version));
    }
    let packet = Inside {
        protocol: h.number(6..7),
        addresses: h.split(8).1.bytes,
        data: packet.split(40).1,
        offset: 0,
        complete: total <= from.len(),
    };
    let outcome = extensions(packet, layers);
    all_there("IPv6 packet", total, from.len())?;
    outcome.map(|()| after)
}

fn ipv6_header(h: Span, layers: &mut Vec<Layer>) {
    let (length, next) = (h.number(4..6), h.number(6..7));
    let (class, flow) = (h.number(0..2) >> 4 & 0xff, h.number(1..4) & 0xf_ffff);
    let (what, packet) = (content(next), bytes(40 + length));
    layers.push(Layer {
        place: "internet",
        name: "IPv6",
        size: 40,
        title: format!("IPv6 header 40 + {what} {length} = a packet of {packet}"),
        fields: vec![
            h.part(0..1, "x.", "version", h.number(0..1) >> 4),
            h.part(0..2, ".xx.", "traffic class", treatment(class)),
            h.part(1..4, ".xxxxx", "flow label", flow),
            h.field(4..6, "payload length", length),
            h.field(6..7, "next header", protocol(next)),
            h.field(7..8, "hop limit", h.number(7..8)),
            h.field(8..24, "source address", ipv6_address(h.get(8..24))),
            h.field(24..40, "destination address", ipv6_address(h.get(24..40))),
        ],
    });
}

/// What may stand between an IPv6 header and what the packet carries. Each of
/// these has at least 8 bytes, so their number is limited too.
fn extensions(mut packet: Inside, layers: &mut Vec<Layer>) -> Outcome {
    while packet.offset == 0 {
        let (name, short) = match packet.protocol {
            0 => ("IPv6 hop-by-hop options", "hop-by-hop"),
            43 => ("IPv6 routing", "routing"),
            44 => ("IPv6 fragment", "fragment"),
            60 => ("IPv6 destination options", "options"),
            _ => break,
        };
        let h = header(packet.data, 8, ("internet", name), layers)?;
        let size = match packet.protocol {
            44 => 8,
            _ => (h.number(1..2) + 1) * 8,
        };
        let (h, data) = packet.data.split(size);
        let (next, here) = (h.number(0..1), h.len());
        layers.push(Layer {
            place: "internet",
            name: short,
            size: here,
            title: format!("{name} header {size} + {} {}", content(next), data.len()),
            fields: extension(h, packet.protocol),
        });
        all_there(&format!("{name} header"), size, here)?;
        if packet.protocol == 44 {
            packet.offset = h.number(2..4) & 0xfff8;
            packet.complete &= h.number(2..4) & 0xfff9 == 0;
        }
        if packet.protocol == 43 && h.number(3..4) > 0 {
            // The checksum covers the last of the addresses on the route.
            packet.complete = false;
        }
        (packet.protocol, packet.data) = (next, data);
    }
    inside(&packet, layers)
}

/// The fields of an extension header; only a fragment's are named one by one.
fn extension(h: Span, kind: usize) -> Vec<Field> {
    let mut fields = vec![h.field(0..1, "next header", protocol(h.number(0..1)))];
    if kind == 44 {
        let more = match h.number(2..4) & 1 {
            1 => "more follow",
            _ => "the last",
        };
        let meaning = format!("{more}; offset {}", h.number(2..4) & 0xfff8);
        fields.push(h.field(1..2, "reserved", ""));
        fields.push(h.field(2..4, "offset, flags", meaning));
        fields.push(h.field(4..8, "identification", h.number(4..8)));
    } else {
        let meaning = format!("{} more than 8 bytes", h.number(1..2) * 8);
        fields.push(h.field(1..2, "header length", meaning));
        fields.push(h.field(2..h.len(), "content", "not named here"));
    }
    fields
}
