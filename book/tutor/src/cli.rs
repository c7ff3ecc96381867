//! The command line: what `cargo run --` is followed by.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::book;
use crate::guard::Origin;
use crate::hint::{self, NoHint};
use crate::out::{complain, print};
use crate::preprocess;
use crate::problem::Problems;
use crate::progress;
#[cfg(unix)]
use crate::runs;
use crate::serve::{self, Wanted};
use crate::words::say;

#[derive(Parser)]
#[command(
    bin_name = "cargo run --",
    about = say!("tutor-about"),
    after_help = say!("tutor-about-more"),
    disable_help_subcommand = true
)]
struct Args {
    #[arg(long, value_name = "N", help = say!("tutor-help-port"))]
    port: Option<u16>,

    #[arg(long, value_name = "URL", help = say!("tutor-help-origin"))]
    origin: Option<Origin>,

    #[arg(long, help = say!("tutor-help-open"))]
    open: bool,

    /// Another root than this repository's: for tests.
    #[arg(long, value_name = "DIR", hide = true, global = true)]
    root: Option<PathBuf>,

    /// How many milliseconds the head of a request may take: for tests.
    #[arg(
        long,
        value_name = "MILLISECONDS",
        hide = true,
        default_value_t = 20_000
    )]
    patience: u64,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    #[command(about = say!("tutor-help-build"))]
    Build,

    #[command(about = say!("tutor-help-hint"))]
    Hint {
        #[arg(value_name = "EXERCISE", help = say!("tutor-help-hint-exercise"))]
        exercise: String,
        #[arg(long, help = say!("tutor-help-hint-more"))]
        more: bool,
    },

    #[command(about = say!("tutor-help-progress"))]
    Progress,

    /// For mdBook: see book.toml.
    #[command(hide = true)]
    Preprocess {
        #[arg(value_parser = ["directives", "boxes"])]
        name: String,
        #[arg(value_parser = ["supports"], requires = "renderer")]
        question: Option<String>,
        renderer: Option<String>,
    },
    /// Ends what the server has started, should it be ended itself (it calls this).
    #[cfg(unix)]
    #[command(name = runs::GUARDIAN, hide = true)]
    Guardian,
}

/// Does what the command line asks for.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let root = args.root.unwrap_or_else(graders::root);
    match args.command {
        None => {
            let wanted = Wanted {
                port: args.port,
                origin: args.origin.as_ref(),
                open: args.open,
                patience: Duration::from_millis(args.patience),
            };
            serve::serve(&root, &wanted).map_or_else(failed, |()| ExitCode::SUCCESS)
        }
        Some(Command::Build) => build(&root),
        Some(Command::Hint { exercise, more }) => match hint::hint(&root, &exercise, more) {
            Ok(()) => ExitCode::SUCCESS,
            Err(NoHint(why, status)) => {
                complain(&why);
                ExitCode::from(status)
            }
        },
        Some(Command::Progress) => {
            progress::progress(&root);
            ExitCode::SUCCESS
        }
        #[cfg(unix)]
        Some(Command::Guardian) => {
            runs::guard_what_runs();
            ExitCode::SUCCESS
        }
        Some(Command::Preprocess {
            name,
            renderer: Some(renderer),
            ..
        }) => match preprocess::supports(&name, &renderer) {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        },
        Some(Command::Preprocess { name, .. }) => match preprocess::run(&name) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(Problems::from_error(error).to_string()),
        },
    }
}

fn build(root: &std::path::Path) -> ExitCode {
    let built = match book::build(root) {
        Ok(built) => built,
        Err(problems) => return failed(format!("{problems}\n{}", say!("tutor-not-built"))),
    };
    let (pages, millis) = (built.pages, built.took.as_millis() as usize);
    match built.publish() {
        Ok(folder) => {
            let folder = folder
                .strip_prefix(root)
                .unwrap_or(&folder)
                .display()
                .to_string();
            print(&say!(
                "tutor-written",
                pages = pages,
                millis = millis,
                folder = folder
            ));
            ExitCode::SUCCESS
        }
        Err(why) => failed(why),
    }
}

fn failed(why: String) -> ExitCode {
    complain(&why);
    ExitCode::FAILURE
}
