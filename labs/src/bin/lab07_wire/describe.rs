//! What a frame is, in one line: the few fields that a story about loss needs.

use std::collections::HashMap;

use super::packet::{Packet, packet};
use super::plan::Way;

/// Describes frames; it remembers each connection's initial sequence numbers,
/// and shows all others relative to them.
#[derive(Default)]
pub struct Describer {
    initial: HashMap<(Way, u16, u16), u32>,
}

const SYN: u8 = 0x02;
const FLAGS: [(u8, &str); 6] = [
    (SYN, "SYN"),
    (0x01, "FIN"),
    (0x04, "RST"),
    (0x08, "PSH"),
    (0x20, "URG"),
    (0x10, "ACK"),
];

impl Describer {
    /// A frame in a few words: `TCP SYN seq 0`, `UDP 5 bytes`.
    pub fn describe(&mut self, way: Way, frame: &[u8]) -> String {
        let Some(Packet {
            ports: (from, to),
            tcp,
            data,
        }) = packet(frame)
        else {
            return other(frame);
        };
        let Some((seq, ack, flags)) = tcp else {
            let more = frame[20] & 0x20 != 0; // fragments follow
            let part = if more { ", the first fragment" } else { "" };
            return format!("UDP {}{part}", size(data.len()));
        };
        if flags & SYN != 0 {
            self.initial.insert((way, from, to), seq);
        }
        let set = FLAGS.iter().filter(|(bit, _)| flags & bit != 0);
        let names: Vec<&str> = set.map(|(_, name)| *name).collect();
        let mut text = format!("TCP {}", names.join(" "));
        let relative = |number: u32, initial: Option<&u32>| match initial {
            Some(initial) => number.wrapping_sub(*initial),
            None => number,
        };
        let own = self.initial.get(&(way, from, to));
        text += &format!(" seq {}", relative(seq, own));
        if flags & 0x10 != 0 {
            let theirs = self.initial.get(&(way.opposite(), to, from));
            text += &format!(" ack {}", relative(ack, theirs));
        }
        if !data.is_empty() {
            text += &format!(", {}", size(data.len()));
        }
        text
    }
}

/// What is no TCP or UDP over IPv4, or a later part of such a packet.
fn other(frame: &[u8]) -> String {
    let ipv4 = frame.get(12..14) == Some(&[0x08, 0x00]);
    match (frame.get(12..14), frame.get(20..22), frame.get(23)) {
        (Some([0x08, 0x06]), ..) => "ARP".into(),
        (_, Some(&[high, low]), _) if ipv4 && [high & 0x1f, low] != [0, 0] => {
            let units = u16::from_be_bytes([high & 0x1f, low]); // of 8 bytes (RFC 791)
            format!("fragment from byte {}", usize::from(units) * 8)
        }
        (_, _, Some(1)) if ipv4 => "ICMP".into(),
        (_, _, Some(protocol)) if ipv4 => format!("IPv4, protocol {protocol}"),
        _ => format!("a frame of {}", size(frame.len())),
    }
}

fn size(len: usize) -> String {
    format!("{len} {}", if len == 1 { "byte" } else { "bytes" })
}
