//! Exercise 6.1: read one frame from a stream.

use std::io::{self, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use crate::child;
use crate::ex06_4_write_everything::blocks;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: read one frame, of a bounded length.
pub type Answer = fn(&mut TcpStream, usize) -> io::Result<Option<Vec<u8>>>;

/// The longest frame that a run by hand accepts, in bytes.
const BY_HAND: usize = 1_000;

/// Under a judge, any number of calls for each connection; by hand, a server on
/// the address in the first argument that shows the frames of one client after
/// the other, and sends them back.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            let listener = judge.tcp_listener()?;
            let mut stream = None;
            while let Some(mut call) = judge.next_call()? {
                let (limit, patience) = (call.parsed(), call.parsed());
                if call.parsed() {
                    let (new, _) = listener.accept()?;
                    let patience = Duration::from_millis(patience);
                    new.set_read_timeout(Some(patience).filter(|p| !p.is_zero()))?;
                    stream = Some(new);
                }
                let Some(stream) = &mut stream else { break };
                let before = stream.read_timeout();
                judge.run(
                    || answer(stream, limit),
                    |frame| frame.into_iter().collect(),
                )?;
                let [before, after] = limits(before, stream.read_timeout());
                judge.tell(vec![before, after, blocks(stream).into()])?;
            }
            Ok(())
        },
        |args| {
            let listener = child::listen_by_hand(args)?;
            loop {
                let mut stream = child::accept_by_hand(&listener)?;
                loop {
                    match answer(&mut stream, BY_HAND) {
                        Ok(Some(frame)) => {
                            child::show(Ok(shown(&frame)))?;
                            // The lab's client waits for it; the next read says
                            // so if the client is gone.
                            let head = u32::try_from(frame.len()).unwrap_or_default();
                            let _ = stream.write_all(&[&head.to_be_bytes(), &frame[..]].concat());
                        }
                        Ok(None) => break child::show(Ok("the client is done"))?,
                        Err(error) => break child::show_and_go_on::<String>(Err(error)),
                    }
                }
            }
        },
    )
}

/// A stream's time limit before and after a call, in milliseconds; 0 is none, and
/// also what stands for a limit that the system does not tell.
pub(crate) fn limits(
    before: io::Result<Option<Duration>>,
    after: io::Result<Option<Duration>>,
) -> [Vec<u8>; 2] {
    let millis = |limit: Option<Duration>| {
        let millis = limit.map_or(0, |limit| limit.as_millis().max(1));
        millis.to_string().into_bytes()
    };
    match (before, after) {
        (Ok(before), Ok(after)) => [before, after].map(millis),
        _ => [None; 2].map(millis),
    }
}

/// A frame in a line of a terminal.
fn shown(frame: &[u8]) -> String {
    let text = String::from_utf8_lossy(frame);
    format!("a frame of {} bytes: {text:?}", frame.len())
}
