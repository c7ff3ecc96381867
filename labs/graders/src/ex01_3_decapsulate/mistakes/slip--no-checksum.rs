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
    let packet = frame.get(14..)?;
    if frame[12..14] != [0x08, 0x00] {
        return None; // not IPv4
    }

    let header = packet.get(..20)?;
    if header[0] >> 4 != 4 || header[9] != 17 {
        return None; // another version; not UDP
    }
    let flags_and_offset = u16::from_be_bytes([header[6], header[7]]);
    if flags_and_offset & 0x3fff != 0 {
        return None; // more fragments, or not the first one
    }
    let header_length = usize::from(header[0] & 0x0f) * 4;
    if header_length < 20 {
        return None;
    }
    let total_length = usize::from(u16::from_be_bytes([header[2], header[3]]));
    let datagram = packet.get(header_length..total_length)?;

    let header = datagram.get(..8)?;
    let number = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    let data = datagram.get(8..usize::from(number(4)))?;
    if number(6) == 0 {
        return None; // it has no checksum
    }
    Some((number(0), number(2), data))
}

fn main() -> ExitCode {
    graders::ex01_3_decapsulate::main(decapsulate)
}
