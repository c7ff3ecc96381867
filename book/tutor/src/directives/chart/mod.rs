//! `{{#chart NAME:PART}}` … `{{/chart}}`: a picture of what was measured, drawn
//! from a table of numbers in `book/recorded`, and the numbers below it: bars,
//! or a plot if it is a table of points.
//!
//! The block says which series are shown and what they are called, so that a
//! translation reaches every word; the numbers come from the recording alone.
//! Like a header it is read twice: to check the chapter as it was written, and,
//! when it may have been translated, to draw it.

mod data;
mod describe;
mod draw;
mod figures;
mod plot;
mod read;

use std::path::Path;

use super::captioned::Words;
use super::lists::Wrong;
use super::recording::Source;
use crate::markdown::dedent;
use crate::words::say;
use data::Data;

/// What follows the directive's name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arguments<'a> {
    /// The recording: `bench`.
    name: &'a str,
    /// What of it is shown: `bulk`.
    part: &'a str,
}

impl<'a> Arguments<'a> {
    /// `NAME:PART`.
    pub(crate) fn read(argument: &'a str) -> Result<Arguments<'a>, String> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let good = |word: &&str| !word.is_empty() && word.chars().all(allowed);
        match argument.split(':').collect::<Vec<_>>()[..] {
            [name, part] if [name, part].iter().all(good) => Ok(Arguments { name, part }),
            _ => Err(say!("tutor-chart-name", argument = argument)),
        }
    }

    /// What tells one chart of a page from another.
    pub(crate) fn id(&self) -> String {
        format!("{}-{}", self.name, self.part).to_ascii_lowercase()
    }
}

/// A series of the chart: what it is called, and every run of it.
#[derive(Debug)]
struct Series {
    name: Words,
    /// In the order of their size; at least one.
    runs: Vec<f64>,
}

impl Series {
    /// The run in the middle.
    fn median(&self) -> f64 {
        figures::median(&self.runs).unwrap_or_default()
    }

    fn lowest(&self) -> f64 {
        self.runs[0]
    }

    fn highest(&self) -> f64 {
        self.runs[self.runs.len() - 1]
    }
}

/// What stands in the block, with its numbers.
#[derive(Debug)]
struct Chart {
    /// What the first column is headed with.
    what: Words,
    /// What is measured, and in which unit.
    measure: Words,
    series: Vec<Series>,
    caption: Words,
    source: Source,
}

impl Chart {
    /// The fewest runs of a series.
    fn runs(&self) -> usize {
        let counts = self.series.iter().map(|series| series.runs.len());
        counts.min().unwrap_or_default()
    }
}

/// What the recording makes of the block.
enum Drawn {
    Bars(Chart),
    Plot(plot::Plot),
}

/// What is wrong with a block.
pub(crate) fn check(root: &Path, arguments: Arguments<'_>, block: &str) -> Result<(), Vec<Wrong>> {
    read(root, arguments, block).map(drop)
}

/// The picture, its caption and its numbers, as HTML. The ids begin with `page`:
/// print.html holds all pages, and the same chart may be on two of them.
pub(crate) fn html(
    root: &Path,
    arguments: Arguments<'_>,
    block: &str,
    page: &str,
) -> Result<String, Vec<Wrong>> {
    let id = format!("{page}-{}", arguments.id());
    let (class, picture, caption, source, table) = match read(root, arguments, block)? {
        Drawn::Bars(chart) => {
            let (picture, table) = (draw::svg(&chart, &id), describe::table(&chart));
            ("chart", picture, chart.caption, chart.source, table)
        }
        Drawn::Plot(plot) => {
            let (picture, table) = (plot.svg(&id), plot.table());
            ("chart plot", picture, plot.caption, plot.source, table)
        }
    };
    Ok(format!(
        "<figure class=\"picture {class}\">\n{picture}\n<figcaption>{}\n\
         <span class=\"source\">{}</span></figcaption>\n</figure>\n{table}",
        caption.html,
        source.caption(),
    ))
}

fn read(root: &Path, arguments: Arguments<'_>, block: &str) -> Result<Drawn, Vec<Wrong>> {
    let data = Data::read(root, arguments).map_err(|why| vec![(0, why)])?;
    let block = dedent(block);
    match data.plotted {
        false => read::chart(&block, data).map(Drawn::Bars),
        true => plot::read(&block, data).map(Drawn::Plot),
    }
}
