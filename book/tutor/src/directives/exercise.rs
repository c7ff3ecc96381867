//! What the book shows of an exercise: its title, its contract, a solution.

use std::fs;
use std::path::Path;

use super::slice::Slice;
use crate::words::{perhaps, say};

/// An exercise as the book shows it.
pub(crate) struct Exercise {
    /// `ex03_1_echo_datagram`
    pub(crate) name: String,
    /// `ex03_1`
    pub(crate) id: String,
    /// `3.1`
    pub(crate) number: String,
    /// From the first line of the stub.
    pub(crate) title: String,
    /// The stub's contracts: doc comments and signatures.
    pub(crate) contract: String,
    /// The heart of a right answer.
    pub(crate) solution: Slice,
}

impl Exercise {
    /// The exercise that the graders know under this very name.
    pub(crate) fn read(root: &Path, name: &str) -> Result<Exercise, String> {
        let all = graders::EXERCISES;
        let Some(known) = all.iter().find(|exercise| exercise.name == name) else {
            let hint = perhaps(name, all.iter().map(|exercise| exercise.name));
            return Err(format!(
                "{}{hint}",
                say!("tutor-no-exercise-named", exercise = name)
            ));
        };
        let folder = format!("labs/graders/src/{name}");
        let stub = format!("{folder}/stub.rs");
        let text = fs::read_to_string(root.join(&stub));
        let text = text.map_err(|_| say!("tutor-no-file", file = stub.as_str()))?;
        let number = number(known.id());
        let contract = contract(&text);
        let title = title(root, &stub)?;
        let contract = contract.ok_or_else(|| say!("tutor-no-contract", file = stub))?;
        Ok(Exercise {
            name: name.to_owned(),
            id: known.id().to_owned(),
            title,
            number,
            solution: solution(root, &folder, &contract)?,
            contract,
        })
    }

    /// The file that a reader edits.
    pub(crate) fn file(&self) -> String {
        format!("labs/exercises/src/bin/{}.rs", self.name)
    }

    /// `Exercise 3.1 · Echo one datagram`
    pub(crate) fn heading(&self) -> String {
        let (number, title) = (self.number.as_str(), self.title.as_str());
        say!("box-exercise", number = number, title = title)
    }
}

/// `3.1` of `ex03_1`.
pub(crate) fn number(id: &str) -> String {
    let numbers = id.trim_start_matches("ex").split('_');
    let numbers: Vec<_> = numbers.map(|n| n.trim_start_matches('0')).collect();
    numbers.join(".")
}

/// The first line's `//!`, without a number before it or a full stop after it.
pub(crate) fn title(root: &Path, stub: &str) -> Result<String, String> {
    let text =
        fs::read_to_string(root.join(stub)).map_err(|_| say!("tutor-no-file", file = stub))?;
    let first = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("//!"));
    let title = first.unwrap_or_default().trim().trim_end_matches('.');
    let title = title.split_once(" · ").map_or(title, |(_, title)| title);
    match title {
        "" => Err(say!("tutor-no-title", file = stub)),
        title => Ok(title.to_owned()),
    }
}

/// Doc comment and signature of each function that is to be written: those with
/// `// TODO:` in them. No mark in the reader's own file is needed for that.
fn contract(stub: &str) -> Option<String> {
    let lines: Vec<_> = stub.lines().collect();
    let is_todo = |line: &&str| line.trim().starts_with("// TODO:");
    let todos = (0..lines.len()).filter(|&at| is_todo(&lines[at]));
    let contracts: Option<Vec<_>> = todos.map(|todo| contract_above(&lines, todo)).collect();
    contracts
        .filter(|contracts| !contracts.is_empty())
        .map(|contracts| contracts.join("\n\n"))
}

/// The same of the function that this line stands in.
fn contract_above(lines: &[&str], todo: usize) -> Option<String> {
    let function = lines[..todo]
        .iter()
        .rposition(|line| line.starts_with("fn "))?;
    let above = lines[..function].iter().rev();
    let comment = above.take_while(|line| line.starts_with("///")).count();
    let end = function
        + lines[function..todo]
            .iter()
            .position(|line| line.ends_with('{'))?;
    let signature = lines[function - comment..=end].join("\n");
    Some(format!("{};", signature.trim_end_matches('{').trim_end()))
}

/// The part `answer` of the first right answer that has one.
fn solution(root: &Path, folder: &str, contract: &str) -> Result<Slice, String> {
    let right = format!("{folder}/right");
    let entries = fs::read_dir(root.join(&right))
        .into_iter()
        .flatten()
        .flatten();
    let mut files: Vec<_> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|file| file.ends_with(".rs"))
        .collect();
    files.sort();
    let marked = files
        .iter()
        .map(|file| format!("{right}/{file}"))
        .find(|file| {
            let text = fs::read_to_string(root.join(file)).unwrap_or_default();
            text.contains("ANCHOR: answer")
        });
    match marked {
        Some(file) => {
            let mut answer = Slice::of(root, &file, Some("answer"))?;
            // The contracts stand above it in the book already.
            let stands =
                |line: &&str| line.starts_with("///") && contract.lines().any(|c| c == *line);
            let code = answer.code.lines().filter(|line| !stands(line));
            answer.code = code.collect::<Vec<_>>().join("\n");
            Ok(answer)
        }
        None => Err(say!("tutor-no-solution", folder = right)),
    }
}
