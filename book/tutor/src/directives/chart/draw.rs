//! The picture as SVG: a bar for each series, one below the other, with its name
//! and its number above it, so that both have room on a phone. Colours and fonts
//! are in the theme's sockets.css.

use std::fmt::Write;

use super::figures::{Mark, marks, written};
use super::{Chart, Series, describe};
use crate::directives::svg::{BASELINE, at, line, number};
use crate::directives::text::{self, LINE};
use crate::markdown::escape;
use crate::words::say;

/// What is left free on both sides.
const EDGE: f64 = 4.0;
/// Where the longest bar may end.
const WIDTH: f64 = 352.0;
/// The height of a bar, and what is left free below it.
const BAR: f64 = 14.0;
const GAP: f64 = 9.0;
/// Between a name and its number.
const APART: f64 = 12.0;
/// How many parts a scale has at the most.
const MARKS: usize = 5;

/// From values to places.
struct Scale {
    marks: Vec<Mark>,
    left: f64,
    width: f64,
}

impl Scale {
    fn of(chart: &Chart) -> Scale {
        let highest = chart.series.iter().map(Series::highest).fold(0.0, f64::max);
        let marks = marks(highest, MARKS);
        // The last mark's number stands below its end, half of it to the right.
        let last = marks.last().map_or("", |mark| &mark.written);
        let room = text::width(last) / 2.0;
        Scale {
            marks,
            left: EDGE + 4.0,
            width: WIDTH - room - 4.0,
        }
    }

    fn x(&self, value: f64) -> f64 {
        let last = self.marks.last().map_or(1.0, |mark| mark.value);
        self.left + self.width * value / last
    }
}

pub(super) fn svg(chart: &Chart, id: &str) -> String {
    let scale = Scale::of(chart);
    let mut bars = String::new();
    let mut top = 0.0;
    for (index, series) in chart.series.iter().enumerate() {
        top = bar(&mut bars, &scale, series, index == 0, top);
    }
    let mut svg = bars;
    let bottom = axis(&mut svg, &scale, chart, top);
    format!(
        "<svg role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {} {}\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n{svg}</svg>",
        number(WIDTH + 2.0 * EDGE),
        number(bottom),
        escape(&say!(
            "box-chart-title",
            measure = chart.measure.plain.as_str()
        )),
        escape(&describe::sentences(chart)),
    )
}

/// A bar as long as the median, a mark on it for each run, and above it its name
/// and its number; returns where the next one begins.
fn bar(svg: &mut String, scale: &Scale, series: &Series, first: bool, top: f64) -> f64 {
    let value = written(series.median());
    let room = WIDTH - text::width(&value) - APART;
    let name = series.name.plain.as_str();
    // A word that is longer than the picture goes over its edge.
    let name = text::lines(name, room, text::width).unwrap_or_else(|| vec![name.to_owned()]);
    for (index, words) in name.iter().enumerate() {
        let place = at(EDGE, top + LINE * (index as f64 + 0.5) + BASELINE);
        line(svg, format_args!("<text {place}>{}</text>", escape(words)));
    }
    let top = top + LINE * name.len() as f64;
    let place = at(EDGE + WIDTH, top - LINE * 0.5 + BASELINE);
    line(
        svg,
        format_args!("<text {place} class=\"value\">{value}</text>"),
    );
    let top = top + 3.0;
    let marks = grid(scale, top);
    line(svg, format_args!("<path class=\"grid\" d=\"{marks}\"/>"));
    let (left, end) = (number(scale.left), number(scale.x(series.median())));
    let class = if first { "bar first" } else { "bar" };
    let (high, low) = (number(top), number(top + BAR));
    line(
        svg,
        format_args!("<path class=\"{class}\" d=\"M{left} {high}H{end}V{low}H{left}z\"/>"),
    );
    if series.runs.len() > 1 {
        let mut runs = String::new();
        for run in &series.runs {
            let (x, y) = (number(scale.x(*run)), number(top + 4.0));
            let _ = write!(runs, "M{x} {y}v{}", number(BAR - 8.0));
        }
        line(svg, format_args!("<path class=\"run\" d=\"{runs}\"/>"));
    }
    top + BAR + GAP
}

/// The scale's marks behind a bar; nothing goes through its name.
fn grid(scale: &Scale, top: f64) -> String {
    let lines = scale.marks.iter().map(|mark| {
        let (x, y) = (number(scale.x(mark.value)), number(top - 3.0));
        format!("M{x} {y}v{}", number(BAR + 6.0))
    });
    lines.collect()
}

/// The scale's numbers, and below them what it measures and what the marks mean;
/// returns where the picture ends.
fn axis(svg: &mut String, scale: &Scale, chart: &Chart, top: f64) -> f64 {
    let mut y = top + LINE * 0.5;
    for mark in &scale.marks {
        let place = at(scale.x(mark.value), y + BASELINE);
        let mark = &mark.written;
        line(
            svg,
            format_args!("<text {place} class=\"mark\">{mark}</text>"),
        );
    }
    let mut notes = vec![chart.measure.plain.clone()];
    if chart.runs() > 1 {
        notes.push(say!("box-chart-runs"));
    }
    for note in &notes {
        let lines = text::lines(note, WIDTH, text::width).unwrap_or_else(|| vec![note.clone()]);
        for words in lines {
            y += LINE;
            let place = at(EDGE + WIDTH / 2.0, y + BASELINE);
            let words = escape(&words);
            line(
                svg,
                format_args!("<text {place} class=\"mark\">{words}</text>"),
            );
        }
    }
    y + LINE * 0.5 + 4.0
}
