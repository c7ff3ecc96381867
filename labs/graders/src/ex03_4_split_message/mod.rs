//! Exercise 3.4: split a message into datagrams that fit the path.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: `(socket, peer, message, mtu)` to the number of
/// datagrams sent.
pub type Answer = fn(&UdpSocket, SocketAddr, &[u8], usize) -> io::Result<u16>;

/// Under a judge, one call for each message; by hand, the message in the third
/// argument goes from the address in the first to the one in the second.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            let socket = judge.udp_socket()?;
            while let Some(mut call) = judge.next_call()? {
                let (peer, message, mtu) = (call.parsed(), call.bytes(), call.parsed());
                judge.run(
                    || answer(&socket, peer, &message, mtu),
                    |n| vec![n.to_string().into()],
                )?;
            }
            Ok(())
        },
        |args| {
            let peer = child::address(args, 1, "the receiver's address, like 127.0.0.1:8888")?;
            let message: String = child::argument(args, 2, "the message, in quotes")?;
            let socket = child::bind_by_hand(args)?;
            // A small MTU, so that a short message needs several parts.
            let sent = answer(&socket, peer, message.as_bytes(), 40);
            child::show(sent.map(|parts| format!("sent {parts} datagrams")))
        },
    )
}
