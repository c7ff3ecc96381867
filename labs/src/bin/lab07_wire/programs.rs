//! The programs at the ends: started inside, shown as they print, and ended
//! with the wire, however that ends.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{ErrorKind, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{self, Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use labs::{Trouble, complain, say};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::signal::Signal;

use super::ends::End;

/// How often a program is asked whether it has ended, or listens.
const LOOK: Duration = Duration::from_millis(2);

/// Takes `SERVER… -- CLIENT…` apart; both programs are there.
pub fn both(commands: &[OsString]) -> Result<(&[OsString], &[OsString]), Trouble> {
    let border = commands.iter().position(|word| word == "--");
    match border.map(|at| (&commands[..at], &commands[at + 1..])) {
        Some((server, client)) if !server.is_empty() && !client.is_empty() => {
            find(&server[0])?;
            find(&client[0])?;
            Ok((server, client))
        }
        _ => Err(Trouble::new(
            "name two programs, with -- between them: lab07_wire -- SERVER… -- CLIENT…",
        )),
    }
}

/// A program at one end.
pub struct Running {
    keeper: Child,
    /// What it prints.
    pub screen: Arc<Screen>,
    reader: Option<JoinHandle<()>>,
}

impl Running {
    // ANCHOR: start
    /// Starts `command` inside `end`. `Err` says why it does not start.
    ///
    /// What starts is this program once more, as the keeper of that end: the
    /// first process of a new process namespace. When the keeper ends, the
    /// kernel ends all that was started there (pid_namespaces(7)).
    pub fn start(end: &End, name: &'static str, command: &[OsString]) -> Result<Self, Trouble> {
        let cannot =
            |what: &str, e: std::io::Error| Trouble::new(format!("cannot {what}: {}", e.kind()));
        let this = env::current_exe().map_err(|e| cannot("find this program", e))?;
        let program = find(&command[0])?;
        let (ours, theirs) = UnixStream::pair().map_err(|e| cannot("make a pipe", e))?;
        ours.set_nonblocking(true)
            .map_err(|e| cannot("make a pipe", e))?;
        let errors = theirs.try_clone().map_err(|e| cannot("make a pipe", e))?;
        let mut keeper = Command::new(this);
        keeper
            .args(["--keep-end-for", &process::id().to_string(), "--"])
            .arg(program)
            .args(&command[1..])
            .stdout(OwnedFd::from(theirs))
            .stderr(OwnedFd::from(errors));
        if name == "server" {
            keeper.stdin(Stdio::null());
        }
        let keeper = end
            .inside(move || {
                unshare(CloneFlags::CLONE_NEWPID)?; // for what is started from now on
                keeper.spawn()
            })
            .map_err(|e| cannot(&format!("start the {name}"), e))?;
        let screen = Arc::new(Screen::new(name, ours));
        let watched = screen.clone();
        let reader = thread::Builder::new().spawn(move || watched.show());
        let reader = Some(reader.map_err(|e| cannot("watch it", e))?);
        Ok(Self {
            keeper,
            screen,
            reader,
        })
    }
    // ANCHOR_END: start

    /// Waits until the program has a socket with a port, or has ended; for a
    /// second at most. `Err` says that it has failed.
    pub fn wait_until_it_listens(&mut self, end: &End) -> Result<(), Trouble> {
        let limit = Instant::now() + Duration::from_secs(1);
        while Instant::now() < limit {
            if let Ok(Some(status)) = self.keeper.try_wait() {
                return success(self.screen.name, status);
            }
            let listens = end.inside(|| {
                // The first line is the heading.
                ["tcp", "tcp6", "udp", "udp6"].iter().any(|table| {
                    fs::read_to_string(format!("/proc/thread-self/net/{table}"))
                        .is_ok_and(|text| text.lines().count() > 1)
                })
            });
            if listens {
                break;
            }
            thread::sleep(LOOK);
        }
        Ok(())
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.keeper.try_wait(), Ok(None))
    }

    /// Waits until the program has ended by itself, for `limit` at most.
    pub fn wait(&mut self, limit: Option<Duration>) {
        let deadline = limit.map(|limit| Instant::now() + limit);
        while !self.has_ended() && deadline.is_none_or(|d| Instant::now() < d) {
            thread::sleep(LOOK);
        }
    }

    /// Ends the program and all that it started, shows what it had still
    /// printed, and says how it ended: `None` when it had to be ended.
    pub fn end(mut self) -> Option<ExitStatus> {
        let status = self.keeper.try_wait().ok().flatten();
        if status.is_none() {
            let _ = self.keeper.kill();
        }
        let _ = self.keeper.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        status
    }
}

/// Says how the program at an end has ended, unless it is well.
pub fn success(name: &str, status: ExitStatus) -> Result<(), Trouble> {
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(Trouble::new(format!(
            "the {name}'s program ended with exit status {code}"
        ))),
        None => Err(Trouble::new(format!("the {name}'s program was ended"))),
    }
}

/// A name without a slash may be a lab's, which lies beside this program.
fn find(name: &OsStr) -> Result<PathBuf, Trouble> {
    let path = PathBuf::from(name);
    let mut places = vec![path.clone()];
    if path.components().count() == 1 {
        let beside = env::current_exe().map(|this| this.with_file_name(name));
        let in_path = env::var_os("PATH").unwrap_or_default();
        let in_path = env::split_paths(&in_path).map(|folder| folder.join(name));
        places = beside.into_iter().chain(in_path).collect();
    }
    let can_start = |path: &PathBuf| {
        path.metadata()
            .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    places.into_iter().find(can_start).ok_or_else(|| {
        let name = name.to_string_lossy();
        Trouble::new(format!(
            "cannot start {name}: there is no such program there, beside lab07_wire or in PATH; build the labs with `cargo build -p labs`"
        ))
    })
}

// ANCHOR: keep
/// The keeper's whole life: it starts the program, waits, and ends as it did.
pub fn keep_end(parent: u32, command: &[OsString]) -> ExitCode {
    // When the wire ends, however it ends, the kernel ends the keeper.
    let asked = prctl::set_pdeathsig(Signal::SIGKILL);
    if asked.is_err() || !fs::exists(format!("/proc/{parent}")).unwrap_or(false) {
        return ExitCode::FAILURE;
    }
    let Some((program, arguments)) = command.split_first() else {
        return ExitCode::FAILURE;
    };
    match Command::new(program).args(arguments).status() {
        Ok(status) => {
            let code = status
                .code()
                .or(status.signal().map(|s| 128 + s))
                .unwrap_or(1);
            ExitCode::from(u8::try_from(code).unwrap_or(1))
        }
        Err(error) => {
            complain(format_args!(
                "cannot start {}: {}",
                program.display(),
                error.kind()
            ));
            ExitCode::from(127)
        }
    }
}
// ANCHOR_END: keep

/// What a program prints, shown line by line behind its name.
pub struct Screen {
    name: &'static str,
    state: Mutex<State>,
}

struct State {
    input: UnixStream,
    line: Vec<u8>,
    ended: bool,
}

impl Screen {
    fn new(name: &'static str, input: UnixStream) -> Self {
        let state = State {
            input,
            line: Vec::new(),
            ended: false,
        };
        Self {
            name,
            state: Mutex::new(state),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what is there now. A program prints before it sends: with a call
    /// before each frame is reported, the lines stand in the order of events.
    pub fn catch_up(&self) {
        let mut state = self.state();
        let mut buf = [0; 4096];
        while !state.ended {
            match state.input.read(&mut buf) {
                Ok(0) => state.ended = true,
                Ok(len) => state.take(&buf[..len], self.name),
                Err(e) if e.kind() == ErrorKind::WouldBlock => return,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(_) => state.ended = true,
            }
        }
        if !state.line.is_empty() {
            state.take(b"\n", self.name);
        }
    }

    /// Shows everything until the program has closed its output.
    fn show(&self) {
        let Ok(input) = self.state().input.try_clone() else {
            return;
        };
        while !self.state().ended {
            let mut waiting = [PollFd::new(input.as_fd(), PollFlags::POLLIN)];
            let _ = poll(&mut waiting, PollTimeout::NONE);
            self.catch_up();
        }
    }
}

impl State {
    fn take(&mut self, bytes: &[u8], name: &str) {
        for part in bytes.split_inclusive(|b| *b == b'\n') {
            self.line.extend_from_slice(part);
            if self.line.ends_with(b"\n") {
                let line = String::from_utf8_lossy(&self.line);
                tell(format!("{name} | {line}").trim_end());
                self.line.clear();
            }
        }
    }
}

/// Prints one line. When nobody reads any more, the wire ends, and the kernel
/// takes everything else down with it.
pub fn tell(line: impl std::fmt::Display) {
    if say(line).is_err() {
        process::exit(0);
    }
}
