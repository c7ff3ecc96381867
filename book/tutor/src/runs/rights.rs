//! Whether this system lets a reader make the networks that a lab needs.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

use super::recipe::WIRE;
use crate::words::say;

/// How long the trial may take.
const TRIAL: Duration = Duration::from_secs(5);
/// How much of its words is read, in bytes.
const WORDS: u64 = 4096;

/// What a trial has found; clones share it.
#[derive(Clone, Default)]
pub(super) struct Rights(Arc<AtomicBool>);

impl Rights {
    /// Tries whether the wire between two networks can be had, with nothing at
    /// its ends: the lab itself knows what it needs, and says what is missing.
    ///
    /// # Errors
    /// One sentence: this system does not allow it.
    pub(super) async fn check(&self, wire: &Path) -> Result<(), String> {
        if self.0.load(Ordering::Relaxed) {
            return Ok(());
        }
        match timeout(TRIAL, refusal(wire)).await {
            Ok(Some(why)) => Err(say!("run-not-here", why = why)),
            // A reader's own change to the lab may break it: the run shows how.
            Err(_) | Ok(None) => {
                self.0.store(true, Ordering::Relaxed);
                Ok(())
            }
        }
    }
}

/// The sentence with which the lab gives up, if it does.
async fn refusal(wire: &Path) -> Option<String> {
    let nothing = [WIRE, "--help"];
    let mut child = Command::new(wire)
        .arg("--")
        .args(nothing)
        .arg("--")
        .args(nothing)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let mut said = Vec::new();
    let errors = child.stderr.take()?;
    errors.take(WORDS).read_to_end(&mut said).await.ok()?;
    let status = child.wait().await.ok()?;
    let said = String::from_utf8_lossy(&said);
    let sentence = said.trim_end();
    let gave_up = status.code() == Some(1) && sentence.lines().count() == 1;
    gave_up.then(|| sentence.trim_end_matches('.').to_owned())
}
