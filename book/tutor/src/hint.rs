//! `cargo run -- hint ex03_1`: the hints of the book, one at a time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use graders::judge::Exercise;

use crate::book;
use crate::directives::lists::{self, HINTS};
use crate::directives::{exercise, syntax};
use crate::markdown::{Layout, to_plain};
use crate::out::print;
use crate::problem::name_of;
use crate::summary;
use crate::words::say;

/// Where the steps are remembered, by the exercise's name.
const SHOWN: &str = "target/tutor/hints.json";

/// Why no hint was shown: one sentence, and the exit status.
pub(crate) struct NoHint(pub(crate) String, pub(crate) u8);

/// Shows the first hint, or the one after the last that was shown.
pub(crate) fn hint(root: &Path, name: &str, more: bool) -> Result<(), NoHint> {
    let exercise = Exercise::find(name).map_err(|why| NoHint(why, 2))?;
    let place = find(root, exercise).map_err(|why| NoHint(why, 1))?;
    let file = root.join(SHOWN);
    let mut shown = read(&file);
    let last = shown.get(exercise.name).copied().unwrap_or_default();
    let number = if more { last.min(HINTS) + 1 } else { 1 };
    let id = exercise.id();
    let after = match place.hints.get(number - 1) {
        Some(hint) => {
            print(&say!(
                "tutor-hint",
                exercise = place.title,
                number = number,
                count = HINTS
            ));
            print(&format!("\n{}\n", to_plain(hint)));
            shown.insert(exercise.name.to_owned(), number);
            write(&file, &shown);
            number == HINTS
        }
        None => true,
    };
    match after {
        true => {
            let page = place
                .page
                .replace("README.md", "index.md")
                .replace(".md", ".html");
            print(&say!(
                "tutor-hint-last",
                section = place.section,
                page = page,
                id = id
            ));
        }
        false => print(&say!("tutor-hint-next", id = id)),
    }
    Ok(())
}

/// Where an exercise stands in the book.
struct Place {
    page: String,
    section: String,
    title: String,
    hints: Vec<String>,
}

fn find(root: &Path, wanted: &Exercise) -> Result<Place, String> {
    let loaded = book::config(root).and_then(|config| book::load(root, config));
    let book = loaded.map_err(|problems| problems.to_string())?.book;
    let number = exercise::number(wanted.id());
    let stub = format!("labs/graders/src/{}/stub.rs", wanted.name);
    let title = exercise::title(root, &stub)?;
    let title = say!("box-exercise", number = number, title = title);
    for chapter in book.chapters() {
        let text = &chapter.content;
        let found = syntax::find(text, &Layout::of(text));
        let mut directives = found.into_iter().flatten();
        let begin = directives.find(|d| d.name == "exercise" && d.argument == wanted.name);
        let (Some(begin), Some(end)) = (begin, directives.find(|d| d.closing)) else {
            continue;
        };
        let page = name_of(
            "".as_ref(),
            chapter.source_path.as_deref().unwrap_or("".as_ref()),
        );
        let hints = lists::hints(&text[begin.range.end..end.range.start]);
        return Ok(Place {
            section: summary::sections(&book).remove(&page).unwrap_or_default(),
            hints: hints.map_err(|_| say!("tutor-hint-none", exercise = title.as_str()))?,
            page,
            title,
        });
    }
    Err(say!("tutor-hint-none", exercise = title))
}

fn read(file: &Path) -> BTreeMap<String, usize> {
    let text = fs::read_to_string(file).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Forgetting a step is no reason to keep a hint back.
fn write(file: &Path, shown: &BTreeMap<String, usize>) {
    if let (Some(folder), Ok(text)) = (file.parent(), serde_json::to_string_pretty(shown)) {
        let _ = fs::create_dir_all(folder).and_then(|()| fs::write(file, text));
    }
}
