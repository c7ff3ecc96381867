//! A table of numbers in `book/recorded`.
//!
//! Its first lines say how it came to be: `# command: …`, as other recordings
//! do. Then one row for each measurement, under the names of the columns, of
//! which these are read: `part` (what belongs into one picture), `series` (whose
//! it is) and `value`. Rows of the same part and series are runs of the same
//! measurement. Other columns are for who reads the file.
//!
//! A table with a column `x` too is one of points, and its charts are plots: `x`
//! is how far to the right `value` stands. Runs have the same `x` as well, and a
//! `value` may be missing, because nothing came that could be measured.

use std::path::Path;

use super::Arguments;
use crate::directives::recording::{self, Source};
use crate::words::{perhaps, say};

/// One part of a recording.
pub(super) struct Data {
    pub(super) file: String,
    pub(super) part: String,
    pub(super) source: Source,
    /// Whether it is a table of points.
    pub(super) plotted: bool,
    /// In the order of the file.
    rows: Vec<Row>,
}

/// A place in a plot.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) x: f64,
    /// In the order of their size; none, if nothing came.
    pub(super) runs: Vec<f64>,
    /// How many runs have no value.
    pub(super) missing: usize,
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
        let (plotted, all) = rows(&file, &text)?;
        if !all.iter().any(|row| row.part == part) {
            let hint = perhaps(part, all.iter().map(|row| row.part.as_str()));
            let why = say!("tutor-chart-no-part", file = file.as_str(), part = part);
            return Err(format!("{why}{hint}"));
        }
        let rows = all.into_iter().filter(|row| row.part == part);
        Ok(Data {
            rows: rows.collect(),
            part: part.to_owned(),
            file,
            source,
            plotted,
        })
    }

    /// Every run of a series, in the order of their size.
    pub(super) fn runs(&self, series: &str) -> Result<Vec<f64>, String> {
        let rows = self.of(series)?;
        let mut runs: Vec<_> = rows.iter().filter_map(|row| row.value).collect();
        runs.sort_by(f64::total_cmp);
        Ok(runs)
    }

    /// Every point of a series, from left to right.
    pub(super) fn points(&self, series: &str) -> Result<Vec<Point>, String> {
        let mut rows = self.of(series)?;
        rows.sort_by(|one, other| one.x.total_cmp(&other.x));
        let mut points: Vec<Point> = Vec::new();
        for row in rows {
            let point = match points.pop_if(|point| point.x.total_cmp(&row.x).is_eq()) {
                Some(mut point) => {
                    point.runs.extend(row.value);
                    point.missing += usize::from(row.value.is_none());
                    point
                }
                None => Point {
                    x: row.x,
                    runs: row.value.into_iter().collect(),
                    missing: usize::from(row.value.is_none()),
                },
            };
            points.push(point);
        }
        for point in &mut points {
            point.runs.sort_by(f64::total_cmp);
        }
        Ok(points)
    }

    /// The rows of a series: at least one.
    fn of(&self, series: &str) -> Result<Vec<&Row>, String> {
        let rows: Vec<_> = self
            .rows
            .iter()
            .filter(|row| row.series == series)
            .collect();
        if rows.is_empty() {
            let hint = perhaps(series, self.rows.iter().map(|row| row.series.as_str()));
            let (file, part) = (self.file.as_str(), self.part.as_str());
            let why = say!(
                "tutor-chart-no-series",
                file = file,
                part = part,
                series = series
            );
            return Err(format!("{why}{hint}"));
        }
        Ok(rows)
    }
}

struct Row {
    part: String,
    series: String,
    /// 0 in a table that has no such column.
    x: f64,
    /// Is there always in such a table.
    value: Option<f64>,
}

/// All rows of the table, and whether they are points.
fn rows(file: &str, text: &str) -> Result<(bool, Vec<Row>), String> {
    let shape = |error: csv::Error| {
        let why = error.to_string();
        say!("tutor-chart-shape", file = file, why = why.as_str())
    };
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let headings = reader.headers().map_err(shape)?;
    let place = |name: &str| headings.iter().position(|heading| heading == name);
    let column = |name: &str| {
        place(name).ok_or_else(|| say!("tutor-chart-no-column", file = file, column = name))
    };
    let (part, series, value) = (column("part")?, column("series")?, column("value")?);
    let x = place("x");
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(shape)?;
        let number = |column: usize, name: &str| {
            let written = &record[column];
            let number = written.parse().ok();
            let good = number.filter(|number: &f64| number.is_finite() && *number >= 0.0);
            good.ok_or_else(|| {
                let line = record.position().map_or(0, |at| at.line() as usize);
                say!(
                    "tutor-chart-value",
                    file = file,
                    line = line,
                    column = name,
                    value = written
                )
            })
        };
        let measured = x.is_none() || !record[value].is_empty();
        rows.push(Row {
            part: record[part].to_owned(),
            series: record[series].to_owned(),
            x: x.map_or(Ok(0.0), |x| number(x, "x"))?,
            value: measured.then(|| number(value, "value")).transpose()?,
        });
    }
    Ok((x.is_some(), rows))
}
