//! A table and its caption: what the blocks `header` and `chart` hold.

use pulldown_cmark::{Event, Tag, TagEnd, html};

use super::lists::{Wrong, lines_before};
use crate::markdown::parse;
use crate::words::say;

/// A cell, or the caption, in both forms that are needed of it.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) html: String,
    pub(super) plain: String,
}

/// What stands in a block.
pub(super) struct Captioned<const COLUMNS: usize> {
    /// What the columns are headed with.
    pub(super) columns: [Words; COLUMNS],
    /// The rows below the headings.
    pub(super) rows: Vec<Row>,
    pub(super) caption: Words,
}

impl<const COLUMNS: usize> Captioned<COLUMNS> {
    /// Reads the block `name`; `why` says what is wrong with a row of so many cells.
    pub(super) fn read(
        name: &str,
        block: &str,
        why: impl Fn(usize) -> String,
    ) -> Result<Self, Vec<Wrong>> {
        let parts = Parts::of(block);
        parts.shape(name)?;
        let wrong = parts.filled(name, COLUMNS, why);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut rows = parts.rows.into_iter();
        let columns = rows.next().map(|row| row.cells).unwrap_or_default();
        let mut captions = parts.captions.into_iter();
        Ok(Captioned {
            columns: columns
                .try_into()
                .unwrap_or_else(|_| std::array::from_fn(|_| Words::default())),
            rows: rows.collect(),
            caption: captions.next().map(|(_, words)| words).unwrap_or_default(),
        })
    }
}

impl Row {
    /// Its cells; the parser has seen to it that there are so many.
    pub(super) fn cells<const COLUMNS: usize>(self) -> [Words; COLUMNS] {
        self.cells
            .try_into()
            .unwrap_or_else(|_| std::array::from_fn(|_| Words::default()))
    }
}

/// That a cell which may not be empty is.
pub(super) fn empty_cell(line: usize, column: &Words) -> Wrong {
    (
        line,
        say!("tutor-cell-empty", column = column.plain.as_str()),
    )
}

/// A row of the table.
pub(super) struct Row {
    /// How many lines below the block's first line it stands.
    pub(super) line: usize,
    pub(super) cells: Vec<Words>,
    /// How many cells are written; the parser fills up and cuts off.
    written: usize,
}

/// What a block consists of.
#[derive(Default)]
struct Parts {
    /// The table's rows, the one with the headings first.
    rows: Vec<Row>,
    captions: Vec<(usize, Words)>,
    /// The lines of further tables.
    tables: Vec<usize>,
    /// The lines of what is neither.
    others: Vec<usize>,
}

impl Parts {
    fn of(block: &str) -> Parts {
        let mut parts = Parts::default();
        let mut words: Vec<Event<'_>> = Vec::new();
        let mut depth = 0;
        let mut in_table = false;
        for (event, range) in parse(block).into_offset_iter() {
            let line = lines_before(block, range.start);
            match &event {
                Event::Start(tag) => {
                    match tag {
                        Tag::Table(_) if depth == 0 => {
                            in_table = true;
                            if !parts.rows.is_empty() {
                                parts.tables.push(line);
                            }
                        }
                        Tag::Paragraph if depth == 0 => words.clear(),
                        _ if depth == 0 => parts.others.push(line),
                        Tag::TableHead | Tag::TableRow if in_table => parts.rows.push(Row {
                            line,
                            cells: Vec::new(),
                            written: written(&block[range]),
                        }),
                        Tag::TableCell if in_table => words.clear(),
                        _ => words.push(event),
                    }
                    depth += 1;
                }
                Event::End(tag) => {
                    depth -= 1;
                    match tag {
                        TagEnd::Table if depth == 0 => in_table = false,
                        TagEnd::TableCell if in_table => {
                            if let Some(row) = parts.rows.last_mut() {
                                row.cells.push(Words::of(&words));
                            }
                        }
                        TagEnd::Paragraph if depth == 0 => {
                            parts.captions.push((line, Words::of(&words)));
                        }
                        _ => words.push(event),
                    }
                }
                Event::Rule if depth == 0 => parts.others.push(line),
                _ => words.push(event),
            }
        }
        parts
    }

    /// Whether it is one table and one paragraph, in the block `name`.
    fn shape(&self, name: &str) -> Result<(), Vec<Wrong>> {
        let above = match (self.captions.first(), self.rows.first()) {
            (Some((line, _)), Some(row)) if *line < row.line => Some(line),
            _ => None,
        };
        if let Some(line) = self.others.first().or(self.tables.first()).or(above) {
            return Err(vec![(*line, say!("tutor-table-only", name = name))]);
        }
        if self.rows.is_empty() {
            return Err(vec![(0, say!("tutor-table-none", name = name))]);
        }
        Ok(())
    }

    /// Every row that has not as many cells as it should, and what is wrong with
    /// the caption.
    fn filled(&self, name: &str, columns: usize, why: impl Fn(usize) -> String) -> Vec<Wrong> {
        let other = self.rows.iter().filter(|row| row.written != columns);
        let mut wrong: Vec<Wrong> = other.map(|row| (row.line, why(row.written))).collect();
        match self.captions.as_slice() {
            [_] => {}
            [] => wrong.push((0, say!("tutor-table-no-caption", name = name))),
            [_, second, ..] => wrong.push((second.0, say!("tutor-table-captions", name = name))),
        }
        wrong
    }
}

impl Words {
    fn of(events: &[Event<'_>]) -> Words {
        let mut html = String::new();
        html::push_html(&mut html, events.iter().cloned());
        let mut plain = String::new();
        for event in events {
            match event {
                Event::Text(text) | Event::Code(text) => plain.push_str(text),
                Event::SoftBreak | Event::HardBreak => plain.push(' '),
                _ => {}
            }
        }
        let plain: Vec<_> = plain.split_whitespace().collect();
        Words {
            html: html.trim().replace('\n', " "),
            plain: plain.join(" "),
        }
    }
}

/// How many cells a row of a table has in the file.
fn written(row: &str) -> usize {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let bars = row
        .match_indices('|')
        .filter(|(at, _)| !row[..*at].ends_with('\\'));
    let ends_with_bar = row.ends_with('|') && !row.ends_with("\\|");
    bars.count() + usize::from(!ends_with_bar)
}
