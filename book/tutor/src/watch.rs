//! Noticing that a file of the book has changed.

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

/// Reports changes under `book/` and `labs/`, and of `book.toml`.
pub(crate) struct Watch {
    changes: Receiver<()>,
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
            let changed = match result {
                Ok(events) => events.iter().any(|event| {
                    is_change(&event.kind) && event.paths.iter().any(|path| matters(&base, path))
                }),
                // Some events were lost: something may have changed.
                Err(_) => true,
            };
            if changed {
                let _ = sender.send(());
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

    /// Waits for a change; `false` when there will be none any more.
    pub(crate) fn wait(&self) -> bool {
        if self.changes.recv().is_err() {
            return false;
        }
        // Many files may be saved at once: one build for all that came so far.
        while self.changes.try_recv().is_ok() {}
        true
    }
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
    // A reader's answer is not in the book: a save must not close what they
    // have folded open.
    let answer = short.starts_with("labs/exercises");
    !passing && !elsewhere && !answer
}
