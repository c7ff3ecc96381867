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
    let mut frame = vec![0; 42 + data.len()];
    let mut put = |at: usize, bytes: &[u8]| frame[at..at + bytes.len()].copy_from_slice(bytes);
    put(
        0,
        match &router {
            Some(mac) => mac,
            None => &to.mac,
        },
    );
    put(6, &from.mac);
    put(12, &0x0800_u16.to_be_bytes());
    put(14, &[0x45]);
    put(16, &(28 + data.len() as u16).to_be_bytes());
    put(18, &[0x00, 0x01, 0x40, 0x00, 64, 17]);
    put(26, &from.ip.octets());
    put(30, &u32::from(to.ip).to_be_bytes());
    put(34, &from.port.to_be_bytes());
    put(36, &to.port.to_be_bytes());
    put(38, &(8 + data.len() as u16).to_be_bytes());
    put(42, data);
    let sum = checksum(&frame[14..34]);
    frame[24] = (sum >> 8) as u8;
    frame[25] = sum as u8;
    frame
}

fn main() -> ExitCode {
    graders::ex01_2_encapsulate::main(encapsulate)
}
