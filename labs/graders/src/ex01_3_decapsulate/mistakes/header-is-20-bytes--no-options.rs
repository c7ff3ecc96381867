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
    if frame.len() < 42 || frame[12..14] != [0x08, 0x00] {
        return None;
    }
    if frame[14] != 0x45 || frame[23] != 17 {
        return None;
    }
    if (frame[20] & 0x3f, frame[21]) != (0, 0) {
        return None;
    }
    let number = |at: usize| u16::from_be_bytes([frame[at], frame[at + 1]]);
    let end = 14 + usize::from(number(16));
    let data_end = 34 + usize::from(number(38));
    if end > frame.len() || data_end > end || data_end < 42 {
        return None;
    }
    Some((number(34), number(36), &frame[42..data_end]))
}

fn main() -> ExitCode {
    graders::ex01_3_decapsulate::main(decapsulate)
}
