//! Read a frame
//!
//! `cargo test ex06_1` grades this file. To try it by hand, run it as a server,
//! and send it frames from a second terminal:
//!
//! ```text
//! cargo run -p exercises --bin ex06_1_read_frame -- 127.0.0.1:8888
//! cargo run --bin lab06_frames_client -- hello
//! ```

use std::io::{self, ErrorKind, Read};
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
    let mut first = [0; 1];
    loop {
        match stream.read(&mut first) {
            Ok(0) => return Ok(None),
            Ok(_) => break,
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    let time_limit = stream.read_timeout()?;
    stream.set_read_timeout(None)?;
    let frame = rest(stream, first[0], limit);
    // After a reset macOS sets no limit any more; the stream's own error goes first.
    let restored = stream.set_read_timeout(time_limit);
    let frame = frame?;
    restored?;
    Ok(Some(frame))
}

/// What stands behind the first byte of a frame.
fn rest(stream: &mut TcpStream, first: u8, limit: usize) -> io::Result<Vec<u8>> {
    let mut three = [0; 3];
    stream.read_exact(&mut three)?;
    let length = u64::from(u32::from_be_bytes([first, three[0], three[1], three[2]]));
    if length > limit as u64 {
        return Err(io::Error::new(
            ErrorKind::InvalidData,
            "the frame is too long",
        ));
    }
    let mut body = Vec::new();
    stream.take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(body)
}

fn main() -> ExitCode {
    graders::ex06_1_read_frame::main(read_frame)
}
