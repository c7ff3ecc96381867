//! Exercise 4.1: send a message, and read all of the answer.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: `(server, message)` to the server's whole answer.
pub type Answer = fn(SocketAddr, &[u8]) -> io::Result<Vec<u8>>;

/// Under a judge, one call for each message; by hand, one message to the server
/// in the first argument.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            while let Some(mut call) = judge.next_call()? {
                let (server, message) = (call.parsed(), call.bytes());
                judge.run(|| answer(server, &message), |reply| vec![reply])?;
            }
            Ok(())
        },
        |args| {
            let server = child::address(args, 0, "the server's address, like 127.0.0.1:8888")?;
            let message: String = child::argument(args, 1, "the message, in quotes")?;
            let reply = answer(server, message.as_bytes());
            child::show(reply.map(|bytes| format!("answer: {}", bytes.escape_ascii())))
        },
    )
}
