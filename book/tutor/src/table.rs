//! The table of misconceptions against the book: each is taught and met where
//! the table says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use graders::misconceptions::{self, Met, SLIP};

use crate::book;
use crate::directives::syntax;
use crate::markdown::Layout;
use crate::problem::{Problem, Problems, name_of};
use crate::summary;

const TABLE: &str = "labs/graders/misconceptions.toml";

/// Everything in which the table and the book under `root` differ.
///
/// # Errors
/// What is wrong with the book itself, if it cannot be read.
pub fn differences(root: &Path) -> Result<Vec<Problem>, Problems> {
    let loaded = book::load(root, book::config(root)?)?;
    let sections = summary::sections(&loaded.book);
    let mut boxes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut in_quiz = BTreeSet::new();
    for chapter in loaded.book.chapters() {
        let page = name_of(
            "".as_ref(),
            chapter.source_path.as_deref().unwrap_or("".as_ref()),
        );
        let mut quiz = false;
        let found = syntax::find(&chapter.content, &Layout::of(&chapter.content));
        for directive in found.into_iter().flatten() {
            let id = directive.argument.to_owned();
            match directive.name {
                "quiz" => quiz = !directive.closing,
                "met" if quiz => drop(in_quiz.insert(id)),
                "misconception" => boxes.entry(id).or_default().push(page.clone()),
                _ => {}
            }
        }
    }
    let mistakes = mistakes(root);

    let mut problems = Vec::new();
    let mut differs = |text: String| problems.push(Problem::of(TABLE, text));
    if let Some(fault) = misconceptions::fault() {
        differs(fault.to_owned());
    }
    for entry in misconceptions::table() {
        let (id, page, section) = (&entry.id, &entry.page, &entry.section);
        match sections.get(page) {
            Some(number) if number == section => {}
            Some(number) => differs(format!("{id}: {page} is section {number}, not {section}")),
            None => differs(format!("{id}: the book has no numbered page {page}")),
        }
        match boxes.remove(id).unwrap_or_default().as_slice() {
            [one] if one == page => {}
            [] => differs(format!(
                "{id}: {page} does not hold {{{{#misconception {id}}}}}"
            )),
            other => differs(format!(
                "{id}: its box is on {}, not on {page} alone",
                other.join(", ")
            )),
        }
        if entry.met.contains(&Met::Mistake) != mistakes.contains(id) {
            differs(format!(
                "{id}: `mistake` and the files labs/graders/src/*/mistakes/{id}.rs disagree"
            ));
        }
        if entry.met.contains(&Met::Quiz) != in_quiz.contains(id) {
            differs(format!(
                "{id}: `quiz` and the places of {{{{#met {id}}}}} in quizzes disagree"
            ));
        }
    }
    for id in mistakes
        .iter()
        .filter(|id| misconceptions::find(id).is_none())
    {
        differs(format!("{id}: a mistake has this name, the table does not"));
    }
    Ok(problems)
}

/// The misconceptions that known wrong answers show; a second file for the same
/// one adds a word after two hyphens.
fn mistakes(root: &Path) -> BTreeSet<String> {
    let folders = fs::read_dir(root.join("labs/graders/src"))
        .into_iter()
        .flatten()
        .flatten();
    folders
        .flat_map(|folder| {
            fs::read_dir(folder.path().join("mistakes"))
                .into_iter()
                .flatten()
                .flatten()
        })
        .filter_map(|file| {
            let name = file.file_name();
            let stem = name.to_str()?.strip_suffix(".rs")?;
            Some(stem.split("--").next()?.to_owned())
        })
        .filter(|id| id != SLIP)
        .collect()
}
