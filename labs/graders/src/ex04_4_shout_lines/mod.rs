//! Exercise 4.4: answer line by line.

use std::io;
use std::net::TcpStream;
use std::process::ExitCode;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: answer each line in capital letters.
pub type Answer = fn(TcpStream) -> io::Result<()>;

/// Under a judge, one call for each connection; by hand, a server for one client
/// after the other on the address in the first argument.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            let listener = judge.tcp_listener()?;
            while judge.next_call()?.is_some() {
                let (stream, _) = listener.accept()?;
                judge.run(|| answer(stream), |()| Vec::new())?;
            }
            Ok(())
        },
        |args| {
            let listener = child::listen_by_hand(args)?;
            loop {
                let stream = child::accept_by_hand(&listener)?;
                child::show_and_go_on(answer(stream).map(|()| "the client is done"));
            }
        },
    )
}
