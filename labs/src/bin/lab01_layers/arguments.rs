//! What a person types: endpoints, MAC addresses, numbers.

use std::ffi::OsString;
use std::net::SocketAddrV4;
use std::path::PathBuf;

use clap::Parser;

/// Wraps a message into UDP, IPv4 and Ethernet, and names every byte.
///
/// Nothing is sent. The bytes are those that Linux would send with the same
/// addresses and identification. An Ethernet card fills a short frame up to 60
/// bytes and adds a checksum of 4.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, then with a message of your own, then with a frame that was captured:
  cargo run --bin lab01_layers
  cargo run --bin lab01_layers -- \"good morning\" --ttl 1
  cargo run --bin lab01_layers -- --read < book/recorded/layers_wire.txt
In PowerShell:
  Get-Content book\\recorded\\layers_wire.txt |
    cargo run --bin lab01_layers -- --read

Chapter 1 explains every line; `cargo run` opens the book."
)]
pub struct Args {
    /// The message: what the application sends
    #[arg(value_name = "MESSAGE", verbatim_doc_comment, default_value = "hello")]
    pub message: OsString,

    /// The sender's IPv4 address and port
    #[arg(long, verbatim_doc_comment, value_name = "ADDR", default_value = "192.0.2.2:50000", value_parser = endpoint)]
    pub from: SocketAddrV4,

    /// The receiver's IPv4 address and port
    #[arg(long, verbatim_doc_comment, value_name = "ADDR", default_value = "192.0.2.1:8888", value_parser = endpoint)]
    pub to: SocketAddrV4,

    /// The MAC address of the interface that sends the frame
    #[arg(long, verbatim_doc_comment, value_name = "MAC", default_value = "02:00:00:00:00:02", value_parser = mac)]
    pub from_mac: [u8; 6],

    /// The MAC address of the interface on this link that receives it
    #[arg(long, verbatim_doc_comment, value_name = "MAC", default_value = "02:00:00:00:00:01", value_parser = mac)]
    pub to_mac: [u8; 6],

    /// IPv4's time to live: how many routers may pass the packet on, plus one
    #[arg(long, verbatim_doc_comment, value_name = "N", default_value_t = 64)]
    pub ttl: u8,

    /// IPv4's identification, like 1 or 0x17ca
    #[arg(long, verbatim_doc_comment, value_name = "N", default_value = "1", value_parser = number)]
    pub id: u16,

    /// Also write the frame to a file that tcpdump and Wireshark open
    #[arg(long, verbatim_doc_comment, value_name = "FILE")]
    pub pcap: Option<PathBuf>,

    /// Make nothing: name the bytes of a frame that is given in hexadecimal
    /// on standard input, bare or as tcpdump -XX shows it
    #[arg(long, verbatim_doc_comment, conflicts_with_all = ["message", "from", "to", "from_mac", "to_mac", "ttl", "id"])]
    pub read: bool,
}

/// An IPv4 address and a port.
fn endpoint(text: &str) -> Result<SocketAddrV4, String> {
    text.parse()
        .map_err(|_| "write it as ADDRESS:PORT, like 192.0.2.1:8888".into())
}

/// Six bytes in hexadecimal, with colons as on Linux and macOS or with dashes
/// as on Windows.
fn mac(text: &str) -> Result<[u8; 6], String> {
    let wrong = || "write it as six bytes in hexadecimal, like 02:00:00:00:00:01".to_string();
    let mut bytes = [0; 6];
    let mut parts = text.split([':', '-']);
    for byte in &mut bytes {
        let part = parts.next().ok_or_else(wrong)?;
        if part.len() > 2 || !part.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        *byte = u8::from_str_radix(part, 16).map_err(|_| wrong())?;
    }
    parts.next().is_none().then_some(bytes).ok_or_else(wrong)
}

/// A number of 16 bits, decimal or hexadecimal.
fn number(text: &str) -> Result<u16, String> {
    let number = match text.strip_prefix("0x") {
        Some(digits) if digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
            u16::from_str_radix(digits, 16).ok()
        }
        Some(_) => None,
        None => text.parse().ok(),
    };
    number.ok_or_else(|| "write a number from 0 to 65535, or from 0x0 to 0xffff".into())
}
