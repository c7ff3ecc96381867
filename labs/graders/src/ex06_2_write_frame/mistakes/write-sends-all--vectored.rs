//! Write a frame
//!
//! `cargo test ex06_2` grades this file. To try it by hand, start a server that
//! reads frames, and send it some from a second terminal:
//!
//! ```text
//! cargo run --bin lab06_frames_server
//! cargo run -p exercises --bin ex06_2_write_frame -- 127.0.0.1:8888 hello
//! ```

use std::io::{self, ErrorKind, IoSlice, Write};
use std::net::TcpStream;
use std::process::ExitCode;

/// Writes one frame to a stream: the length of `body`, as 4 bytes in network
/// byte order, and then `body`, which may be empty.
///
/// When it returns `Ok`, the stream has taken the whole frame, whatever its size
/// and however slowly the peer reads. Length and body leave together: a frame of
/// up to 1,000 bytes is sent in one segment.
///
/// `limit` is the length of the longest body that is sent, in bytes, and is at
/// most `u32::MAX`. Of a longer one, nothing is sent.
///
/// `stream` may have a write time limit: a write that is over then may have
/// taken a part of its bytes. When one has taken nothing at all in this time,
/// its error is returned as it is. When the function returns, the stream is open,
/// and has the same time limit as before.
///
/// # Errors
/// `InvalidInput` for a body that is longer than `limit`; others of the stream,
/// as they are.
fn write_frame(stream: &mut TcpStream, body: &[u8], limit: usize) -> io::Result<()> {
    if body.len() > limit {
        return Err(ErrorKind::InvalidInput.into());
    }
    let length = u32::try_from(body.len()).map_err(|_| ErrorKind::InvalidInput)?;
    let head = length.to_be_bytes();
    stream.write_vectored(&[IoSlice::new(&head), IoSlice::new(body)])?;
    Ok(())
}

fn main() -> ExitCode {
    graders::ex06_2_write_frame::main(write_frame)
}
