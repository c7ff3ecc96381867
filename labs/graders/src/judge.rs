//! The parent's side: builds an answer, plays its peers, and gives a verdict.

mod build;
mod printed;
mod running;
mod scene;
mod silence;
mod stuck;
mod text;
mod verdict;
mod words;

use std::path::{Path, PathBuf};
use std::thread;

pub use build::{build, build_programs};
pub use running::closing_for_good;
pub use scene::{Event, PeerId, REACTION, Scene, ServerId, StreamId};
pub use silence::silence;
pub use stuck::{Call, Stuck, Waiting, Why};
pub use verdict::{Fact, Finding, Line, Outcome, Verdict};
pub use words::{Lesson, Row, State, Taught, Words};

use crate::messages::say;

/// The environment variable that repeats a run: the seed that a verdict names.
pub const SEED: &str = "SOCKETS_SEED";

/// What an exercise's own `grade` gets: the answer's program and the seed.
pub struct Bench<'a> {
    /// The name of the exercise.
    pub exercise: &'static str,
    /// The answer, built.
    pub program: &'a Path,
    /// Where every random choice of this run comes from.
    pub seed: u64,
}

impl Bench<'_> {
    /// The run's source of random numbers; the same seed gives the same ones.
    pub fn random(&self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.seed)
    }
}

/// How an exercise is judged: `Ok` when the answer did all that the contract
/// asks, otherwise what kept it from that.
pub type Grade = fn(&Bench<'_>) -> Result<(), Outcome>;

/// A part of how an exercise is judged, with a program of the answer's own.
pub type Part<'a> = &'a (dyn Fn() -> Result<(), Outcome> + Sync);

/// Judges parts at the same time, since each of them mostly waits. What is wrong
/// with an earlier one comes first, as if it had been judged first.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn side_by_side(parts: &[Part<'_>]) -> Result<(), Outcome> {
    let ends: Vec<_> = thread::scope(|scope| {
        let judges: Vec<_> = parts.iter().map(|part| scope.spawn(part)).collect();
        judges
            .into_iter()
            .map(thread::ScopedJoinHandle::join)
            .collect()
    });
    // A judge that panicked has said why.
    let gone = || Err(Outcome::Unjudged(say("too-busy", &[])));
    ends.into_iter()
        .try_for_each(|end| end.unwrap_or_else(|_| gone()))
}

/// One exercise of the book.
pub struct Exercise {
    /// Its whole name, `ex03_1_echo_datagram`.
    pub name: &'static str,
    grade: Grade,
}

impl Exercise {
    pub(crate) const fn new(name: &'static str, grade: Grade) -> Self {
        Self { name, grade }
    }

    /// The short name by which a reader calls it: `ex03_1`.
    pub fn id(&self) -> &'static str {
        let end = self
            .name
            .match_indices('_')
            .nth(1)
            .map_or(self.name.len(), |(at, _)| at);
        &self.name[..end]
    }

    /// The number of its chapter.
    pub fn chapter(&self) -> u8 {
        self.name[2..4].parse().unwrap_or(0) // a test checks every name
    }

    /// The file that the reader edits.
    pub fn file(&self) -> PathBuf {
        crate::root()
            .join("labs/exercises/src/bin")
            .join(format!("{}.rs", self.name))
    }

    /// The folder with its stub, right answers and mistakes.
    pub fn folder(&self) -> PathBuf {
        crate::root().join("labs/graders/src").join(self.name)
    }

    /// The exercise that a reader means by `ex03_1` or by its whole name.
    ///
    /// # Errors
    /// One sentence that names the exercises there are.
    pub fn find(name: &str) -> Result<&'static Exercise, String> {
        crate::EXERCISES
            .iter()
            .find(|e| e.id() == name || e.name == name)
            .ok_or_else(|| {
                let known: Vec<_> = crate::EXERCISES.iter().map(Exercise::id).collect();
                say(
                    "exercise-unknown",
                    &[("name", name.into()), ("known", known.join(", ").into())],
                )
            })
    }

    /// Builds the reader's answer and judges it. The seed is new each time,
    /// unless the environment variable [`SEED`] holds one.
    pub fn grade(&self) -> Verdict {
        self.grade_in(&crate::root())
    }

    /// As [`Exercise::grade`], in a repository at another place.
    pub fn grade_in(&self, root: &Path) -> Verdict {
        let seed = std::env::var(SEED).ok().and_then(|s| s.parse().ok());
        let seed = seed.unwrap_or_else(|| fastrand::u64(1..1_000_000));
        match build(root, self) {
            Ok(program) => self.judge(&program, seed),
            Err(outcome) => Verdict {
                exercise: self.name,
                seed,
                outcome,
            },
        }
    }

    /// Judges a program that is built already.
    pub fn judge(&self, program: &Path, seed: u64) -> Verdict {
        let bench = Bench {
            exercise: self.name,
            program,
            seed,
        };
        let once = || (self.grade)(&bench).err().unwrap_or(Outcome::Done);
        let outcome = (0..5)
            .map(|_| once())
            .find(|o| !matches!(o, Outcome::Interrupted));
        let outcome = outcome.unwrap_or(Outcome::Interrupted);
        Verdict {
            exercise: self.name,
            seed,
            outcome,
        }
    }
}
