//! Exercise 5.3: the sequence and acknowledgement numbers of a connection.

use std::fmt::{self, Display, Formatter};
use std::process::ExitCode;
use std::str::FromStr;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: `(client_isn, server_isn, segments)` to the numbers
/// of each segment.
pub type Answer = fn(u32, u32, &[Segment]) -> Vec<Numbers>;

// ANCHOR: types
/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The client's end.
    Client,
    /// The server's end.
    Server,
}

/// A segment, as far as its numbers depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Who sends it.
    pub from: Side,
    /// It is a SYN.
    pub syn: bool,
    /// It is a FIN.
    pub fin: bool,
    /// How many bytes of data it carries.
    pub bytes: u32,
}

/// The numbers in a segment's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// The sequence number.
    pub seq: u32,
    /// The acknowledgement number; `None` without the ACK flag.
    pub ack: Option<u32>,
}
// ANCHOR_END: types

/// As an argument and on the channel: `c:SYN`, `s:FIN+5`, `c:5`, `s:`.
impl Display for Segment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let side = match self.from {
            Side::Client => "c",
            Side::Server => "s",
        };
        let mut parts: Vec<String> = Vec::new();
        for (set, name) in [(self.syn, "SYN"), (self.fin, "FIN")] {
            if set {
                parts.push(name.into());
            }
        }
        if self.bytes > 0 {
            parts.push(self.bytes.to_string());
        }
        write!(f, "{side}:{}", parts.join("+"))
    }
}

impl FromStr for Segment {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (side, parts) = text.split_once(':').ok_or(())?;
        let from = match side {
            "c" => Side::Client,
            "s" => Side::Server,
            _ => return Err(()),
        };
        let mut segment = Segment {
            from,
            syn: false,
            fin: false,
            bytes: 0,
        };
        for part in parts.split('+').filter(|p| !p.is_empty()) {
            match part {
                "SYN" => segment.syn = true,
                "FIN" => segment.fin = true,
                bytes => segment.bytes = bytes.parse().map_err(|_| ())?,
            }
        }
        Ok(segment)
    }
}

/// As on the channel: `101`, or `101/301` with an acknowledgement number.
impl Display for Numbers {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.ack {
            Some(ack) => write!(f, "{}/{ack}", self.seq),
            None => write!(f, "{}", self.seq),
        }
    }
}

impl FromStr for Numbers {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (seq, ack) = match text.split_once('/') {
            Some((seq, ack)) => (seq, Some(ack.parse().map_err(|_| ())?)),
            None => (text, None),
        };
        let seq = seq.parse().map_err(|_| ())?;
        Ok(Self { seq, ack })
    }
}

/// Under a judge, one call for each connection; by hand, one connection whose
/// initial sequence numbers and segments are the arguments.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            while let Some(mut call) = judge.next_call()? {
                let (client, server) = (call.parsed(), call.parsed());
                let count: usize = call.parsed();
                let segments: Vec<Segment> = (0..count).map(|_| call.parsed()).collect();
                let encode = |numbers: Vec<Numbers>| {
                    let text = |n: &Numbers| n.to_string().into_bytes();
                    numbers.iter().map(text).collect()
                };
                judge.run(|| Ok(answer(client, server, &segments)), encode)?;
            }
            Ok(())
        },
        |args| {
            let client = child::argument(args, 0, "the client's initial sequence number")?;
            let server = child::argument(args, 1, "the server's initial sequence number")?;
            let what = "a segment: c: or s: for who sends it, then SYN, FIN, a number of bytes";
            let segments = (2..args.len().max(3)).map(|at| child::argument(args, at, what));
            let segments: Vec<Segment> = segments.collect::<Result<_, _>>()?;
            let numbers = answer(client, server, &segments);
            let line = |(segment, n): (&Segment, &Numbers)| {
                let ack = n.ack.map_or(String::new(), |ack| format!(" ACK {ack}"));
                format!("{:10} SEQ {}{ack}", segment.to_string(), n.seq)
            };
            let lines: Vec<_> = segments.iter().zip(&numbers).map(line).collect();
            child::show(Ok(lines.join("\n")))
        },
    )
}
