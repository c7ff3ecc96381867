//! Split a message
//!
//! `cargo test ex03_4` grades this file. To try it by hand, send from port 9999
//! to a lab, which shows the datagrams (by hand the MTU is 40 bytes):
//!
//! ```text
//! cargo run --bin lab03_udp_server
//! cargo run -p exercises --bin ex03_4_split_message -- 127.0.0.1:9999 127.0.0.1:8888 "one message, many parts"
//! ```

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;

// ANCHOR: answer
/// Sends `message` to `peer` in parts, as few as possible, and returns how many
/// datagrams that took.
///
/// A part is one datagram: a header of four bytes, then a piece of the message.
/// The header holds two numbers of two bytes in network byte order: the part's
/// number, counted from 0, and how many parts there are. An empty message is
/// one part without a piece.
///
/// The path to `peer` takes IPv4 packets of `mtu` bytes at the most, and `mtu`
/// is at most 65535. Of each packet 20 bytes are the IPv4 header, 8 the UDP
/// header. The socket is bound to an IPv4 address and not connected.
///
/// # Errors
/// `ErrorKind::InvalidInput`, and nothing is sent, when the message needs more
/// than 65535 parts or `mtu` leaves no room for one byte of it; others as the
/// socket reports them.
fn send_message(
    socket: &UdpSocket,
    peer: SocketAddr,
    message: &[u8],
    mtu: usize,
) -> io::Result<u16> {
    const HEADERS: usize = 20 + 8 + 4; // IPv4, UDP, and the part's own
    let room = mtu.saturating_sub(HEADERS);
    if room == 0 {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let count = message.len().div_ceil(room).max(1);
    let count = u16::try_from(count).map_err(|_| io::ErrorKind::InvalidInput)?;
    for number in 0..count {
        let start = usize::from(number) * room;
        let piece = &message[start..message.len().min(start + room)];
        let part = [&number.to_be_bytes(), &count.to_be_bytes(), piece].concat();
        socket.send_to(&part, peer)?;
    }
    Ok(count)
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    graders::ex03_4_split_message::main(send_message)
}
