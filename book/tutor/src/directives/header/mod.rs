//! `{{#header NAME [BITS]}}` … `{{/header}}`: the fields of a header, drawn to
//! scale from a table, and the table below the drawing.
//!
//! Like a quiz it is read twice: to check the chapter as it was written, and,
//! when it may have been translated, to draw it.

mod describe;
mod draw;
mod layout;
mod read;

use super::captioned::Words;
use super::lists::Wrong;
use crate::markdown::dedent;
use crate::words::say;
use layout::Layout;

/// How many bits may stand in a row: whole bytes, and no more than can be
/// labelled on a page that is as narrow as a phone.
const ROWS: [usize; 4] = [8, 16, 24, 32];

/// What follows the directive's name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arguments<'a> {
    /// What the header is called: `IPv4`.
    name: &'a str,
    /// How many bits are in a row.
    row: usize,
}

impl<'a> Arguments<'a> {
    /// `NAME` or `NAME BITS`.
    pub(crate) fn read(argument: &'a str) -> Result<Arguments<'a>, String> {
        let mut words = argument.split_whitespace();
        let name = words.next().unwrap_or_default();
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if name.is_empty() || !name.chars().all(allowed) {
            return Err(say!("tutor-header-name"));
        }
        let row = match words.next() {
            None => 32,
            Some(bits) => ROWS
                .into_iter()
                .find(|row| row.to_string() == bits)
                .ok_or_else(|| say!("tutor-header-row", bits = bits))?,
        };
        match words.next() {
            None => Ok(Arguments { name, row }),
            Some(word) => Err(say!("tutor-header-argument", word = word)),
        }
    }

    /// What tells one header of a page from another.
    pub(crate) fn id(&self) -> String {
        self.name.to_ascii_lowercase()
    }
}

/// A row of the table.
#[derive(Debug)]
struct Field {
    /// How many lines below the block's first line it stands.
    line: usize,
    name: Words,
    /// None where the length differs from packet to packet.
    bits: Option<usize>,
    value: Words,
    meaning: Words,
}

/// What stands in the block.
#[derive(Debug)]
struct Header {
    /// What the four columns are headed with.
    columns: [Words; 4],
    fields: Vec<Field>,
    caption: Words,
}

/// What is wrong with a block.
pub(crate) fn check(arguments: Arguments<'_>, block: &str) -> Result<(), Vec<Wrong>> {
    laid_out(arguments, block).map(drop)
}

/// The drawing, its caption and its table, as HTML. The ids begin with `page`:
/// print.html holds all pages, and the same header may be on two of them.
pub(crate) fn html(
    arguments: Arguments<'_>,
    block: &str,
    page: &str,
) -> Result<String, Vec<Wrong>> {
    let (header, layout) = laid_out(arguments, block)?;
    let picture = draw::svg(
        &header,
        &layout,
        &format!("{page}-{}", arguments.id()),
        &say!("box-header-title", name = arguments.name),
        &describe::sentences(&header, &layout),
    );
    Ok(format!(
        "<figure class=\"picture header\">\n{picture}\n<figcaption>{}</figcaption>\n</figure>\n{}",
        header.caption.html,
        describe::table(&header, &layout),
    ))
}

fn laid_out(arguments: Arguments<'_>, block: &str) -> Result<(Header, Layout), Vec<Wrong>> {
    let header = read::header(&dedent(block), arguments.row)?;
    let layout = Layout::of(&header, arguments.row)?;
    Ok((header, layout))
}
