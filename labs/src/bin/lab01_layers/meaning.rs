//! What the values of fields mean, in a few words.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::checksum;

/// A number of bytes.
pub fn bytes(n: usize) -> String {
    format!("{n} byte{}", if n == 1 { "" } else { "s" })
}

/// A MAC address; the lowest bit of its first byte marks a group.
pub fn mac(bytes: &[u8]) -> String {
    let digits: Vec<_> = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let whose = match bytes {
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => ", everyone",
        [first, ..] if first & 1 == 1 => ", a group",
        _ => "",
    };
    format!("{}{whose}", digits.join(":"))
}

/// What an Ethernet frame says it carries.
pub fn ethertype(number: usize) -> String {
    match number {
        0..=1500 => format!("{number}: a length (IEEE 802.3)"),
        0x0800 => "IPv4".into(),
        0x0806 => "ARP".into(),
        0x8100 => "VLAN tag".into(),
        0x86dd => "IPv6".into(),
        _ => format!("0x{number:04x}"),
    }
}

/// An IPv4 address, as it is written.
pub fn ipv4_address(bytes: &[u8]) -> String {
    <[u8; 4]>::try_from(bytes).map_or(String::new(), |a| Ipv4Addr::from(a).to_string())
}

/// An IPv6 address, as it is written.
pub fn ipv6_address(bytes: &[u8]) -> String {
    <[u8; 16]>::try_from(bytes).map_or(String::new(), |a| Ipv6Addr::from(a).to_string())
}

/// How routers should treat the packet (RFC 2474, RFC 3168).
pub fn treatment(byte: usize) -> String {
    match (byte >> 2, byte & 3) {
        (0, 0) => "no special treatment".into(),
        (class, congestion) => format!("DSCP {class}, ECN {congestion}"),
    }
}

/// IPv4's flags, and where a fragment belongs.
pub fn fragment(flags: usize) -> String {
    let offset = (flags & 0x1fff) * 8;
    let name = match (flags >> 13, offset) {
        (0, 0) => "may be fragmented",
        (0, _) => "the last fragment",
        (1, _) => "more follow",
        (2, _) => "do not fragment",
        _ => "unusual flags",
    };
    format!("{name}; offset {offset}")
}

/// What an IP packet says it carries, as a number and by name.
pub fn protocol(number: usize) -> String {
    format!("{number} = {}", protocol_name(number))
}

/// The name of what an IP packet carries (IANA's registry of protocol numbers).
pub fn protocol_name(number: usize) -> String {
    let name = match number {
        0 => "hop-by-hop options",
        1 => "ICMP",
        2 => "IGMP",
        6 => "TCP",
        17 => "UDP",
        43 => "routing header",
        44 => "fragment header",
        50 => "ESP",
        51 => "AH",
        58 => "ICMPv6",
        59 => "nothing",
        60 => "destination options",
        132 => "SCTP",
        n => return format!("protocol {n}"),
    };
    name.into()
}

/// What it is called that an IP packet carries.
pub fn content(protocol: usize) -> &'static str {
    match protocol {
        6 => "segment",
        17 => "datagram",
        _ => "data",
    }
}

/// TCP's flags that are set, in the order of their bits.
pub fn flags(byte: usize) -> String {
    let names = ["CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"];
    let set = |bit: &usize| byte & (0x80 >> bit) != 0;
    let set: Vec<_> = (0..8).filter(set).map(|bit| names[bit]).collect();
    if set.is_empty() {
        return "none".into();
    }
    set.join(" ")
}

/// Whether the checksum at `at` fits the bytes around it and `also`, which are
/// the addresses or nothing: the sum of it all has every bit set.
pub fn checked(bytes: &[u8], at: usize, also: &[u8]) -> String {
    let mut covered = [also, bytes].concat();
    if checksum(&covered) == 0 {
        return match also {
            [] => "right; covers this header".into(),
            _ => "right; covers addresses too".into(),
        };
    }
    let at = also.len() + at;
    let Some(place) = covered.get_mut(at..at + 2) else {
        return "not there".into();
    };
    place.fill(0);
    format!("wrong; {:04x} would be right", checksum(&covered))
}
