//! The last safety net: a process that outlives the server, and ends what the
//! server has started when the server itself was ended from outside.
//!
//! It reads from a pipe whose other end only the server holds. When the pipe
//! ends, whatever was not taken back is ended. On Windows no such process is
//! needed: the job objects of the labs end with the server.

use std::sync::Arc;

/// Tells the guardian which process groups are there.
#[derive(Clone, Default)]
pub(crate) struct Guardian(Option<Arc<Pipe>>);

/// Takes a process group back when it is dropped.
pub(super) struct Guarded {
    guardian: Guardian,
    group: Option<u32>,
}

#[cfg(not(unix))]
struct Pipe;

#[cfg(unix)]
struct Pipe(std::sync::Mutex<std::process::ChildStdin>);

impl Guardian {
    /// Ends this group if the server does not live to do it.
    pub(super) fn guard(&self, group: Option<u32>) -> Guarded {
        let guardian = self.clone();
        if let Some(group) = group {
            guardian.tell('+', group);
        }
        Guarded { guardian, group }
    }

    #[cfg(unix)]
    fn tell(&self, sign: char, group: u32) {
        use std::io::Write;
        use std::sync::PoisonError;
        if let Some(pipe) = &self.0 {
            let mut pipe = pipe.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Without a guardian the labs still end with their pages.
            let _ = pipe.write_all(format!("{sign}{group}\n").as_bytes());
        }
    }

    #[cfg(not(unix))]
    fn tell(&self, _sign: char, _group: u32) {
        let _ = &self.0;
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            self.guardian.tell('-', group);
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::collections::BTreeSet;
    use std::io::{self, BufRead};
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};
    use std::sync::{Arc, Mutex};

    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;

    use super::{Guardian, Pipe};

    impl Guardian {
        /// Starts the guardian: this very program, in a group of its own, so that
        /// Ctrl-C does not reach it.
        ///
        /// # Errors
        /// What the system says.
        pub(crate) fn start() -> io::Result<Guardian> {
            let mut child = Command::new(std::env::current_exe()?)
                .arg(super::COMMAND)
                .process_group(0)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            let pipe = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
            Ok(Guardian(Some(Arc::new(Pipe(Mutex::new(pipe))))))
        }
    }

    /// What the guardian does: it waits for the end of its input.
    pub(crate) fn watch() {
        let mut groups = BTreeSet::new();
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            match line.split_at_checked(1) {
                Some(("+", group)) => groups.extend(group.parse::<i32>()),
                Some(("-", group)) => {
                    let _ = group.parse().map(|group: i32| groups.remove(&group));
                }
                _ => {}
            }
        }
        for group in groups {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
    }
}

#[cfg(unix)]
pub(crate) use unix::watch;

/// The command that makes this program the guardian.
#[cfg(unix)]
pub(crate) const COMMAND: &str = "guard-what-runs";

#[cfg(not(unix))]
impl Guardian {
    /// Nothing to start.
    ///
    /// # Errors
    /// None.
    pub(crate) fn start() -> std::io::Result<Guardian> {
        Ok(Guardian(None))
    }
}
