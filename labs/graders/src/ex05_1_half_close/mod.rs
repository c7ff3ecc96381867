//! Exercise 5.1: end one direction, and go on with the other.

use std::io;
use std::net::TcpStream;
use std::process::ExitCode;

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
            while let Some(mut call) = judge.next_call()? {
                let message = call.bytes();
                let (stream, _) = listener.accept()?;
                // Left alone, a kernel may let them grow to many megabytes, and
                // it takes more than that to fill them.
                let buffers = SockRef::from(&stream);
                buffers.set_send_buffer_size(BUFFER)?;
                buffers.set_recv_buffer_size(BUFFER)?;
                judge.run(|| answer(stream, &message), |bytes| vec![bytes])?;
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
