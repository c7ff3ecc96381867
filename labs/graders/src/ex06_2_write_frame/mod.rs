//! Exercise 6.2: write one frame to a stream.

use std::io;
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use crate::child;
use crate::ex06_1_read_frame::limits;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: write one frame, of a bounded length.
pub type Answer = fn(&mut TcpStream, &[u8], usize) -> io::Result<()>;

/// The longest frame that a run by hand sends, in bytes.
const BY_HAND: usize = 1_000;

/// Under a judge, any number of calls for each connection; by hand, a client of
/// the server in the first argument, which sends each of the others as a frame.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            let listener = judge.tcp_listener()?;
            let mut stream = None;
            while let Some(mut call) = judge.next_call()? {
                let (some, len): (_, usize) = (call.bytes(), call.parsed());
                let (limit, patience) = (call.parsed(), call.parsed());
                let mut body = some.repeat(len / some.len().max(1) + 1);
                body.truncate(len);
                if call.parsed() {
                    let (new, _) = listener.accept()?;
                    let patience = Duration::from_millis(patience);
                    new.set_write_timeout(Some(patience).filter(|p| !p.is_zero()))?;
                    stream = Some(new);
                }
                let Some(stream) = &mut stream else { break };
                let before = stream.write_timeout();
                judge.run(|| answer(stream, &body, limit), |()| Vec::new())?;
                judge.tell(limits(before, stream.write_timeout()).into())?;
            }
            Ok(())
        },
        |args| {
            let server = child::address(args, 0, "the server, like 127.0.0.1:8888")?;
            let mut stream = TcpStream::connect(server)
                .map_err(|e| format!("cannot connect to {server}: {}", e.kind()))?;
            for message in &args[1..] {
                let sent = answer(&mut stream, message.as_bytes(), BY_HAND);
                child::show(sent.map(|()| format!("sent a frame of {} bytes", message.len())))?;
            }
            child::end_by_hand(&stream);
            Ok(())
        },
    )
}
