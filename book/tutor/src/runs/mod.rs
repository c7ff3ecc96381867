//! Runs of labs for a page: real processes of the real programs.
//!
//! A run belongs to the page that asked for it. It ends, with all its
//! processes, when the page says so, when the page goes away, when the server
//! ends, or when it has lasted or said too much.

mod build;
mod guardian;
mod pane;
mod playing;
mod recipe;
mod rights;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::{Semaphore, mpsc, watch};

use crate::directives::terminal::role_title;
use crate::words::say;
use build::Programs;
pub(crate) use guardian::Guardian;
#[cfg(unix)]
pub(crate) use guardian::{COMMAND as GUARDIAN, watch as guard_what_runs};
use playing::Playing;
pub(crate) use recipe::Recipe;
use recipe::Terminal;
use rights::Rights;

/// How many runs there may be at once.
const RUNS: usize = 8;
/// How many orders of a page wait.
const ORDERS: usize = 16;

/// All runs of this server.
#[derive(Clone)]
pub(crate) struct Runs {
    root: Arc<PathBuf>,
    programs: Programs,
    rights: Rights,
    guardian: Guardian,
    free: Arc<Semaphore>,
    closing: watch::Sender<bool>,
}

/// What a page asks of a run.
#[derive(Debug)]
pub(crate) enum Order {
    /// A line, with its line end, for the lab in a terminal.
    Type(usize, String),
    /// The end of a lab's input.
    EndInput(usize),
    /// A lab that has ended once more; `true`: it reads what is typed.
    Again(usize, bool),
}

/// What a page is told of its run.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum Told {
    /// The terminals that there will be.
    Terminals { run: u32, terminals: Vec<Shown> },
    /// A line of cargo's.
    Building { run: u32, text: String },
    /// A lab was started.
    Started {
        run: u32,
        terminal: usize,
        command: String,
        /// What it is given to read, as in the book: whole lines.
        given: String,
        /// Whether it reads what is typed.
        typed: bool,
    },
    /// A server listens.
    Listens {
        run: u32,
        terminal: usize,
        address: String,
    },
    /// A lab has said something.
    Output {
        run: u32,
        terminal: usize,
        error: bool,
        text: String,
    },
    /// What was typed did not reach the lab.
    Untyped {
        run: u32,
        terminal: usize,
        text: String,
    },
    /// A lab has ended, in words.
    Ended {
        run: u32,
        terminal: usize,
        text: String,
        good: bool,
    },
    /// The run is over; if not by the reader's wish, why.
    Over { run: u32, text: Option<String> },
}

/// A terminal as a page draws it.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(crate) struct Shown {
    title: String,
    /// Whether the lab can be started again so that it reads what is typed.
    typeable: bool,
}

/// A run that goes on. It ends when this is dropped.
pub(crate) struct Run {
    orders: mpsc::Sender<Order>,
}

impl Run {
    /// Hands an order on; one too many is dropped.
    pub(crate) fn order(&self, order: Order) {
        let _ = self.orders.try_send(order);
    }
}

impl Runs {
    /// No runs yet.
    pub(crate) fn new(root: &Path, guardian: Guardian) -> Runs {
        Runs {
            root: Arc::new(root.to_path_buf()),
            programs: Programs::default(),
            rights: Rights::default(),
            guardian,
            free: Arc::new(Semaphore::new(RUNS)),
            closing: watch::Sender::new(false),
        }
    }

    /// Starts what the transcript of this name shows. The news goes to `told`,
    /// under the number that the page has chosen.
    ///
    /// # Errors
    /// One sentence: no such transcript, or too many runs.
    pub(crate) fn start(
        &self,
        name: &str,
        number: u32,
        told: mpsc::Sender<Told>,
    ) -> Result<Run, String> {
        let Some(recipe) = Recipe::read(&self.root, name) else {
            return Err(say!("run-unknown"));
        };
        let Ok(place) = self.free.clone().try_acquire_owned() else {
            return Err(say!("run-too-many", most = RUNS));
        };
        let (orders, asked) = mpsc::channel(ORDERS);
        let (events, happened) = mpsc::channel(ORDERS);
        let playing = Playing::new(self.clone(), recipe, number, told, events);
        tokio::spawn(playing.play(asked, happened, place));
        Ok(Run { orders })
    }

    /// Ends all runs, and waits until they have ended.
    pub(crate) async fn close(&self) {
        self.closing.send_replace(true);
        let _ = self.free.acquire_many(RUNS as u32).await;
    }
}

impl Shown {
    fn of(terminal: &Terminal) -> Shown {
        Shown {
            title: role_title(&terminal.role).unwrap_or_else(|| terminal.role.clone()),
            typeable: terminal.can_be_typed(),
        }
    }
}
