//! The private channel between a judge and an answer: messages on a loopback
//! TCP connection.
//!
//! A message is a list of byte strings; the first one names its kind. On the
//! wire: the number of strings, then each string's length and bytes; every
//! number is a `u32` in network byte order. Both limits below are checked
//! before anything is allocated, because the other side may be anybody's code.

use std::io::{self, Read, Write};

/// The environment variable that tells an answer where its judge is:
/// `ADDRESS/TOKEN`.
pub const CHANNEL: &str = "SOCKETS_JUDGE";

/// The most strings in one message.
const MOST_FIELDS: u32 = 100_000;
/// The most bytes in one message, 64 MiB.
const MOST_BYTES: usize = 64 << 20;

/// One message.
pub type Message = Vec<Vec<u8>>;

/// Writes one message, whole.
pub fn write(mut out: impl Write, message: &[Vec<u8>]) -> io::Result<()> {
    let length = |n: usize| u32::try_from(n).map_err(|_| io::ErrorKind::InvalidInput);
    let mut bytes = length(message.len())?.to_be_bytes().to_vec();
    for field in message {
        bytes.extend(length(field.len())?.to_be_bytes());
        bytes.extend(field);
    }
    out.write_all(&bytes)
}

/// Reads one message; `UnexpectedEof` when the other side is gone.
pub fn read(mut from: impl Read) -> io::Result<Message> {
    let mut collected = Vec::new();
    loop {
        if let Some((message, _)) = parse(&collected)? {
            return Ok(message);
        }
        // The channel carries one small message at a time: a byte-wise read
        // would do, and this one never takes what belongs to the next.
        let missing = missing(&collected);
        let start = collected.len();
        collected.resize(start + missing, 0);
        from.read_exact(&mut collected[start..])?;
    }
}

/// Takes one message from the front of `bytes`: the message and its length in
/// bytes, `None` while it is incomplete, `InvalidData` when it is none.
pub fn parse(bytes: &[u8]) -> io::Result<Option<(Message, usize)>> {
    let Some(count) = number(bytes, 0) else {
        return Ok(None);
    };
    if count == 0 || count > MOST_FIELDS {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut at = 4;
    let mut message = Vec::new();
    for _ in 0..count {
        let Some(len) = number(bytes, at) else {
            return Ok(None);
        };
        let end = at + 4 + len as usize;
        if end > MOST_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let Some(field) = bytes.get(at + 4..end) else {
            return Ok(None);
        };
        message.push(field.to_vec());
        at = end;
    }
    Ok(Some((message, at)))
}

/// How many bytes are certainly still missing from an incomplete message.
fn missing(bytes: &[u8]) -> usize {
    let Some(count) = number(bytes, 0) else {
        return 4 - bytes.len();
    };
    let mut at = 4;
    for _ in 0..count {
        let Some(len) = number(bytes, at) else { break };
        at += 4 + len as usize;
        if at > bytes.len() {
            return at - bytes.len();
        }
    }
    (at + 4).saturating_sub(bytes.len()).max(1)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}
