//! Exercise 5.1: end one direction, and go on with the other.

use std::io;
use std::net::TcpStream;
use std::process::{self, ExitCode};

use socket2::SockRef;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: a connection and a message to the whole answer.
pub type Answer = fn(TcpStream, &[u8]) -> io::Result<Vec<u8>>;

/// The size of both buffers of a judged connection.
const BUFFER: usize = 128 << 10;

/// Under a judge, one call for each connection; by hand, one message to the
/// server in the first argument.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            // Who opened the connection makes no difference to the function, and
            // here the judge can talk before the call.
            let listener = judge.tcp_listener()?;
            judge.tell(vec![process::id().to_string().into()])?;
            while let Some(mut call) = judge.next_call()? {
                let message = call.bytes();
                let (stream, _) = listener.accept()?;
                // Left alone, a kernel may let them grow to many megabytes, and
                // it takes more than that to fill them.
                let buffers = SockRef::from(&stream);
                buffers.set_send_buffer_size(BUFFER)?;
                buffers.set_recv_buffer_size(BUFFER)?;
                // Which limits the answer has set is seen through any handle of its
                // socket. This one is gone before the judge hears of the return.
                let witness = stream.try_clone()?;
                let mut limit = String::new();
                let run = || {
                    let bytes = answer(stream, &message);
                    limit = limit_of_reads(&witness);
                    drop(witness);
                    bytes
                };
                judge.run(run, |bytes| vec![bytes])?;
                judge.tell(vec![limit.into()])?;
            }
            Ok(())
        },
        |args| {
            let server = child::address(args, 0, "the server's address, like 127.0.0.1:8888")?;
            let message: String = child::argument(args, 1, "the message, in quotes")?;
            let stream = TcpStream::connect(server)
                .map_err(|e| format!("cannot connect to {server}: {}", e.kind()))?;
            let bytes = answer(stream, message.as_bytes());
            child::show(bytes.map(|bytes| format!("answer: {}", bytes.escape_ascii())))
        },
    )
}

/// How long a read of this socket may take, in milliseconds; nothing where that
/// has no limit.
fn limit_of_reads(stream: &TcpStream) -> String {
    #[cfg(unix)]
    if SockRef::from(stream).nonblocking().unwrap_or(false) {
        return "0".into();
    }
    let limit = stream.read_timeout().ok().flatten();
    limit.map_or(String::new(), |limit| limit.as_millis().to_string())
}
