//! What a client sends: its arguments, or the lines of its standard input.

use std::ffi::OsString;
use std::io::{self, BufRead, Read};

use crate::Trouble;

/// The longest line that is read, in bytes: more than any datagram holds.
const LONGEST_LINE: u64 = 70_000;

/// The messages of a client: each argument, or, without any, each line of
/// standard input without its line end. They are bytes, not text.
///
/// An item is an error when standard input cannot be read. Of a line of more
/// than 70,000 bytes the rest is another message; already the first part is too
/// long for a datagram.
pub fn messages(args: &[OsString]) -> Box<dyn Iterator<Item = Result<Vec<u8>, Trouble>> + '_> {
    if args.is_empty() {
        let mut input = io::stdin().lock();
        Box::new(std::iter::from_fn(move || {
            next_line(&mut input).transpose()
        }))
    } else {
        Box::new(args.iter().map(|m| Ok(m.as_encoded_bytes().to_vec())))
    }
}

/// How much of standard input is read at most in one go.
const LONGEST_PIECE: usize = 64 * 1024;

/// What a client writes into a stream: each argument and a line end, or,
/// without any, standard input byte for byte, in pieces as they come.
///
/// An item is an error when standard input cannot be read.
pub fn pieces(args: &[OsString]) -> Box<dyn Iterator<Item = Result<Vec<u8>, Trouble>> + '_> {
    if args.is_empty() {
        Box::new(std::iter::from_fn(|| next_piece().transpose()))
    } else {
        let line = |arg: &OsString| [arg.as_encoded_bytes(), b"\n"].concat();
        Box::new(args.iter().map(move |arg| Ok(line(arg))))
    }
}

/// What waits in standard input; `None` at its end.
fn next_piece() -> Result<Option<Vec<u8>>, Trouble> {
    let mut piece = vec![0; LONGEST_PIECE];
    loop {
        match io::stdin().lock().read(&mut piece) {
            Ok(0) => return Ok(None),
            Ok(len) => {
                piece.truncate(len);
                return Ok(Some(piece));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(&error)),
        }
    }
}

fn unreadable(error: &io::Error) -> Trouble {
    Trouble::new(format!("cannot read standard input: {}", error.kind()))
}

/// One line; `None` at the end of the input.
fn next_line(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, Trouble> {
    let mut line = Vec::new();
    input
        .by_ref()
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line)
        .map_err(|error| unreadable(&error))?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.ends_with(b"\n") {
        line.pop();
        if line.ends_with(b"\r") {
            line.pop();
        }
    }
    Ok(Some(line))
}
