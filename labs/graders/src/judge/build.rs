//! Builds answers with cargo, each as a program of its own.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Exercise, Outcome};
use crate::messages::say;

/// Builds the reader's file of one exercise, in the repository at `root`, and
/// returns the program's path.
///
/// # Errors
/// [`Outcome::NotBuilt`] with the compiler's own words, or
/// [`Outcome::Unjudged`] when the file or cargo itself is missing.
pub fn build(root: &Path, exercise: &Exercise) -> Result<PathBuf, Outcome> {
    let file = format!("labs/exercises/src/bin/{}.rs", exercise.name);
    if !root.join(&file).is_file() {
        let stub = format!("labs/graders/src/{}/stub.rs", exercise.name);
        return Err(Outcome::Unjudged(say(
            "file-missing",
            &[("file", file.into()), ("stub", stub.into())],
        )));
    }
    let mut cargo = cargo(root);
    cargo.args(["--package", "exercises", "--bin", exercise.name]);
    let (mut programs, errors) = run(cargo)?;
    programs
        .remove(exercise.name)
        .ok_or(Outcome::NotBuilt(errors))
}

/// Builds whole programs that are no reader's files (right answers, mistakes,
/// labs that were broken on purpose) in a package of their own in `folder`, and
/// returns them by name. `dependencies` are lines of that package's manifest.
/// Only what changed since the last time is compiled again.
///
/// # Errors
/// [`Outcome::NotBuilt`] when one of them does not compile.
pub fn build_programs(
    folder: &Path,
    dependencies: &str,
    sources: &[(String, String)],
) -> Result<HashMap<String, PathBuf>, Outcome> {
    lay_out(folder, dependencies, sources).map_err(|error| {
        let folder = folder.display().to_string();
        Outcome::Unjudged(say(
            "cannot-write",
            &[
                ("path", folder.into()),
                ("why", error.kind().to_string().into()),
            ],
        ))
    })?;
    let mut cargo = cargo(folder);
    cargo
        .args(["--bins", "--target-dir"])
        .arg(folder.join("target"));
    let (programs, errors) = run(cargo)?;
    match sources
        .iter()
        .find(|(name, _)| !programs.contains_key(name))
    {
        Some(_) => Err(Outcome::NotBuilt(errors)),
        None => Ok(programs),
    }
}

/// Writes the package; an unchanged file keeps its time stamp, so that cargo
/// does not compile it again.
fn lay_out(folder: &Path, dependencies: &str, sources: &[(String, String)]) -> io::Result<()> {
    let bins = folder.join("src/bin");
    fs::create_dir_all(&bins)?;
    let manifest = format!(
        "[package]\nname = \"programs\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [workspace]\n\n[profile.dev]\ndebug = false\n\n[dependencies]\n{dependencies}\n"
    );
    write_if_new(&folder.join("Cargo.toml"), &manifest)?;
    // The same versions as everywhere here, and nothing to look up.
    let lock = folder.join("Cargo.lock");
    if !lock.exists() {
        fs::copy(crate::root().join("Cargo.lock"), lock)?;
    }
    for (name, source) in sources {
        write_if_new(&bins.join(format!("{name}.rs")), source)?;
    }
    for entry in fs::read_dir(&bins)? {
        let path = entry?.path();
        let known = |stem: &str| sources.iter().any(|(name, _)| name == stem);
        if !path.file_stem().and_then(|s| s.to_str()).is_some_and(known) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn write_if_new(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        Ok(())
    } else {
        fs::write(path, text)
    }
}

/// `cargo build` in `folder`, told to name the programs that it made.
fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let color = if io::stderr().is_terminal() {
        "always"
    } else {
        "never"
    };
    cargo
        .current_dir(folder)
        .args([
            "build",
            "--keep-going",
            "--message-format=json-render-diagnostics",
            "--color",
            color,
        ])
        .stdin(Stdio::null());
    cargo
}

/// Runs cargo: the programs by name, and what the compiler said.
fn run(mut cargo: Command) -> Result<(HashMap<String, PathBuf>, String), Outcome> {
    let output = cargo.output().map_err(|error| {
        Outcome::Unjudged(say("no-cargo", &[("why", error.kind().to_string().into())]))
    })?;
    let mut programs = HashMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        if let (Some(name), Some(path)) = (
            message["target"]["name"].as_str(),
            message["executable"].as_str(),
        ) {
            programs.insert(name.to_string(), PathBuf::from(path));
        }
    }
    Ok((
        programs,
        String::from_utf8_lossy(&output.stderr).into_owned(),
    ))
}
