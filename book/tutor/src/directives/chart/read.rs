//! The block's table and caption, with the numbers that they name.

use super::data::Data;
use super::{Chart, Series};
use crate::directives::captioned::{Captioned, empty_cell};
use crate::directives::lists::Wrong;
use crate::words::say;

/// What a series is called, and which one it is.
const COLUMNS: usize = 2;

pub(super) fn chart(block: &str, data: Data) -> Result<Chart, Vec<Wrong>> {
    let written = Captioned::<COLUMNS>::read("chart", block, |count| {
        say!("tutor-chart-columns", columns = COLUMNS, count = count)
    })?;
    let mut wrong = Vec::new();
    let mut series = Vec::new();
    for row in written.rows {
        let line = row.line;
        let [name, key] = row.cells();
        if name.plain.is_empty() {
            wrong.push(empty_cell(line, &written.columns[0]));
        }
        match data.runs(&key.plain) {
            Ok(runs) => series.push(Series { name, runs }),
            Err(why) => wrong.push((line, why)),
        }
    }
    if wrong.is_empty() && series.is_empty() {
        wrong.push((0, say!("tutor-chart-empty")));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let [what, measure] = written.columns;
    Ok(Chart {
        what,
        measure,
        series,
        caption: written.caption,
        source: data.source,
    })
}
