//! Put a message into its envelopes
//!
//! `cargo test ex01_2` grades this file. To try it by hand, give it a message.
//! It prints the frame in hexadecimal, and the first lab names each byte of it:
//!
//! ```text
//! cargo run -p exercises --bin ex01_2_encapsulate -- hello
//! cargo run -p exercises --bin ex01_2_encapsulate -- hello | cargo run --bin lab01_layers -- --read
//! ```

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
    let mac = if from.ip.octets()[..3] == to.ip.octets()[..3] {
        to.mac
    } else {
        router.unwrap()
    };
    let udp_len = (data.len() + 8) as u16;
    let ip_len = udp_len + 20;

    let mut header = Vec::new();
    header.push(0x45);
    header.push(0);
    header.extend_from_slice(&ip_len.to_be_bytes());
    header.extend_from_slice(&1u16.to_be_bytes());
    header.extend_from_slice(&0x4000u16.to_be_bytes());
    header.push(64);
    header.push(17);
    header.extend_from_slice(&[0, 0]);
    header.extend_from_slice(&from.ip.octets());
    header.extend_from_slice(&to.ip.octets());
    let sum = checksum(&header);
    header[10..12].copy_from_slice(&sum.to_be_bytes());

    let mut frame = Vec::new();
    frame.extend_from_slice(&mac);
    frame.extend_from_slice(&from.mac);
    frame.extend_from_slice(&0x0800u16.to_be_bytes());
    frame.extend_from_slice(&header);
    frame.extend_from_slice(&from.port.to_be_bytes());
    frame.extend_from_slice(&to.port.to_be_bytes());
    frame.extend_from_slice(&udp_len.to_be_bytes());
    frame.extend_from_slice(&[0, 0]);
    frame.extend_from_slice(data);
    frame
}

fn main() -> ExitCode {
    graders::ex01_2_encapsulate::main(encapsulate)
}
