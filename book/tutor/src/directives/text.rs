//! How wide text is, before any browser has drawn it, and where it breaks.
//!
//! The reader's system chooses the font. The widths are those of DejaVu Sans,
//! the widest of the usual ones: what fits in it fits in the others.

/// The size of all text, in the drawing's units. On a phone the drawing is a
/// little smaller than its units say, and the text is still 12 pixels high.
pub(super) const SIZE: f64 = 13.0;

/// From one line to the next.
pub(super) const LINE: f64 = 16.0;

/// One character of the monospaced font.
const MONO: f64 = 0.61 * SIZE;

/// The width of a label.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(em).sum::<f64>() * SIZE
}

/// The width of a value.
pub(super) fn mono_width(text: &str) -> f64 {
    text.chars().count() as f64 * MONO
}

fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '\'' => 0.28,
        ' ' | ',' | '.' | ':' | ';' | '|' | 'I' | '!' => 0.34,
        'f' | 'r' | 't' | '-' | '(' | ')' | '/' | '[' | ']' => 0.41,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 0.58,
        'm' | 'M' | 'w' | 'W' | '@' | '%' | '…' | '—' => 1.0,
        c if is_wide(c) => 1.0,
        'A'..='Z' | '+' | '=' | '<' | '>' | '−' | '×' => 0.79,
        _ => 0.64,
    }
}

/// Whether it can be read letter below letter.
pub(super) fn is_short_word(text: &str) -> bool {
    text.chars().count() <= 4 && !text.contains(' ')
}

/// Chinese, Japanese and Korean characters, which break anywhere.
fn is_wide(c: char) -> bool {
    c >= '\u{2e80}'
}

/// `text` in as few lines as fit `room`, the lines about equally long; none if
/// one of its words alone is longer.
pub(super) fn lines(text: &str, room: f64, width: fn(&str) -> f64) -> Option<Vec<String>> {
    let fewest = broken(text, room, width)?.len();
    let mut best = None;
    let mut narrower = room;
    while let Some(lines) = broken(text, narrower, width).filter(|lines| lines.len() == fewest) {
        narrower = lines.iter().map(|line| width(line)).fold(0.0, f64::max) - 0.01;
        best = Some(lines);
    }
    best
}

/// Each line takes what it can hold.
fn broken(text: &str, room: f64, width: fn(&str) -> f64) -> Option<Vec<String>> {
    let mut lines = vec![String::new()];
    for (word, spaced) in words(text) {
        let line = lines.last_mut()?;
        let space = if spaced && !line.is_empty() { " " } else { "" };
        let longer = format!("{line}{space}{word}");
        if width(&longer) <= room {
            *line = longer;
        } else if width(word) > room {
            return None;
        } else if line.is_empty() {
            *line = word.to_owned();
        } else {
            lines.push(word.to_owned());
        }
    }
    Some(lines)
}

/// What may stand on a line of its own, and whether a space is before it.
fn words(text: &str) -> Vec<(&str, bool)> {
    let mut words = Vec::new();
    for word in text.split(' ') {
        let mut start = 0;
        let mut spaced = true;
        let mut last = None;
        for (at, c) in word.char_indices() {
            if at > 0 && (is_wide(c) || last.is_some_and(is_wide)) {
                words.push((&word[start..at], spaced));
                (start, spaced) = (at, false);
            }
            last = Some(c);
        }
        words.push((&word[start..], spaced));
    }
    words
}
