//! A table of numbers in `book/recorded`.
//!
//! Its first lines say how it came to be: `# command: …`, as other recordings
//! do. Then one row for each measurement, under the names of the columns, of
//! which these are read: `part` (what belongs into one picture), `series` (whose
//! it is) and `value`. Rows of the same part and series are runs of the same
//! measurement. Other columns are for who reads the file.

use std::path::Path;

use super::Arguments;
use crate::directives::recording::{self, Source};
use crate::words::{perhaps, say};

/// One part of a recording.
pub(super) struct Data {
    pub(super) file: String,
    pub(super) part: String,
    pub(super) source: Source,
    /// In the order of the file.
    rows: Vec<(String, f64)>,
}

impl Data {
    pub(super) fn read(root: &Path, arguments: Arguments<'_>) -> Result<Data, String> {
        let (name, part) = (arguments.name, arguments.part);
        let folder = "book/recorded";
        let file = format!("{folder}/{name}.csv");
        let text = recording::read(root, folder, &file, |name| name.strip_suffix(".csv"));
        let text = text.map_err(|names| {
            let hint = perhaps(name, names.iter().map(String::as_str));
            let why = say!("tutor-no-chart-data", name = name, file = file.as_str());
            format!("{why}{hint}")
        })?;
        let head: Vec<_> = text
            .lines()
            .map_while(|line| line.strip_prefix('#'))
            .map(str::trim)
            .collect();
        let source = Source::read(root, &file, &head.join("\n"))?;
        let all = rows(&file, &text)?;
        if !all.iter().any(|row| row.part == part) {
            let hint = perhaps(part, all.iter().map(|row| row.part.as_str()));
            let why = say!("tutor-chart-no-part", file = file.as_str(), part = part);
            return Err(format!("{why}{hint}"));
        }
        let rows = all.into_iter().filter(|row| row.part == part);
        Ok(Data {
            rows: rows.map(|row| (row.series, row.value)).collect(),
            part: part.to_owned(),
            file,
            source,
        })
    }

    /// Every run of a series, in the order of their size.
    pub(super) fn runs(&self, series: &str) -> Result<Vec<f64>, String> {
        let rows = self.rows.iter().filter(|(name, _)| name == series);
        let mut runs: Vec<_> = rows.map(|(_, value)| *value).collect();
        if runs.is_empty() {
            let hint = perhaps(series, self.rows.iter().map(|(name, _)| name.as_str()));
            let (file, part) = (self.file.as_str(), self.part.as_str());
            let why = say!(
                "tutor-chart-no-series",
                file = file,
                part = part,
                series = series
            );
            return Err(format!("{why}{hint}"));
        }
        runs.sort_by(f64::total_cmp);
        Ok(runs)
    }
}

struct Row {
    part: String,
    series: String,
    value: f64,
}

fn rows(file: &str, text: &str) -> Result<Vec<Row>, String> {
    let shape = |error: csv::Error| {
        let why = error.to_string();
        say!("tutor-chart-shape", file = file, why = why.as_str())
    };
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let headings = reader.headers().map_err(shape)?;
    let column = |name: &str| {
        let found = headings.iter().position(|heading| heading == name);
        found.ok_or_else(|| say!("tutor-chart-no-column", file = file, column = name))
    };
    let (part, series, value) = (column("part")?, column("series")?, column("value")?);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(shape)?;
        let written = &record[value];
        let number = written.parse().ok();
        let Some(number) = number.filter(|number: &f64| number.is_finite() && *number >= 0.0)
        else {
            let line = record.position().map_or(0, |at| at.line() as usize);
            return Err(say!(
                "tutor-chart-value",
                file = file,
                line = line,
                value = written
            ));
        };
        rows.push(Row {
            part: record[part].to_owned(),
            series: record[series].to_owned(),
            value: number,
        });
    }
    Ok(rows)
}
