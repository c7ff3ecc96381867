//! Building the book, with mdBook as a library: into a fresh folder, which
//! takes the old one's place when all of it is there.

use std::fs;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use mdbook_mermaid::Mermaid;
use tempfile::TempDir;

use crate::boxes::Boxes;
use crate::directives::Directives;
use crate::problem::{Problem, Problems, name_of, one_line};
use crate::summary;
use crate::warnings;
use crate::words::say;

/// A book that was just built, not yet where readers find it.
pub struct Built {
    folder: TempDir,
    target: PathBuf,
    /// How many pages it has.
    pub pages: usize,
    /// How long that took.
    pub took: Duration,
}

impl Built {
    /// Where the files are until [`Built::publish`] moves them.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Puts the book in the place of the one before it. A reader of that
    /// folder finds a whole book, the old one or the new one.
    ///
    /// # Errors
    /// One sentence that names the folder.
    pub fn publish(self) -> Result<PathBuf, String> {
        let target = self.target;
        let why = |error: io::Error| {
            let folder = target.display().to_string();
            say!(
                "tutor-cannot-write",
                folder = folder.as_str(),
                why = error.to_string().as_str()
            )
        };
        let scratch = scratch(&target).map_err(why)?;
        let old = tempfile::Builder::new()
            .prefix("old-")
            .tempdir_in(&scratch)
            .map_err(why)?;
        // Another build, or on Windows a file that someone has open, may be in
        // the way for a moment.
        let end = Instant::now() + Duration::from_secs(5);
        loop {
            let moved = match fs::rename(&target, old.path().join("book")) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => fs::rename(self.folder.path(), &target),
            };
            match moved {
                Ok(()) => return Ok(target),
                Err(error) if Instant::now() > end => return Err(why(error)),
                Err(_) => {
                    let _ = fs::remove_dir_all(old.path().join("book"));
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
        }
    }
}

/// The configuration of the book under `root`, as both kinds of build need it.
///
/// # Errors
/// What is wrong with `book.toml`.
pub fn config(root: &Path) -> Result<Config, Problems> {
    let read = || -> anyhow::Result<Config> {
        let mut config = Config::from_disk(root.join("book.toml"))?;
        config.update_from_env()?;
        // Nobody's misspelling shall make an empty chapter.
        config.set("build.create-missing", false)?;
        // Ours first, then mdBook's links, a translation's place, and boxes last.
        config.set("preprocessor.directives.before", ["links"])?;
        config.set("preprocessor.mermaid.after", ["links"])?;
        config.set("preprocessor.boxes.after", ["links", "mermaid"])?;
        Ok(config)
    };
    read().map_err(|error| in_toml(&error).into())
}

/// The book as written, before anything is expanded.
///
/// # Errors
/// What is wrong with the table of contents or with the files that it names.
pub fn load(root: &Path, config: Config) -> Result<MDBook, Problems> {
    summary::check(root, &config)?;
    let file = name_of(root, &root.join(&config.book.src).join("SUMMARY.md"));
    MDBook::load_with_config(root, config)
        .map_err(|error| Problem::of(&file, one_line(&error)).into())
}

/// The parser draws a picture of the place; its line and the last sentence do.
fn in_toml(error: &anyhow::Error) -> Problem {
    let text = format!("{error:#}");
    let last = text
        .lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let number = text.split_once("at line ").map(|(_, rest)| rest);
    let number = number.and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
    match number.and_then(|number| number.parse().ok()) {
        Some(line) => Problem::at("book.toml", line, last),
        None => Problem::of("book.toml", one_line(error)),
    }
}

/// Builds the book under `root` into a fresh folder.
///
/// # Errors
/// Everything that is wrong with it, each with file and line.
pub fn build(root: &Path) -> Result<Built, Problems> {
    build_for(root, None)
}

/// Builds the book for the server, which has it at `/` whatever the site's address.
pub(crate) fn build_to_serve(root: &Path) -> Result<Built, Problems> {
    build_for(root, Some("/"))
}

fn build_for(root: &Path, site_url: Option<&str>) -> Result<Built, Problems> {
    let start = Instant::now();
    let mut config = config(root)?;
    let target = root.join(&config.build.build_dir);
    let folder = scratch(&target)
        .and_then(|scratch| tempfile::Builder::new().prefix("book-").tempdir_in(scratch))
        .map_err(|error| {
            let folder = target.display().to_string();
            let why = error.to_string();
            let text = say!(
                "tutor-cannot-write",
                folder = folder.as_str(),
                why = why.as_str()
            );
            Problem::of("book.toml", text)
        })?;
    config.build.build_dir = folder.path().to_path_buf();
    if let Some(url) = site_url {
        let set = config.set("output.html.site-url", url);
        set.map_err(Problems::from_error)?;
    }
    refuse_links(root, &root.join(&config.book.src))?;
    let mut book = load(root, config)?;
    book.with_preprocessor(Directives)
        .with_preprocessor(Mermaid)
        .with_preprocessor(Boxes);

    // mdBook panics on a few shapes of HTML; that must not end the server.
    let render = AssertUnwindSafe(|| warnings::collect(root, &book.config, || book.build()));
    match panic::catch_unwind(render) {
        Ok((Ok(()), warnings)) if warnings.is_empty() => {}
        Ok((Ok(()), warnings)) => return Err(Problems(warnings)),
        Ok((Err(error), _)) => return Err(Problems::from_error(error)),
        Err(_) => return Err(Problem::of("book.toml", say!("tutor-panicked")).into()),
    }
    let pages = book.book.chapters().count();
    Ok(Built {
        folder,
        target,
        pages,
        took: start.elapsed(),
    })
}

/// A folder beside the book, on the same file system, for what is not ready.
fn scratch(target: &Path) -> io::Result<PathBuf> {
    let scratch = target.with_file_name("tutor");
    fs::create_dir_all(&scratch)?;
    sweep(&scratch);
    Ok(scratch)
}

/// Removes what builds and runs that were cut short have left behind.
fn sweep(scratch: &Path) {
    let hour = Duration::from_secs(3600);
    for entry in fs::read_dir(scratch).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = ["book-", "old-", "run-"]
            .iter()
            .any(|p| name.to_string_lossy().starts_with(p));
        let made = entry.metadata().and_then(|meta| meta.modified());
        let age = made
            .ok()
            .and_then(|made| SystemTime::now().duration_since(made).ok());
        if ours && age.is_some_and(|age| age > hour) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// mdBook would copy what a symbolic link points to, from anywhere on the machine.
fn refuse_links(root: &Path, source: &Path) -> Result<(), Problems> {
    let mut problems = Vec::new();
    let mut folders = vec![source.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_symlink() => {
                    let file = name_of(root, &entry.path());
                    problems.push(Problem::of(&file, say!("tutor-symlink")));
                }
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                _ => {}
            }
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Problems(problems))
    }
}
