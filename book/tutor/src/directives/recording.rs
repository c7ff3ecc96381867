//! Files of things that happened once: where they are, and what made them.

use std::fs;
use std::path::Path;

use crate::markdown::escape;
use crate::words::say;

/// How a recording came to be.
#[derive(Debug)]
pub(super) struct Source {
    command: String,
    system: String,
    date: String,
}

impl Source {
    /// Reads the head of `file`: lines such as `date: 2026-11-22`.
    pub(super) fn read(root: &Path, file: &str, head: &str) -> Result<Source, String> {
        let value = |key: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(':'));
            let found = lines.find(|(k, v)| *k == key && !v.trim().is_empty());
            found
                .map(|(_, value)| value.trim().to_owned())
                .ok_or_else(|| say!("tutor-recorded-head", file = file, key = key))
        };
        let source = Source {
            command: value("command")?,
            system: value("system")?,
            date: value("date")?,
        };
        let script = value("script")?;
        if !root.join(&script).is_file() {
            let script = script.as_str();
            return Err(say!("tutor-recorded-script", file = file, script = script));
        }
        Ok(source)
    }

    /// The line that is shown with what was recorded, as HTML.
    pub(super) fn caption(&self) -> String {
        let command = format!("<code>{}</code>", escape(&self.command));
        say!(
            "box-recorded",
            command = command.as_str(),
            system = escape(&self.system).as_str(),
            date = escape(&self.date).as_str(),
        )
    }
}

/// The file, or the names of those that are there.
pub(super) fn read(
    root: &Path,
    folder: &str,
    file: &str,
    name_of: impl Fn(&str) -> Option<&str>,
) -> Result<String, Vec<String>> {
    fs::read_to_string(root.join(file))
        .map(|text| text.replace("\r\n", "\n"))
        .map_err(|_| {
            let entries = fs::read_dir(root.join(folder))
                .into_iter()
                .flatten()
                .flatten();
            let files: Vec<_> = entries
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect();
            files
                .iter()
                .filter_map(|file| name_of(file))
                .map(str::to_owned)
                .collect()
        })
}
