//! Lab 2 · What an IP address says: its bits, its network, its kind.
//!
//! ```text
//! terminal$ cargo run --bin lab02_addresses -- 192.0.2.130/26 ::1
//! ```
//!
//! Chapter 2 of the book walks through this file.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;

use clap::Parser;
use ipnet::{IpNet, Ipv4Net};
use labs::{Trouble, complain, say};

#[path = "lab02_addresses/ipv6.rs"]
mod ipv6;
#[path = "lab02_addresses/ranges.rs"]
mod ranges;
#[path = "lab02_addresses/spelling.rs"]
mod spelling;

/// What an IP address says: its bits, its network, its kind.
///
/// Addresses are the arguments; without any, each line of standard input is
/// one. With the length of its prefix behind it, an address also tells its
/// network, bit by bit. What is no address is explained.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it:
  cargo run --bin lab02_addresses -- 192.0.2.130/26 10.0.0.1 8.8.8.8
  cargo run --bin lab02_addresses -- 2001:db8::1/64 ::1 fe80::1
  cargo run --bin lab02_addresses -- 127.0.0.010 1::2::3 192.0.2.1:80

Chapter 2 explains every line; `cargo run` opens the book."
)]
struct Args {
    /// An address, or an address with its prefix, as 192.0.2.130/26
    #[arg(value_name = "ADDRESS", verbatim_doc_comment)]
    addresses: Vec<OsString>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args))
}

/// Explains one address after the other; a wrong one does not stop the rest.
fn run(args: &Args) -> Result<(), Trouble> {
    let (mut all, mut wrong) = (0, 0);
    for bytes in labs::messages(&args.addresses) {
        let bytes = bytes?;
        let text = String::from_utf8_lossy(&bytes);
        all += 1;
        match read(&text) {
            Ok((address, network)) => say(explain(&text, address, network))?,
            Err(why) => {
                complain(format_args!(
                    "{}\n  no address: {why}",
                    spelling::shown(&text)
                ));
                wrong += 1;
            }
        }
    }
    match wrong {
        0 => Ok(()),
        _ => Err(Trouble::new(format!("no address: {wrong} of {all}"))),
    }
}

// ANCHOR: read
/// Reads an address and, behind a slash, how many bits its prefix has.
fn read(text: &str) -> Result<(IpAddr, Option<IpNet>), String> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().map_err(|_| spelling::fault(address))?;
    let Some(length) = length else {
        return Ok((address, None));
    };
    let length = spelling::prefix_length(length, address)?;
    let network = IpNet::new(address, length).map_err(|error| error.to_string())?;
    Ok((address, Some(network)))
}
// ANCHOR_END: read

/// All that there is to say about one address, a line for each thing.
fn explain(text: &str, address: IpAddr, network: Option<IpNet>) -> String {
    let mut lines = vec![spelling::shown(text)];
    lines.extend(match (address, network) {
        (IpAddr::V4(address), Some(IpNet::V4(network))) => v4(address, Some(network)),
        (IpAddr::V4(address), _) => v4(address, None),
        (IpAddr::V6(address), Some(IpNet::V6(network))) => ipv6::v6(address, Some(network)),
        (IpAddr::V6(address), _) => ipv6::v6(address, None),
    });
    let kinds = ranges::kind(address, network).into_iter();
    lines.extend(kinds.map(|kind| format!("  {kind}")));
    lines.extend(spelling::not_a_port(text).map(|note| format!("  note     {note}")));
    lines.join("\n")
}

// ANCHOR: v4
/// An IPv4 address and its network, bit by bit: what is left of the bar is the
/// same in all addresses of the network.
fn v4(address: Ipv4Addr, network: Option<Ipv4Net>) -> Vec<String> {
    let length = network.map(|network| network.prefix_len());
    let row = |name: &str, address: Ipv4Addr, note: &str| {
        let row = format!("  {name:8} {address:16} {} {note}", bits4(address, length));
        row.trim_end().to_string()
    };
    let mut lines = vec![row("IPv4", address, "")];
    if let Some(network) = network {
        // The first and the last address have a meaning of their own, except on
        // a link of two (RFC 3021) and for one host alone.
        let (own, broadcast) = match network.prefix_len() {
            0 | 31 | 32 => ("", ""),
            _ => ("the network", "broadcast"),
        };
        lines.push(row("mask", network.netmask(), ""));
        lines.push(row("first", network.network(), own));
        lines.push(row("last", network.broadcast(), broadcast));
        lines.push(count(32 - network.prefix_len()));
    }
    lines
}
// ANCHOR_END: v4

// ANCHOR: bits
/// The 32 bits in groups of eight, with a bar behind the prefix.
fn bits4(address: Ipv4Addr, prefix: Option<u8>) -> String {
    let number = address.to_bits(); // the first octet is the highest
    let mut text = String::new();
    for place in 0..32 {
        if prefix == Some(place) {
            text.push('|');
        } else if place > 0 && place % 8 == 0 {
            text.push('.');
        }
        let bit = number >> (31 - place) & 1;
        text.push(if bit == 1 { '1' } else { '0' });
    }
    if prefix == Some(32) {
        text.push('|');
    }
    text
}
// ANCHOR_END: bits

// ANCHOR: count
/// How many addresses have these bits free: each bit doubles the number.
fn count(free: u8) -> String {
    // 2^128 is one more than the largest number of 128 bits.
    let digits = match 2_u128.checked_pow(free.into()) {
        Some(number) => number.to_string(),
        None => "340282366920938463463374607431768211456".to_string(),
    };
    let mut number = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            number.push(',');
        }
        number.push(digit);
    }
    format!("  count    {number} = 2^{free}")
}
// ANCHOR_END: count
