//! Exercise 5.5: close a connection so that the peer loses nothing.

use std::io;
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use socket2::SockRef;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: send the answer, and end the connection.
pub type Answer = fn(TcpStream, &[u8], Duration) -> io::Result<()>;

/// The size of the send buffer of a judged connection: a large answer fits, and
/// a huge one does not.
const BUFFER: usize = 512 << 10;

/// What a run by hand answers, and how long it waits.
const BY_HAND: (&[u8], Duration) = (b"that is all\n", Duration::from_secs(5));

/// Under a judge, one call for each connection; by hand, a server on the address
/// in the first argument that answers every client at once.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            let listener = judge.tcp_listener()?;
            while let Some(mut call) = judge.next_call()? {
                let (bytes, patience) = (call.bytes(), Duration::from_millis(call.parsed()));
                let (stream, _) = listener.accept()?;
                // Left alone, a kernel may let it grow to many megabytes.
                SockRef::from(&stream).set_send_buffer_size(BUFFER)?;
                judge.run(|| answer(stream, &bytes, patience), |()| Vec::new())?;
            }
            Ok(())
        },
        |args| {
            let listener = child::listen_by_hand(args)?;
            loop {
                let (bytes, patience) = BY_HAND;
                let said = listener.accept().map(|(stream, client)| {
                    match answer(stream, bytes, patience) {
                        Ok(()) => format!("{client} has ended"),
                        Err(e) => format!("{client}: {:?} ({e})", e.kind()),
                    }
                });
                child::show(said)?;
            }
        },
    )
}
