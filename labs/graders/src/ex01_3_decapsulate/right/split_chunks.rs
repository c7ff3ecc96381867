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
    let (ethernet, rest) = frame.split_first_chunk::<14>()?;
    let (ip, _) = rest.split_first_chunk::<20>()?;
    let is_udp = ethernet.ends_with(&[8, 0]) && ip[0] >> 4 == 4 && ip[9] == 17;
    let is_fragment = ip[6] & 0x3f != 0 || ip[7] != 0;
    if !is_udp || is_fragment {
        return None;
    }
    let (header, total) = (usize::from(ip[0] % 16) * 4, number(&ip[2..4]));
    if header < 20 {
        return None;
    }
    let (packet, _padding) = rest.split_at_checked(total.into())?;
    let (_, datagram) = packet.split_at_checked(header)?;
    let (udp, _) = datagram.split_first_chunk::<8>()?;
    let (datagram, _surplus) = datagram.split_at_checked(number(&udp[4..6]).into())?;
    let data = datagram.get(8..)?;
    Some((number(&udp[0..2]), number(&udp[2..4]), data))
}

fn number(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |n, byte| n << 8 | u16::from(*byte))
}

fn main() -> ExitCode {
    graders::ex01_3_decapsulate::main(decapsulate)
}
