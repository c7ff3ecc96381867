//! The table of contents: which pages there are, and their numbers.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mdbook_driver::book::Book;
use mdbook_driver::config::Config;
use pulldown_cmark::{Event, Tag};

use crate::markdown::{Layout, parse};
use crate::problem::{Problem, Problems, name_of};
use crate::words::say;

/// Every file that SUMMARY.md names must be there: mdBook would name it
/// without the line.
pub(crate) fn check(root: &Path, config: &Config) -> Result<(), Problems> {
    let source = root.join(&config.book.src);
    let path = source.join("SUMMARY.md");
    let file = name_of(root, &path);
    let Ok(text) = fs::read_to_string(&path) else {
        return Err(Problem::of(&file, say!("tutor-no-summary")).into());
    };
    let layout = Layout::of(&text);
    let mut problems = Vec::new();
    for (event, range) in parse(&text).into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. }) = event else {
            continue;
        };
        let page = dest_url.replace("%20", " ");
        if !page.is_empty() && !source.join(&page).is_file() {
            let line = layout.line(range.start);
            problems.push(Problem::at(
                &file,
                line,
                say!("tutor-no-page", page = page.as_str()),
            ));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Problems(problems))
    }
}

/// The number of each numbered page: `ch03-udp/receiving.md` is `3.2`.
pub fn sections(book: &Book) -> BTreeMap<String, String> {
    book.chapters()
        .filter_map(|chapter| {
            let page = name_of("".as_ref(), chapter.source_path.as_ref()?);
            let number = chapter.number.as_ref()?;
            Some((page, number.to_string().trim_end_matches('.').to_owned()))
        })
        .collect()
}
