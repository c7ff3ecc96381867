//! Take a message out of its envelopes
//!
//! `cargo test ex01_3` grades this file. To try it by hand, give it a frame in
//! hexadecimal, as your answer to exercise 1.2 prints it:
//!
//! ```text
//! cargo run -p exercises --bin ex01_3_decapsulate -- $(cargo run -p exercises --bin ex01_2_encapsulate -- hello)
//! ```

use std::process::ExitCode;

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
    if frame.len() < 14 + 20 + 8 {
        return None;
    }
    let number = |at: usize| u16::from_be_bytes([frame[at], frame[at + 1]]);
    if number(12) != 0x0800 {
        return None;
    }
    let version = frame[14] >> 4;
    let header_len = 4 * u16::from(frame[14] & 0xf);
    let total = number(16);
    let protocol = frame[23];
    let more_fragments = frame[20] & 0x20 != 0;
    let offset = number(20) & 0x1fff;
    if version != 4 || protocol != 17 || more_fragments || offset > 0 {
        return None;
    }
    if header_len < 20 || total < header_len + 8 || usize::from(14 + total) > frame.len() {
        return None;
    }
    let udp = usize::from(14 + header_len);
    let length = number(udp + 4);
    if length < 8 || header_len + length > total {
        return None;
    }
    let ports = (number(udp), number(udp + 2));
    Some((ports.0, ports.1, &frame[udp + 8..udp + usize::from(length)]))
}

fn main() -> ExitCode {
    graders::ex01_3_decapsulate::main(decapsulate)
}
