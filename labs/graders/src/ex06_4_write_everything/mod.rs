//! Exercise 6.4: write everything to a non-blocking stream, in time.

use std::io;
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: write all bytes, and wait as long as it may.
pub type Answer = fn(&TcpStream, &[u8], Duration) -> io::Result<()>;

/// How many bytes a run by hand sends, and how long that may take.
const BY_HAND: (usize, Duration) = (1_000_000, Duration::from_secs(5));

/// Under a judge, one call for each connection; by hand, a server on the address
/// in the first argument that sends the same to one client after the other.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            let listener = judge.tcp_listener()?;
            let mut open = None;
            while let Some(mut call) = judge.next_call()? {
                let (some, len, millis) = (call.bytes(), call.parsed(), call.parsed());
                let mut bytes = some.repeat(len / some.len().max(1) + 1);
                bytes.truncate(len);
                let (stream, _) = listener.accept()?;
                stream.set_nonblocking(true)?;
                let patience = Duration::from_millis(millis);
                let begun = Instant::now();
                let mut time = None;
                judge.run(
                    || {
                        let result = answer(&stream, &bytes, patience);
                        time = Some(begun.elapsed());
                        result
                    },
                    |()| Vec::new(),
                )?;
                let time = time.unwrap_or_default().as_micros().to_string();
                let limited = stream.write_timeout().is_ok_and(|limit| limit.is_some());
                let limited = if limited { "limited" } else { "unlimited" };
                judge.tell(vec![blocks(&stream).into(), time.into(), limited.into()])?;
                // Dropped with the next one: what was written can be looked at.
                drop(open.replace(stream));
            }
            Ok(())
        },
        |args| {
            let listener = child::listen_by_hand(args)?;
            loop {
                let stream = child::accept_by_hand(&listener)?;
                let (count, patience) = BY_HAND;
                let bytes: Vec<u8> = b"all work and no play\n".repeat(count / 21 + 1);
                let sent = stream.set_nonblocking(true);
                let sent = sent.and_then(|()| answer(&stream, &bytes[..count], patience));
                child::end_by_hand(&stream);
                child::show_and_go_on(sent.map(|()| format!("the stream took {count} bytes")));
            }
        },
    )
}

/// Whether a stream is blocking now, where the system tells.
pub(crate) fn blocks(stream: &TcpStream) -> &'static str {
    #[cfg(unix)]
    if let Ok(false) = socket2::SockRef::from(stream).nonblocking() {
        return "blocking";
    }
    let _ = stream;
    "non-blocking"
}
