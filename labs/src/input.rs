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

/// One line; `None` at the end of the input.
fn next_line(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, Trouble> {
    let mut line = Vec::new();
    input
        .by_ref()
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line)
        .map_err(|e| Trouble::new(format!("cannot read standard input: {}", e.kind())))?;
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
