//! Messages in a stream: frames, marked by a length in front or by a line feed
//! behind. Both ends of lab 6 read and write with this file.
//!
//! Every error has one of these kinds: `UnexpectedEof`, the peer ended inside a
//! frame; `InvalidData`, it broke the rules; `InvalidInput`, we would have;
//! `TimedOut`, a deadline is over. All others are the connection's own.

use std::io::{
    self, BufRead, BufReader,
    ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionReset, InvalidData, InvalidInput, TimedOut,
        UnexpectedEof, WouldBlock,
    },
    Read, Write,
};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::bytes;

/// How the end of a message is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Framing {
    /// Its length comes first: 4 bytes, the highest one first
    Length,
    /// A line feed comes last
    Lines,
}

/// What a peer may cost.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The longest body of a frame, in bytes.
    pub limit: u32,
    /// How long a frame may take, once its first byte is there.
    pub timeout: Duration,
    /// How long nothing may come between two frames.
    pub idle: Duration,
}

/// A connection, as a sequence of frames.
pub struct Frames<'a> {
    // One for the whole connection: it may hold the beginning of the next frame.
    reader: BufReader<Timed<'a>>,
    framing: Framing,
    bounds: Bounds,
}

impl<'a> Frames<'a> {
    /// The frames of this connection. Nobody else may read from it.
    pub fn new(stream: &'a TcpStream, framing: Framing, bounds: Bounds) -> Self {
        let reader = BufReader::new(Timed::new(stream, bounds.idle));
        Self {
            reader,
            framing,
            bounds,
        }
    }

    // ANCHOR: next_frame
    /// The next frame; `None` when the stream ends before its first byte.
    ///
    /// # Errors
    /// As described at the top of this file.
    pub fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        let Bounds { limit, timeout, .. } = self.bounds;
        if self.has_ended()? {
            return Ok(None); // the only place where an end is clean
        }
        self.reader.get_mut().start(timeout);
        let frame = match self.framing {
            Framing::Length => read_frame(&mut self.reader, limit),
            Framing::Lines => read_line(&mut self.reader, limit),
        };
        frame.map(Some).map_err(|error| {
            let sentence = || format!("a frame that it began is not whole after {timeout:?}");
            said(error, TimedOut, sentence)
        })
    }

    /// Waits for the first byte of a frame, which stays in the buffer.
    fn has_ended(&mut self) -> io::Result<bool> {
        let idle = self.bounds.idle;
        self.reader.get_mut().start(idle);
        loop {
            match self.reader.fill_buf() {
                Ok(bytes) => return Ok(bytes.is_empty()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let sentence = || format!("it has sent nothing for {idle:?}");
                    return Err(said(error, TimedOut, sentence));
                }
            }
        }
    }
    // ANCHOR_END: next_frame

    /// Sends a frame: this kernel must have taken all of it before `timeout` is over,
    /// for which a peer that does not read leaves no room in the end (section 6.5).
    ///
    /// # Errors
    /// As described at the top of this file.
    pub fn send_frame(&mut self, body: &[u8]) -> io::Result<()> {
        let Bounds { limit, timeout, .. } = self.bounds;
        let stream = self.reader.get_mut();
        stream.start(timeout);
        write_frame(stream, self.framing, body, limit).map_err(|error| {
            let sentence = || format!("it has not taken a frame within {timeout:?}");
            said(error, TimedOut, sentence)
        })
    }
}

// ANCHOR: read_frame
/// Reads a length of 4 bytes, and so many bytes.
fn read_frame(reader: &mut impl Read, limit: u32) -> io::Result<Vec<u8>> {
    let cut = |error| said(error, UnexpectedEof, || "it ended inside a frame".into());
    let mut head = [0; 4];
    reader.read_exact(&mut head).map_err(cut)?; // they may come one by one
    let length = u32::from_be_bytes(head);
    if length > limit {
        let sentence = format!("its head announces {length} bytes, and the limit is {limit}");
        return Err(io::Error::new(InvalidData, sentence));
    }
    let mut body = vec![0; length as usize]; // from here on the length is one of ours
    reader.read_exact(&mut body).map_err(cut)?;
    Ok(body)
}
// ANCHOR_END: read_frame

// ANCHOR: read_line
/// Reads up to a line feed, and takes it away, with a carriage return before it.
fn read_line(reader: &mut impl BufRead, limit: u32) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let room = u64::from(limit) + 2; // for \r\n
    reader.take(room).read_until(b'\n', &mut line)?;
    let is_whole = line.ends_with(b"\n");
    if !is_whole && (line.len() as u64) < room {
        let sentence = format!("it ended inside a line, after {}", bytes(line.len() as u64));
        return Err(io::Error::new(UnexpectedEof, sentence));
    }
    if is_whole {
        line.pop();
        line.pop_if(|last| *last == b'\r');
    }
    if line.len() > limit as usize {
        let sentence = format!(
            "its line is longer than the limit of {}",
            bytes(limit.into())
        );
        return Err(io::Error::new(InvalidData, sentence));
    }
    Ok(line)
}
// ANCHOR_END: read_line

// ANCHOR: write_frame
/// Sends a message with its mark, in one go: of two small writes the second
/// would wait until the first is acknowledged (section 6.6).
fn write_frame(
    stream: &mut impl Write,
    framing: Framing,
    body: &[u8],
    limit: u32,
) -> io::Result<()> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    if length > limit {
        let sentence = format!("a message of {length} bytes is longer than the limit of {limit}");
        return Err(io::Error::new(InvalidInput, sentence));
    }
    let frame = match framing {
        Framing::Length => [&length.to_be_bytes()[..], body].concat(),
        Framing::Lines if body.contains(&b'\n') => {
            let sentence = "a line feed inside a message would make two of it";
            return Err(io::Error::new(InvalidInput, sentence));
        }
        Framing::Lines => [body, b"\n"].concat(),
    };
    stream.write_all(&frame)
}
// ANCHOR_END: write_frame

// ANCHOR: deadline
/// A stream with a deadline. The limits of a socket are for one call each, and
/// a message needs many: each call gets what is left.
pub struct Timed<'a> {
    stream: &'a TcpStream,
    deadline: Instant,
}

impl Timed<'_> {
    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(TimedOut.into()); // a limit of zero would be an error
        }
        Ok(left)
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(buf).map_err(one_name)
    }
}

/// The same event has two names: the first on Unix, the second on Windows.
fn one_name(error: io::Error) -> io::Error {
    match error.kind() {
        WouldBlock => TimedOut.into(),
        _ => error,
    }
}
// ANCHOR_END: deadline

impl Write for Timed<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(buf).map_err(one_name)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl<'a> Timed<'a> {
    /// This stream, for so long from now on.
    pub fn new(stream: &'a TcpStream, time: Duration) -> Self {
        Self {
            stream,
            deadline: Instant::now() + time,
        }
    }

    /// Sets the clock anew.
    fn start(&mut self, time: Duration) {
        self.deadline = Instant::now() + time;
    }
}

/// The error with a sentence of ours, if it is of that kind and has none.
fn said(error: io::Error, kind: io::ErrorKind, sentence: impl Fn() -> String) -> io::Error {
    if error.kind() == kind && !has_words(&error) {
        io::Error::new(kind, sentence())
    } else {
        error
    }
}

/// Whether an error carries a sentence of this file, not one of the system's or
/// of the standard library's.
pub fn has_words(error: &io::Error) -> bool {
    error.get_ref().is_some()
}

/// Whether an error says that the connection was reset, or is gone. macOS then
/// refuses to set a time limit, as an invalid argument (setsockopt(2)).
pub fn is_reset(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ConnectionReset | ConnectionAborted | BrokenPipe
    ) || (error.kind() == InvalidInput && error.raw_os_error().is_some())
}
