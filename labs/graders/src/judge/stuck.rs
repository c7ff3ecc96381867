//! Notices an answer that makes no progress, and says where it is.
//!
//! On Linux the kernel tells: a thread that waits stands in a system call, and
//! as long as neither the call nor the number of its context switches changes,
//! it has not run. Time counts only while that was looked at, so a busy machine
//! delays the verdict and does not change it. Elsewhere there is a deadline.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
mod linux;

/// Every thread in one unchanged call for so long: the answer hangs.
#[cfg(target_os = "linux")]
const UNCHANGED: Duration = Duration::from_millis(1000);
/// Every thread waiting, in whatever calls, for so long without an event: it
/// only wakes to wait again.
#[cfg(target_os = "linux")]
const WAITING: Duration = Duration::from_millis(2300);
/// So much processor time without an event: it spins.
#[cfg(target_os = "linux")]
const BUSY: Duration = Duration::from_millis(1500);
/// Without the kernel's help: so long without an event.
const DEADLINE: Duration = Duration::from_secs(10);
/// How often to look, and the most that one look counts for.
const LOOK: Duration = Duration::from_millis(20);

/// An answer that makes no progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// How that was noticed.
    pub why: Why,
    /// Its threads when they waited last, the main one first; empty where the
    /// system does not tell.
    pub threads: Vec<Waiting>,
}

/// How a lack of progress was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Every thread stands in a call that does not return.
    Blocked,
    /// It wakes now and then, only to wait again.
    Waking,
    /// It computes, or asks again and again without waiting.
    Busy,
    /// No more is known than that nothing came for ten seconds.
    Silent,
}

/// Where one thread waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The call, as far as it is known.
    pub call: Call,
    /// The socket that the call is about, where it is about one.
    pub socket: Option<Socket>,
}

/// What a waiting thread waits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// It does not wait: it runs.
    Running,
    /// `recv`, `recv_from`: a receive from a socket.
    Receive,
    /// `send`, `send_to`, `write` on a socket: the buffer is full.
    Send,
    /// `accept`: a client to come.
    Accept,
    /// `connect`: an answer to a SYN.
    Connect,
    /// `read` from something that is no socket.
    Read,
    /// `write` to something that is no socket.
    Write,
    /// `poll` and its kin.
    Poll,
    /// `thread::sleep`.
    Sleep,
    /// A `Mutex` that another one holds.
    Lock,
    /// `JoinHandle::join`.
    Join,
    /// A channel's `recv`, `thread::park`, a condition variable.
    Park,
    /// The end of a child process.
    Child,
    /// Another call, by its number.
    Other(i64),
}

/// A socket as the kernel lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// `UDP` or `TCP`.
    pub protocol: &'static str,
    /// Its own address.
    pub local: SocketAddr,
    /// Its peer's address, when it is connected.
    pub remote: Option<SocketAddr>,
    /// The key of the name of the peer that it is connected to, where that is
    /// one of the scene's.
    pub peer: Option<&'static str>,
    /// A TCP socket's state, by its name in RFC 9293.
    pub state: Option<&'static str>,
}

/// Looks at one process now and then.
pub struct Watch {
    #[cfg(target_os = "linux")]
    process: linux::Process,
    last_look: Instant,
    begun: Instant,
    #[cfg(target_os = "linux")]
    unchanged: Duration,
    #[cfg(target_os = "linux")]
    waiting: Duration,
}

impl Watch {
    /// A watch over the process with this id.
    pub fn new(pid: u32) -> Self {
        #[cfg(not(target_os = "linux"))]
        let _ = pid;
        Self {
            #[cfg(target_os = "linux")]
            process: linux::Process::new(pid),
            last_look: Instant::now(),
            begun: Instant::now(),
            #[cfg(target_os = "linux")]
            unchanged: Duration::ZERO,
            #[cfg(target_os = "linux")]
            waiting: Duration::ZERO,
        }
    }

    /// Begins to wait for an event: processor time counts from here.
    pub fn begin(&mut self) {
        #[cfg(target_os = "linux")]
        self.process.restart();
        self.last_look = Instant::now();
        self.begun = self.last_look;
        #[cfg(target_os = "linux")]
        {
            self.unchanged = Duration::ZERO;
            self.waiting = Duration::ZERO;
        }
    }

    /// Whether every thread waits now, and a number that changes whenever one of
    /// them has run and waits again; `None` where the system does not tell.
    pub fn rest(&self) -> Option<(bool, u64)> {
        #[cfg(target_os = "linux")]
        return self.process.rest();
        #[cfg(not(target_os = "linux"))]
        None
    }

    /// The processor time that the process has used; 0 where the system does not
    /// tell.
    pub fn busy(&self) -> Duration {
        #[cfg(target_os = "linux")]
        return self.process.cpu().unwrap_or_default();
        #[cfg(not(target_os = "linux"))]
        Duration::ZERO
    }

    /// The most memory that the process has asked the system for so far, in
    /// bytes, used or not; `None` where the system does not tell.
    pub fn asked_for(&self) -> Option<u64> {
        #[cfg(target_os = "linux")]
        return self.process.asked_for();
        #[cfg(not(target_os = "linux"))]
        None
    }

    /// How many descriptors of the process are the TCP socket that is connected
    /// to `peer`; `None` where the system does not tell.
    pub fn handles(&self, peer: SocketAddr) -> Option<usize> {
        #[cfg(target_os = "linux")]
        return self.process.handles(peer);
        #[cfg(not(target_os = "linux"))]
        {
            let _ = peer;
            None
        }
    }

    /// Looks, if it is time to; `Some` when there is no progress.
    pub fn look(&mut self) -> Option<Stuck> {
        let since = self.last_look.elapsed();
        if since < LOOK {
            return None;
        }
        self.last_look = Instant::now();
        #[cfg(target_os = "linux")]
        if let Some(view) = self.process.look() {
            let counted = since.min(LOOK * 2); // the watcher may have slept too
            self.waiting += if view.all_wait {
                counted
            } else {
                Duration::ZERO
            };
            self.unchanged = if view.unchanged {
                self.unchanged + counted
            } else {
                Duration::ZERO
            };
            let why = if self.unchanged >= UNCHANGED {
                Why::Blocked
            } else if self.waiting >= WAITING {
                Why::Waking
            } else if view.busy >= BUSY {
                Why::Busy
            } else {
                return None;
            };
            // What turns in a loop is somewhere else at every look.
            let threads = if why == Why::Busy {
                Vec::new()
            } else {
                self.process.describe()
            };
            return Some(Stuck { why, threads });
        }
        let silent = Stuck {
            why: Why::Silent,
            threads: Vec::new(),
        };
        (self.begun.elapsed() >= DEADLINE).then_some(silent)
    }
}
