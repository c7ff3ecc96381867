//! Put the parts in order
//!
//! `cargo test ex03_3` grades this file. To try it by hand, start it first, and
//! then your answer to exercise 3.4, which sends from port 9999:
//!
//! ```text
//! cargo run -p exercises --bin ex03_3_reorder -- 127.0.0.1:8888 127.0.0.1:9999
//! cargo run -p exercises --bin ex03_4_split_message -- 127.0.0.1:9999 127.0.0.1:8888 "one message, many parts"
//! ```

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;

/// Receives the parts of one message and returns the whole message.
///
/// A part is one datagram from `sender`: a header of four bytes, then a piece
/// of the message. The header holds two numbers of two bytes in network byte
/// order: the part's number, counted from 0, and how many parts there are.
///
/// Every part arrives at least once. The network may repeat parts and change
/// their order. Other hosts may send to the socket too, and a datagram may be
/// no part at all: too short for a header, or with a number that is not below
/// the count. What is not a part from `sender` is ignored.
///
/// # Errors
/// Those of the socket, as they are.
fn receive_message(socket: &UdpSocket, _sender: SocketAddr) -> io::Result<Vec<u8>> {
    let mut buf = [0; 65_535];
    let mut parts = BTreeMap::new();
    loop {
        let len = socket.recv(&mut buf)?;
        if len < 4 {
            continue;
        }
        let number = u16::from_be_bytes([buf[0], buf[1]]);
        let total = u16::from_be_bytes([buf[2], buf[3]]);
        if number >= total {
            continue;
        }
        parts.insert(number, buf[4..len].to_vec());
        if parts.len() == usize::from(total) {
            return Ok(parts.into_values().flatten().collect());
        }
    }
}

fn main() -> ExitCode {
    graders::ex03_3_reorder::main(receive_message)
}
