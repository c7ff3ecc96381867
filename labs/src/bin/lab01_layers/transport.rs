//! The headers of the transport layer.

use super::internet::words;
use super::meaning::{bytes, checked, flags};
use super::names::{Inside, Layer, Outcome, all_there, header, rest};
use super::options;
use super::span::{Field, Span};

/// A UDP datagram (RFC 768).
pub fn udp(packet: &Inside, layers: &mut Vec<Layer>) -> Outcome {
    let from = packet.data;
    let h = header(from, 8, ("transport", "UDP"), layers)?;
    let length = h.number(4..6);
    let (datagram, after) = from.split(length);
    let (data, whole) = (length.saturating_sub(8), bytes(length));
    let sum = match h.number(6..8) {
        0 => "0: none was computed".into(),
        _ if length > from.len() => NOT_CHECKED.into(),
        _ => check(packet, datagram, 6),
    };
    layers.push(Layer {
        place: "transport",
        name: "UDP",
        size: 8,
        title: format!("UDP header 8 + data {data} = a datagram of {whole}"),
        fields: vec![
            h.field(0..2, "source port", h.number(0..2)),
            h.field(2..4, "destination port", h.number(2..4)),
            h.field(4..6, "length", format!("{length} = 8 header + {data} data")),
            h.field(6..8, "checksum", sum),
        ],
    });
    if length < 8 {
        return Err(format!(
            "the UDP header says that the datagram has {whole}; the header alone has 8"
        ));
    }
    application(datagram.split(8).1, layers);
    let title = "surplus: the datagram has ended before";
    rest("transport", "surplus", title, after, layers);
    if packet.complete {
        all_there("UDP datagram", length, from.len())?;
    }
    Ok(())
}

/// A TCP segment (RFC 9293).
pub fn tcp(packet: &Inside, layers: &mut Vec<Layer>) -> Outcome {
    let from = packet.data;
    let h = header(from, 20, ("transport", "TCP"), layers)?;
    let size = (h.number(12..13) >> 4) * 4;
    let (whole, data) = from.split(size);
    let mut fields = tcp_fields(h, size, check(packet, from, 16));
    let options = options::tcp(whole.split(20).1, &mut fields);
    let (carried, segment) = (data.len(), bytes(from.len()));
    layers.push(Layer {
        place: "transport",
        name: "TCP",
        size: whole.len().max(20),
        title: format!("TCP header {size} + data {carried} = a segment of {segment}"),
        fields,
    });
    if size < 20 {
        return Err(format!(
            "the TCP header says that it has {}; it has at least 20",
            bytes(size)
        ));
    }
    all_there("TCP header", size, from.len())?;
    options?;
    application(data, layers);
    Ok(())
}

fn tcp_fields(h: Span, size: usize, sum: String) -> Vec<Field> {
    vec![
        h.field(0..2, "source port", h.number(0..2)),
        h.field(2..4, "destination port", h.number(2..4)),
        h.field(4..8, "sequence number", h.number(4..8)),
        h.field(8..12, "acknowledgment", h.number(8..12)),
        h.part(12..13, "x.", "data offset", words(size)),
        h.part(12..13, ".x", "reserved", h.number(12..13) & 0xf),
        h.field(13..14, "flags", flags(h.number(13..14))),
        h.field(14..16, "window", h.number(14..16)),
        h.field(16..18, "checksum", sum),
        h.field(18..20, "urgent pointer", h.number(18..20)),
    ]
}

/// Of a fragment, and of what was cut off, the checksum covers more than is there.
const NOT_CHECKED: &str = "cannot be checked here";

/// Whether the checksum at `at` is right. Besides the header and the data it
/// covers a pseudo header: both addresses, the length and the protocol. As a
/// sum that is the same for IPv4 and IPv6, whose order and widths differ.
fn check(packet: &Inside, bytes: Span, at: usize) -> String {
    if !packet.complete {
        return NOT_CHECKED.into();
    }
    let mut pseudo_header = packet.addresses.to_vec();
    pseudo_header.extend((bytes.len() as u32).to_be_bytes());
    pseudo_header.extend((packet.protocol as u32).to_be_bytes());
    checked(bytes.bytes, at, &pseudo_header)
}

/// The application's bytes: an empty message is a message too.
fn application(data: Span, layers: &mut Vec<Layer>) {
    layers.push(Layer {
        place: "application",
        name: "data",
        size: data.len(),
        title: format!("{} of data", bytes(data.len())),
        fields: vec![data.whole("data")],
    });
}
