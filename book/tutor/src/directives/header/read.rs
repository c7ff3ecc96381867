//! The block's table and caption, checked.

use pulldown_cmark::{Event, Tag, TagEnd, html};

use super::{Field, Header, Words};
use crate::directives::lists::{Wrong, lines_before};
use crate::markdown::parse;
use crate::words::say;

/// Field, bits, value, meaning.
const COLUMNS: usize = 4;

/// The longest field that is drawn; an IPv6 address has 128 bits.
const LONGEST: usize = 512;

/// What is written where the length differs from packet to packet.
const ANY: &str = "…";

/// Reads a block, to be drawn with `row` bits in a row.
pub(super) fn header(block: &str, row: usize) -> Result<Header, Vec<Wrong>> {
    let parts = Parts::of(block);
    parts.shape()?;
    let mut rows = parts.rows.into_iter();
    let mut wrong = Vec::new();
    let columns = rows.next().map(|row| row.cells).unwrap_or_default();
    let columns: [Words; COLUMNS] = columns.try_into().unwrap_or_default();
    let mut fields: Vec<Field> = Vec::new();
    for row in rows {
        match field(row, &columns) {
            Ok(field) => fields.push(field),
            Err(why) => wrong.push(why),
        }
    }
    if wrong.is_empty() {
        wrong.extend(order(&fields));
    }
    if wrong.is_empty() {
        wrong.extend(filled(&fields, row));
    }
    match parts.captions.into_iter().next() {
        Some((_, caption)) if wrong.is_empty() => Ok(Header {
            columns,
            fields,
            caption,
        }),
        _ => Err(wrong),
    }
}

/// One row of the table as a field.
fn field(row: Row, columns: &[Words; COLUMNS]) -> Result<Field, Wrong> {
    let line = row.line;
    let [name, size, value, meaning] = row.cells.try_into().unwrap_or_default();
    let cells: [(&Words, &Words); 2] = [(&name, &columns[0]), (&meaning, &columns[3])];
    for (cell, column) in cells {
        if cell.plain.is_empty() {
            let column = column.plain.as_str();
            return Err((line, say!("tutor-header-cell-empty", column = column)));
        }
    }
    let digits = size.plain.chars().all(|c| c.is_ascii_digit());
    let bits = match size.plain.parse() {
        Ok(bits) if digits && (1..=LONGEST).contains(&bits) => Some(bits),
        _ if size.plain == ANY => None,
        _ => {
            let size = size.plain.as_str();
            return Err((line, say!("tutor-header-bits", bits = size, most = LONGEST)));
        }
    };
    let field = Field {
        line,
        name,
        bits,
        value,
        meaning,
    };
    match (bits, bytes_in(&field.value.plain)) {
        (Some(bits), Some(bytes)) if bits != 8 * bytes => {
            let value = field.value.plain.as_str();
            let why = say!(
                "tutor-header-value",
                value = value,
                bytes = bytes,
                bits = bits
            );
            Err((line, why))
        }
        _ => Ok(field),
    }
}

/// How many bytes a value shows, if it is bytes in hexadecimal: `c3 50`.
fn bytes_in(value: &str) -> Option<usize> {
    let pairs: Vec<_> = value.split(' ').collect();
    let is_pair = |pair: &&str| pair.len() == 2 && pair.chars().all(|c| c.is_ascii_hexdigit());
    (pairs.len() > 1 && pairs.iter().all(is_pair)).then_some(pairs.len())
}

/// Nothing has a place after what may have any length.
fn order(fields: &[Field]) -> Option<Wrong> {
    let first = fields.iter().position(|field| field.bits.is_none())?;
    let after = fields[first..].iter().find(|field| field.bits.is_some())?;
    let (any, field) = (fields[first].name.plain.as_str(), after.name.plain.as_str());
    let why = say!("tutor-header-any-not-last", field = field, any = any);
    Some((after.line, why))
}

/// The fields end where a row does.
fn filled(fields: &[Field], row: usize) -> Option<Wrong> {
    let bits: usize = fields.iter().filter_map(|field| field.bits).sum();
    match fields.iter().rfind(|field| field.bits.is_some()) {
        None => Some((0, say!("tutor-header-empty"))),
        Some(_) if bits.is_multiple_of(row) => None,
        Some(last) => {
            let why = say!("tutor-header-not-filled", bits = bits, row = row);
            Some((last.line, why))
        }
    }
}

struct Row {
    line: usize,
    cells: Vec<Words>,
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

    /// Whether it is one table with four columns and one paragraph.
    fn shape(&self) -> Result<(), Vec<Wrong>> {
        let above = match (self.captions.first(), self.rows.first()) {
            (Some((line, _)), Some(row)) if *line < row.line => Some(line),
            _ => None,
        };
        if let Some(line) = self.others.first().or(self.tables.first()).or(above) {
            return Err(vec![(*line, say!("tutor-header-only"))]);
        }
        if self.rows.is_empty() {
            return Err(vec![(0, say!("tutor-header-no-table"))]);
        }
        let other = self.rows.iter().filter(|row| row.written != COLUMNS);
        let mut wrong: Vec<Wrong> = other
            .map(|row| {
                let why = say!(
                    "tutor-header-columns",
                    columns = COLUMNS,
                    count = row.written
                );
                (row.line, why)
            })
            .collect();
        match self.captions.as_slice() {
            [_] => {}
            [] => wrong.push((0, say!("tutor-header-no-caption"))),
            [_, second, ..] => wrong.push((second.0, say!("tutor-header-captions"))),
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
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
