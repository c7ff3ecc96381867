//! Read a frame
//!
//! `cargo test ex06_1` grades this file. To try it by hand, run it as a server,
//! and send it frames from a second terminal:
//!
//! ```text
//! cargo run -p exercises --bin ex06_1_read_frame -- 127.0.0.1:8888
//! cargo run --bin lab06_frames_client -- hello
//! ```

use std::io::{
    self,
    ErrorKind::{self, Interrupted, TimedOut, WouldBlock},
    Read,
};
use std::net::TcpStream;
use std::process::ExitCode;

/// Reads the next frame from a stream and returns its bytes. A frame is its
/// length, as 4 bytes in network byte order, and then so many bytes; there may
/// be none.
///
/// The stream brings a frame in any pieces and at any pace, and more frames may
/// stand behind it: of them, nothing is taken from the stream. Returns `None`
/// when the stream ends where a frame would begin.
///
/// `limit` is the length of the longest frame that is accepted, in bytes. A
/// longer one is refused as soon as its length has come: nothing of it is
/// awaited, and no memory is asked for that would hold it.
///
/// `stream` may have a read time limit. When it is over before the first byte of
/// a frame has come, its error is returned as it is, and a later call reads the
/// frame. Once a byte has come, the function waits for the rest of the frame,
/// for any time. When it returns, the stream is open and blocking, and has the
/// same time limit as before.
///
/// # Errors
/// `InvalidData` for a frame that is longer than `limit`; `UnexpectedEof` when
/// the stream ends inside a frame; others of the stream, as they are.
fn read_frame(stream: &mut TcpStream, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut head = [0; 4];
    if stream.read(&mut head[..1])? == 0 {
        return Ok(None);
    }
    fill(stream, &mut head[1..])?;
    let length = u32::from_be_bytes(head);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > limit {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut body = Vec::new();
    stream.take(length as u64).read_to_end(&mut body)?;
    Ok(Some(body))
}

/// Fills `part`, however many reads and time limits that takes.
fn fill(stream: &mut TcpStream, part: &mut [u8]) -> io::Result<()> {
    let mut at = 0;
    while at < part.len() {
        match stream.read(&mut part[at..]) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => at += n,
            Err(e) if matches!(e.kind(), WouldBlock | TimedOut | Interrupted) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    graders::ex06_1_read_frame::main(read_frame)
}
