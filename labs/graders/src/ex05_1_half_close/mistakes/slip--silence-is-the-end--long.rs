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
    thread::scope(|scope| {
        let sending = scope.spawn(|| {
            (&stream).write_all(message)?;
            stream.shutdown(Shutdown::Write)
        });
        let mut answer = Vec::new();
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        let mut buf = [0; 4096];
        while let Ok(n @ 1..) = (&stream).read(&mut buf) {
            answer.extend_from_slice(&buf[..n]);
        }
        sending.join().expect("sending does not panic")?;
        Ok(answer)
    })
}

fn main() -> ExitCode {
    graders::ex05_1_half_close::main(half_close)
}
