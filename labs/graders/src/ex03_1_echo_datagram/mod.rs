//! Exercise 3.1: echo one datagram to whoever sent it.

use std::io;
use std::net::UdpSocket;
use std::process::ExitCode;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: receive one datagram, send it back, return its length.
pub type Answer = fn(&UdpSocket) -> io::Result<usize>;

/// Under a judge, one call for each datagram; by hand, an echo server on the
/// address in the first argument.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            let socket = judge.udp_socket()?;
            while judge.next_call()?.is_some() {
                judge.run(|| answer(&socket), |len| vec![len.to_string().into()])?;
            }
            Ok(())
        },
        |args| {
            let socket = child::bind_by_hand(args)?;
            loop {
                child::show(answer(&socket).map(|len| format!("echoed {len} bytes")))?;
            }
        },
    )
}
