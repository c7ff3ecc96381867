//! The block's table and caption, checked.

use super::{Field, Header};
use crate::directives::captioned::{Captioned, Row, Words, empty_cell};
use crate::directives::lists::Wrong;
use crate::words::say;

/// Field, bits, value, meaning.
const COLUMNS: usize = 4;

/// The longest field that is drawn; an IPv6 address has 128 bits.
const LONGEST: usize = 512;

/// What is written where the length differs from packet to packet.
const ANY: &str = "…";

/// Reads a block, to be drawn with `row` bits in a row.
pub(super) fn header(block: &str, row: usize) -> Result<Header, Vec<Wrong>> {
    let written = Captioned::<COLUMNS>::read("header", block, |count| {
        say!("tutor-header-columns", columns = COLUMNS, count = count)
    })?;
    let mut wrong = Vec::new();
    let mut fields: Vec<Field> = Vec::new();
    for row in written.rows {
        match field(row, &written.columns) {
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
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Header {
        columns: written.columns,
        fields,
        caption: written.caption,
    })
}

/// One row of the table as a field.
fn field(row: Row, columns: &[Words; COLUMNS]) -> Result<Field, Wrong> {
    let line = row.line;
    let [name, size, value, meaning] = row.cells();
    let cells: [(&Words, &Words); 2] = [(&name, &columns[0]), (&meaning, &columns[3])];
    for (cell, column) in cells {
        if cell.plain.is_empty() {
            return Err(empty_cell(line, column));
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
