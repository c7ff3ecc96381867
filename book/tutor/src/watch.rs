//! Noticing that a file of the book has changed.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify_debouncer_full::notify::event::{MetadataKind, ModifyKind};
use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

/// How long nothing must happen to a file before its change counts: editors
/// write in more than one step.
const QUIET: Duration = Duration::from_millis(80);
const TICK: Duration = Duration::from_millis(40);

/// What has changed.
#[derive(Debug, Default)]
pub(crate) struct Change {
    /// Whether it may be something that the book is made from.
    pub(crate) book: bool,
    /// The names of the reader's answers that were saved.
    pub(crate) answers: BTreeSet<String>,
}

/// Reports changes under `book/` and `labs/`, and of `book.toml`.
pub(crate) struct Watch {
    changes: Receiver<Change>,
    // Watching ends when this is dropped.
    _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl Watch {
    /// Begins to watch.
    ///
    /// # Errors
    /// What the system says, in its own words.
    pub(crate) fn start(root: &Path) -> Result<Watch, String> {
        // The system reports real paths.
        let root = root.canonicalize().map_err(|error| error.to_string())?;
        let (sender, changes) = mpsc::channel();
        let base = root.clone();
        let report = move |result: DebounceEventResult| {
            let mut change = Change::default();
            match result {
                Ok(events) => {
                    let events = events.iter().filter(|event| is_change(&event.kind));
                    for path in events.flat_map(|event| &event.paths) {
                        match answer(&base, path) {
                            Some(name) => drop(change.answers.insert(name)),
                            None => change.book |= matters(&base, path),
                        }
                    }
                }
                // Some events were lost: something may have changed.
                Err(_) => change.book = true,
            }
            if change.book || !change.answers.is_empty() {
                let _ = sender.send(change);
            }
        };
        let mut debouncer =
            new_debouncer(QUIET, Some(TICK), report).map_err(|error| error.to_string())?;
        for (path, mode) in [
            (root.join("book"), RecursiveMode::Recursive),
            (root.join("labs"), RecursiveMode::Recursive),
            (root.clone(), RecursiveMode::NonRecursive), // book.toml, also when it is replaced
        ] {
            if path.is_dir() {
                let watched = debouncer.watch(path, mode);
                watched.map_err(|error| error.to_string())?;
            }
        }
        Ok(Watch {
            changes,
            _debouncer: debouncer,
        })
    }

    /// Waits for a change; `None` when there will be none any more.
    pub(crate) fn wait(&self) -> Option<Change> {
        let mut change = self.changes.recv().ok()?;
        // Many files may be saved at once: one build for all that came so far.
        while let Ok(more) = self.changes.try_recv() {
            change.book |= more.book;
            change.answers.extend(more.answers);
        }
        Some(change)
    }
}

/// The reader's answer that this file is, if it is one.
fn answer(root: &Path, path: &Path) -> Option<String> {
    let file = path
        .strip_prefix(root.join("labs/exercises/src/bin"))
        .ok()?;
    let name = file.to_str()?.strip_suffix(".rs")?;
    let known = graders::EXERCISES.iter().any(|e| e.name == name);
    known.then(|| name.to_owned())
}

/// Reading a file is no change, and a build reads them all.
fn is_change(kind: &EventKind) -> bool {
    !matches!(
        kind,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime))
    )
}

/// Whether the book may depend on this file.
fn matters(root: &Path, path: &Path) -> bool {
    let Ok(short) = path.strip_prefix(root) else {
        return false;
    };
    let parts: Vec<_> = short.iter().map(|part| part.to_string_lossy()).collect();
    let Some(name) = parts.last() else {
        return false;
    };
    if parts.len() == 1 {
        return name == "book.toml";
    }
    // What editors, cargo and insta leave for a moment.
    let passing = name.starts_with(['.', '#'])
        || name.ends_with(['~', '#'])
        || [".swp", ".swx", ".tmp", ".snap.new", ".pending-snap"]
            .iter()
            .any(|ending| name.ends_with(ending))
        || *name == "4913"; // vim tries whether it may write
    let elsewhere = parts
        .iter()
        .any(|part| part == "target" || part == "node_modules");
    // What else lies beside the reader's answers is not in the book.
    let answer = short.starts_with("labs/exercises");
    !passing && !elsewhere && !answer
}
