//! The plot as SVG: what the marks mean above it, then what goes up, the points
//! between their scales, and what goes to the right. Colours and fonts are in
//! the theme's sockets.css. A series is told by its mark and its line, too.

use std::fmt::Write;

use super::{Plot, Point, Series};
use crate::directives::chart::figures::{Mark, marks};
use crate::directives::svg::{BASELINE, at, line, number};
use crate::directives::text::{self, LINE};
use crate::markdown::escape;
use crate::words::say;

/// What is left free on both sides.
const EDGE: f64 = 4.0;
/// The width of the whole.
const WIDTH: f64 = 352.0;
/// The height from the lowest to the highest value of the scale.
const HEIGHT: f64 = 190.0;
/// How long a sample of a line is, and what stands beside it.
const SAMPLE: f64 = 30.0;
/// The height of the strip for what never came.
const STRIP: f64 = 15.0;
/// How many parts a scale has at the most.
const MARKS: usize = 5;
/// From so many points on the marks are smaller.
const MANY: usize = 30;

/// From values to places.
struct Scales {
    right: Vec<Mark>,
    up: Vec<Mark>,
    left: f64,
    width: f64,
    /// Where the value 0 is.
    bottom: f64,
}

impl Scales {
    fn of(plot: &Plot, top: f64) -> Scales {
        let highest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
        let right = marks(highest(&mut plot.points().map(|point| point.x)), MARKS);
        let mut values = plot.points().flat_map(|point| point.runs.iter().copied());
        let up = marks(highest(&mut values), MARKS);
        let widest = up.iter().map(|mark| text::width(&mark.written));
        let left = EDGE + widest.fold(0.0, f64::max) + 6.0;
        // The last mark's number stands below its end, half of it to the right.
        let last = right.last().map_or("", |mark| &mark.written);
        let width = EDGE + WIDTH - text::width(last) / 2.0 - left;
        Scales {
            right,
            up,
            left,
            width,
            bottom: top + HEIGHT,
        }
    }

    fn x(&self, value: f64) -> f64 {
        let last = self.right.last().map_or(1.0, |mark| mark.value);
        self.left + self.width * value / last
    }

    fn y(&self, value: f64) -> f64 {
        let last = self.up.last().map_or(1.0, |mark| mark.value);
        self.bottom - HEIGHT * value / last
    }
}

impl Plot {
    pub(in crate::directives::chart) fn svg(&self, id: &str) -> String {
        let mut svg = String::new();
        let top = self.legend(&mut svg);
        let top = words(&mut svg, &self.up.plain, top, "up");
        let scales = Scales::of(self, top + 8.0);
        self.grid(&mut svg, &scales);
        for (index, series) in self.series.iter().enumerate() {
            self.curve(&mut svg, &scales, series, index);
        }
        let below = self.missing(&mut svg, &scales);
        let bottom = self.below(&mut svg, &scales, below);
        let measure = (self.up.plain.as_str(), self.right.plain.as_str());
        let title = say!("box-plot-title", up = measure.0, right = measure.1);
        format!(
            "<svg role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {} {}\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n{svg}</svg>",
            number(WIDTH + 2.0 * EDGE),
            number(bottom),
            escape(&title),
            escape(&self.sentences()),
        )
    }

    /// A sample of each series with its name; returns where the rest begins.
    fn legend(&self, svg: &mut String) -> f64 {
        let mut top = 0.0;
        for (index, series) in self.series.iter().enumerate() {
            let (middle, class) = (top + LINE / 2.0, index + 1);
            let (left, right) = (EDGE, EDGE + SAMPLE);
            if series.joined {
                let (left, right, y) = (number(left), number(right), number(middle));
                line(
                    svg,
                    format_args!("<path class=\"curve s{class}\" d=\"M{left} {y}H{right}\"/>"),
                );
            }
            let path = mark(index, f64::midpoint(left, right), middle, self.size());
            line(
                svg,
                format_args!("<path class=\"point s{class}\" d=\"{path}\"/>"),
            );
            let name = &series.name.plain;
            let room = WIDTH - SAMPLE - 6.0;
            let lines = text::lines(name, room, text::width).unwrap_or_else(|| vec![name.clone()]);
            for words in lines {
                let place = at(right + 6.0, top + LINE / 2.0 + BASELINE);
                line(svg, format_args!("<text {place}>{}</text>", escape(&words)));
                top += LINE;
            }
        }
        top + 6.0
    }

    /// The scales' lines, and the numbers of the one that goes up.
    fn grid(&self, svg: &mut String, scales: &Scales) {
        let (left, right) = (number(scales.left), number(scales.left + scales.width));
        let mut lines = String::new();
        for mark in &scales.up {
            let _ = write!(lines, "M{left} {}H{right}", number(scales.y(mark.value)));
        }
        for mark in &scales.right {
            let x = number(scales.x(mark.value));
            let _ = write!(lines, "M{x} {}v5", number(scales.bottom));
        }
        line(svg, format_args!("<path class=\"grid\" d=\"{lines}\"/>"));
        for mark in &scales.up {
            let place = at(scales.left - 6.0, scales.y(mark.value) + BASELINE);
            let mark = &mark.written;
            line(
                svg,
                format_args!("<text {place} class=\"mark up\">{mark}</text>"),
            );
        }
    }

    /// The points of a series, what joins them, and how far their runs spread.
    fn curve(&self, svg: &mut String, scales: &Scales, series: &Series, index: usize) {
        let (mut joined, mut spread, mut points) = (String::new(), String::new(), String::new());
        let mut pen = 'M';
        for point in &series.points {
            let Some(value) = point.median() else {
                pen = 'M'; // the line is broken where a point is missing
                continue;
            };
            let (x, y) = (scales.x(point.x), scales.y(value));
            let _ = write!(joined, "{pen}{} {}", number(x), number(y));
            pen = 'L';
            points.push_str(&mark(index, x, y, self.size()));
            if let [lowest, .., highest] = point.runs[..] {
                let (low, high) = (number(scales.y(lowest)), number(scales.y(highest)));
                let _ = write!(spread, "M{} {low}V{high}", number(x));
            }
        }
        let class = index + 1;
        if series.joined {
            line(
                svg,
                format_args!("<path class=\"curve s{class}\" d=\"{joined}\"/>"),
            );
        }
        if !spread.is_empty() {
            line(
                svg,
                format_args!("<path class=\"run s{class}\" d=\"{spread}\"/>"),
            );
        }
        if !points.is_empty() {
            line(
                svg,
                format_args!("<path class=\"point s{class}\" d=\"{points}\"/>"),
            );
        }
    }

    /// A strip below the scale with a cross for each value that is missing;
    /// returns where the rest begins.
    fn missing(&self, svg: &mut String, scales: &Scales) -> f64 {
        let y = scales.bottom + 5.0 + STRIP / 2.0;
        let all = self.points().filter(|point| point.missing > 0);
        let crosses: String = all.map(|point| cross(scales, point, y)).collect();
        if crosses.is_empty() {
            return scales.bottom + 5.0;
        }
        line(
            svg,
            format_args!("<path class=\"missing\" d=\"{crosses}\"/>"),
        );
        scales.bottom + 5.0 + STRIP
    }

    /// The numbers of the scale that goes to the right, what it measures, and what
    /// is to be said of the marks; returns where the picture ends.
    fn below(&self, svg: &mut String, scales: &Scales, top: f64) -> f64 {
        for mark in &scales.right {
            let place = at(scales.x(mark.value), top + LINE / 2.0 + BASELINE);
            let mark = &mark.written;
            line(
                svg,
                format_args!("<text {place} class=\"mark\">{mark}</text>"),
            );
        }
        let mut y = words(svg, &self.right.plain, top + LINE, "mark");
        if self.points().any(|point| point.missing > 0) {
            y = words(svg, &say!("box-plot-missing"), y, "mark");
        }
        if self.runs() > 1 {
            y = words(svg, &say!("box-plot-runs"), y, "mark");
        }
        y + 4.0
    }

    /// Half the height of a mark.
    fn size(&self) -> f64 {
        let most = self.series.iter().map(|series| series.points.len());
        if most.max().unwrap_or_default() < MANY {
            4.0
        } else {
            1.8
        }
    }
}

/// Text across the picture, in as many lines as it takes, below `top`; returns
/// where they end.
fn words(svg: &mut String, text: &str, mut top: f64, class: &str) -> f64 {
    let x = if class == "up" {
        EDGE
    } else {
        EDGE + WIDTH / 2.0
    };
    let lines = text::lines(text, WIDTH, text::width).unwrap_or_else(|| vec![text.to_owned()]);
    for words in lines {
        let place = at(x, top + LINE / 2.0 + BASELINE);
        let words = escape(&words);
        line(
            svg,
            format_args!("<text {place} class=\"{class}\">{words}</text>"),
        );
        top += LINE;
    }
    top
}

/// A point of the series of this number: a disc, a square, or a triangle.
fn mark(series: usize, x: f64, y: f64, size: f64) -> String {
    let (r, d) = (number(size), number(2.0 * size));
    match series {
        0 => {
            let x = number(x - size);
            format!(
                "M{x} {}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z",
                number(y)
            )
        }
        1 => format!("M{} {}h{d}v{d}h-{d}z", number(x - size), number(y - size)),
        _ => format!("M{} {}h{d}l-{r} -{d}z", number(x - size), number(y + size)),
    }
}

fn cross(scales: &Scales, point: &Point, y: f64) -> String {
    let (x, y) = (scales.x(point.x) - 3.5, y - 3.5);
    let (left, top) = (number(x), number(y));
    format!("M{left} {top}l7 7m0 -7l-7 7")
}
