//! Read a line
//!
//! `cargo test ex06_3` grades this file. To try it by hand, run it as a server,
//! and send it lines from a second terminal:
//!
//! ```text
//! cargo run -p exercises --bin ex06_3_next_line -- 127.0.0.1:8888
//! cargo run --bin lab04_tcp_client -- hello
//! ```

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::net::TcpStream;
use std::process::ExitCode;

/// Reads the next line of a stream, and returns it without its ending. A line is
/// UTF-8 text, and ends with `\n`; a `\r` right before that belongs to the
/// ending. Any other `\r` is a character like others.
///
/// The stream brings a line in any pieces, and several at once. Of what stands
/// behind the line, nothing is taken from `reader`. Returns `None` when the
/// stream ends where a line would begin.
///
/// `limit` is the length of the longest line that is accepted, in bytes and
/// without its ending. A longer one is refused before it ends: at the latest
/// when `limit + 2` bytes have come, and no `\n` among them. `limit` is far
/// below `usize::MAX`.
///
/// The stream may have a read time limit, and keeps it; when it is over, its error
/// is returned as it is. After an error, the stream is not used any more.
///
/// # Errors
/// `InvalidData` for a line that is longer than `limit` or not UTF-8;
/// `UnexpectedEof` when the stream ends inside a line, or either of them when it
/// ends inside a line that is too long; others of the stream, as they are.
fn next_line(reader: &mut BufReader<TcpStream>, limit: usize) -> io::Result<Option<String>> {
    let most = limit as u64 + 2;
    let mut line = Vec::new();
    reader.by_ref().take(most).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.pop_if(|b| *b == b'\n').is_some() {
        if let Some(at) = line.iter().position(|b| *b == b'\r') {
            line.truncate(at);
        }
        if line.len() > limit {
            return Err(ErrorKind::InvalidData.into());
        }
        let line = String::from_utf8(line).map_err(|_| ErrorKind::InvalidData)?;
        return Ok(Some(line));
    }
    let cut = (line.len() as u64) < most;
    Err(if cut {
        ErrorKind::UnexpectedEof
    } else {
        ErrorKind::InvalidData
    }
    .into())
}

fn main() -> ExitCode {
    graders::ex06_3_next_line::main(next_line)
}
