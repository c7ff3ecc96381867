//! What an answer prints: shown in a verdict, and proof of nothing.

use std::io::Read;
use std::process::Child;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// How much is kept of each stream, in bytes.
const MOST: usize = 4096;
/// How long the streams may stay open after the child's end: a process that
/// the answer started may still hold them.
const PATIENCE: Duration = Duration::from_millis(500);

/// The standard output and the standard error of a child.
pub struct Printed(Vec<Receiver<Vec<u8>>>);

impl Printed {
    /// Begins to read both streams, so that the child never waits for a reader.
    pub fn of(child: &mut Child) -> Self {
        Self(vec![keep(child.stdout.take()), keep(child.stderr.take())])
    }

    /// All that was kept, standard output first, once the child has ended.
    pub fn collect(&mut self) -> String {
        let kept: Vec<u8> = self
            .0
            .drain(..)
            .filter_map(|s| s.recv_timeout(PATIENCE).ok())
            .flatten()
            .collect();
        String::from_utf8_lossy(&kept).into_owned()
    }
}

/// Reads a stream to its end and hands over the first of it.
fn keep(stream: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (done, kept) = mpsc::channel();
    if let Some(mut stream) = stream {
        thread::spawn(move || {
            let mut first = Vec::new();
            let mut buf = [0; 4096];
            while let Ok(n @ 1..) = stream.read(&mut buf) {
                let room = MOST.saturating_sub(first.len());
                first.extend(&buf[..n.min(room)]);
            }
            let _ = done.send(first); // nobody may want it any more
        });
    }
    kept
}
