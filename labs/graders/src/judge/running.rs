//! An answer that runs: its process, the private channel to it, and what it
//! reports there.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::printed::Printed;
use super::stuck::Watch;
use crate::wire::{self, Message};

/// How long a process may take to end after its channel is closed.
const LAST_STEPS: Duration = Duration::from_secs(2);

/// The first panic of an answer.
pub struct Panic {
    /// Its message.
    pub message: String,
    /// The line of the answer's file.
    pub line: u32,
}

/// Does something while no other thread starts an answer.
///
/// A process that is being started has a copy of every socket of this one, until
/// it runs its own program: a socket that is closed meanwhile is still open there.
pub fn closing_for_good<T>(act: impl FnOnce() -> T) -> T {
    static STARTING: Mutex<()> = Mutex::new(());
    let _alone = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    act()
}

/// Starts a process, and returns when it runs its own program.
///
/// The pipe is one more thing that the new process has a copy of until then; it
/// is not enough that `spawn` has returned (Linux wakes the parent of a `vfork`
/// before it closes what the new program is not to have).
fn spawn(command: &mut Command) -> io::Result<Child> {
    let (mut reader, writer) = io::pipe()?;
    let child = command.spawn()?;
    drop(writer);
    // Its end is all that can come; nothing is lost if the read fails.
    let _ = reader.read(&mut [0]);
    Ok(child)
}

/// A running answer. It is ended when it is dropped.
pub struct Running {
    child: Child,
    listener: TcpListener,
    token: String,
    channel: Option<TcpStream>,
    unread: Vec<u8>,
    gone: bool,
    reports: VecDeque<Message>,
    printed: Printed,
    /// The first panic, if there was one.
    pub panic: Option<Panic>,
    /// Looks whether it makes progress.
    pub watch: Watch,
}

impl Running {
    /// Starts the program and tells it where its judge is.
    pub fn start(program: &Path) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let token = format!("{:016x}", fastrand::u64(..));
        let mut command = Command::new(program);
        command
            .env(wire::CHANNEL, format!("{}/{token}", listener.local_addr()?))
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = closing_for_good(|| spawn(&mut command))?;
        Ok(Self {
            printed: Printed::of(&mut child),
            watch: Watch::new(child.id()),
            child,
            listener,
            token,
            channel: None,
            unread: Vec::new(),
            gone: false,
            reports: VecDeque::new(),
            panic: None,
        })
    }

    /// Sends a call. An answer that is gone is noticed at the next look.
    pub fn call(&mut self, message: &[Vec<u8>]) -> io::Result<()> {
        self.watch.begin();
        if let Some(channel) = &self.channel {
            channel.set_nonblocking(false)?;
            self.gone |= wire::write(channel, message).is_err();
            channel.set_nonblocking(true)?;
        }
        Ok(())
    }

    /// Whether the answer can say nothing more: it closed its channel, or ended
    /// without having opened one.
    pub fn is_gone(&mut self) -> bool {
        self.gone || (self.channel.is_none() && !matches!(self.child.try_wait(), Ok(None)))
    }

    /// Listens, and takes a report if there is one.
    pub fn report(&mut self) -> Option<Message> {
        self.listen();
        self.report_heard()
    }

    /// Takes a report of those already heard; a panic's is kept for later.
    pub fn report_heard(&mut self) -> Option<Message> {
        while let Some(report) = self.reports.pop_front() {
            if report[0] != b"panicked" {
                return Some(report);
            }
            self.panic.get_or_insert(Panic {
                message: field(&report, 1),
                line: field(&report, 2).parse().unwrap_or(0),
            });
        }
        None
    }

    /// Reads what the channel holds now.
    pub fn listen(&mut self) {
        if self.channel.is_none() {
            self.channel = accept(&self.listener, &self.token);
        }
        let Some(channel) = &mut self.channel else {
            return;
        };
        let mut buf = [0; 65_536];
        loop {
            match channel.read(&mut buf) {
                Ok(0) => self.gone = true,
                Ok(n) => {
                    self.unread.extend(&buf[..n]);
                    continue;
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) if e.kind() == ErrorKind::WouldBlock => {}
                Err(_) => self.gone = true,
            }
            break;
        }
        while let Ok(Some((report, len))) = wire::parse(&self.unread) {
            self.unread.drain(..len);
            self.reports.push_back(report);
        }
    }

    /// How a program that is gone ended: its exit status, or the system's words
    /// for another end.
    pub fn status(&mut self) -> String {
        let deadline = Instant::now() + LAST_STEPS;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
        match self.child.try_wait() {
            Ok(Some(status)) => status.code().map_or(status.to_string(), |c| c.to_string()),
            _ => "?".into(),
        }
    }

    /// Ends the answer, and returns what it printed.
    pub fn end_and_collect(&mut self) -> String {
        self.end();
        self.printed.collect()
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// A field of a report as text; empty where there is none.
pub fn field(report: &Message, at: usize) -> String {
    let bytes = report.get(at).map(Vec::as_slice).unwrap_or_default();
    String::from_utf8_lossy(bytes).into_owned()
}

/// Accepts a caller that knows the token: our child, and nobody else.
fn accept(listener: &TcpListener, token: &str) -> Option<TcpStream> {
    let (stream, _) = listener.accept().ok()?;
    stream.set_nonblocking(false).ok()?; // on some systems it is inherited
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let hello = wire::read(&stream).ok()?;
    if hello != [token.as_bytes()] {
        return None;
    }
    stream.set_nonblocking(true).ok()?;
    stream.set_nodelay(true).ok()?;
    Some(stream)
}
