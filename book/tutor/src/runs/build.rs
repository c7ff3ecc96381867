//! Building labs, while the page looks on.

use std::collections::HashMap;
use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::SystemTime;

use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::sync::{Mutex, mpsc};

use super::Told;
use crate::words::say;

/// The programs that were built, and from what.
///
/// To ask cargo whether a program is up to date takes longer than a reader
/// should wait for a lab to start.
#[derive(Clone, Default)]
pub(crate) struct Programs(Arc<Mutex<HashMap<String, Fresh>>>);

#[derive(Clone)]
struct Fresh {
    program: PathBuf,
    made: SystemTime,
    from: Sources,
}

/// What every lab is built from: how many files, and the newest of them.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Sources {
    files: usize,
    newest: SystemTime,
}

impl Programs {
    /// The programs of these labs, built if something has changed since. What
    /// cargo says on the way is told line by line.
    ///
    /// # Errors
    /// One sentence, when there is no cargo, or when it could not build: why not,
    /// has been told by then.
    pub(crate) async fn build(
        &self,
        root: &Path,
        labs: &[&str],
        told: &mpsc::Sender<Told>,
        run: u32,
    ) -> Result<HashMap<String, PathBuf>, String> {
        // One build at a time: cargo would let the second one wait anyway.
        let mut known = self.0.lock().await;
        let from = Sources::of(root);
        if let Some(from) = from
            && let Some(programs) = fresh(&known, labs, from)
        {
            return Ok(programs);
        }
        let programs = cargo(root, labs, told, run).await?;
        if let Some(from) = from {
            for (lab, program) in &programs {
                let Ok(made) = program.metadata().and_then(|meta| meta.modified()) else {
                    continue;
                };
                let program = program.clone();
                known.insert(
                    lab.clone(),
                    Fresh {
                        program,
                        made,
                        from,
                    },
                );
            }
        }
        Ok(programs)
    }
}

fn fresh(
    known: &HashMap<String, Fresh>,
    labs: &[&str],
    from: Sources,
) -> Option<HashMap<String, PathBuf>> {
    labs.iter()
        .map(|&lab| {
            let fresh = known.get(lab).filter(|fresh| fresh.from == from)?;
            let made = fresh.program.metadata().and_then(|meta| meta.modified());
            (made.ok()? == fresh.made).then(|| (lab.to_owned(), fresh.program.clone()))
        })
        .collect()
}

impl Sources {
    /// `None` if a file could not be looked at: then cargo decides.
    fn of(root: &Path) -> Option<Sources> {
        let mut sources = Sources {
            files: 0,
            newest: SystemTime::UNIX_EPOCH,
        };
        for name in ["Cargo.toml", "Cargo.lock", "labs/Cargo.toml", "labs/src"] {
            sources.add(&root.join(name)).ok()?;
        }
        Some(sources)
    }

    fn add(&mut self, path: &Path) -> io::Result<()> {
        let meta = path.metadata()?;
        self.files += 1;
        // A folder's own time tells that a file was put in the place of another.
        self.newest = self.newest.max(meta.modified()?);
        if meta.is_dir() {
            for entry in path.read_dir()? {
                self.add(&entry?.path())?;
            }
        }
        Ok(())
    }
}

/// The part of cargo's messages that matters here.
#[derive(Deserialize)]
struct Artifact {
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

async fn cargo(
    root: &Path,
    labs: &[&str],
    told: &mpsc::Sender<Told>,
    run: u32,
) -> Result<HashMap<String, PathBuf>, String> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(root)
        .args(["build", "--package", "labs"])
        .args(["--message-format", "json-render-diagnostics"])
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    for lab in labs {
        command.args(["--bin", lab]);
    }
    let no_cargo = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => say!("run-no-cargo"),
        kind => say!("run-cargo-failed", why = kind.to_string()),
    };
    let mut child = command.spawn().map_err(no_cargo)?;
    let (Some(out), Some(errors)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(say!("run-cargo-failed", why = "no pipe"));
    };
    let mut out = BufReader::new(out).lines();
    let mut errors = BufReader::new(errors).lines();
    let mut programs = HashMap::new();
    let (mut out_open, mut errors_open) = (true, true);
    while out_open || errors_open {
        tokio::select! {
            line = out.next_line(), if out_open => match line {
                Ok(Some(line)) => programs.extend(executable(&line)),
                _ => out_open = false,
            },
            line = errors.next_line(), if errors_open => match line {
                Ok(Some(text)) => drop(told.send(Told::Building { run, text }).await),
                _ => errors_open = false,
            },
        }
    }
    let status = child.wait().await.map_err(no_cargo)?;
    match status.success() && labs.iter().all(|&lab| programs.contains_key(lab)) {
        true => Ok(programs),
        false => Err(say!("run-not-built")),
    }
}

fn executable(line: &str) -> Option<(String, PathBuf)> {
    let artifact: Artifact = serde_json::from_str(line).ok()?;
    Some((artifact.target.name, artifact.executable?))
}
