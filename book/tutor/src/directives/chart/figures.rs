//! Numbers as they are written, and where a scale has its marks.

/// Three digits that count, and a comma before every third one: nobody repeats
/// a measurement to four.
pub(super) fn written(value: f64) -> String {
    if value <= 0.0 {
        return "0".to_owned();
    }
    let digits = value.log10().floor() as i32;
    let unit = 10_f64.powi(digits - 2);
    let rounded = (value / unit).round() * unit;
    // Rounding makes 10.0 of 9.996.
    let digits = (rounded * (1.0 + 1e-9)).log10().floor() as i32;
    let decimals = usize::try_from(2 - digits).unwrap_or_default();
    grouped(&format!("{rounded:.decimals$}"))
}

/// How many times as much: two decimals.
pub(super) fn ratio(value: f64) -> String {
    grouped(&format!("{value:.2}"))
}

/// The number in the middle of some that are in the order of their size; `None`
/// if there is none.
pub(super) fn median(sorted: &[f64]) -> Option<f64> {
    let (low, high) = (sorted.len().checked_sub(1)? / 2, sorted.len() / 2);
    Some(f64::midpoint(sorted[low], sorted[high]))
}

fn grouped(number: &str) -> String {
    let (whole, rest) = match number.find('.') {
        Some(point) => number.split_at(point),
        None => (number, ""),
    };
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

/// A place on a scale.
pub(super) struct Mark {
    pub(super) value: f64,
    pub(super) written: String,
}

/// The marks of a scale from 0 to at least `highest`, at most `most` steps of 1,
/// 2, 2.5 or 5 and as many zeros as it takes.
pub(super) fn marks(highest: f64, most: usize) -> Vec<Mark> {
    let highest = if highest > 0.0 { highest } else { 1.0 };
    let zeros = (highest / most as f64).log10().floor() as i32;
    let unit = 10_f64.powi(zeros);
    // A hair more or less, for what dividing and multiplying lost.
    let reaches = |step: &f64| step * unit * most as f64 * (1.0 + 1e-9) >= highest;
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    let first = steps.into_iter().find(reaches).unwrap_or(10.0);
    let step = first * unit;
    let decimals = match first {
        2.5 => 1 - zeros,
        10.0 => -zeros - 1,
        _ => -zeros,
    };
    let decimals = usize::try_from(decimals).unwrap_or_default();
    let count = (highest / step * (1.0 - 1e-9)).ceil() as usize;
    (0..=count)
        .map(|index| index as f64 * step)
        .map(|value| Mark {
            written: grouped(&format!("{value:.decimals$}")),
            value,
        })
        .collect()
}
