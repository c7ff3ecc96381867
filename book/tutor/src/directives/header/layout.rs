//! Where everything is: each field's bits, the rows' heights, its label.

use std::ops::Range;

use super::{Field, Header};
use crate::directives::lists::Wrong;
use crate::directives::text::{self, LINE, SIZE};
use crate::words::say;

/// Where the rows begin.
pub(super) const LEFT: f64 = 4.0;
/// How long a row is, whatever the number of its bits.
pub(super) const WIDTH: f64 = 352.0;
/// Where the ruler is, and the first row below it.
pub(super) const RULER: f64 = 32.0;
const TOP: f64 = 38.0;
/// The least height of a row.
const ROW: f64 = 30.0;
/// Above and below what is written in a field.
const PAD: f64 = 7.0;

/// What a label leaves free on both sides together.
const GAP: f64 = 4.0;

/// The part of a field that is in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) row: usize,
    /// Bits, counted from the row's beginning.
    pub(super) bits: Range<usize>,
}

/// A field in its place.
#[derive(Debug)]
pub(super) struct Placed {
    /// Where it begins, in bits from the header's beginning; none for what
    /// follows something of any length.
    pub(super) start: Option<usize>,
    /// From the top; one and all of its row for what has no fixed length.
    pub(super) pieces: Vec<Piece>,
    pub(super) texts: Vec<Text>,
}

/// Which way a label runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runs {
    Across,
    /// From bottom to top.
    Up,
    /// Letter below letter, as RFC 9293 writes TCP's flags.
    Down,
}

/// What is written in a part of a field.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) rows: Range<usize>,
    pub(super) bits: Range<usize>,
    pub(super) label: Vec<String>,
    pub(super) runs: Runs,
    pub(super) value: Vec<String>,
}

/// The drawing, but for its lines.
#[derive(Debug)]
pub(super) struct Layout {
    /// How many bits are in a row.
    pub(super) row: usize,
    /// In the order of the header's fields.
    pub(super) fields: Vec<Placed>,
    /// Where each row begins, and where the last one ends.
    pub(super) tops: Vec<f64>,
}

impl Layout {
    /// Lays out a header with `row` bits in a row.
    pub(super) fn of(header: &Header, row: usize) -> Result<Layout, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let mut fields = Vec::new();
        let (mut next, mut rows) = (Some(0), 0);
        for field in &header.fields {
            let pieces = match (field.bits, next) {
                (Some(bits), Some(start)) => pieces(start..start + bits, row),
                _ => vec![Piece {
                    row: rows,
                    bits: 0..row,
                }],
            };
            rows = pieces.last().map_or(rows, |piece| piece.row + 1);
            match texts(field, &pieces, row) {
                Some(texts) => fields.push(Placed {
                    start: next,
                    pieces,
                    texts,
                }),
                None => {
                    let value = field.value.plain.as_str();
                    wrong.push((field.line, say!("tutor-header-value-long", value = value)));
                }
            }
            next = next.zip(field.bits).map(|(start, bits)| start + bits);
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let tops = tops(&fields, rows);
        Ok(Layout { row, fields, tops })
    }

    /// Where a bit of a row begins.
    pub(super) fn x(&self, bit: usize) -> f64 {
        x(bit, self.row)
    }
}

impl Placed {
    /// Whether its pieces do not touch.
    pub(super) fn is_apart(&self) -> bool {
        are_apart(&self.pieces)
    }
}

impl Text {
    /// How high the label is.
    pub(super) fn label_height(&self) -> f64 {
        match self.runs {
            Runs::Across => LINE * self.label.len() as f64,
            Runs::Down => SIZE * self.label.len() as f64,
            Runs::Up => {
                let widths = self.label.iter().map(|line| text::width(line));
                widths.fold(0.0, f64::max)
            }
        }
    }

    /// How high label and value are.
    pub(super) fn height(&self) -> f64 {
        self.label_height() + LINE * self.value.len() as f64
    }
}

fn x(bit: usize, row: usize) -> f64 {
    LEFT + WIDTH * bit as f64 / row as f64
}

/// The bits of a field, row by row.
fn pieces(bits: Range<usize>, row: usize) -> Vec<Piece> {
    (bits.start / row..bits.end.div_ceil(row))
        .map(|number| Piece {
            row: number,
            bits: bits.start.max(number * row) - number * row
                ..bits.end.min((number + 1) * row) - number * row,
        })
        .collect()
}

/// Whether a field's pieces do not touch: it ends further left, in the next row,
/// than it begins.
fn are_apart(pieces: &[Piece]) -> bool {
    match pieces {
        [first, second] => second.bits.end <= first.bits.start,
        _ => false,
    }
}

/// Label and value, where most room is for them; none if the value is too long.
fn texts(field: &Field, pieces: &[Piece], row: usize) -> Option<Vec<Text>> {
    let name = &field.name.plain;
    let whole: Vec<_> = pieces.iter().filter(|p| p.bits == (0..row)).collect();
    if let (Some(first), Some(last)) = (whole.first(), whole.last()) {
        let label = match field.bits {
            Some(_) => name.clone(),
            None => any(field, row),
        };
        let all = Text::new(first.row..last.row + 1, 0..row, &label, row);
        return Some(vec![all.with_value(&field.value.plain, row)?]);
    }
    let longest = pieces.iter().max_by_key(|piece| piece.bits.len())?;
    let apart = are_apart(pieces);
    let mut texts = Vec::new();
    for piece in pieces {
        let label = match apart {
            true if piece.row == pieces[0].row => format!("{name} …"),
            true => format!("… {name}"),
            false => name.clone(),
        };
        let text = || Text::new(piece.row..piece.row + 1, piece.bits.clone(), &label, row);
        if piece == longest {
            texts.push(text().with_value(&field.value.plain, row)?);
        } else if apart {
            texts.push(text());
        }
    }
    Some(texts)
}

/// The label of what has no fixed length says more where there is room.
fn any(field: &Field, row: usize) -> String {
    let (name, meaning) = (field.name.plain.as_str(), field.meaning.plain.as_str());
    let long = say!("box-header-any", field = name, meaning = meaning);
    match text::width(&long) <= room(&(0..row), row) {
        true => long,
        false => name.to_owned(),
    }
}

fn room(bits: &Range<usize>, row: usize) -> f64 {
    x(bits.end, row) - x(bits.start, row) - GAP
}

impl Text {
    /// Across in up to three lines, or else another way.
    fn new(rows: Range<usize>, bits: Range<usize>, label: &str, row: usize) -> Text {
        let room = room(&bits, row);
        let across = text::lines(label, room, text::width).filter(|lines| lines.len() <= 3);
        let (runs, label) = match across {
            Some(lines) => (Runs::Across, lines),
            // The letters of a turned line are higher than one bit is wide.
            None if room + GAP < SIZE && text::is_short_word(label) => {
                (Runs::Down, label.chars().map(String::from).collect())
            }
            None => (Runs::Up, turned_lines(label, room)),
        };
        Text {
            rows,
            bits,
            label,
            runs,
            value: Vec::new(),
        }
    }

    fn with_value(mut self, value: &str, row: usize) -> Option<Text> {
        if !value.is_empty() {
            // A digit fits a field of one bit.
            let room = room(&self.bits, row) + 2.0;
            self.value = text::lines(value, room, text::mono_width)?;
        }
        Some(self)
    }
}

/// As many lines as are beside each other, if that makes the row less high.
fn turned_lines(label: &str, room: f64) -> Vec<String> {
    let most = ((room + GAP) / SIZE).max(1.0) as usize;
    let long = text::width(label);
    let mut fitting = (1..=most).rev().filter_map(|count| {
        let lines = text::lines(label, (long / count as f64).max(60.0), text::width)?;
        (lines.len() <= most).then_some(lines)
    });
    fitting.next().unwrap_or_else(|| vec![label.to_owned()])
}

/// Each row is as high as what is written in it.
fn tops(fields: &[Placed], rows: usize) -> Vec<f64> {
    let mut heights = vec![ROW; rows];
    for text in fields.iter().flat_map(|field| &field.texts) {
        let rows = &mut heights[text.rows.clone()];
        let lacks = text.height() + 2.0 * PAD - rows.iter().sum::<f64>();
        let each = lacks.max(0.0) / rows.len() as f64;
        rows.iter_mut().for_each(|height| *height += each);
    }
    let mut tops = vec![TOP];
    for height in heights {
        tops.push(tops[tops.len() - 1] + height.ceil());
    }
    tops
}
