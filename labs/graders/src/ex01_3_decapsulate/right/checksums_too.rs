//! Take a message out of its envelopes
//!
//! `cargo test ex01_3` grades this file. To try it by hand, give it a frame in
//! hexadecimal, as your answer to exercise 1.2 prints it:
//!
//! ```text
//! cargo run -p exercises --bin ex01_3_decapsulate -- $(cargo run -p exercises --bin ex01_2_encapsulate -- hello)
//! ```

use std::process::ExitCode;

use graders::ex01_2_encapsulate::checksum;

/// Returns the source port, the destination port and the data of the UDP
/// datagram that an Ethernet frame carries over IPv4, or `None` when the frame
/// carries anything else.
///
/// `frame` came from a network, so it may hold any bytes, and any number of
/// them. It begins with the Ethernet header; the frame check is gone. IPv4
/// headers may have options. More bytes may follow behind the packet in the
/// frame, and behind the datagram in the packet: they belong to neither.
///
/// `None` is the answer for another EtherType than IPv4's, another version,
/// another protocol than UDP, a fragment of a packet, a frame that ends too
/// early, and a length that does not fit. A length fits if it has room for its
/// own header and does not reach beyond what it lies in. Checksums need not be
/// checked.
fn decapsulate(frame: &[u8]) -> Option<(u16, u16, &[u8])> {
    let (ethernet, packet) = frame.split_at_checked(14)?;
    let header_length = usize::from(packet.first()? & 0x0f) * 4;
    let header = packet.get(..header_length.max(20))?;
    let number = |bytes: &[u8], at: usize| u16::from_be_bytes([bytes[at], bytes[at + 1]]);
    // A sum that includes its own checksum comes to nothing.
    if checksum(header) != 0 {
        return None;
    }
    let total_length = usize::from(number(header, 2));
    let datagram = packet.get(header_length.max(20)..total_length)?;
    match (number(ethernet, 12), header[0] >> 4, header[9]) {
        (0x0800, 4, 17) if header_length >= 20 && number(header, 6) & 0x3fff == 0 => {}
        _ => return None,
    }
    let length = number(datagram.get(..8)?, 4);
    let datagram = datagram.get(..usize::from(length))?;
    let pseudo_header = [&header[12..20], &[0, 17], &length.to_be_bytes()].concat();
    let data = datagram.get(8..)?;
    if number(datagram, 6) != 0 && checksum(&[&pseudo_header, datagram].concat()) != 0 {
        return None;
    }
    Some((number(datagram, 0), number(datagram, 2), data))
}

fn main() -> ExitCode {
    graders::ex01_3_decapsulate::main(decapsulate)
}
