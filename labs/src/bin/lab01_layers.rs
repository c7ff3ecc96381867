//! Lab 1 · A message in its envelopes: UDP, IPv4 and Ethernet, byte by byte.
//!
//! ```text
//! terminal$ cargo run --bin lab01_layers -- hello
//! ```
//!
//! Chapter 1 of the book walks through this file.

use std::fs;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use labs::{Trouble, say};

use arguments::Args;

#[path = "lab01_layers/arguments.rs"]
mod arguments;
#[path = "lab01_layers/hex.rs"]
pub(crate) mod hex;
#[path = "lab01_layers/internet.rs"]
mod internet;
#[path = "lab01_layers/meaning.rs"]
mod meaning;
#[path = "lab01_layers/names.rs"]
pub(crate) mod names;
#[path = "lab01_layers/options.rs"]
mod options;
#[path = "lab01_layers/span.rs"]
mod span;
#[path = "lab01_layers/table.rs"]
pub(crate) mod table;
#[path = "lab01_layers/transport.rs"]
mod transport;

/// What says, in each header, what comes inside it.
const TYPE_IPV4: u16 = 0x0800;
const PROTOCOL_UDP: u8 = 17;

/// A packet on Ethernet has at most 1500 bytes (its MTU), 28 of them headers.
const LONGEST_MESSAGE: usize = 1500 - 20 - 8;

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args))
}

/// Makes a frame or reads one, and shows it layer by layer: in the order of
/// the wrapping, or of the unwrapping.
fn run(args: &Args) -> Result<(), Trouble> {
    let frame = if args.read { hex::read()? } else { wrap(args)? };
    let named = names::name(&frame);
    for line in table::lines(&named, &frame, args.read) {
        say(line)?;
    }
    if let Some(file) = &args.pcap {
        write(file, &pcap(&frame))?;
    }
    named.problem.map_or(Ok(()), |why| Err(Trouble::new(why)))
}

// ANCHOR: wrap
/// From the application down to the link: each layer puts its header in front
/// of what it was given, and never looks inside.
fn wrap(args: &Args) -> Result<Vec<u8>, Trouble> {
    let message = args.message.as_encoded_bytes();
    if message.len() > LONGEST_MESSAGE {
        return Err(too_long(message.len()));
    }
    let datagram = udp(args.from, args.to, message);
    let packet = ipv4(*args.from.ip(), *args.to.ip(), args.ttl, args.id, &datagram);
    Ok(ethernet(args.from_mac, args.to_mac, &packet))
}
// ANCHOR_END: wrap

// ANCHOR: udp
/// The transport layer: from which port to which, so to which program.
fn udp(from: SocketAddrV4, to: SocketAddrV4, data: &[u8]) -> Vec<u8> {
    let length = (8 + data.len()) as u16; // the header counts too
    let mut datagram = Vec::new();
    datagram.extend(from.port().to_be_bytes());
    datagram.extend(to.port().to_be_bytes());
    datagram.extend(length.to_be_bytes());
    datagram.extend([0, 0]); // the checksum, still to come
    datagram.extend(data);

    // The checksum also covers what the layer below will write, so that a
    // datagram which reached a wrong host is found out (RFC 768).
    let mut covered = Vec::new();
    covered.extend(from.ip().octets());
    covered.extend(to.ip().octets());
    covered.extend([0, PROTOCOL_UDP]);
    covered.extend(length.to_be_bytes());
    covered.extend(&datagram);
    let sum = match checksum(&covered) {
        0 => 0xffff, // the same sum; 0 itself says that there is none
        sum => sum,
    };
    datagram[6..8].copy_from_slice(&sum.to_be_bytes());
    datagram
}
// ANCHOR_END: udp

// ANCHOR: ipv4
/// The internet layer: from which host to which, over any number of links.
fn ipv4(from: Ipv4Addr, to: Ipv4Addr, ttl: u8, id: u16, data: &[u8]) -> Vec<u8> {
    let mut packet = Vec::new();
    packet.push(0x45); // version 4; the header has 5 words of 4 bytes
    packet.push(0); // no special treatment on the way
    packet.extend((20 + data.len() as u16).to_be_bytes()); // the whole packet
    packet.extend(id.to_be_bytes()); // the same in every fragment of a packet
    packet.extend(0x4000_u16.to_be_bytes()); // do not fragment; offset 0
    packet.push(ttl);
    packet.push(PROTOCOL_UDP); // what is inside
    packet.extend([0, 0]); // the checksum, still to come
    packet.extend(from.octets());
    packet.extend(to.octets());

    let sum = checksum(&packet); // of the header alone
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
    packet.extend(data);
    packet
}
// ANCHOR_END: ipv4

// ANCHOR: ethernet
/// The link layer: from one interface to another on the same link. Only here
/// does the receiver come first.
fn ethernet(from: [u8; 6], to: [u8; 6], data: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    frame.extend(to);
    frame.extend(from);
    frame.extend(TYPE_IPV4.to_be_bytes()); // what is inside
    frame.extend(data);
    frame
}
// ANCHOR_END: ethernet

// ANCHOR: checksum
/// The internet checksum (RFC 1071): the sum of all 16-bit words, where what
/// overflows is added in again at the right, and then every bit turned over.
fn checksum(bytes: &[u8]) -> u16 {
    let mut sum: u64 = 0;
    for word in bytes.chunks(2) {
        let right = word.get(1).unwrap_or(&0); // an odd last byte: a 0 follows it
        sum += u64::from(u16::from_be_bytes([word[0], *right]));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}
// ANCHOR_END: checksum

// ANCHOR: pcap
/// A capture file with this one frame, in a format that most tools for packets
/// read. Its first number also tells in which order the bytes of all others lie.
fn pcap(frame: &[u8]) -> Vec<u8> {
    let length = (frame.len() as u32).to_be_bytes();
    let mut file = Vec::new();
    file.extend(0xa1b2_c3d4_u32.to_be_bytes());
    file.extend([0, 2, 0, 4]); // version 2.4
    file.extend([0; 8]); // no longer used
    file.extend(262_144_u32.to_be_bytes()); // no frame in it is longer
    file.extend(1_u32.to_be_bytes()); // Ethernet
    file.extend([0; 8]); // when: this frame never was on a wire
    file.extend(length); // bytes that follow
    file.extend(length); // bytes that the frame had
    file.extend(frame);
    file
}
// ANCHOR_END: pcap

/// Writes the capture file, and says how to look into it.
fn write(file: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    let name = file.display();
    fs::write(file, bytes)
        .map_err(|e| Trouble::new(format!("cannot write {name}: {}", e.kind())))?;
    say(format_args!(
        "\nwrote {name}; tcpdump -e -XX -r {name} shows it"
    ))
}

/// Why one frame cannot carry the message.
fn too_long(length: usize) -> Trouble {
    Trouble::new(format!(
        "cannot put {length} bytes into one frame: a packet on Ethernet has at most 1500 bytes, and 28 of them are the headers of IPv4 and UDP; write at most {LONGEST_MESSAGE}"
    ))
}
