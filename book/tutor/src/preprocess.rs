//! `tutor preprocess NAME`: our preprocessors for the stock `mdbook build`,
//! which speaks with them over standard input and output.

use std::io::{self, Write};

use mdbook_preprocessor::{Preprocessor, parse_input};

use crate::boxes::Boxes;
use crate::directives::Directives;

/// Whether the preprocessor has anything to do for this kind of output.
pub(crate) fn supports(name: &str, renderer: &str) -> bool {
    find(name).is_some_and(|found| found.supports_renderer(renderer).unwrap_or(false))
}

/// Reads a book, and writes it as it is after the preprocessor.
///
/// # Errors
/// The problems of the book, or why it could not be read.
pub(crate) fn run(name: &str) -> anyhow::Result<()> {
    let Some(preprocessor) = find(name) else {
        anyhow::bail!("no preprocessor {name}: directives, boxes"); // clap lets no other name through
    };
    let (context, book) = parse_input(io::stdin().lock())?;
    let book = preprocessor.run(&context, book)?;
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &book)?;
    Ok(out.flush()?)
}

fn find(name: &str) -> Option<Box<dyn Preprocessor>> {
    match name {
        "directives" => Some(Box::new(Directives)),
        "boxes" => Some(Box::new(Boxes)),
        _ => None,
    }
}
