//! Terminals for tests: real programs, and what each of them showed.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take for anything that a test waits for. It is only
/// reached when something is wrong.
const DEADLINE: Duration = Duration::from_secs(20);

/// A program in a terminal: its command as a reader types it, what it printed
/// (standard output and standard error in the order of their writing), and
/// what was typed into it. It is ended when it is dropped.
pub struct Terminal {
    title: &'static str,
    command: String,
    child: Program,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    shown: Vec<String>,
    status: Option<ExitStatus>,
}

impl Terminal {
    /// Starts `program` with `shown_args`, which the transcript shows, and
    /// `hidden_args`, which stand for the defaults that a test cannot use
    /// (a fixed port). `command` is what a reader types.
    pub fn open(title: &'static str, command: &str, program: &Path, args: &[&str]) -> Self {
        let (reader, writer) = io::pipe().expect("a pipe");
        let child = Command::new(program)
            .args(args)
            .env_remove("RUST_BACKTRACE")
            .env("PYTHONUNBUFFERED", "1")
            .stdin(Stdio::piped())
            .stdout(writer.try_clone().expect("a pipe's end"))
            .stderr(writer)
            .spawn()
            .unwrap_or_else(|e| panic!("cannot start {}: {e}", program.display()));
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line)
                    .trim_end_matches('\r')
                    .to_string();
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut child = Program(child);
        let input = child.0.stdin.take();
        Self {
            title,
            command: command.into(),
            child,
            input,
            lines,
            shown: Vec::new(),
            status: None,
        }
    }

    /// Waits for the next line and returns it.
    pub fn line(&mut self) -> String {
        match self.lines.recv_timeout(DEADLINE) {
            Ok(line) => {
                self.shown.push(line.clone());
                line
            }
            Err(e) => panic!("no further line ({e}) from:\n{}", self.text()),
        }
    }

    /// Waits for a server's first line and returns the port that it names.
    pub fn port(&mut self) -> u16 {
        let line = self.line();
        let port = line
            .strip_prefix("listening on ")
            .and_then(|a| a.rsplit_once(':')?.1.parse().ok());
        port.unwrap_or_else(|| panic!("no port in {line:?}"))
    }

    /// Types a line.
    pub fn enter(&mut self, line: &[u8]) {
        let input = self.input.as_mut().expect("the input is open");
        input
            .write_all(&[line, b"\n"].concat())
            .expect("the program reads");
        self.shown
            .push(format!("< {}", String::from_utf8_lossy(line)));
    }

    /// Gives the program this input, all of it, as a pipe in front of it does.
    pub fn pipe_in(&mut self, bytes: &[u8]) {
        if let Some(mut input) = self.input.take() {
            // A program that has seen enough may be gone already.
            let _ = input.write_all(bytes);
        }
    }

    /// The same, without waiting until the program has taken all of it.
    pub fn feed(&mut self, bytes: Vec<u8>) {
        if let Some(mut input) = self.input.take() {
            thread::spawn(move || input.write_all(&bytes));
        }
    }

    /// The process, as the system numbers it.
    #[cfg(target_os = "linux")] // where /proc says more about it
    pub fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Ends the input, as Ctrl-D does.
    pub fn end_input(&mut self) {
        self.input = None;
    }

    /// Waits until the program has ended, and takes all that it still showed.
    pub fn finish(&mut self) -> ExitStatus {
        self.end_input();
        loop {
            match self.lines.recv_timeout(DEADLINE) {
                Ok(line) => self.shown.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("does not end:\n{}", self.text()),
            }
        }
        let deadline = Instant::now() + DEADLINE;
        let status = loop {
            if let Some(status) = self.child.0.try_wait().expect("the child can be asked") {
                break status;
            }
            assert!(Instant::now() < deadline, "does not end:\n{}", self.text());
            thread::yield_now();
        };
        self.status = Some(status);
        status
    }

    /// The terminal as the book shows it.
    pub fn text(&self) -> String {
        let mut text = format!("=== {}\n$ {}\n", self.title, self.command);
        for line in &self.shown {
            text.push_str(line);
            text.push('\n');
        }
        if let Some(code) = self.status.and_then(|s| s.code()).filter(|code| *code != 0) {
            text.push_str(&format!("[exit status {code}]\n"));
        }
        text
    }
}

/// A child that ends with the test, also when the test fails.
pub struct Program(pub Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The file of a lab's program: cargo builds all of them before the tests of
/// their package, and names each; they lie side by side.
pub fn lab(name: &str) -> PathBuf {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Path::new(env!("CARGO_BIN_EXE_lab03_udp_server")).with_file_name(file)
}

/// Starts a lab. `args` are those that a reader types; a server's `--listen`
/// and a client's `--server` are added unseen where `unseen` has them, because
/// a test cannot use the default port.
pub fn run(title: &'static str, name: &str, args: &[&str], unseen: &[&str]) -> Terminal {
    let quoted = |a: &&str| {
        if a.is_empty() || a.contains([' ', '[']) {
            format!("\"{a}\"")
        } else {
            (*a).to_string()
        }
    };
    let mut command = format!("cargo run --bin {name}");
    if !args.is_empty() {
        let args: Vec<_> = args.iter().map(quoted).collect();
        command.push_str(&format!(" -- {}", args.join(" ")));
    }
    Terminal::open(title, &command, &lab(name), &[unseen, args].concat())
}

/// A program of the system's, or a word on why the test is skipped. Where
/// `SOCKETS_NO_SKIP` is set, as in `scripts/check`, a skip is a failure.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = |folder: PathBuf| {
        let file = folder.join(name);
        let file = if cfg!(windows) {
            file.with_extension("exe")
        } else {
            file
        };
        file.is_file().then_some(file)
    };
    // A name may stand for a launcher that finds nothing to launch: ask it.
    let answers = |f: &PathBuf| {
        Command::new(f)
            .arg("-h")
            .stdin(Stdio::null())
            .output()
            .is_ok_and(|o| name != "python3" || o.status.success())
    };
    let found = std::env::split_paths(&path).filter_map(file).find(answers);
    if found.is_none() {
        skip(&format!("{name} is not installed"));
    }
    found
}

/// Says why a test did nothing.
pub fn skip(why: &str) {
    assert!(
        std::env::var_os("SOCKETS_NO_SKIP").is_none(),
        "nothing may be skipped here: {why}"
    );
    eprintln!("skipped: {why}");
}

/// A Python program of the book.
pub fn python(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("python")
        .join(name)
        .display()
        .to_string()
}
