//! The drawing in words: a description for who does not see it, and the table.

use super::layout::{Layout, Placed};
use super::{Field, Header};
use crate::markdown::escape;
use crate::words::say;

/// Every field in a sentence: where it is, what it is called, its value.
pub(super) fn sentences(header: &Header, layout: &Layout) -> String {
    let row = layout.row;
    let mut all = vec![say!("box-header-desc", last = row - 1, bytes = row / 8)];
    for (field, placed) in header.fields.iter().zip(&layout.fields) {
        all.push(sentence(field, placed, row));
    }
    all.join(" ")
}

fn sentence(field: &Field, placed: &Placed, row: usize) -> String {
    let name = field.name.plain.as_str();
    let named = match field.value.plain.as_str() {
        "" => name.to_owned(),
        value => say!("box-header-valued", field = name, value = value),
    };
    let named = named.as_str();
    let (Some(first), Some(last)) = (placed.pieces.first(), placed.pieces.last()) else {
        return String::new();
    };
    let (from, to) = (first.row + 1, last.row + 1);
    let (begin, end) = (first.bits.start, last.bits.end - 1);
    let whole = begin == 0 && end == row - 1;
    if field.bits.is_none() {
        say!("box-header-then", field = named)
    } else if whole && from == to {
        say!("box-header-whole-row", row = from, field = named)
    } else if whole {
        say!("box-header-whole-rows", from = from, to = to, field = named)
    } else if from < to {
        say!(
            "box-header-split",
            from = from,
            begin = begin,
            to = to,
            end = end,
            field = named
        )
    } else if begin == end {
        say!("box-header-one-bit", row = from, bit = begin, field = named)
    } else {
        say!(
            "box-header-some-bits",
            row = from,
            begin = begin,
            end = end,
            field = named
        )
    }
}

/// What the drawing shows, and what each field means.
pub(super) fn table(header: &Header, layout: &Layout) -> String {
    let [name, bits, value, meaning] = &header.columns;
    let valued = header
        .fields
        .iter()
        .any(|field| !field.value.plain.is_empty());
    let mut html = format!(
        "<details class=\"fields\" open>\n<summary>{}</summary>\n\
         <div class=\"table-wrapper\"><table>\n<thead><tr>",
        escape(&say!("box-header-fields")),
    );
    let bytes = escape(&say!("box-header-bytes"));
    let mut headings = vec![&name.html, &bits.html, &bytes];
    if valued {
        headings.push(&value.html);
    }
    headings.push(&meaning.html);
    for heading in headings {
        html.push_str(&format!("<th scope=\"col\">{heading}</th>"));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for (field, placed) in header.fields.iter().zip(&layout.fields) {
        let bits = field.bits.map_or("…".to_owned(), |bits| bits.to_string());
        let value = match valued {
            true => format!("<td>{}</td>", field.value.html),
            false => String::new(),
        };
        html.push_str(&format!(
            "<tr><th scope=\"row\">{}</th><td>{bits}</td><td>{}</td>{value}<td>{}</td></tr>\n",
            field.name.html,
            bytes_of(field, placed),
            field.meaning.html,
        ));
    }
    html.push_str("</tbody>\n</table></div>\n</details>");
    html
}

/// The bytes in which a field is, counted from 0.
fn bytes_of(field: &Field, placed: &Placed) -> String {
    match (placed.start, field.bits) {
        (Some(start), Some(bits)) => {
            let (first, last) = (start / 8, (start + bits - 1) / 8);
            match first == last {
                true => first.to_string(),
                false => format!("{first}–{last}"),
            }
        }
        (Some(start), None) => escape(&say!("box-header-from", byte = start / 8)),
        (None, _) => "…".to_owned(),
    }
}
