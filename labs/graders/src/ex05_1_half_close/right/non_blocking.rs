//! Say the end, and keep listening
//!
//! `cargo test ex05_1` grades this file. To try it by hand, start a server in
//! one terminal, and run it with the server's address and a message in another:
//!
//! ```text
//! cargo run --bin lab04_tcp_server
//! cargo run -p exercises --bin ex05_1_half_close -- 127.0.0.1:8888 hello
//! ```

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

/// Sends all of `message` to the server, tells it that no more will come, and
/// returns everything that the server sends, to the server's end of the stream.
///
/// `stream` is connected to the server, and this function alone has it. The
/// server may begin its answer while the message is still coming, and wait with
/// the rest of the message until its answer so far is read. It may send more
/// after the message's end, in any pieces and with any pauses, or end its answer
/// before it has read the whole message. Message and answer have any size; both
/// may be empty.
///
/// # Errors
/// Those of the stream, as they are.
fn half_close(stream: TcpStream, message: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = stream;
    stream.set_nonblocking(true)?;
    let mut answer = Vec::new();
    let (mut left, mut said_end, mut ended) = (message, false, false);
    let mut buf = vec![0; 65_536];
    while !(said_end && ended) {
        let mut moved = false;
        if !left.is_empty() {
            if let Some(n) = now(stream.write(left))? {
                left = &left[n..];
                moved = true;
            }
        } else if !said_end {
            stream.shutdown(Shutdown::Write)?;
            said_end = true;
        }
        if !ended && let Some(n) = now(stream.read(&mut buf))? {
            answer.extend(&buf[..n]);
            ended = n == 0;
            moved = true;
        }
        if !moved {
            thread::sleep(Duration::from_millis(1));
        }
    }
    Ok(answer)
}

/// `None` for what would have to wait.
fn now(result: io::Result<usize>) -> io::Result<Option<usize>> {
    match result {
        Err(e) if e.kind() == io::ErrorKind::WouldBlock => Ok(None),
        other => other.map(Some),
    }
}

fn main() -> ExitCode {
    graders::ex05_1_half_close::main(half_close)
}
