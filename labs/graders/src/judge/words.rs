//! A verdict in words, piece by piece: what a terminal and a page both draw.

use serde::Serialize;

use super::stuck::{Call, Socket, Why};
use super::verdict::YOU;
use super::{Fact, Finding, Line, Outcome, SEED, Stuck, Verdict};
use crate::messages::say;
use crate::misconceptions;

/// How many bytes of a datagram are shown.
const BYTES_SHOWN: usize = 8;
/// How many characters of a line that the answer printed are shown.
const LINE_SHOWN: usize = 80;
/// How many waiting threads are shown.
const THREADS_SHOWN: usize = 6;
/// How many lines of an exchange are shown: the first ones and the last ones.
const LINES_SHOWN: usize = 16;

/// What came of it, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The answer does all that the contract asks.
    Done,
    /// The reader has not begun.
    NotStarted,
    /// Something is missing or wrong.
    NotYet,
    /// The answer does not compile.
    NotBuilt,
    /// The judge could not do its work.
    Unjudged,
}

/// A verdict in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// What came of it.
    pub state: State,
    /// The exercise, and what came of it.
    pub headline: String,
    /// What was seen: one sentence, or what the compiler says.
    pub seen: String,
    /// Where the answer's threads were when nothing went on: a sentence, and a
    /// line for each.
    pub waiting: Vec<String>,
    /// What went over the wire, line by line.
    pub exchange: Vec<Row>,
    /// What the answer printed: a sentence, and its lines.
    pub printed: Vec<String>,
    /// What is so, and how to go on.
    pub lesson: Option<Lesson>,
}

/// One line of an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Row {
    /// Something that one party sent to another one.
    Sent {
        /// Who sent it.
        from: String,
        /// To whom.
        to: String,
        /// Whether the answer sent it.
        yours: bool,
        /// How many bytes, or what else was done.
        what: String,
        /// The bytes, and a remark.
        shown: String,
        /// Whether it was lost on the way.
        lost: bool,
    },
    /// Something else that happened.
    Note {
        /// In words.
        text: String,
    },
    /// How many lines are left out here.
    LeftOut {
        /// In words.
        text: String,
    },
}

/// What a verdict teaches, and how to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lesson {
    /// What is so, or where to look it up.
    pub text: String,
    /// The belief behind it, if there is one.
    pub misconception: Option<Taught>,
    /// How to get a hint.
    pub hint: String,
    /// How to see the very same run again.
    pub repeat: String,
}

/// Where a belief is taken up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taught {
    /// Its name.
    pub id: &'static str,
    /// The section, in words.
    pub section: String,
    /// The section's page below `book/src`.
    pub page: &'static str,
}

impl Verdict {
    /// The verdict in words.
    pub fn to_words(&self) -> Words {
        let id = self
            .exercise
            .splitn(3, '_')
            .take(2)
            .collect::<Vec<_>>()
            .join("_");
        let name = [
            ("exercise", self.exercise.into()),
            ("id", id.as_str().into()),
        ];
        let plain = |state, key: &str, seen: String| Words {
            state,
            headline: say(key, &name),
            seen,
            waiting: Vec::new(),
            exchange: Vec::new(),
            printed: Vec::new(),
            lesson: None,
        };
        match &self.outcome {
            Outcome::Done => plain(State::Done, "verdict-done", String::new()),
            Outcome::NotStarted => plain(State::NotStarted, "verdict-not-started", String::new()),
            Outcome::Unfinished { line } => plain(
                State::NotYet,
                "verdict-not-yet",
                say("unfinished", &[("line", (*line).into())]),
            ),
            Outcome::NotBuilt(words) => plain(State::NotBuilt, "verdict-not-built", words.clone()),
            Outcome::Interrupted => {
                plain(State::Unjudged, "verdict-unjudged", say("interrupted", &[]))
            }
            Outcome::Unjudged(sentence) => {
                plain(State::Unjudged, "verdict-unjudged", sentence.clone())
            }
            Outcome::NotYet(finding) => Words {
                waiting: finding.stuck.as_ref().map(waiting).unwrap_or_default(),
                exchange: exchange(&finding.exchange),
                printed: printed(&finding.printed),
                lesson: Some(self.lesson(finding, &id)),
                ..plain(
                    State::NotYet,
                    "verdict-not-yet",
                    say(finding.key, &finding.facts),
                )
            },
        }
    }

    fn lesson(&self, finding: &Finding, id: &str) -> Lesson {
        let repeat = if cfg!(windows) {
            "verdict-seed-windows"
        } else {
            "verdict-seed"
        };
        let known = finding.misconception.and_then(misconceptions::find);
        Lesson {
            text: known.map_or_else(|| say("verdict-contract", &[]), |m| m.truth()),
            misconception: known.map(|m| Taught {
                id: &m.id,
                section: say("verdict-section", &[("section", m.section.as_str().into())]),
                page: &m.page,
            }),
            hint: say("verdict-hint", &[("id", id.into())]),
            repeat: say(
                repeat,
                &[
                    ("variable", SEED.into()),
                    ("seed", self.seed.to_string().into()),
                    ("id", id.into()),
                ],
            ),
        }
    }
}

/// What the answer printed, so that no byte of it can trouble a terminal.
fn printed(text: &str) -> Vec<String> {
    let text = text.trim_end();
    if text.trim().is_empty() {
        return Vec::new();
    }
    let line = |line: &str| {
        let mut shown: String = line
            .chars()
            .take(LINE_SHOWN)
            .map(|c| if c.is_control() { '·' } else { c })
            .collect();
        if line.chars().nth(LINE_SHOWN).is_some() {
            shown.push('…');
        }
        shown
    };
    let mut lines = vec![say("printed", &[])];
    lines.extend(text.lines().take(LINES_SHOWN).map(line));
    let left_out = text.lines().count().saturating_sub(LINES_SHOWN);
    if left_out > 0 {
        lines.push(say("lines-left-out", &[("count", left_out.into())]));
    }
    lines
}

/// The first and the last lines of an exchange.
fn exchange(lines: &[Line]) -> Vec<Row> {
    let left_out = lines.len().saturating_sub(LINES_SHOWN);
    let (first, rest) = lines.split_at(lines.len().min(LINES_SHOWN / 2));
    if left_out == 0 {
        return lines.iter().map(row).collect();
    }
    let text = say("lines-left-out", &[("count", left_out.into())]);
    let last = rest[left_out..].iter().map(row);
    let first = first.iter().map(row);
    first.chain([Row::LeftOut { text }]).chain(last).collect()
}

fn name(party: &str) -> String {
    if party == YOU {
        say("you", &[])
    } else {
        say(party, &[])
    }
}

fn row(line: &Line) -> Row {
    let sent = |from: &str, to: &str, what, shown, lost| Row::Sent {
        from: name(from),
        to: name(to),
        yours: from == YOU,
        what,
        shown,
        lost,
    };
    let some_bytes = |len: usize| say("some-bytes", &[("len", len.into())]);
    match line {
        Line::Returned(value) => Row::Note {
            text: say("returned", &[("value", value.as_str().into())]),
        },
        Line::Note(key, facts) => Row::Note {
            text: say(key, facts),
        },
        Line::Datagram {
            from,
            to,
            bytes,
            lost,
        } => {
            let remark = lost.then(|| format!("   {}", say("lost", &[])));
            let shown = format!("{}{}", dump(bytes), remark.unwrap_or_default());
            sent(from, to, some_bytes(bytes.len()), shown, *lost)
        }
        Line::Bytes {
            from,
            to,
            len,
            first,
            how,
            ..
        } => {
            let how = how.map(|key| format!("   {}", say(key, &[])));
            let shown = format!("{}{}", dump_stream(first, *len), how.unwrap_or_default());
            sent(from, to, some_bytes(*len), shown, false)
        }
        Line::Mark { from, to, key, .. } => sent(from, to, say(key, &[]), String::new(), false),
    }
}

/// The first bytes in hexadecimal, and as text where they are text.
fn dump(bytes: &[u8]) -> String {
    let first = &bytes[..bytes.len().min(BYTES_SHOWN)];
    let mut text: Vec<_> = first.iter().map(|b| format!("{b:02x}")).collect();
    if bytes.len() > BYTES_SHOWN {
        text.push("…".into());
    }
    let printable =
        !bytes.is_empty() && bytes.len() <= 40 && bytes.iter().all(|b| matches!(b, b' '..=b'~'));
    if printable {
        text.push(format!(" {:?}", String::from_utf8_lossy(bytes)));
    }
    text.join(" ")
}

/// The first bytes of a piece of a stream; text may have ends of lines there.
fn dump_stream(first: &[u8], len: usize) -> String {
    let hex = first.iter().take(BYTES_SHOWN).map(|b| format!("{b:02x}"));
    let mut text: Vec<_> = hex.collect();
    if len > BYTES_SHOWN {
        text.push("…".into());
    }
    let shown = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    let words = std::str::from_utf8(first).ok().filter(|words| {
        !words.is_empty() && len == first.len() && len <= 40 && words.chars().all(shown)
    });
    if let Some(words) = words {
        text.push(format!(" {words:?}"));
    }
    text.join(" ")
}

/// Where the answer's threads were when nothing went on: why that says
/// something, and a line for each.
fn waiting(stuck: &Stuck) -> Vec<String> {
    let why = match stuck.why {
        Why::Blocked => "stuck-blocked",
        Why::Waking => "stuck-waking",
        Why::Busy => "stuck-busy",
        Why::Silent => "stuck-silent",
    };
    let mut lines = vec![say(why, &[])];
    for (number, thread) in stuck.threads.iter().enumerate() {
        if number == THREADS_SHOWN && stuck.threads.len() > number + 1 {
            let left_out = stuck.threads.len() - number;
            lines.push(say("threads-left-out", &[("count", left_out.into())]));
            break;
        }
        let who = if number == 0 {
            say("thread-main", &[])
        } else {
            say("thread-other", &[("number", number.into())])
        };
        let on = thread
            .socket
            .as_ref()
            .map(|s| format!(" {}", socket(s)))
            .unwrap_or_default();
        let protocol = thread.socket.as_ref().map_or("none", |s| s.protocol);
        let facts = [
            ("number", number_of(thread.call).into()),
            ("on", on.into()),
            ("protocol", protocol.into()),
        ];
        lines.push(format!("{who}: {}", say(call_key(thread.call), &facts)));
    }
    lines
}

fn socket(socket: &Socket) -> String {
    let mut facts: Vec<(&str, Fact)> = vec![
        ("protocol", socket.protocol.into()),
        ("local", socket.local.to_string().into()),
    ];
    facts.push((
        "remote",
        socket
            .remote
            .map_or("none".to_string(), |r| r.to_string())
            .into(),
    ));
    let peer = socket.peer.map_or("none".to_string(), |key| say(key, &[]));
    facts.push(("peer", peer.into()));
    facts.push(("state", socket.state.unwrap_or("none").into()));
    say("on-socket", &facts)
}

fn call_key(call: Call) -> &'static str {
    match call {
        Call::Running => "call-running",
        Call::Receive => "call-receive",
        Call::Send => "call-send",
        Call::Accept => "call-accept",
        Call::Connect => "call-connect",
        Call::Read => "call-read",
        Call::Write => "call-write",
        Call::Poll => "call-poll",
        Call::Sleep => "call-sleep",
        Call::Lock => "call-lock",
        Call::Join => "call-join",
        Call::Park => "call-park",
        Call::Child => "call-child",
        Call::Other(-1) => "call-unknown",
        Call::Other(_) => "call-other",
    }
}

fn number_of(call: Call) -> i64 {
    if let Call::Other(number) = call {
        number
    } else {
        0
    }
}
