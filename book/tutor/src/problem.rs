//! What is wrong with the book, and where.

use std::fmt;
use std::path::Path;

/// One thing that is wrong, in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, from the repository's root, with `/` on every system.
    pub file: String,
    /// The line, counted from 1, where one is known.
    pub line: Option<usize>,
    /// One sentence.
    pub text: String,
}

impl Problem {
    /// A problem at a line of a file.
    pub fn at(file: &str, line: usize, text: impl Into<String>) -> Problem {
        Problem {
            file: file.to_owned(),
            line: Some(line),
            text: text.into(),
        }
    }

    /// A problem of a whole file.
    pub fn of(file: &str, text: impl Into<String>) -> Problem {
        Problem {
            file: file.to_owned(),
            line: None,
            text: text.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.text),
            None => write!(f, "{}: {}", self.file, self.text),
        }
    }
}

/// Everything that is wrong, in the order of the book: one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// The problems behind an error of mdBook's, which may be ours on their
    /// way through it.
    pub fn from_error(error: anyhow::Error) -> Problems {
        match error.downcast::<Problems>() {
            Ok(problems) => problems,
            Err(other) => Problems(vec![Problem::of("book.toml", one_line(&other))]),
        }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// An error and its causes in one line.
pub(crate) fn one_line(error: &anyhow::Error) -> String {
    let all = format!("{error:#}");
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `path` as the book names files: from the root, with `/`.
pub(crate) fn name_of(root: &Path, path: &Path) -> String {
    let short = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = short.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
