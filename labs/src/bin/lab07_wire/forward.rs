//! The wire itself: takes frames at one end and gives them to the other one,
//! later, twice, in another order, or not at all.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::fate::Fate;

/// Longer than any frame: 64 KiB behind an Ethernet header.
const LONGEST: usize = 65_536 + 14;

/// How many frames are on their way at the most; a wire holds no more than its
/// length and its speed allow.
const ON_THEIR_WAY: usize = 65_536;

/// How long a frame that is held back waits for the next one at the most.
const HELD: Duration = Duration::from_millis(200);

/// How much too late a sleeping program may wake up.
const OVERSLEPT: Duration = Duration::from_micros(200);

/// A frame on its way, and when it is due at the other end.
struct Due {
    at: Instant,
    frame: Vec<u8>,
    held_back: bool,
}

/// How many frames did not arrive although nobody had decided so.
pub type Lost = Arc<AtomicU64>;

// ANCHOR: forward
/// Forwards what comes out of `from` to `to` after `delay`, as `decide` says
/// for each frame: its number, counted from 1, and its bytes.
pub fn forward(
    mut from: File,
    to: File,
    delay: Duration,
    mut decide: impl FnMut(u64, &[u8]) -> Fate + Send + 'static,
) -> io::Result<Lost> {
    let lost = Lost::default();
    let (sender, on_their_way) = mpsc::sync_channel(ON_THEIR_WAY);
    let at_the_end = lost.clone();
    thread::Builder::new().spawn(move || deliver(to, &on_their_way, &at_the_end))?;
    let at_the_start = lost.clone();
    thread::Builder::new().spawn(move || {
        let mut buf = [0; LONGEST];
        for number in 1.. {
            let Some(len) = next_frame(&mut from, &mut buf) else {
                return; // the interface is gone
            };
            let at = Instant::now() + delay;
            let fate = decide(number, &buf[..len]);
            for _ in 0..fate.copies() {
                let due = Due {
                    at,
                    frame: buf[..len].to_vec(),
                    held_back: fate == Fate::HeldBack,
                };
                if sender.try_send(due).is_err() {
                    at_the_start.fetch_add(1, Relaxed); // the wire is full
                }
            }
        }
    })?;
    Ok(lost)
}
// ANCHOR_END: forward

/// Reads the next frame; one read is one frame.
fn next_frame(from: &mut File, buf: &mut [u8]) -> Option<usize> {
    loop {
        match from.read(buf) {
            Ok(len) => return Some(len),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}

// ANCHOR: deliver
/// Gives each frame to the other end when it is due. All of a direction have
/// the same delay, so they are due in the order in which they came.
fn deliver(mut to: File, on_their_way: &Receiver<Due>, lost: &AtomicU64) {
    // Wake up when a frame is due, and not up to 50 µs later (prctl(2)).
    let _ = nix::sys::prctl::set_timerslack(1);
    let mut write = |due: Due| {
        // It fails while the interface is down, as on a cable that is pulled.
        if to.write(&due.frame).is_err() {
            lost.fetch_add(1, Relaxed);
        }
    };
    let mut held: Vec<Due> = Vec::new();
    loop {
        // Without a frame that is held back this waits as long as it takes.
        let limit = held.first().map(|first| first.at + HELD);
        let next = match limit {
            None => on_their_way.recv().map_err(RecvTimeoutError::from),
            Some(limit) => on_their_way.recv_timeout(until(limit)),
        };
        if let (Some(limit), Ok(Due { at, .. })) = (limit, &next)
            && *at > limit
        {
            sleep_until(limit);
            held.drain(..).rev().for_each(&mut write);
        }
        match next {
            Ok(due) if due.held_back => held.push(due),
            Ok(due) => {
                sleep_until(due.at);
                write(due);
                // Each after the one that followed it: the last one first.
                held.drain(..).rev().for_each(&mut write);
            }
            Err(RecvTimeoutError::Timeout) => held.drain(..).rev().for_each(&mut write),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
// ANCHOR_END: deliver

/// Sleeps until shortly before, and watches the clock for the rest: who sleeps
/// does not wake up to the microsecond.
fn sleep_until(at: Instant) {
    thread::sleep(until(at).saturating_sub(OVERSLEPT));
    while Instant::now() < at {
        std::hint::spin_loop();
    }
}

fn until(at: Instant) -> Duration {
    at.saturating_duration_since(Instant::now())
}
