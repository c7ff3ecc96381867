//! What the judge found, as data. It is drawn in one place, `text.rs`.

use super::Stuck;

/// The result of judging one answer.
#[derive(Debug)]
pub struct Verdict {
    /// The name of the exercise.
    pub exercise: &'static str,
    /// The seed that repeats this very run.
    pub seed: u64,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of judging one answer.
#[derive(Debug)]
pub enum Outcome {
    /// The answer does all that the contract asks.
    Done,
    /// The call reached `todo!()` before it did anything.
    NotStarted,
    /// The call met a `todo!()` after it had done something.
    Unfinished {
        /// The line of the `todo!()` in the answer's file.
        line: u32,
    },
    /// The answer did something that the contract does not allow.
    NotYet(Box<Finding>),
    /// The system broke off a call of the answer's (`EINTR`), which says nothing
    /// about the answer: it is judged again.
    Interrupted,
    /// The answer does not compile; the compiler's own words.
    NotBuilt(String),
    /// The judge itself could not do its work; one sentence.
    Unjudged(String),
}

/// What was seen, and what it says about the reader's belief.
#[derive(Debug)]
pub struct Finding {
    /// The message that says in one sentence what was seen.
    pub key: &'static str,
    /// What the message needs to know.
    pub facts: Vec<(&'static str, Fact)>,
    /// What went over the wire, and the calls around it, in order.
    pub exchange: Vec<Line>,
    /// The misconception that explains it, where there is one.
    pub misconception: Option<&'static str>,
    /// Where the answer's threads were, when it made no progress.
    pub stuck: Option<Stuck>,
    /// What the answer printed; it proves nothing.
    pub printed: String,
}

/// A value in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A number, as of bytes or milliseconds.
    Number(i64),
    /// A name, an address, a word of the program's.
    Text(String),
}

impl From<usize> for Fact {
    fn from(n: usize) -> Self {
        Self::Number(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Fact {
    fn from(n: u32) -> Self {
        Self::Number(n.into())
    }
}

impl From<i64> for Fact {
    fn from(n: i64) -> Self {
        Self::Number(n)
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// One line of an exchange. Parties are named by the key of their name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A datagram that was sent.
    Datagram {
        /// Who sent it.
        from: &'static str,
        /// To whom.
        to: &'static str,
        /// All that it carried.
        bytes: Vec<u8>,
        /// Whether the peer's network dropped it.
        lost: bool,
    },
    /// Bytes of a stream; how they were cut into reads and writes is not told.
    Bytes {
        /// Who sent them.
        from: &'static str,
        /// To whom.
        to: &'static str,
        /// How many.
        len: usize,
        /// The first of them.
        first: Vec<u8>,
        /// The key of a remark.
        how: Option<&'static str>,
        /// Their connection, by the order in which it was made.
        stream: usize,
    },
    /// What else happens to a connection: it is made, ended, reset.
    Mark {
        /// Who did it.
        from: &'static str,
        /// To whom.
        to: &'static str,
        /// The key of what was done.
        key: &'static str,
        /// The connection, by the order in which it was made.
        stream: usize,
    },
    /// The answer's function returned; its value or error in short.
    Returned(String),
    /// Something else worth a line: a message.
    Note(&'static str, Vec<(&'static str, Fact)>),
}

/// The party that stands for the answer in every exchange.
pub const YOU: &str = "you";
