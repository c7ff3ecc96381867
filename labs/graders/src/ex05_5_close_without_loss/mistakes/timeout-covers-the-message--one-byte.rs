//! Close, and lose nothing
//!
//! `cargo test ex05_5` grades this file. To try it by hand, run it as a server,
//! and connect to it from a second terminal:
//!
//! ```text
//! cargo run -p exercises --bin ex05_5_close_without_loss -- 127.0.0.1:8888
//! cargo run --bin lab04_tcp_client -- hello
//! ```

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Sends all of `answer` to a client and ends the connection, so that the client
/// receives the whole answer and its end.
///
/// `stream` is connected to the client, and this function alone has it; when it
/// returns, the connection is over. The client may be sending when the function
/// is called, and may go on sending while the answer comes, in any pieces and
/// for any time; nobody needs what it sends. It reads the answer while it sends,
/// perhaps slowly. It ends its side when it likes, often only when it has read
/// the end of the answer, and then the function returns `Ok(())` at once.
///
/// The answer has any size, and writing it takes as long as the client needs to
/// read it. After that, the function waits for the client's end for `patience`
/// at most, whatever the client sends meanwhile; if the client has not ended
/// then, it returns the error `TimedOut`. `patience` is longer than 0.
///
/// # Errors
/// `TimedOut`; others of the stream, as they are.
fn close_without_loss(stream: TcpStream, answer: &[u8], patience: Duration) -> io::Result<()> {
    let mut stream = stream;
    stream.write_all(answer)?;
    stream.shutdown(Shutdown::Write)?;
    let deadline = Instant::now() + patience;
    stream.set_read_timeout(Some(patience))?;
    let mut unwanted = [0; 4096];
    while Instant::now() < deadline {
        match stream.read(&mut unwanted) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
            Err(e) => return Err(e),
        }
    }
    Err(ErrorKind::TimedOut.into())
}

fn main() -> ExitCode {
    graders::ex05_5_close_without_loss::main(close_without_loss)
}
