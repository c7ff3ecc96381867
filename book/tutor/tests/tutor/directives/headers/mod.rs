//! Headers, from their tables.

mod drawn;
mod refused;
mod translated;

/// A block with these rows in its table; the first of them is the file's seventh
/// line, if the block is the page's first.
fn block(arguments: &str, rows: &[&str]) -> String {
    let rows = rows.join("\n");
    format!(
        "{{{{#header {arguments}}}}}\n\n| Field | Bits | Value | Meaning |\n|---|---|---|---|\n{rows}\n\n\
         The caption.\n\n{{{{/header}}}}\n"
    )
}

const UDP: [&str; 5] = [
    "| source port | 16 | `c3 50` | 50000 |",
    "| destination port | 16 | `22 b8` | 8888 |",
    "| length | 16 | `00 0d` | 13 |",
    "| checksum | 16 | `51 f5` | a [sum](page.md) |",
    "| data | … | | length − 8 bytes |",
];
