//! What the drawings have in common.

use std::fmt::Write;

use super::text::SIZE;

/// How far below the middle of a line its letters stand.
pub(super) const BASELINE: f64 = 0.36 * SIZE;

/// Adds an element. None of a drawing's lines is empty, or Markdown would go on
/// in the middle of it.
pub(super) fn line(svg: &mut String, element: std::fmt::Arguments<'_>) {
    let _ = writeln!(svg, "{element}");
}

/// The attributes of a place.
pub(super) fn at(x: f64, y: f64) -> String {
    format!("x=\"{}\" y=\"{}\"", number(x), number(y))
}

/// A coordinate with one decimal at most.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}
