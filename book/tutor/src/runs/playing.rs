//! A run, from the inside: its terminals, one after the other, and what comes of
//! them.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, sleep_until};

use super::pane::{Decoder, Event, Pane, Stream};
use super::recipe::{Ports, Recipe, WIRE};
use super::{Order, Runs, Shown, Told};
use crate::words::say;

/// How long a run may last.
const LASTS: Duration = Duration::from_secs(5 * 60);
/// How many bytes a run may say.
const SAYS: usize = 1 << 20;
/// How long the next terminal waits for a server to listen.
const READY: Duration = Duration::from_secs(5);
/// Where the folders of runs are.
const SCRATCH: &str = "target/tutor";

/// Why a run is over before the page wanted it.
enum Over {
    /// The page is gone, or wants no more of it.
    Unwanted,
    /// One sentence.
    Because(String),
}

/// A run, from the inside.
pub(super) struct Playing {
    runs: Runs,
    recipe: Recipe,
    number: u32,
    told: mpsc::Sender<Told>,
    programs: HashMap<String, PathBuf>,
    events: mpsc::Sender<Event>,
    ports: Ports,
    /// Where the labs are started; gone with the run.
    folder: Option<TempDir>,
    panes: HashMap<usize, Pane>,
    decoders: HashMap<usize, Decoder>,
    /// How many terminals were started.
    started: usize,
    /// The server that the next terminal waits for, its first line so far, and
    /// until when.
    awaited: Option<(usize, String, Instant)>,
    said: usize,
}

impl Playing {
    /// Not begun yet; what happens comes through `events`.
    pub(super) fn new(
        runs: Runs,
        recipe: Recipe,
        number: u32,
        told: mpsc::Sender<Told>,
        events: mpsc::Sender<Event>,
    ) -> Playing {
        Playing {
            runs,
            recipe,
            number,
            told,
            programs: HashMap::new(),
            events,
            ports: Ports::default(),
            folder: None,
            panes: HashMap::new(),
            decoders: HashMap::new(),
            started: 0,
            awaited: None,
            said: 0,
        }
    }

    /// Goes on until it is over; its place is free then.
    pub(super) async fn play(
        mut self,
        asked: mpsc::Receiver<Order>,
        happened: mpsc::Receiver<Event>,
        _place: OwnedSemaphorePermit,
    ) {
        let mut closing = self.runs.closing.subscribe();
        let over = tokio::select! {
            over = self.go_on(asked, happened) => over,
            _ = closing.wait_for(|closing| *closing) => Over::Unwanted,
        };
        // Every process has ended, and the folder is gone, before the place is
        // free again.
        for (_, pane) in self.panes.drain() {
            pane.end().await;
        }
        self.folder = None;
        let text = match over {
            Over::Unwanted => None,
            Over::Because(why) => Some(why),
        };
        let run = self.number;
        self.tell(Told::Over { run, text }).await;
    }

    async fn go_on(
        &mut self,
        mut asked: mpsc::Receiver<Order>,
        mut happened: mpsc::Receiver<Event>,
    ) -> Over {
        if let Err(over) = self.build(&mut asked).await {
            return over;
        }
        // The first build takes as long as the machine needs.
        let until = Instant::now() + LASTS;
        loop {
            if let Err(over) = self.start_what_may().await {
                return over;
            }
            let ready = self.awaited.as_ref().map_or(until, |(.., until)| *until);
            let step = tokio::select! {
                event = happened.recv() => match event {
                    Some(Event::Output(terminal, stream, bytes)) => {
                        self.output(terminal, stream, &bytes).await
                    }
                    Some(Event::Ended(terminal, status)) => self.ended(terminal, status).await,
                    None => Err(Over::Unwanted), // cannot be: `events` is held
                },
                order = asked.recv() => match order {
                    Some(order) => self.obey(order).await,
                    None => Err(Over::Unwanted),
                },
                () = sleep_until(until) => {
                    let minutes = LASTS.as_secs() as usize / 60;
                    Err(Over::Because(say!("run-too-long", minutes = minutes)))
                }
                () = sleep_until(ready) => {
                    self.awaited = None;
                    Ok(())
                }
                () = self.told.closed() => Err(Over::Unwanted),
            };
            if let Err(over) = step {
                return over;
            }
        }
    }

    /// Builds the labs, as long as somebody wants them.
    async fn build(&mut self, asked: &mut mpsc::Receiver<Order>) -> Result<(), Over> {
        let run = self.number;
        // What this system may refuse takes the recorded transcript's place when
        // it is known that it does not.
        let doubtful = self.recipe.makes_networks();
        if !doubtful {
            self.open_terminals().await;
        }
        let labs = self.recipe.labs();
        let prepare = async {
            let built = self
                .runs
                .programs
                .build(&self.runs.root, &labs, &self.told, run);
            let programs = built.await?;
            match programs.get(WIRE).filter(|_| doubtful) {
                Some(wire) => self.runs.rights.check(wire).await.map(|()| programs),
                None => Ok(programs),
            }
        };
        let programs = tokio::select! {
            programs = prepare => programs,
            () = unwanted(asked) => return Err(Over::Unwanted),
            () = self.told.closed() => return Err(Over::Unwanted),
        };
        self.programs = programs.map_err(Over::Because)?;
        if doubtful {
            self.open_terminals().await;
        }
        self.lay_out().map_err(|error| {
            Over::Because(say!("run-no-folder", why = error.kind().to_string()))
        })?;
        for port in self.recipe.empty_ports() {
            // Nobody listens there a moment later, either.
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|l| l.local_addr());
            if let Ok(free) = free {
                self.ports.learn(port, free.port());
            }
        }
        Ok(())
    }

    async fn open_terminals(&self) {
        let run = self.number;
        let terminals = self.recipe.terminals.iter().map(Shown::of).collect();
        self.tell(Told::Terminals { run, terminals }).await;
    }

    /// A folder of this run's own, for what the labs read and write.
    fn lay_out(&mut self) -> io::Result<()> {
        let scratch = self.runs.root.join(SCRATCH);
        let here = fs::create_dir_all(&scratch)
            .and_then(|()| tempfile::Builder::new().prefix("run-").tempdir_in(&scratch));
        // A full disk may be another one's.
        let folder = here.or_else(|_| tempfile::tempdir())?;
        self.recipe.lay_out(folder.path())?;
        self.folder = Some(folder);
        Ok(())
    }

    /// Starts one terminal after the other, each server listening before the next.
    async fn start_what_may(&mut self) -> Result<(), Over> {
        while self.awaited.is_none() && self.started < self.recipe.terminals.len() {
            let terminal = self.started;
            self.started += 1;
            self.start(terminal, false).await?;
            if self.recipe.terminals[terminal].is_server() {
                self.awaited = Some((terminal, String::new(), Instant::now() + READY));
            }
        }
        Ok(())
    }

    async fn start(&mut self, terminal: usize, typed: bool) -> Result<(), Over> {
        let recipe = &self.recipe.terminals[terminal];
        let arguments = recipe.arguments(&self.ports, typed);
        let typed = typed || recipe.is_typed();
        let lab = recipe.lab.as_str();
        let words = [lab]
            .into_iter()
            .chain(arguments.iter().map(String::as_str));
        // No argument of the book's holds a zero byte, which nothing could quote.
        let command = shlex::try_join(words).unwrap_or_default();
        let not_started =
            |why: String| Over::Because(say!("run-not-started", lab = lab, why = why));
        let program = self.programs.get(lab).ok_or(Over::Unwanted)?;
        let folder = self.folder.as_ref().ok_or(Over::Unwanted)?;
        let pane = Pane::start(
            terminal,
            program,
            folder.path(),
            &arguments,
            typed || !recipe.given.is_empty(),
            &self.runs.guardian,
            &self.events,
        );
        let mut pane = pane.map_err(|error| not_started(error.kind().to_string()))?;
        let given = recipe.given.clone();
        if !given.is_empty() {
            pane.type_in(given.clone());
            pane.end_input();
        }
        self.panes.insert(terminal, pane);
        self.decoders.insert(terminal, Decoder::default());
        let run = self.number;
        self.tell(Told::Started {
            run,
            terminal,
            command,
            given,
            typed,
        })
        .await;
        Ok(())
    }

    async fn output(&mut self, terminal: usize, stream: Stream, bytes: &[u8]) -> Result<(), Over> {
        self.said += bytes.len();
        if self.said > SAYS {
            return Err(Over::Because(say!("run-said-too-much", most = SAYS >> 20)));
        }
        let text = self
            .decoders
            .entry(terminal)
            .or_default()
            .text(stream, bytes);
        let run = self.number;
        if let Some((awaited, line, _)) = &mut self.awaited
            && *awaited == terminal
            && stream == Stream::Out
        {
            line.push_str(&text);
            if let Some((first, _)) = line.split_once('\n') {
                let address: Option<SocketAddr> = first
                    .strip_prefix("listening on ")
                    .and_then(|at| at.parse().ok());
                self.awaited = None;
                if let Some(address) = address {
                    let recipe = &self.recipe.terminals[terminal];
                    if let Some(shown) = recipe.listens {
                        self.ports.learn(shown, address.port());
                    }
                    let address = address.to_string();
                    self.tell(Told::Listens {
                        run,
                        terminal,
                        address,
                    })
                    .await;
                }
            }
        }
        let error = stream == Stream::Error;
        self.tell(Told::Output {
            run,
            terminal,
            error,
            text,
        })
        .await;
        Ok(())
    }

    async fn ended(&mut self, terminal: usize, status: io::Result<ExitStatus>) -> Result<(), Over> {
        self.panes.remove(&terminal);
        if self
            .awaited
            .as_ref()
            .is_some_and(|(awaited, ..)| *awaited == terminal)
        {
            self.awaited = None;
        }
        let good = status.as_ref().is_ok_and(ExitStatus::success);
        let text = match status.map(|status| (status.code(), signal(status))) {
            Ok((Some(code), _)) => say!("run-ended", code = i64::from(code)),
            Ok((None, signal)) => say!("run-killed", signal = signal),
            Err(error) => say!("run-lost", why = error.kind().to_string()),
        };
        let run = self.number;
        self.tell(Told::Ended {
            run,
            terminal,
            text,
            good,
        })
        .await;
        Ok(())
    }

    async fn obey(&mut self, order: Order) -> Result<(), Over> {
        match order {
            Order::Type(terminal, text) => {
                let taken = self.panes.get(&terminal).is_some_and(|p| p.type_in(text));
                if !taken {
                    let (run, text) = (self.number, say!("run-not-taken"));
                    self.tell(Told::Untyped {
                        run,
                        terminal,
                        text,
                    })
                    .await;
                }
            }
            Order::EndInput(terminal) => {
                if let Some(pane) = self.panes.get_mut(&terminal) {
                    pane.end_input();
                }
            }
            // Not before its turn, and not twice.
            Order::Again(terminal, typed) => {
                if terminal < self.started && !self.panes.contains_key(&terminal) {
                    let typed = typed && self.recipe.terminals[terminal].can_be_typed();
                    self.start(terminal, typed).await?;
                }
            }
        }
        Ok(())
    }

    async fn tell(&self, told: Told) {
        // A page that is gone ends the run elsewhere.
        let _ = self.told.send(told).await;
    }
}

/// The name of the signal that has ended a process.
fn signal(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(number) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return match nix::sys::signal::Signal::try_from(number) {
            Ok(signal) => signal.as_str().to_owned(),
            Err(_) => number.to_string(),
        };
    }
    let _ = status;
    String::new()
}

/// Waits until the page wants no more of its run. What it asks before the labs
/// are there comes to nothing.
async fn unwanted(asked: &mut mpsc::Receiver<Order>) {
    while asked.recv().await.is_some() {}
}
