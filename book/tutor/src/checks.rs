//! The reader's answers: what they are, what the grader says of them, and how
//! far the reader is.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use graders::judge::{Exercise, Outcome, State, Verdict, Words};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::words::say;

/// How long an answer may be that a page writes, in bytes.
pub(crate) const LONGEST: usize = 256 * 1024;
/// Where what was found is remembered.
const FOUND: &str = "target/tutor/answers.json";

/// What is known of every answer; clones share it.
#[derive(Clone)]
pub(crate) struct Checks {
    root: Arc<PathBuf>,
    known: Arc<Mutex<HashMap<&'static str, Known>>>,
    /// Counts what became known.
    news: watch::Sender<u64>,
    /// One answer is judged at a time: the judge watches the clock.
    turn: Arc<Mutex<()>>,
}

#[derive(Default)]
struct Known {
    standing: Standing,
    words: Option<Words>,
    /// The text that was judged last.
    judged: Option<String>,
    running: bool,
    /// Whether to judge once more after the present time.
    again: bool,
    /// The count at its last change.
    since: u64,
}

/// How far an answer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Standing {
    /// As it came with the book.
    NotStarted,
    /// Changed since it was judged last, if ever.
    #[default]
    Unknown,
    /// Being judged.
    Checking,
    NotYet,
    Done,
}

/// What a page is told of answers.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "answers")]
pub(crate) struct Answers {
    answers: Vec<Answer>,
}

/// What a page is told of one answer.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    exercise: &'static str,
    standing: Standing,
    words: Option<Words>,
    /// The verdict as a terminal shows it.
    text: Option<String>,
}

/// An answer's file as a page edits it.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum File {
    /// What is in the file, and a stamp that tells this text from others.
    Text {
        exercise: &'static str,
        text: String,
        stamp: String,
    },
    /// The page's text is in the file now.
    Saved {
        exercise: &'static str,
        stamp: String,
    },
    /// The file holds something else than what the page began with.
    Conflict {
        exercise: &'static str,
        text: String,
        stamp: String,
    },
    /// One sentence: the file could not be read, or written.
    Trouble { exercise: String, text: String },
}

impl Checks {
    /// What was known when the last server ended.
    pub(crate) fn new(root: &Path) -> Checks {
        let checks = Checks {
            root: Arc::new(root.to_path_buf()),
            known: Arc::default(),
            news: watch::Sender::new(0),
            turn: Arc::default(),
        };
        let found = fs::read_to_string(root.join(FOUND)).unwrap_or_default();
        let found: BTreeMap<String, Found> = serde_json::from_str(&found).unwrap_or_default();
        for exercise in graders::EXERCISES {
            checks.look(exercise, found.get(exercise.name));
        }
        checks
    }

    /// Where the repository is, for the reader's own editor.
    pub(crate) fn root(&self) -> String {
        self.root.display().to_string()
    }

    /// Tells when something became known.
    pub(crate) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// What became known after `since`, in the book's order.
    pub(crate) fn after(&self, since: u64) -> Answers {
        let known = self.known();
        let changed = graders::EXERCISES.iter().filter_map(|exercise| {
            let it = known.get(exercise.name).filter(|it| it.since > since)?;
            Some(Answer {
                exercise: exercise.name,
                standing: it.standing,
                text: it.words.as_ref().map(ToString::to_string),
                words: it.words.clone(),
            })
        });
        Answers {
            answers: changed.collect(),
        }
    }

    /// A file was saved: whatever was known of it is about another text.
    pub(crate) fn saved(&self, name: &str) {
        let exercise = graders::EXERCISES.iter().find(|e| e.name == name);
        if let Some(exercise) = exercise
            && self.look(exercise, None)
            && self.news.receiver_count() > 0
        {
            self.check(exercise);
        }
    }

    /// Judges an answer as it is now, or once more as soon as it has been.
    pub(crate) fn check(&self, exercise: &'static Exercise) {
        let mut known = self.known();
        let it = known.entry(exercise.name).or_default();
        it.standing = Standing::Checking;
        self.changed(it);
        it.again = it.running;
        if it.running {
            return;
        }
        it.running = true;
        drop(known);
        let checks = self.clone();
        thread::spawn(move || checks.judge(exercise));
    }

    fn judge(&self, exercise: &'static Exercise) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let text = self.read(exercise);
            let words = match &text {
                // Cargo says better what is missing, or what is no text.
                Err(error) if error.kind() == io::ErrorKind::Other => {
                    unjudged(exercise, say!("answer-unread", why = error.to_string()))
                }
                _ => catch_unwind(|| exercise.grade_in(&self.root).to_words())
                    .unwrap_or_else(|_| unjudged(exercise, say!("judge-broken"))),
            };
            let mut known = self.known();
            let it = known.entry(exercise.name).or_default();
            it.standing = match words.state {
                State::Done => Standing::Done,
                State::NotStarted => Standing::NotStarted,
                State::NotYet | State::NotBuilt => Standing::NotYet,
                State::Unjudged => Standing::Unknown,
            };
            it.words = Some(words);
            it.judged = text.ok();
            let again = std::mem::take(&mut it.again);
            it.running = again;
            self.changed(it);
            if !again {
                self.remember(&known);
                return;
            }
        }
    }

    /// Compares a file with what is known of it; `true` if it is another text
    /// than the one that was judged.
    fn look(&self, exercise: &'static Exercise, found: Option<&Found>) -> bool {
        let text = self.read(exercise).ok();
        let stub = format!("labs/graders/src/{}/stub.rs", exercise.name);
        let stub = fs::read_to_string(self.root.join(stub)).ok();
        let mut known = self.known();
        let it = known.entry(exercise.name).or_default();
        if it.judged.is_some() && it.judged == text {
            return false;
        }
        (it.standing, it.judged) = match found.filter(|found| Some(&found.text) == text.as_ref()) {
            Some(found) if found.done => (Standing::Done, text),
            Some(_) => (Standing::NotYet, text),
            None if text.is_some() && text == stub => (Standing::NotStarted, None),
            None => (Standing::Unknown, None),
        };
        it.words = None;
        self.changed(it);
        true
    }

    fn changed(&self, it: &mut Known) {
        self.news.send_modify(|count| {
            *count += 1;
            it.since = *count;
        });
    }

    fn known(&self) -> MutexGuard<'_, HashMap<&'static str, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is lost when this fails is a mark in the sidebar, until the next check.
    fn remember(&self, known: &HashMap<&'static str, Known>) {
        let found: BTreeMap<_, _> = known
            .iter()
            .filter_map(|(name, it)| {
                let done = match it.standing {
                    Standing::Done => true,
                    Standing::NotYet => false,
                    _ => return None,
                };
                let text = it.judged.clone()?;
                Some((*name, Found { done, text }))
            })
            .collect();
        let file = self.root.join(FOUND);
        if let Ok(text) = serde_json::to_string(&found) {
            let _ = replace(&file, &text);
        }
    }

    /// The file of an exercise, for a page to edit.
    pub(crate) fn open(&self, name: &str) -> File {
        let exercise = match find(name) {
            Ok(exercise) => exercise,
            Err(trouble) => return trouble,
        };
        match self.read(exercise) {
            Ok(text) => File::Text {
                exercise: exercise.name,
                stamp: stamp(&text),
                text,
            },
            Err(error) => trouble(exercise, say!("answer-unread", why = error.to_string())),
        }
    }

    /// Writes a page's text, if the file still holds what the page began with.
    pub(crate) fn save(&self, name: &str, text: &str, began: &str) -> File {
        let exercise = match find(name) {
            Ok(exercise) => exercise,
            Err(trouble) => return trouble,
        };
        if text.len() > LONGEST {
            return trouble(exercise, say!("answer-too-long", most = LONGEST / 1024));
        }
        match self.read(exercise) {
            Ok(now) if stamp(&now) != began => {
                return File::Conflict {
                    exercise: exercise.name,
                    stamp: stamp(&now),
                    text: now,
                };
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return trouble(exercise, say!("answer-unread", why = error.to_string()));
            }
            _ => {}
        }
        match replace(&self.file(exercise), text) {
            Ok(()) => File::Saved {
                exercise: exercise.name,
                stamp: stamp(text),
            },
            Err(error) => trouble(exercise, say!("answer-unsaved", why = error.to_string())),
        }
    }

    fn file(&self, exercise: &Exercise) -> PathBuf {
        let file = format!("labs/exercises/src/bin/{}.rs", exercise.name);
        self.root.join(file)
    }

    /// The text of an answer.
    ///
    /// # Errors
    /// The system's; and for what is no plain file: a link could lead anywhere,
    /// and a pipe could keep whoever reads it for ever.
    fn read(&self, exercise: &Exercise) -> io::Result<String> {
        let file = self.file(exercise);
        if !fs::symlink_metadata(&file)?.is_file() {
            return Err(io::Error::other(say!("answer-no-file")));
        }
        fs::read_to_string(file)
    }
}

/// What is remembered of an answer.
#[derive(Serialize, Deserialize)]
struct Found {
    done: bool,
    text: String,
}

/// The exercise of exactly this name.
fn find(name: &str) -> Result<&'static Exercise, File> {
    let mut all = graders::EXERCISES.iter();
    all.find(|e| e.name == name).ok_or_else(|| File::Trouble {
        exercise: String::new(),
        text: say!("answer-unknown"),
    })
}

/// What is said of an answer that could not be judged.
fn unjudged(exercise: &Exercise, why: String) -> Words {
    let outcome = Outcome::Unjudged(why);
    let (exercise, seed) = (exercise.name, 0);
    let verdict = Verdict {
        exercise,
        seed,
        outcome,
    };
    verdict.to_words()
}

fn trouble(exercise: &Exercise, text: String) -> File {
    let exercise = exercise.name.to_owned();
    File::Trouble { exercise, text }
}

/// Tells one text from another, for as long as this server runs.
fn stamp(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Writes a file in one step: it holds the old text or the new one, also when
/// the disk is full.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let draft = tempfile::Builder::new()
        .prefix(".")
        .suffix("~")
        .tempfile_in(folder)?;
    fs::write(draft.path(), text)?;
    if let Ok(meta) = file.metadata() {
        fs::set_permissions(draft.path(), meta.permissions())?;
    }
    draft.persist(file).map_err(|error| error.error)?;
    Ok(())
}
