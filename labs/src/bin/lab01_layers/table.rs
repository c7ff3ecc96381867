//! How a frame looks: a table for each layer, and all of it as a dump.

use super::meaning::bytes;
use super::names::{Layer, Named};
use super::span::Field;

/// The bytes of a field in one row; a MAC address has as many.
const ROW: usize = 6;

/// Rows of a long field before it is cut: an IPv6 address has three.
const ROWS: usize = 3;

/// The last column's width, so that a row has at most 80 characters.
const MEANING: usize = 29;

/// All layers, outermost first when the frame was `read`, or else in the order
/// of the wrapping; then the frame, and what its size is made of.
pub fn lines(named: &Named, frame: &[u8], read: bool) -> Vec<String> {
    let mut lines = vec![row("bytes", "hexadecimal", "field", "meaning")];
    let mut layers: Vec<_> = named.layers.iter().collect();
    if !read {
        layers.reverse();
    }
    for layer in layers {
        lines.push(format!("\n{:<11}  {}", layer.place, layer.title));
        lines.extend(layer.fields.iter().flat_map(rows));
    }
    lines.push("\nthe frame".into());
    lines.extend(dump(frame));
    if named.problem.is_none() {
        let sizes = sizes(&named.layers, frame.len(), read);
        lines.push(format!("\n{sizes}"));
    }
    lines
}

/// A field, in as many rows as its bytes need; its meaning goes on beside them.
fn rows(field: &Field) -> Vec<String> {
    let mut meaning = field.meaning.chars();
    let mut rows = Vec::new();
    for (number, bytes) in field.hex.chunks(ROW).enumerate() {
        let first = field.at + number * ROW;
        let range = match bytes.len() {
            1 => format!("{first}"),
            n => format!("{first}-{}", first + n - 1),
        };
        let name = if number == 0 { &field.name } else { "" };
        let mut part: String = meaning.by_ref().take(MEANING).collect();
        let more = field.hex.len() > (number + 1) * ROW;
        let last = number + 1 == ROWS || !more;
        if last && meaning.next().is_some() {
            part.pop();
            part.push('…');
        }
        rows.push(row(&range, &bytes.join(" "), name, &part));
        if last {
            rows.extend(more.then(|| row("…", "", "", "")));
            break;
        }
    }
    rows
}

fn row(bytes: &str, hex: &str, name: &str, meaning: &str) -> String {
    let row = format!("  {bytes:<7}  {hex:<17}  {name:<19}  {meaning}");
    row.trim_end().to_string()
}

/// Sixteen bytes a line, with their offset and what of them is ASCII text.
fn dump(frame: &[u8]) -> impl Iterator<Item = String> {
    frame.chunks(16).enumerate().map(|(number, line)| {
        let hex: Vec<_> = line.iter().map(|b| format!("{b:02x}")).collect();
        let text = line.iter().map(|b| match b {
            b' '..=b'~' => char::from(*b),
            _ => '.',
        });
        let (hex, text) = (hex.join(" "), text.collect::<String>());
        format!("  {:04x}  {hex:<47}  {text}", number * 16)
            .trim_end()
            .to_string()
    })
}

/// What the frame's size is made of.
fn sizes(layers: &[Layer], frame: usize, read: bool) -> String {
    let data = layers.iter().filter(|layer| layer.place == "application");
    let data: usize = data.map(|layer| layer.size).sum();
    let mut line = match read {
        true => format!("{} =", bytes(frame)),
        false => format!("{} of data became {frame}:", bytes(data)),
    };
    for (number, layer) in layers.iter().enumerate() {
        let part = format!("{} {}", layer.name, layer.size);
        let last = line.lines().last().unwrap_or_default();
        let plus = match number {
            0 => " ",
            _ if last.len() + part.len() > 75 => " +\n  ",
            _ => " + ",
        };
        line.push_str(plus);
        line.push_str(&part);
    }
    line
}
