//! Read an endpoint
//!
//! `cargo test ex02_3` grades this file. To try it by hand (by hand the default
//! port is 8888):
//!
//! ```text
//! cargo run -p exercises --bin ex02_3_parse_endpoint -- 192.0.2.1 192.0.2.1:80 "[2001:db8::1]:80"
//! ```

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::process::ExitCode;

/// Reads where to send to: an address and a port. `None` if `text` is nothing
/// of the following:
///
/// - an IPv4 address, with or without a port: `192.0.2.1`, `192.0.2.1:80`
/// - an IPv6 address without a port: `2001:db8::1`
/// - an IPv6 address in brackets, with or without a port: `[2001:db8::1]`,
///   `[2001:db8::1]:80`
///
/// Without a port it is `default_port`, which is never 0.
///
/// An IPv4 address is four decimal numbers from 0 to 255. An IPv6 address has
/// any spelling of RFC 4291 §2.2, as `2001:DB8:0:0::1` and `::ffff:192.0.2.1`,
/// and stays an IPv6 address; there is no zone behind it. A port is a decimal
/// number from 1 to 65535. Decimal numbers are digits alone, and begin with 0
/// only if they are 0. There is nothing before, between and behind these parts.
fn parse_endpoint(text: &str, default_port: u16) -> Option<(IpAddr, u16)> {
    let (address, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, behind) = rest.split_once(']')?;
            let port = match behind {
                "" => None,
                _ => Some(behind.strip_prefix(':')?),
            };
            (IpAddr::V6(ipv6(address)?), port)
        }
        None if text.matches(':').count() > 1 => (IpAddr::V6(ipv6(text)?), None),
        None => match text.split_once(':') {
            Some((address, port)) => (IpAddr::V4(ipv4(address)?), Some(port)),
            None => (IpAddr::V4(ipv4(text)?), None),
        },
    };
    match port {
        None => Some((address, default_port)),
        Some(port) => Some((address, decimal(port, 65535).filter(|p| *p > 0)? as u16)),
    }
}

fn decimal(text: &str, most: u32) -> Option<u32> {
    let mut number = 0;
    for digit in text.chars() {
        number = number * 10 + digit.to_digit(10)?;
        if number > most {
            return None;
        }
    }
    let zeros = text.len() > 1 && text.starts_with('0');
    (!text.is_empty() && !zeros).then_some(number)
}

fn ipv4(text: &str) -> Option<Ipv4Addr> {
    let octets: Vec<u8> = text
        .split('.')
        .map(|octet| decimal(octet, 255).map(|n| n as u8))
        .collect::<Option<_>>()?;
    <[u8; 4]>::try_from(octets).ok().map(Ipv4Addr::from)
}

fn ipv6(text: &str) -> Option<Ipv6Addr> {
    let (head, tail) = match text.split_once("::") {
        Some((head, tail)) => (groups(head, false)?, Some(groups(tail, true)?)),
        None => (groups(text, true)?, None),
    };
    let mut all = head;
    match tail {
        None => {}
        Some(tail) if all.len() + tail.len() < 8 => {
            all.resize(8 - tail.len(), 0);
            all.extend(tail);
        }
        Some(_) => return None,
    }
    <[u16; 8]>::try_from(all).ok().map(Ipv6Addr::from)
}

/// The groups of a part of an address; its end may be an IPv4 address.
fn groups(text: &str, is_end: bool) -> Option<Vec<u16>> {
    let mut groups = Vec::new();
    if text.is_empty() {
        return Some(groups);
    }
    let parts: Vec<&str> = text.split(':').collect();
    for (index, part) in parts.iter().enumerate() {
        if part.contains('.') && is_end && index + 1 == parts.len() {
            let [a, b, c, d] = ipv4(part)?.octets();
            groups.extend([u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])]);
            continue;
        }
        if part.is_empty() || part.len() > 4 || !part.chars().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        groups.push(u16::from_str_radix(part, 16).ok()?);
    }
    Some(groups)
}

fn main() -> ExitCode {
    graders::ex02_3_parse_endpoint::main(parse_endpoint)
}
