//! Echo a connection to its end
//!
//! `cargo test ex04_2` grades this file. To try it by hand, run it as a server
//! and connect to it from a second terminal:
//!
//! ```text
//! cargo run -p exercises --bin ex04_2_echo_connection -- 127.0.0.1:8888
//! cargo run --bin lab04_tcp_client -- hello
//! ```

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

/// Sends everything that the client sends back to it, as it arrives, until the
/// client ends its stream. Then the client sees the end of this stream too, and
/// the function returns how many bytes were echoed: no byte of them is left to
/// send.
///
/// `stream` is a connection that was just accepted. The client may send any
/// bytes, any number of them, in pieces of any size, with pauses of any length
/// between them, and read when it likes: there is no time limit.
///
/// # Errors
/// Those of the connection, as they are: the client may break it, with a reset,
/// at any time.
fn echo_connection(mut stream: TcpStream) -> io::Result<u64> {
    stream.set_write_timeout(Some(Duration::from_millis(150)))?;
    let (mut buf, mut echoed) = ([0; 4096], 0);
    loop {
        let len = stream.read(&mut buf)?;
        if len == 0 {
            return Ok(echoed);
        }
        stream.write_all(&buf[..len])?;
        echoed += len as u64;
    }
}

fn main() -> ExitCode {
    graders::ex04_2_echo_connection::main(echo_connection)
}
