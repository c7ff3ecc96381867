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

// ANCHOR: answer
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
    if let Ok(ip) = text.parse() {
        return Some((ip, default_port));
    }
    let Some(rest) = text.strip_prefix('[') else {
        let (ip, port) = text.split_once(':')?;
        let ip: Ipv4Addr = ip.parse().ok()?;
        return Some((ip.into(), read_port(port)?));
    };
    let (ip, behind) = rest.split_once(']')?;
    let ip: Ipv6Addr = ip.parse().ok()?;
    match behind {
        "" => Some((ip.into(), default_port)),
        _ => Some((ip.into(), read_port(behind.strip_prefix(':')?)?)),
    }
}

/// A port: digits alone, the first one not 0, and not more than 65535.
fn read_port(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if digits && !text.starts_with('0') {
        text.parse().ok() // None for no digit, and for 65536 and more
    } else {
        None
    }
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    graders::ex02_3_parse_endpoint::main(parse_endpoint)
}
