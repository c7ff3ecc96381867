//! Grades the reader's answers: `cargo test ex03_1`, `cargo test ex03`, or all.
//!
//! An exercise that is not started is ignored, so that a fresh clone is green.

use std::process::ExitCode;

use graders::judge::{Exercise, Outcome};
use graders::messages::say;
use libtest_mimic::{Arguments, Completion, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    // Who grades one answer is told which file it is; a whole run stays short.
    let named = arguments.filter.is_some();
    let trials: Vec<Trial> = graders::EXERCISES.iter().map(|e| trial(e, named)).collect();
    // A reader who misspells an exercise would otherwise see "0 failed".
    let filter = arguments.filter.as_deref().filter(|f| f.starts_with("ex"));
    if let Some(filter) = filter
        && !trials.iter().any(|t| t.name().contains(filter))
    {
        let known: Vec<_> = graders::EXERCISES.iter().map(Exercise::id).collect();
        let facts = [("name", filter.into()), ("known", known.join(", ").into())];
        eprintln!("{}", say("exercise-filter-unknown", &facts));
        return ExitCode::from(101);
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(exercise: &'static Exercise, named: bool) -> Trial {
    Trial::ignorable_test(exercise.name, move || {
        let verdict = exercise.grade();
        match verdict.outcome {
            Outcome::Done => Ok(Completion::Completed),
            Outcome::NotStarted if named => {
                let file = format!("labs/exercises/src/bin/{}.rs", exercise.name);
                let words = say("not-started-file", &[("file", file.into())]);
                Ok(Completion::ignored_with(words))
            }
            Outcome::NotStarted => Ok(Completion::ignored_with(say("not-started", &[]))),
            _ => Err(Failed::from(verdict.to_text())),
        }
    })
}
