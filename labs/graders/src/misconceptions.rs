//! The one table of misconceptions: `misconceptions.toml` says where each is
//! taught and met, the messages hold its belief and its truth.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::messages::say;

/// Stands in place of an id in the name of a mistake that no belief explains:
/// `slip--upper-case.rs`. It is refused, and told only what was seen.
pub const SLIP: &str = "slip";

/// What is believed about the network and is not so.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misconception {
    /// Its name, which never changes its meaning.
    pub id: String,
    /// The number of the section that teaches it, `3.2`.
    pub section: String,
    /// The page of that section below `book/src`.
    pub page: String,
    /// Where a reader meets it.
    pub met: Vec<Met>,
}

/// A place where a reader meets a misconception.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Met {
    /// A wrong answer to an exercise, which the grader knows.
    Mistake,
    /// A wrong option of a quiz.
    Quiz,
    /// A lab that shows it.
    Lab,
    /// A passage of the book.
    Text,
}

impl Misconception {
    /// What is believed, as one sentence.
    pub fn belief(&self) -> String {
        say(&format!("{}.belief", self.id), &[])
    }

    /// What is so, as one or two sentences.
    pub fn truth(&self) -> String {
        say(&format!("{}.truth", self.id), &[])
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    misconception: Vec<Misconception>,
}

static TABLE: LazyLock<Result<Vec<Misconception>, String>> = LazyLock::new(|| {
    toml::from_str::<Table>(include_str!("../misconceptions.toml"))
        .map(|table| table.misconception)
        .map_err(|error| error.to_string())
});

/// The whole table; empty when it cannot be read, which [`fault`] explains.
pub fn table() -> &'static [Misconception] {
    TABLE.as_deref().unwrap_or_default()
}

/// Why the table cannot be read, if it cannot.
pub fn fault() -> Option<&'static str> {
    TABLE.as_ref().err().map(String::as_str)
}

/// The misconception with this id.
pub fn find(id: &str) -> Option<&'static Misconception> {
    table().iter().find(|m| m.id == id)
}
