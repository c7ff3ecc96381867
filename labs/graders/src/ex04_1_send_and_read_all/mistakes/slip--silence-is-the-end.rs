//! Send a message, and read all of the answer
//!
//! `cargo test ex04_1` grades this file. To try it by hand, start an echo server
//! and let your answer talk to it from a second terminal:
//!
//! ```text
//! cargo run --bin lab04_tcp_server
//! cargo run -p exercises --bin ex04_1_send_and_read_all -- 127.0.0.1:8888 hello
//! ```

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

/// Connects to `server`, sends it `message`, tells it that no more comes, and
/// returns all that it sends until it ends its own stream.
///
/// The server reads to the end of the message before it answers. Message and
/// answer carry any bytes and have any length, 0 too. The answer may come in
/// pieces, with pauses of any length before and between them: there is no time
/// limit.
///
/// # Errors
/// Those of the connection, as they are: nobody listens at `server`, or the
/// connection breaks before the server has ended its stream.
fn send_and_read_all(server: SocketAddr, message: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(Duration::from_millis(500)))?;
    stream.write_all(message)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        // Nothing more comes.
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
        result => drop(result?),
    }
    Ok(answer)
}

fn main() -> ExitCode {
    graders::ex04_1_send_and_read_all::main(send_and_read_all)
}
