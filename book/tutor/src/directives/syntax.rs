//! Directives as they are written: `{{#name argument}}` and `{{/name}}`.

use std::ops::Range;

use crate::markdown::{Layout, indent};

/// A directive in a chapter's text.
#[derive(Debug)]
pub(crate) struct Directive<'a> {
    /// `slice` in `{{#slice lab03_udp_server:serve}}`.
    pub(crate) name: &'a str,
    /// What stands after the name.
    pub(crate) argument: &'a str,
    /// Whether it ends a block: `{{/quiz}}`.
    pub(crate) closing: bool,
    /// The bytes of the directive itself.
    pub(crate) range: Range<usize>,
    /// The white space before it, if nothing else is on its line.
    pub(crate) alone: Option<&'a str>,
    /// The line, counted from 1.
    pub(crate) line: usize,
}

impl Directive<'_> {
    /// `new` in the place of the directive, as deep in a list as that is.
    pub(crate) fn replaced(&self, new: &str) -> (Range<usize>, String) {
        let depth = self.alone.unwrap_or_default();
        (
            self.range.start - depth.len()..self.range.end,
            indent(new, depth),
        )
    }
}

/// Every directive of a chapter that is not in code or in a comment, from the
/// top; `Err` is the line of one that its own line does not finish.
pub(crate) fn find<'a>(text: &'a str, layout: &Layout) -> Vec<Result<Directive<'a>, usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let mut from = 0;
        while let Some(at) = line[from..].find("{{") {
            let at = from + at;
            from = at + 2;
            let after = line[from..].trim_start();
            let escaped = line[..at].ends_with('\\');
            if escaped || layout.is_verbatim(start + at) || !after.starts_with(['#', '/']) {
                continue;
            }
            let Some(length) = line[from..].find("}}") else {
                found.push(Err(index + 1));
                break;
            };
            let end = from + length + 2;
            let inside = line[from..from + length].trim();
            let words = inside[1..].trim();
            let (name, argument) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
            let alone = line[..at].trim().is_empty() && line[end..].trim().is_empty();
            found.push(Ok(Directive {
                name,
                argument: argument.trim(),
                closing: inside.starts_with('/'),
                range: start + at..start + end,
                alone: alone.then_some(&line[..at]),
                line: index + 1,
            }));
            from = end;
        }
        start += line.len();
    }
    found
}
