//! Where things are in a chapter's Markdown, as mdBook itself reads it.

use std::ops::Range;

use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// A heading, and the id that it was given, if any.
pub(crate) struct Heading {
    pub(crate) at: usize,
    pub(crate) level: u8,
    pub(crate) id: Option<String>,
}

/// What a chapter's text consists of, by byte offset.
pub(crate) struct Layout {
    /// Code and comments: nothing in them is a directive.
    verbatim: Vec<Range<usize>>,
    /// The headings, from the top.
    pub(crate) headings: Vec<Heading>,
    line_starts: Vec<usize>,
}

impl Layout {
    /// Reads a chapter's text.
    pub(crate) fn of(text: &str) -> Layout {
        let mut verbatim = Vec::new();
        let mut headings = Vec::new();
        for (event, range) in parse(text).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(_)) | Event::Code(_) => verbatim.push(range),
                Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)
                    if text[range.clone()].trim_start().starts_with("<!--") =>
                {
                    verbatim.push(range);
                }
                Event::Start(Tag::Heading { level, id, .. }) => headings.push(Heading {
                    at: range.start,
                    level: level as u8,
                    id: id.map(|id| id.to_string()),
                }),
                _ => {}
            }
        }
        let newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        Layout {
            verbatim,
            headings,
            line_starts: std::iter::once(0).chain(newlines).collect(),
        }
    }

    /// Whether the text at `at` is code, or a comment.
    pub(crate) fn is_verbatim(&self, at: usize) -> bool {
        self.verbatim.iter().any(|range| range.contains(&at))
    }

    /// The line of a byte offset, counted from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at)
    }
}

/// mdBook's own parser with mdBook's own options.
pub(crate) fn parse(text: &str) -> Parser<'_> {
    new_cmark_parser(text, &MarkdownOptions::default())
}

/// The text as plain text for a terminal: code between backquotes or indented,
/// a list's items with their marks, a link as its words.
pub(crate) fn to_plain(text: &str) -> String {
    let mut plain = String::new();
    let mut lists: Vec<Option<u64>> = Vec::new();
    let mut in_code = false;
    for event in parse(text) {
        match event {
            Event::Start(Tag::List(first)) => {
                start_line(&mut plain);
                lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                lists.pop();
                start_paragraph(&mut plain);
            }
            Event::Start(Tag::Item) => {
                start_line(&mut plain);
                let depth = lists.len().saturating_sub(1);
                plain.push_str(&"   ".repeat(depth));
                match lists.last_mut() {
                    Some(Some(number)) => {
                        plain.push_str(&format!("{number}. "));
                        *number += 1;
                    }
                    _ => plain.push_str("- "),
                }
            }
            Event::Start(Tag::CodeBlock(_)) => {
                start_paragraph(&mut plain);
                in_code = true;
            }
            Event::End(TagEnd::CodeBlock) => {
                in_code = false;
                start_paragraph(&mut plain);
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_)) => start_paragraph(&mut plain),
            Event::Text(text) if in_code => {
                for line in text.lines() {
                    plain.push_str(&format!("    {line}\n"));
                }
            }
            Event::Text(text) => plain.push_str(&text),
            Event::Code(code) => plain.push_str(&format!("`{code}`")),
            Event::SoftBreak | Event::HardBreak => plain.push('\n'),
            _ => {}
        }
    }
    plain.trim_end().to_owned()
}

/// Inline Markdown (one paragraph) as HTML without the paragraph around it.
pub(crate) fn inline_html(text: &str) -> String {
    let inner = parse(text).filter(|event| {
        !matches!(
            event,
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)
        )
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, inner);
    html.trim().replace('\n', " ")
}

/// Text for HTML, in an element or between an attribute's double quotes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A fenced code block around `code`, whatever backquotes are in it.
pub(crate) fn fence(info: &str, code: &str) -> String {
    let longest = code
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let ticks = "`".repeat(longest.max(2) + 1);
    format!("{ticks}{info}\n{}\n{ticks}", code.trim_end_matches('\n'))
}

/// `text` without the white space that all its lines begin with.
pub(crate) fn dedent(text: &str) -> String {
    let written = text.lines().filter(|line| !line.trim().is_empty());
    let common = written
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or_default();
    let lines = text.lines().map(|line| line.get(common..).unwrap_or(""));
    lines.collect::<Vec<_>>().join("\n")
}

/// `text` with `indent` before each line that is not empty.
pub(crate) fn indent(text: &str, indent: &str) -> String {
    if indent.is_empty() {
        return text.to_owned();
    }
    let lines = text.lines().map(|line| match line {
        "" => String::new(),
        line => format!("{indent}{line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn start_line(plain: &mut String) {
    if !plain.is_empty() && !plain.ends_with('\n') {
        plain.push('\n');
    }
}

fn start_paragraph(plain: &mut String) {
    start_line(plain);
    if !plain.is_empty() && !plain.ends_with("\n\n") {
        plain.push('\n');
    }
}
