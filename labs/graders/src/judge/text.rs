//! Draws a verdict as text, for a terminal.

use std::fmt::{self, Display, Formatter};

use super::Verdict;
use super::words::{Lesson, Row, State, Words};

/// What stands before each line of a list.
const INDENT: &str = "    ";

impl Verdict {
    /// The verdict as a person reads it in a terminal; the lines end in `\n`.
    pub fn to_text(&self) -> String {
        format!("{}\n", self.to_words())
    }
}

impl Display for Words {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if matches!(self.state, State::Done | State::NotStarted) {
            return f.write_str(&self.headline);
        }
        let mut parts = vec![self.headline.clone(), self.seen.clone()];
        parts.push(list(&self.waiting));
        parts.push(exchange(&self.exchange));
        parts.push(list(&self.printed));
        parts.extend(self.lesson.as_ref().map(lesson));
        parts.retain(|part| !part.is_empty());
        f.write_str(parts.join("\n\n").trim_end())
    }
}

/// A sentence, and the lines under it.
fn list(lines: &[String]) -> String {
    lines.join(&format!("\n{INDENT}"))
}

/// What is so; then how to go on.
fn lesson(lesson: &Lesson) -> String {
    let on = match &lesson.misconception {
        Some(taught) => format!("{} · {} · {}", taught.id, taught.section, lesson.hint),
        None => lesson.hint.clone(),
    };
    format!("{}\n{INDENT}{on}\n{INDENT}{}", lesson.text, lesson.repeat)
}

/// Who sent what to whom, in columns.
fn exchange(rows: &[Row]) -> String {
    let widest = |column: fn(&Row) -> &str| {
        let widths = rows.iter().map(|row| column(row).chars().count());
        widths.max().unwrap_or_default()
    };
    // Only what is sent has columns; other lines are as long as they are.
    let from_width = widest(|row| match row {
        Row::Sent { from, .. } => from,
        _ => "",
    });
    let to_width = widest(|row| match row {
        Row::Sent { to, .. } => to,
        _ => "",
    });
    let what_width = widest(|row| match row {
        Row::Sent { what, .. } => what,
        _ => "",
    });
    let line = |row: &Row| match row {
        Row::Sent {
            from,
            to,
            what,
            shown,
            ..
        } => format!("{from:from_width$} → {to:to_width$}   {what:>what_width$}   {shown}"),
        Row::Note { text } | Row::LeftOut { text } => text.clone(),
    };
    let lines: Vec<_> = rows
        .iter()
        .map(|row| format!("{INDENT}{}", line(row)).trim_end().to_owned())
        .collect();
    lines.join("\n")
}
