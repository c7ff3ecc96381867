//! An IPv6 address and its network: too long for one line of bits.

use std::net::Ipv6Addr;

use ipnet::Ipv6Net;

use crate::count;

// ANCHOR: v6
/// An IPv6 address in its one recommended spelling (RFC 5952), in full, and
/// its network. There is no broadcast, and the first address means "any router
/// here" (RFC 4291 §2.6.1).
pub fn v6(address: Ipv6Addr, network: Option<Ipv6Net>) -> Vec<String> {
    let groups = address.segments();
    let full = groups.map(|group| format!("{group:04x}")).join(":");
    let mut lines = vec![
        format!("  IPv6     {address}"),
        format!("  in full  {full}"),
    ];
    if let Some(network) = network {
        for (row, name) in ["bits", "", "", ""].iter().enumerate() {
            let groups = &full[row * 10..row * 10 + 9];
            let bits = bits6(address, row, network.prefix_len());
            lines.push(format!("  {name:8} {groups}{bits}"));
        }
        lines.push(format!("  first    {}", network.network()));
        lines.push(format!("  last     {}", network.broadcast()));
        lines.push(count(128 - network.prefix_len()));
    }
    lines
}
// ANCHOR_END: v6

// ANCHOR: bits
/// One row of four: two groups, each hexadecimal digit as its four bits, with a
/// bar behind the prefix.
fn bits6(address: Ipv6Addr, row: usize, prefix: u8) -> String {
    let number = address.to_bits();
    let prefix = usize::from(prefix);
    let mut text = String::new();
    for place in row * 32..row * 32 + 32 {
        let gap = match place {
            _ if place % 16 == 0 => "  ",
            _ if place % 4 == 0 => " ",
            _ => "",
        };
        // Where a row begins, the bar stands at the end of the row before.
        if place == prefix && (place == 0 || place % 32 > 0) {
            text.push('|');
            text.push_str(gap.get(1..).unwrap_or_default());
        } else {
            text.push_str(gap);
        }
        let bit = number >> (127 - place) & 1;
        text.push(if bit == 1 { '1' } else { '0' });
    }
    if prefix == row * 32 + 32 {
        text.push('|');
    }
    text
}
// ANCHOR_END: bits
