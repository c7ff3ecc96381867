//! Draws a verdict as text, for a terminal.

use std::fmt::Write;

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

impl Verdict {
    /// The verdict as a person reads it in a terminal; the lines end in `\n`.
    pub fn to_text(&self) -> String {
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
        let headed =
            |key: &str, body: String| format!("{}\n\n{}\n", say(key, &name), body.trim_end());
        match &self.outcome {
            Outcome::Done => format!("{}\n", say("verdict-done", &name)),
            Outcome::NotStarted => format!("{}\n", say("verdict-not-started", &name)),
            Outcome::Unfinished { line } => headed(
                "verdict-not-yet",
                say("unfinished", &[("line", (*line).into())]),
            ),
            Outcome::NotBuilt(words) => headed("verdict-not-built", words.clone()),
            Outcome::Interrupted => headed("verdict-unjudged", say("interrupted", &[])),
            Outcome::Unjudged(sentence) => headed("verdict-unjudged", sentence.clone()),
            Outcome::NotYet(finding) => headed("verdict-not-yet", self.explain(finding, &id)),
        }
    }

    /// What was seen; the exchange; what is so; how to go on.
    fn explain(&self, finding: &Finding, id: &str) -> String {
        let mut parts = vec![say(finding.key, &finding.facts)];
        if let Some(stuck) = &finding.stuck {
            parts.push(waiting(stuck));
        }
        if !finding.exchange.is_empty() {
            parts.push(exchange(&finding.exchange));
        }
        if !finding.printed.trim().is_empty() {
            parts.push(format!(
                "{}\n{}",
                say("printed", &[]),
                printed(&finding.printed)
            ));
        }
        let hint = say("verdict-hint", &[("id", id.into())]);
        let repeat = if cfg!(windows) {
            "verdict-seed-windows"
        } else {
            "verdict-seed"
        };
        let repeat = say(
            repeat,
            &[
                ("variable", SEED.into()),
                ("seed", self.seed.to_string().into()),
                ("id", id.into()),
            ],
        );
        parts.push(match finding.misconception.and_then(misconceptions::find) {
            Some(m) => {
                let section = say("verdict-section", &[("section", m.section.as_str().into())]);
                format!(
                    "{}\n    {} · {section} · {hint}\n    {repeat}",
                    m.truth(),
                    m.id
                )
            }
            None => format!("{}\n    {hint}\n    {repeat}", say("verdict-contract", &[])),
        });
        parts.join("\n\n")
    }
}

/// What the answer printed, so that no byte of it can trouble a terminal.
fn printed(text: &str) -> String {
    let line = |line: &str| {
        let mut shown: String = line
            .chars()
            .take(LINE_SHOWN)
            .map(|c| if c.is_control() { '·' } else { c })
            .collect();
        if line.chars().nth(LINE_SHOWN).is_some() {
            shown.push('…');
        }
        format!("    {shown}")
    };
    let mut lines: Vec<_> = text
        .trim_end()
        .lines()
        .take(LINES_SHOWN)
        .map(line)
        .collect();
    let left_out = text.trim_end().lines().count() - lines.len();
    if left_out > 0 {
        lines.push(format!(
            "    {}",
            say("lines-left-out", &[("count", left_out.into())])
        ));
    }
    lines.join("\n")
}

/// Who sent what to whom, in columns.
fn exchange(lines: &[Line]) -> String {
    let from_width = lines.iter().map(|l| {
        if let Line::Datagram { from, .. } | Line::Bytes { from, .. } | Line::Mark { from, .. } = l
        {
            name(from).chars().count()
        } else {
            0
        }
    });
    let from_width = from_width.max().unwrap_or(0);
    let rows: Vec<_> = lines.iter().map(|line| row(line, from_width)).collect();
    // Only what is sent has columns; other lines are as long as they are.
    let in_columns = || rows.iter().filter(|r| !r.what.is_empty());
    let width = |column: fn(&Row) -> &String| {
        in_columns()
            .map(|r| column(r).chars().count())
            .max()
            .unwrap_or(0)
    };
    let (who, what) = (width(|r| &r.who), width(|r| &r.what));
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let left_out = rows.len().saturating_sub(LINES_SHOWN);
        let half = LINES_SHOWN / 2;
        if left_out > 0 && (half..half + left_out).contains(&index) {
            if index == half {
                let _ = writeln!(
                    text,
                    "    {}",
                    say("lines-left-out", &[("count", left_out.into())])
                );
            }
            continue;
        }
        let line = format!("    {:who$}   {:>what$}   {}", row.who, row.what, row.shown);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text.trim_end().to_string()
}

struct Row {
    who: String,
    what: String,
    shown: String,
}

fn name(party: &str) -> String {
    if party == YOU {
        say("you", &[])
    } else {
        say(party, &[])
    }
}

/// One line in columns; the sender's name takes `from_width` characters.
fn row(line: &Line, from_width: usize) -> Row {
    let parties = |from, to| format!("{:from_width$} → {}", name(from), name(to));
    let short = |who: String| Row {
        who,
        what: String::new(),
        shown: String::new(),
    };
    match line {
        Line::Returned(value) => short(say("returned", &[("value", value.as_str().into())])),
        Line::Note(key, facts) => short(say(key, facts)),
        Line::Datagram {
            from,
            to,
            bytes,
            lost,
        } => {
            let shown = if *lost {
                format!("{}   {}", dump(bytes), say("lost", &[]))
            } else {
                dump(bytes)
            };
            Row {
                who: parties(from, to),
                what: say("some-bytes", &[("len", bytes.len().into())]),
                shown,
            }
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
            Row {
                who: parties(from, to),
                what: say("some-bytes", &[("len", (*len).into())]),
                shown: format!("{}{}", dump_stream(first, *len), how.unwrap_or_default()),
            }
        }
        Line::Mark { from, to, key, .. } => Row {
            who: parties(from, to),
            what: say(key, &[]),
            shown: String::new(),
        },
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

/// Where the answer's threads were when nothing went on.
fn waiting(stuck: &Stuck) -> String {
    let why = match stuck.why {
        Why::Blocked => "stuck-blocked",
        Why::Waking => "stuck-waking",
        Why::Busy => "stuck-busy",
        Why::Silent => "stuck-silent",
    };
    let mut text = say(why, &[]);
    for (number, thread) in stuck.threads.iter().enumerate() {
        if number == THREADS_SHOWN && stuck.threads.len() > number + 1 {
            let left_out = stuck.threads.len() - number;
            let more = say("threads-left-out", &[("count", left_out.into())]);
            let _ = write!(text, "\n    {more}");
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
        let _ = write!(text, "\n    {who}: {}", say(call_key(thread.call), &facts));
    }
    text
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
