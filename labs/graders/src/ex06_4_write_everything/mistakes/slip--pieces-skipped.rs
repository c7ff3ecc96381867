//! Write everything
//!
//! `cargo test ex06_4` grades this file. To try it by hand, run it as a server
//! that sends a million bytes, and connect to it from a second terminal:
//!
//! ```text
//! cargo run -p exercises --bin ex06_4_write_everything -- 127.0.0.1:8888
//! cargo run --bin lab04_tcp_client -- hello
//! ```

use std::io::{self, ErrorKind, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

/// Writes all of `bytes` to a stream that is open and non-blocking, and still is
/// when the function returns.
///
/// Returns `Ok` as soon as the stream has taken all of them, each once. The peer
/// may read at any pace, and the stream may take any part of what it is given,
/// or nothing for now. Then the function waits, without work for the processor,
/// and goes on within 20 ms after there is room.
///
/// `patience` is how long all of this may take, from the call on, whatever is
/// written meanwhile. When it is over before all is taken, the function returns
/// the error `TimedOut`. It is longer than 0.
///
/// # Errors
/// `TimedOut`; others of the stream at once, as they are.
fn write_everything(stream: &TcpStream, bytes: &[u8], patience: Duration) -> io::Result<()> {
    let deadline = Instant::now() + patience;
    let mut stream = stream;
    for piece in bytes.chunks(4096) {
        loop {
            match stream.write(piece) {
                Ok(_) => break,
                Err(e) if e.kind() != ErrorKind::WouldBlock => return Err(e),
                Err(_) if Instant::now() >= deadline => return Err(ErrorKind::TimedOut.into()),
                Err(_) => thread::sleep(Duration::from_millis(1)),
            }
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    graders::ex06_4_write_everything::main(write_everything)
}
