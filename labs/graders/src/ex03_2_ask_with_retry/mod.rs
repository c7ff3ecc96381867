//! Exercise 3.2: ask a server, and ask again when no answer comes.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::Duration;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: `(socket, server, request, timeout, tries)` to the
/// server's answer, or `TimedOut`.
pub type Answer = fn(&UdpSocket, SocketAddr, &[u8], Duration, u32) -> io::Result<Vec<u8>>;

/// Under a judge, one call for each request; by hand, one question to the
/// server in the first argument.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            let socket = judge.udp_socket()?;
            while let Some(mut call) = judge.next_call()? {
                let (server, request) = (call.parsed(), call.bytes());
                let timeout = Duration::from_millis(call.parsed());
                let tries = call.parsed();
                judge.run(
                    || answer(&socket, server, &request, timeout, tries),
                    |reply| vec![reply],
                )?;
            }
            Ok(())
        },
        |args| {
            let server = child::address(args, 0, "the server's address, like 127.0.0.1:8888")?;
            let question: String =
                child::argument(args, 1, "the question, in one word or in quotes")?;
            // An id that is unlikely to have been used a moment ago.
            let mut request = std::process::id().to_be_bytes().to_vec();
            request.extend(question.as_bytes());
            let socket = child::client_by_hand()?;
            let reply = answer(&socket, server, &request, Duration::from_secs(1), 3);
            child::show(reply.map(|bytes| {
                format!(
                    "answer: {}",
                    bytes.get(4..).unwrap_or(&bytes).escape_ascii()
                )
            }))
        },
    )
}
