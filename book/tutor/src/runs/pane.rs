//! One terminal of a run: a process, what it is told, and what it says.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::guardian::Guardian;

/// How much is read at once, in bytes.
const CHUNK: usize = 8 * 1024;
/// How many lines wait for a lab that does not read.
const TYPED: usize = 16;
/// How long the last words of a lab that has ended are waited for: whatever it
/// has started may still hold the pipe.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// Which of the two a lab wrote to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Error,
}

/// What happens in a terminal.
pub(super) enum Event {
    Output(usize, Stream, Vec<u8>),
    Ended(usize, io::Result<ExitStatus>),
}

/// A lab that runs. It is ended, with all that it has started, when this is
/// dropped.
pub(super) struct Pane {
    typed: Option<mpsc::Sender<String>>,
    alive: oneshot::Sender<()>,
    whole: JoinHandle<()>,
}

impl Pane {
    /// Starts a program in a folder; `number` comes back with its events.
    ///
    /// # Errors
    /// What the system says when it cannot start it.
    pub(super) fn start(
        number: usize,
        program: &Path,
        folder: &Path,
        arguments: &[String],
        is_typed: bool,
        guardian: &Guardian,
        events: &mpsc::Sender<Event>,
    ) -> io::Result<Pane> {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(folder)
            .env_remove("RUST_BACKTRACE")
            .stdin(if is_typed {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut command = CommandWrap::from(command);
        command.wrap(KillOnDrop);
        #[cfg(unix)]
        command.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::tokio::JobObject);
        let mut child = command.spawn()?;

        let guarded = guardian.guard(child.id());
        let typed = child.stdin().take().map(|stdin| {
            let (typed, lines) = mpsc::channel(TYPED);
            tokio::spawn(write(stdin, lines));
            typed
        });
        let out = child.stdout().take();
        let errors = child.stderr().take();
        let readers = [
            out.map(|pipe| tokio::spawn(read(number, Stream::Out, pipe, events.clone()))),
            errors.map(|pipe| tokio::spawn(read(number, Stream::Error, pipe, events.clone()))),
        ];
        let (alive, gone) = oneshot::channel();
        let events = events.clone();
        let whole = tokio::spawn(async move {
            let status = wait(child, gone).await;
            drop(guarded);
            for reader in readers.into_iter().flatten() {
                let _ = timeout(LAST_WORDS, reader).await;
            }
            let _ = events.send(Event::Ended(number, status)).await;
        });
        Ok(Pane {
            typed,
            alive,
            whole,
        })
    }

    /// Hands on what the reader typed; `false` if the lab does not take it.
    pub(super) fn type_in(&self, text: String) -> bool {
        self.typed
            .as_ref()
            .is_some_and(|typed| typed.try_send(text).is_ok())
    }

    /// Ends the lab, and waits until it has ended.
    pub(super) async fn end(self) {
        drop(self.alive);
        let _ = self.whole.await;
    }

    /// Ends the lab's input.
    pub(super) fn end_input(&mut self) {
        self.typed = None;
    }
}

/// Waits for the end of the process, and brings it about when nobody wants it
/// any more.
async fn wait(
    mut child: Box<dyn ChildWrapper>,
    gone: oneshot::Receiver<()>,
) -> io::Result<ExitStatus> {
    tokio::select! {
        status = child.wait() => return status,
        _ = gone => {}
    }
    child.start_kill()?;
    child.wait().await
}

async fn write(mut stdin: ChildStdin, mut lines: mpsc::Receiver<String>) {
    while let Some(line) = lines.recv().await {
        // A lab that has ended takes nothing more; its end is told elsewhere.
        if stdin.write_all(line.as_bytes()).await.is_err() || stdin.flush().await.is_err() {
            return;
        }
    }
}

async fn read(
    number: usize,
    stream: Stream,
    mut pipe: impl AsyncRead + Unpin,
    events: mpsc::Sender<Event>,
) {
    let mut buffer = vec![0; CHUNK];
    while let Ok(len @ 1..) = pipe.read(&mut buffer).await {
        let output = Event::Output(number, stream, buffer[..len].to_vec());
        if events.send(output).await.is_err() {
            return;
        }
    }
}

/// Bytes of a lab as text. A character that is cut in two waits for its rest.
#[derive(Default)]
pub(super) struct Decoder(HashMap<bool, Vec<u8>>);

impl Decoder {
    pub(super) fn text(&mut self, stream: Stream, bytes: &[u8]) -> String {
        let rest = self.0.entry(stream == Stream::Out).or_default();
        rest.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(rest) {
            Ok(_) => rest.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            // Something else is wrong before the end: the last three bytes decide.
            Err(_) => whole_characters(rest),
        };
        let text = String::from_utf8_lossy(&rest[..whole]).into_owned();
        rest.drain(..whole);
        text
    }
}

/// How many bytes there are before a character that is not complete yet.
fn whole_characters(bytes: &[u8]) -> usize {
    let from = bytes.len().saturating_sub(3);
    let begins = (from..bytes.len()).rev().find(|&at| bytes[at] >= 0xC0);
    match begins {
        Some(at) => match std::str::from_utf8(&bytes[at..]) {
            Err(error) if error.error_len().is_none() => at,
            _ => bytes.len(),
        },
        None => bytes.len(),
    }
}
