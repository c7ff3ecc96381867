//! `cargo run -- progress`: every exercise, graded, a line each.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use graders::EXERCISES;
use graders::judge::{Exercise, Outcome};

use crate::book;
use crate::directives::exercise::title;
use crate::out::print;
use crate::words::say;

/// Grades everything and prints how far the reader is, chapter by chapter.
pub(crate) fn progress(root: &Path) {
    let chapters = chapter_titles(root);
    let widths = EXERCISES
        .iter()
        .map(|exercise| title_of(root, exercise).chars().count());
    let width = widths.max().unwrap_or_default();
    let mut tally = Tally::default();
    let mut next = None;
    in_order(|exercise, outcome| {
        let chapter = exercise.chapter();
        if tally.chapter != Some(chapter) {
            tally.finish();
            tally = Tally {
                chapter: Some(chapter),
                ..Tally::default()
            };
            let number = usize::from(chapter);
            print(&match chapters.get(&chapter) {
                Some(title) => say!(
                    "tutor-progress-chapter",
                    number = number,
                    title = title.as_str()
                ),
                None => say!("tutor-progress-chapter-untitled", number = number),
            });
        }
        let done = matches!(outcome, Outcome::Done);
        tally.all += 1;
        tally.done += usize::from(done);
        if !done && next.is_none() {
            next = Some(exercise);
        }
        let title = title_of(root, exercise);
        print(&format!(
            "  {}  {title:width$}  {}",
            exercise.id(),
            state(outcome)
        ));
    });
    tally.finish();
    match next {
        Some(exercise) => {
            let file = format!("labs/exercises/src/bin/{}.rs", exercise.name);
            print(&say!("tutor-progress-begin", file = file));
            print(&say!("tutor-progress-next", id = exercise.id()));
        }
        None => print(&say!("tutor-progress-all")),
    }
}

#[derive(Default)]
struct Tally {
    chapter: Option<u8>,
    done: usize,
    all: usize,
}

impl Tally {
    fn finish(&self) {
        if self.all > 0 {
            print(&format!(
                "  {}\n",
                say!("tutor-progress-count", done = self.done, all = self.all)
            ));
        }
    }
}

fn state(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done => say!("tutor-state-done"),
        Outcome::NotStarted => say!("tutor-state-not-started"),
        Outcome::NotBuilt(_) => say!("tutor-state-not-built"),
        Outcome::Unjudged(why) => why.clone(),
        Outcome::Interrupted => graders::messages::say("interrupted", &[]),
        Outcome::Unfinished { .. } | Outcome::NotYet(_) => say!("tutor-state-not-yet"),
    }
}

/// Grades on every core, and gives the outcomes in the book's order, each as
/// soon as those before it are there.
fn in_order(mut show: impl FnMut(&'static Exercise, &Outcome)) {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let turn = AtomicUsize::new(0);
    let (sender, outcomes) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers.min(EXERCISES.len()) {
            let (sender, turn) = (sender.clone(), &turn);
            scope.spawn(move || {
                while let Some(exercise) = EXERCISES.get(turn.fetch_add(1, Ordering::Relaxed)) {
                    let _ = sender.send((exercise.name, exercise.grade().outcome));
                }
            });
        }
        drop(sender);
        let mut ready = BTreeMap::new();
        let mut waiting = EXERCISES.iter().peekable();
        for (name, outcome) in outcomes {
            ready.insert(name, outcome);
            while let Some(outcome) = waiting.peek().and_then(|first| ready.remove(first.name)) {
                if let Some(exercise) = waiting.next() {
                    show(exercise, &outcome);
                }
            }
        }
    });
}

fn title_of(root: &Path, exercise: &Exercise) -> String {
    let stub = format!("labs/graders/src/{}/stub.rs", exercise.name);
    title(root, &stub).unwrap_or_else(|_| exercise.name.to_owned())
}

/// The titles of the chapters, by their number; none if the book cannot be read.
fn chapter_titles(root: &Path) -> BTreeMap<u8, String> {
    let Ok(book) = book::config(root).and_then(|config| book::load(root, config)) else {
        return BTreeMap::new();
    };
    book.book
        .chapters()
        .filter_map(
            |chapter| match chapter.number.as_deref().map(Vec::as_slice) {
                Some([number]) => Some((u8::try_from(*number).ok()?, chapter.name.clone())),
                _ => None,
            },
        )
        .collect()
}
