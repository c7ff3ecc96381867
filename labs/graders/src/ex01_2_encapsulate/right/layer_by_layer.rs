//! Put a message into its envelopes
//!
//! `cargo test ex01_2` grades this file. To try it by hand, give it a message.
//! It prints the frame in hexadecimal, and the first lab names each byte of it:
//!
//! ```text
//! cargo run -p exercises --bin ex01_2_encapsulate -- hello
//! cargo run -p exercises --bin ex01_2_encapsulate -- hello | cargo run --bin lab01_layers -- --read
//! ```

use std::net::Ipv4Addr;
use std::process::ExitCode;

use graders::ex01_2_encapsulate::{Endpoint, checksum};

/// Returns the Ethernet frame in which `data` leaves `from`, as a UDP datagram
/// over IPv4 that is for `to`.
///
/// An `Endpoint` has three fields: `mac: [u8; 6]`, `ip: Ipv4Addr` and
/// `port: u16`. When `to` is on the same link as `from`, `router` is `None`.
/// Otherwise it is the MAC address of the router on the link of `from`, through
/// which `to` is reached.
///
/// The IPv4 header has no options. DSCP and ECN are 0, identification is 1, time
/// to live is 64; the flag "don't fragment" is set, the other flags and the
/// fragment offset are 0. The function `checksum` takes bytes and returns their
/// Internet checksum as a `u16` (RFC 1071). The UDP checksum may be 0, which
/// means that there is none; if it is not 0, it has to be right.
///
/// `data` has 0 to 1,472 bytes. The frame begins with the Ethernet header and
/// ends with the data: the network card adds what else goes over the wire.
fn encapsulate(data: &[u8], from: &Endpoint, to: &Endpoint, router: Option<[u8; 6]>) -> Vec<u8> {
    let datagram = udp(data, from, to);
    let packet = ipv4(&datagram, from.ip, to.ip);
    ethernet(&packet, from.mac, router.unwrap_or(to.mac))
}

fn udp(data: &[u8], from: &Endpoint, to: &Endpoint) -> Vec<u8> {
    let length = u16::try_from(8 + data.len()).expect("the data fits a packet");
    let header = |sum: u16| {
        [from.port, to.port, length, sum]
            .map(u16::to_be_bytes)
            .concat()
    };
    // The checksum covers the addresses too: a pseudo header, which is not sent.
    let mut summed = [from.ip.octets(), to.ip.octets()].concat();
    summed.extend([0, 17]);
    summed.extend(length.to_be_bytes());
    summed.extend(header(0));
    summed.extend(data);
    let sum = match checksum(&summed) {
        0 => 0xffff, // 0 would say that there is none
        sum => sum,
    };
    [&header(sum), data].concat()
}

fn ipv4(datagram: &[u8], from: Ipv4Addr, to: Ipv4Addr) -> Vec<u8> {
    let length = u16::try_from(20 + datagram.len()).expect("the datagram fits a packet");
    let mut header = vec![4 << 4 | 5, 0];
    header.extend(length.to_be_bytes());
    header.extend(1_u16.to_be_bytes());
    header.extend((1_u16 << 14).to_be_bytes());
    header.extend([64, 17, 0, 0]);
    header.extend(from.octets());
    header.extend(to.octets());
    let sum = checksum(&header);
    header[10..12].copy_from_slice(&sum.to_be_bytes());
    header.extend(datagram);
    header
}

fn ethernet(packet: &[u8], from: [u8; 6], to: [u8; 6]) -> Vec<u8> {
    [&to[..], &from, &[0x08, 0x00], packet].concat()
}

fn main() -> ExitCode {
    graders::ex01_2_encapsulate::main(encapsulate)
}
