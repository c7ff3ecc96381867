//! A plot: a chart of points, from a table that says for each how far to the
//! right it stands. Its block has one column more, headed with what goes to the
//! right; there stands for each series whether a line joins its points.

mod describe;
mod draw;

use super::data::{Data, Point};
use super::figures::median;
use crate::directives::captioned::{Captioned, Words, empty_cell};
use crate::directives::lists::Wrong;
use crate::directives::recording::Source;
use crate::words::say;

/// What a series is called, which one it is, and how it is drawn.
const COLUMNS: usize = 3;

/// The most series: each has a mark and a line of its own.
const MOST: usize = 3;

/// A series, from left to right.
#[derive(Debug)]
struct Series {
    name: Words,
    joined: bool,
    points: Vec<Point>,
}

/// What stands in the block, with its numbers.
#[derive(Debug)]
pub(super) struct Plot {
    /// What the first column is headed with.
    what: Words,
    /// What goes up, and what goes to the right, each with its unit.
    up: Words,
    right: Words,
    series: Vec<Series>,
    pub(super) caption: Words,
    pub(super) source: Source,
}

/// The block's table and caption, with the points that they name.
pub(super) fn read(block: &str, data: Data) -> Result<Plot, Vec<Wrong>> {
    let written = Captioned::<COLUMNS>::read("chart", block, |count| {
        say!("tutor-plot-columns", columns = COLUMNS, count = count)
    })?;
    let mut wrong = Vec::new();
    let mut series = Vec::new();
    for row in written.rows {
        let line = row.line;
        let [name, key, form] = row.cells();
        if name.plain.is_empty() {
            wrong.push(empty_cell(line, &written.columns[0]));
        }
        if !["line", "points"].contains(&form.plain.as_str()) {
            let form = form.plain.as_str();
            wrong.push((line, say!("tutor-plot-form", form = form)));
        }
        match data.points(&key.plain) {
            Ok(points) => series.push(Series {
                name,
                joined: form.plain == "line",
                points,
            }),
            Err(why) => wrong.push((line, why)),
        }
        if series.len() == MOST + 1 {
            wrong.push((line, say!("tutor-plot-most", most = MOST)));
        }
    }
    if wrong.is_empty() && series.is_empty() {
        wrong.push((0, say!("tutor-chart-empty")));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let [what, up, right] = written.columns;
    Ok(Plot {
        what,
        up,
        right,
        series,
        caption: written.caption,
        source: data.source,
    })
}

impl Point {
    fn median(&self) -> Option<f64> {
        median(&self.runs)
    }
}

impl Series {
    /// Every value, in the order of their size.
    fn values(&self) -> Vec<f64> {
        let mut all: Vec<_> = self.points.iter().flat_map(|point| &point.runs).collect();
        all.sort_by(|one, other| one.total_cmp(other));
        all.into_iter().copied().collect()
    }

    fn missing(&self) -> usize {
        self.points.iter().map(|point| point.missing).sum()
    }
}

impl Plot {
    fn points(&self) -> impl Iterator<Item = &Point> {
        self.series.iter().flat_map(|series| &series.points)
    }

    /// Every place to the right where there is a point, from left to right.
    fn places(&self) -> Vec<f64> {
        let mut all: Vec<_> = self.points().map(|point| point.x).collect();
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    }

    /// The most runs of a point.
    fn runs(&self) -> usize {
        let counts = self.points().map(|point| point.runs.len() + point.missing);
        counts.max().unwrap_or_default()
    }
}
