//! `{{#transcript udp_hello}}` and `{{#recorded udp_wire}}`: what terminals
//! showed, compared on every test run or recorded once.

use std::path::Path;

use super::recording::{Source, read};
use crate::markdown::{escape, fence};
use crate::runs::Recipe;
use crate::words::{perhaps, say};

/// The snapshot of a run of the labs, one figure for each terminal.
pub(crate) fn transcript(root: &Path, name: &str) -> Result<String, String> {
    let folder = "labs/tests/snapshots";
    let file = format!("{folder}/transcripts__{name}.snap");
    let text = read(root, folder, &file, |stem| {
        stem.strip_prefix("transcripts__")?.strip_suffix(".snap")
    })
    .map_err(|names| {
        let hint = perhaps(name, names.iter().map(String::as_str));
        format!(
            "{}{hint}",
            say!("tutor-no-transcript", name = name, file = file.as_str())
        )
    })?;
    let shape = |why: String| {
        say!(
            "tutor-transcript-shape",
            file = file.as_str(),
            why = why.as_str()
        )
    };
    let body = snapshot_body(&text).ok_or_else(|| shape(say!("tutor-transcript-no-body")))?;

    let mut figures = Vec::new();
    for terminal in terminals(body) {
        let (role, shown) = terminal;
        if !shown.starts_with("$ ") {
            return Err(shape(say!("tutor-transcript-no-command", role = role)));
        }
        let title =
            role_title(role).ok_or_else(|| shape(say!("tutor-transcript-role", role = role)))?;
        figures.push(format!(
            "<figure class=\"terminal\"><figcaption>{}</figcaption>\n\n{}\n\n</figure>",
            escape(&title),
            fence("console", shown),
        ));
    }
    if figures.is_empty() {
        return Err(shape(say!("tutor-transcript-no-terminal")));
    }
    let figures = figures.join("\n");
    // What can be run as it stands, a page of the server offers to run.
    let run = match Recipe::read(root, name) {
        Some(_) => " data-run",
        None => "",
    };
    Ok(format!(
        "<div class=\"transcript\" data-transcript=\"{name}\"{run}>\n{figures}\n</div>"
    ))
}

/// What a tool printed on one system, and when and how.
pub(crate) fn recorded(root: &Path, name: &str) -> Result<String, String> {
    let folder = "book/recorded";
    let file = format!("{folder}/{name}.txt");
    let text = read(root, folder, &file, |name| name.strip_suffix(".txt")).map_err(|names| {
        let hint = perhaps(name, names.iter().map(String::as_str));
        format!(
            "{}{hint}",
            say!("tutor-no-recorded", name = name, file = file.as_str())
        )
    })?;
    let (head, output) = text.split_once("\n\n").unwrap_or((&text, ""));
    let source = Source::read(root, &file, head)?;
    if output.trim().is_empty() {
        return Err(say!("tutor-recorded-empty", file = file.as_str()));
    }
    let caption = source.caption();
    Ok(format!(
        "<figure class=\"recorded\"><figcaption>{caption}</figcaption>\n\n{}\n\n</figure>",
        fence("console", output.trim_matches('\n')),
    ))
}

/// What follows the head that insta writes between two lines of dashes.
pub(crate) fn snapshot_body(text: &str) -> Option<&str> {
    let head = text.strip_prefix("---\n")?;
    let (_, body) = head.split_once("\n---\n")?;
    Some(body)
}

/// The terminals of a snapshot: role, and what was shown.
pub(crate) fn terminals(body: &str) -> Vec<(&str, &str)> {
    let body = body.trim_start_matches('\n');
    let Some(body) = body.strip_prefix("=== ") else {
        return Vec::new();
    };
    body.split("\n=== ")
        .map(|terminal| {
            let (role, shown) = terminal.split_once('\n').unwrap_or((terminal, ""));
            (role.trim(), shown.trim_matches('\n'))
        })
        .collect()
}

/// The caption of a terminal: `client 2` is the second client's.
pub(crate) fn role_title(role: &str) -> Option<String> {
    let (word, number) = match role.rsplit_once(' ') {
        Some((word, number)) if number.parse::<u8>().is_ok() => (word, Some(number)),
        _ => (role, None),
    };
    let title = match word {
        "server" => say!("terminal-server"),
        "client" => say!("terminal-client"),
        "python" => say!("terminal-python"),
        "python server" => say!("terminal-python-server"),
        "python client" => say!("terminal-python-client"),
        "nc" => say!("terminal-nc"),
        "socat" => say!("terminal-socat"),
        "stranger" => say!("terminal-stranger"),
        "lab" => say!("terminal-lab"),
        "shell" => say!("terminal-shell"),
        "wire" => say!("terminal-wire"),
        "sender" => say!("terminal-sender"),
        "receiver" => say!("terminal-receiver"),
        _ => return None,
    };
    Some(match number {
        Some(number) => say!("terminal-numbered", title = title.as_str(), number = number),
        None => title,
    })
}
