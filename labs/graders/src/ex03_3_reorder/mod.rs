//! Exercise 3.3: put the parts of a message in order.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: `(socket, sender)` to the whole message.
pub type Answer = fn(&UdpSocket, SocketAddr) -> io::Result<Vec<u8>>;

/// Under a judge, one call for each message; by hand, one message on the
/// address in the first argument, from the sender in the second.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            let socket = judge.udp_socket()?;
            while let Some(mut call) = judge.next_call()? {
                let sender = call.parsed();
                judge.run(|| answer(&socket, sender), |message| vec![message])?;
            }
            Ok(())
        },
        |args| {
            let sender = child::address(args, 1, "the sender's address, like 127.0.0.1:9999")?;
            let socket = child::bind_by_hand(args)?;
            child::show(answer(&socket, sender).map(|m| m.escape_ascii().to_string()))
        },
    )
}
