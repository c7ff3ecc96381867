//! What is wrong with a text that is no address, as one sentence.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What was typed, so that it can be printed whatever it holds.
pub fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

/// Why `text` is no address.
pub fn fault(text: &str) -> String {
    if text.is_empty() {
        "nothing is written here".into()
    } else if text.len() > 45 {
        "it is too long; the longest address has 45 characters".into()
    } else if text.contains(char::is_whitespace) {
        "it has a space in it".into()
    } else if text.strip_suffix(':').is_some_and(is_name) {
        "it looks like a URL, which has an address or a name behind //".into()
    } else if text.starts_with('[') {
        brackets(text)
    } else if let Some((address, port)) = text
        .split_once(':')
        .filter(|(head, _)| head.parse::<Ipv4Addr>().is_ok())
    {
        port_behind(address, port)
    } else if text.contains(':') {
        v6(text)
    } else if text.chars().all(|c| c.is_ascii_digit() || c == '.') {
        v4(text)
    } else if text.split('.').any(is_hexadecimal) {
        "0x is hexadecimal; an IPv4 address is written in decimal numbers".into()
    } else {
        "it looks like a name; a name is looked up to get addresses".into()
    }
}

fn is_hexadecimal(part: &str) -> bool {
    let digits = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X"));
    digits.is_some_and(|d| d.chars().all(|c| c.is_ascii_hexdigit()))
}

/// `https` of a URL; a group of hexadecimal digits is none.
fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric()) && !text.chars().all(|c| c.is_ascii_hexdigit())
}

fn port_behind(address: &str, port: &str) -> String {
    let port = shown(port);
    format!("a port is behind it; the address is {address}, the port {port}")
}

// ANCHOR: v4
/// Four numbers from 0 to 255, in decimal, without leading zeros.
fn v4(text: &str) -> String {
    let parts: Vec<_> = text.split('.').collect();
    for part in &parts {
        let value = part.parse::<u32>();
        if part.is_empty() {
            return "a number is missing beside a dot".into();
        } else if !part.chars().all(|c| c.is_ascii_digit()) {
            return format!("{part} is no decimal number");
        } else if part.len() > 1 && part.starts_with('0') {
            // The C function inet_aton reads such a number as octal.
            let plain = part.trim_start_matches('0');
            let plain = if plain.is_empty() { "0" } else { plain };
            return match u32::from_str_radix(part, 8) {
                Ok(octal) if octal.to_string() != plain => format!(
                    "{part} begins with a zero; some programs read it as octal, {octal}, not {plain}"
                ),
                _ => format!("{part} begins with a zero; write {plain}"),
            };
        } else if parts.len() > 1 && !value.is_ok_and(|value| value <= 255) {
            return format!("{part} is more than 255, the most that eight bits hold");
        }
    }
    match parts.len() {
        1 => "one number alone; an IPv4 address is four, with dots between them".into(),
        n => format!("{n} numbers; an IPv4 address has four"),
    }
}
// ANCHOR_END: v4

// ANCHOR: v6
/// Eight groups of up to four hexadecimal digits; `::` stands once, for the
/// groups that are left out. The last two groups may be an IPv4 address.
fn v6(text: &str) -> String {
    if let Some((_, zone)) = text.split_once('%') {
        let zone = shown(zone);
        return format!("%{zone} names an interface of one host (RFC 4007 §11); leave it out");
    }
    if let Some(c) = text
        .chars()
        .find(|c| !c.is_ascii_hexdigit() && !":.".contains(*c))
    {
        return format!("{c:?} is no hexadecimal digit");
    }
    if text.contains(":::") {
        return "three colons in a row; :: has two".into();
    }
    if text.matches("::").count() > 1 {
        return ":: is there more than once: how many zeros would each stand for?".into();
    }
    let outer = text.replacen("::", "", 1);
    if outer.starts_with(':') && !text.starts_with("::")
        || text.ends_with(':') && !text.ends_with("::")
    {
        return "a colon at its end, without a group beside it".into();
    }
    let groups: Vec<_> = text.split(':').filter(|group| !group.is_empty()).collect();
    if let Some(long) = groups
        .iter()
        .find(|group| group.len() > 4 && !group.contains('.'))
    {
        return format!("{long} has {} digits; a group has up to four", long.len());
    }
    let mut count = groups.len();
    if let Some(place) = groups.iter().position(|group| group.contains('.')) {
        if place + 1 < count {
            return format!(
                "{} is not at the end; there alone an IPv4 part may stand",
                groups[place]
            );
        }
        if groups[place].parse::<Ipv4Addr>().is_err() {
            return v4(groups[place]);
        }
        count += 1; // it stands for two groups
    }
    if text.contains("::") {
        format!("{count} groups beside the ::, which is for one or more of the eight")
    } else {
        format!("{count} groups; an IPv6 address has eight, or :: for those left out")
    }
}
// ANCHOR_END: v6

/// `[::1]:80` is an endpoint; brackets around anything else are not.
fn brackets(text: &str) -> String {
    let Some((inside, behind)) = text[1..].split_once(']') else {
        return "the bracket is not closed".into();
    };
    if inside.parse::<Ipv4Addr>().is_ok() {
        return "brackets are for IPv6 addresses alone".into();
    }
    if inside.parse::<Ipv6Addr>().is_err() {
        return fault(inside);
    }
    match behind.strip_prefix(':') {
        Some(port) => port_behind(inside, port),
        None => format!("brackets are for an address with a port; the address is {inside}"),
    }
}

// ANCHOR: prefix
/// How many bits the prefix has: digits alone, and no more than the address has.
pub fn prefix_length(text: &str, address: IpAddr) -> Result<u8, String> {
    let (family, most) = match address {
        IpAddr::V4(_) => ("IPv4", 32),
        IpAddr::V6(_) => ("IPv6", 128),
    };
    if let Ok(mask) = text.parse::<Ipv4Addr>() {
        let bits = mask.to_bits();
        return Err(match bits.leading_ones() {
            ones if ones == bits.count_ones() => format!("{mask} is a mask; its length is /{ones}"),
            _ => format!("{mask} is no mask either, which is ones and then zeros"),
        });
    }
    if text.is_empty() || text.len() > 45 || !text.chars().all(|c| c.is_ascii_digit()) {
        return Err(format!("/{} is no number of bits", shown(text)));
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(format!("/{text} begins with a zero"));
    }
    match text.parse() {
        Ok(length) if length <= most => Ok(length),
        _ => Err(format!(
            "/{text} is too long; an {family} address has {most} bits"
        )),
    }
}
// ANCHOR_END: prefix

/// `::1:80` is an address, and may have been meant as port 80 of `::1`.
pub fn not_a_port(text: &str) -> Option<String> {
    let (head, last) = text.rsplit_once(':')?;
    let address: Ipv6Addr = head.parse().ok()?;
    let port: u16 = last.parse().ok()?;
    Some(format!(
        "{last} is its last group; port {port} of it would be [{address}]:{port}"
    ))
}
