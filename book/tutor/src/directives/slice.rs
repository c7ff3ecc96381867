//! `{{#slice lab03_udp_server:serve}}`: a part of a file that cargo compiles.

use std::fs;
use std::path::{Component, Path};

use crate::markdown::{dedent, escape, fence};
use crate::problem::name_of;
use crate::words::{closest, perhaps, say};

/// A part of a file, ready to be shown.
pub(crate) struct Slice {
    /// The file, from the root.
    pub(crate) file: String,
    /// The lines, without the comments that mark the parts.
    pub(crate) code: String,
}

impl Slice {
    /// The slice that `argument` asks for: `LAB:ANCHOR`, `PATH:ANCHOR`, `LAB` or `PATH`.
    pub(crate) fn find(root: &Path, argument: &str) -> Result<Slice, String> {
        if argument.is_empty() {
            return Err(say!("tutor-slice-of-what"));
        }
        let (target, anchor) = match argument.split_once(':') {
            Some((target, anchor)) => (target, Some(anchor)),
            None => (argument, None),
        };
        let file = match target.contains(['/', '.']) {
            true => target.to_owned(),
            false => format!("labs/src/bin/{target}.rs"),
        };
        Slice::of(root, &file, anchor)
    }

    /// The part `anchor` of a file named from the root, or all of it.
    pub(crate) fn of(root: &Path, file: &str, anchor: Option<&str>) -> Result<Slice, String> {
        let text = read(root, file)?;
        let code = match anchor {
            Some(anchor) => part(&text, file, anchor)?,
            None => whole(&text),
        };
        let code = dedent(code.trim_matches('\n'));
        if code.trim().is_empty() {
            return Err(say!("tutor-slice-empty", file = file));
        }
        Ok(Slice {
            file: file.to_owned(),
            code,
        })
    }

    /// The slice as a fenced block under its file's name.
    pub(crate) fn to_markdown(&self) -> String {
        format!(
            "<figure class=\"slice\"><figcaption>{}</figcaption>\n\n{}\n\n</figure>",
            escape(&self.file),
            fence(language(&self.file), &self.code),
        )
    }
}

/// The language of a fence, from the file's ending.
pub(crate) fn language(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("rs") => "rust",
        Some("py") => "python",
        Some("toml") => "toml",
        Some("json") => "json",
        Some("c" | "h") => "c",
        Some("js") => "js",
        Some("sh") => "sh",
        _ => "text",
    }
}

fn read(root: &Path, file: &str) -> Result<String, String> {
    let path = Path::new(file);
    let inside = path.components().all(|c| matches!(c, Component::Normal(_)));
    if !inside {
        return Err(say!("tutor-slice-outside", file = file));
    }
    if path.starts_with("labs/exercises") {
        return Err(say!("tutor-slice-of-answer", file = file));
    }
    fs::read_to_string(root.join(path)).map_err(|_| {
        let missing = say!("tutor-no-file", file = file);
        match neighbour(root, path) {
            Some(name) => format!("{missing}. {}", say!("tutor-did-you-mean", name = name)),
            None => missing,
        }
    })
}

/// The file with the name most alike, where `path` was looked for.
fn neighbour(root: &Path, path: &Path) -> Option<String> {
    let folder = root.join(path.parent()?);
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
    let names: Vec<_> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let wanted = path.file_name()?.to_string_lossy();
    let name = closest(&wanted, names.iter().map(String::as_str))?;
    Some(name_of(root, &folder.join(name)))
}

enum Mark<'a> {
    Start(&'a str),
    End(&'a str),
}

/// What a line that only marks a part says: `// ANCHOR: serve`.
fn mark(line: &str) -> Option<Mark<'_>> {
    let comment = line
        .trim()
        .trim_start_matches(['/', '#', '-', '<', '!', ';']);
    let comment = comment.trim_end_matches("-->").trim();
    if let Some(name) = comment.strip_prefix("ANCHOR_END:") {
        return Some(Mark::End(name.trim()));
    }
    comment
        .strip_prefix("ANCHOR:")
        .map(|name| Mark::Start(name.trim()))
}

fn whole(text: &str) -> String {
    let lines = text.lines().filter(|line| mark(line).is_none());
    lines.collect::<Vec<_>>().join("\n")
}

fn part(text: &str, file: &str, anchor: &str) -> Result<String, String> {
    let mut names = Vec::new();
    let mut lines = Vec::new();
    let mut opened = None;
    let mut closed = false;
    for (index, line) in text.lines().enumerate() {
        match mark(line) {
            Some(Mark::Start(name)) => {
                if name == anchor && opened.is_some() {
                    let line = index + 1;
                    return Err(say!(
                        "tutor-anchor-twice",
                        anchor = anchor,
                        file = file,
                        line = line
                    ));
                }
                if name == anchor {
                    opened = Some(index + 1);
                }
                names.push(name);
            }
            Some(Mark::End(name)) => closed |= name == anchor && opened.is_some(),
            None if opened.is_some() && !closed => lines.push(line),
            None => {}
        }
    }
    let Some(line) = opened else {
        let has = match names.is_empty() {
            true => say!("tutor-anchors-none"),
            false => say!("tutor-anchors-there", names = names.join(", ").as_str()),
        };
        let hint = perhaps(anchor, names.iter().copied());
        let missing = say!("tutor-no-anchor", anchor = anchor, file = file);
        return Err(format!("{missing} ({has}){hint}"));
    };
    if !closed {
        return Err(say!(
            "tutor-anchor-open",
            anchor = anchor,
            file = file,
            line = line
        ));
    }
    Ok(lines.join("\n"))
}
