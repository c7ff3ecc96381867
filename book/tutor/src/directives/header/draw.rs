//! The drawing as SVG. Colours and fonts are in the theme's sockets.css.

use std::fmt::Write;

use super::Header;
use super::layout::{LEFT, Layout, Piece, Placed, RULER, Runs, Text, WIDTH};
use crate::directives::svg::{BASELINE, at, line, number};
use crate::directives::text::{LINE, SIZE};
use crate::markdown::escape;
use crate::words::say;

/// The length of the marks between the rows of one field.
const MARK: f64 = 5.0;

/// The whole drawing; not one of its lines is empty, or Markdown would go on in
/// the middle of it.
pub(super) fn svg(
    header: &Header,
    layout: &Layout,
    id: &str,
    title: &str,
    description: &str,
) -> String {
    let bottom = layout.tops.last().copied().unwrap_or_default();
    let mut svg = format!(
        "<svg role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {} {}\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
        number(WIDTH + 2.0 * LEFT),
        number(bottom + 24.0),
        escape(title),
        escape(description),
    );
    svg.push_str(&ruler(layout));
    let last = header.fields.len().saturating_sub(1);
    for (index, (field, placed)) in header.fields.iter().zip(&layout.fields).enumerate() {
        let class = match field.bits {
            Some(_) => "field",
            None if index == last => "field any data",
            None => "field any",
        };
        for path in outline(layout, placed) {
            line(
                &mut svg,
                format_args!("<path class=\"{class}\" d=\"{path}\"/>"),
            );
        }
        let marks = marks(layout, placed);
        if !marks.is_empty() {
            line(
                &mut svg,
                format_args!("<path class=\"mark\" d=\"{marks}\"/>"),
            );
        }
    }
    for text in layout.fields.iter().flat_map(|placed| &placed.texts) {
        write_text(&mut svg, layout, text);
    }
    let bytes = layout.row / 8;
    let note = say!("box-header-ruler", bytes = bytes);
    let middle = number(LEFT + WIDTH / 2.0);
    let below = number(bottom + 18.0);
    line(
        &mut svg,
        format_args!(
            "<text class=\"soft\" x=\"{middle}\" y=\"{below}\">{}</text>",
            escape(&note)
        ),
    );
    svg.push_str("</svg>");
    svg
}

/// A line with a mark for each bit, long ones between bytes, and numbers.
fn ruler(layout: &Layout) -> String {
    let mut path = format!("M{} {}h{}", number(LEFT), number(RULER), number(WIDTH));
    for bit in 0..=layout.row {
        let length = if bit.is_multiple_of(8) { 9.0 } else { 5.0 };
        let (x, y) = (number(layout.x(bit)), number(RULER - length));
        let _ = write!(path, "M{x} {y}v{}", number(length));
    }
    let mut ruler = format!("<path class=\"ruler\" d=\"{path}\"/>\n");
    let step = if layout.row > 16 { 8 } else { 4 };
    let last = layout.row - 1;
    for bit in (0..last).step_by(step).chain([last]) {
        let x = number((layout.x(bit) + layout.x(bit + 1)) / 2.0);
        let y = number(RULER - 13.0);
        line(
            &mut ruler,
            format_args!("<text class=\"soft\" x=\"{x}\" y=\"{y}\">{bit}</text>"),
        );
    }
    ruler
}

/// The border of a field: one path, or one for each of its parts where these do
/// not touch; then the parts are open at the row's end and at the next's beginning.
fn outline(layout: &Layout, placed: &Placed) -> Vec<String> {
    let (Some(first), Some(last)) = (placed.pieces.first(), placed.pieces.last()) else {
        return Vec::new();
    };
    let edges = |piece: &Piece| {
        (
            number(layout.x(piece.bits.start)),
            number(layout.x(piece.bits.end)),
            number(layout.tops[piece.row]),
            number(layout.tops[piece.row + 1]),
        )
    };
    let (left, right, top, first_bottom) = edges(first);
    let (begin, end, last_top, bottom) = edges(last);
    if first == last {
        return vec![format!("M{left} {top}H{right}V{bottom}H{left}z")];
    }
    if placed.is_apart() {
        return vec![
            format!("M{right} {top}H{left}V{first_bottom}H{right}"),
            format!("M{begin} {last_top}H{end}V{bottom}H{begin}"),
        ];
    }
    // Steps only where it does not begin or end with its rows.
    let mut path = format!("M{left} {top}H{right}");
    if last.bits.end < layout.row {
        let _ = write!(path, "V{last_top}H{end}");
    }
    let _ = write!(path, "V{bottom}H{begin}");
    if first.bits.start > 0 {
        let _ = write!(path, "V{first_bottom}H{left}");
    }
    path.push('z');
    vec![path]
}

/// Where a row of a field ends and its next one begins: short marks at the edges
/// that both rows share.
fn marks(layout: &Layout, placed: &Placed) -> String {
    let mut path = String::new();
    for pair in placed.pieces.windows(2) {
        let (above, below) = (&pair[0].bits, &pair[1].bits);
        let (y, mark) = (number(layout.tops[pair[1].row]), number(MARK));
        if above.start == below.start {
            let _ = write!(path, "M{} {y}h{mark}", number(layout.x(below.start)));
        }
        if above.end == below.end {
            let _ = write!(path, "M{} {y}h-{mark}", number(layout.x(below.end)));
        }
    }
    path
}

/// The value on the lowest lines and the label above it; in a field of several
/// rows both in the middle.
fn write_text(svg: &mut String, layout: &Layout, text: &Text) {
    let x = (layout.x(text.bits.start) + layout.x(text.bits.end)) / 2.0;
    let (top, bottom) = (layout.tops[text.rows.start], layout.tops[text.rows.end]);
    let spare = (bottom - top - text.height()) / 2.0;
    let below = if text.rows.len() > 1 {
        spare
    } else {
        spare.min(7.0)
    };
    let values = LINE * text.value.len() as f64;
    let value_top = bottom - below - values;
    let label_top = if text.rows.len() > 1 {
        top + spare
    } else {
        top
    };
    let middle = match text.value.is_empty() {
        true => (top + bottom) / 2.0,
        false => (label_top + value_top) / 2.0 + if text.rows.len() > 1 { 0.0 } else { 2.0 },
    };
    for (index, words) in text.label.iter().enumerate() {
        let from_middle = index as f64 - (text.label.len() as f64 - 1.0) / 2.0;
        let words = escape(words);
        let place = match text.runs {
            Runs::Across => at(x, middle + LINE * from_middle + BASELINE),
            Runs::Down => at(x, middle + SIZE * from_middle + BASELINE) + " class=\"letter\"",
            Runs::Up => {
                let (x, y) = (number(x + SIZE * from_middle + BASELINE), number(middle));
                format!("transform=\"translate({x} {y})rotate(-90)\"")
            }
        };
        line(svg, format_args!("<text {place}>{words}</text>"));
    }
    for (index, words) in text.value.iter().enumerate() {
        let y = value_top + LINE * (index as f64 + 0.5) + BASELINE;
        let (place, words) = (at(x, y), escape(words));
        line(
            svg,
            format_args!("<text {place} class=\"value\">{words}</text>"),
        );
    }
}
