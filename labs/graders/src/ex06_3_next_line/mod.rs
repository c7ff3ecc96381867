//! Exercise 6.3: read one line from a stream.

use std::io::{self, BufReader};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use crate::child;
use crate::ex06_1_read_frame::limits;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: read one line, of a bounded length.
pub type Answer = fn(&mut BufReader<TcpStream>, usize) -> io::Result<Option<String>>;

/// The longest line that a run by hand accepts, in bytes.
const BY_HAND: usize = 80;

/// Under a judge, any number of calls for each connection; by hand, a server on
/// the address in the first argument that shows the lines of one client after
/// the other.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            let listener = judge.tcp_listener()?;
            let mut reader = None;
            while let Some(mut call) = judge.next_call()? {
                let (limit, room, patience) = (call.parsed(), call.parsed(), call.parsed());
                if call.parsed() {
                    let (stream, _) = listener.accept()?;
                    let patience = Duration::from_millis(patience);
                    stream.set_read_timeout(Some(patience).filter(|p| !p.is_zero()))?;
                    reader = Some(BufReader::with_capacity(room, stream));
                }
                let Some(reader) = &mut reader else { break };
                let before = reader.get_ref().read_timeout();
                judge.run(
                    || answer(reader, limit),
                    |line| line.into_iter().map(String::into_bytes).collect(),
                )?;
                judge.tell(limits(before, reader.get_ref().read_timeout()).into())?;
            }
            Ok(())
        },
        |args| {
            let listener = child::listen_by_hand(args)?;
            loop {
                let mut reader = BufReader::new(child::accept_by_hand(&listener)?);
                loop {
                    match answer(&mut reader, BY_HAND) {
                        Ok(Some(line)) => child::show(Ok(format!("a line: {line:?}")))?,
                        Ok(None) => break child::show(Ok("the client is done"))?,
                        Err(error) => break child::show_and_go_on::<String>(Err(error)),
                    }
                }
            }
        },
    )
}
