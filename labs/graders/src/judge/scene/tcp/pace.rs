//! How an answer waits, and what the peers do to make it.

use std::thread;
use std::time::{Duration, Instant};

use super::{Event, NO_REACTION, PAUSE, SETTLING, Scene, StreamId};
use crate::judge::Line;

/// So much processor time without a rest: it does not wait, it asks again and
/// again. The kernel counts it in steps of 10 ms.
const SPINNING: Duration = Duration::from_millis(40);
/// Seen waiting so often: it waits.
const SEEN_WAITING: u32 = 8;

impl Scene {
    /// The most memory that the answer has asked the system for so far, in
    /// bytes; `None` where the system does not tell.
    pub fn asked_for(&self) -> Option<u64> {
        self.running.watch.asked_for()
    }

    /// Whether an answer that has nothing to do uses the processor all the same.
    ///
    /// Only Linux tells.
    pub fn spins(&mut self) -> bool {
        let (begun, busy) = (Instant::now(), self.running.watch.busy());
        let mut waits = 0;
        while waits < SEEN_WAITING && begun.elapsed() < SETTLING {
            self.running.listen(); // its reports are kept for later
            match self.running.watch.rest() {
                Some((false, _)) => {}
                Some((true, _)) => waits += 1,
                None => return false,
            }
            if self.running.watch.busy().saturating_sub(busy) >= SPINNING {
                return true;
            }
            thread::sleep(PAUSE);
        }
        false
    }

    /// Waits until an answer that rests has woken up by itself and rests again,
    /// as one does whose time limit is over; `false` for one that sleeps on.
    ///
    /// Only Linux tells; elsewhere the answer gets the same time.
    pub fn wakes(&mut self) -> bool {
        let begun = Instant::now();
        let before = self.running.watch.rest().map(|(_, runs)| runs);
        while begun.elapsed() < SETTLING {
            self.running.listen();
            let rest = self.running.watch.rest();
            let woke = rest.is_some_and(|(waits, runs)| waits && Some(runs) != before);
            let slept = rest.is_none_or(|(waits, _)| waits) && begun.elapsed() >= NO_REACTION;
            if woke || slept || self.running.is_gone() {
                return woke;
            }
            thread::sleep(PAUSE);
        }
        false
    }

    /// Waits for the next event on connections that only the answer's program
    /// ends, when it is over: that it is over is told, and not what came of it.
    pub fn wait_through(&mut self) -> Event {
        let page = self.page();
        let event = self.wait();
        self.through(event, page)
    }

    /// The next event that there is now, as [`Scene::wait_through`] tells it.
    pub fn now(&mut self) -> Option<Event> {
        let page = self.page();
        let event = self.wait_for(Duration::ZERO)?;
        Some(self.through(event, page))
    }

    fn through(&mut self, event: Event, page: Vec<Line>) -> Event {
        if !matches!(event, Event::End { .. } | Event::Reset { .. }) {
            return event;
        }
        while let Some(next) = self.wait_for(Duration::ZERO) {
            if matches!(next, Event::Unwound { .. } | Event::Ended) {
                self.turn_back(page);
                return next;
            }
        }
        event
    }

    /// The peer's part is over: its socket is closed, and nobody tells.
    pub fn forget(&mut self, stream: StreamId) {
        self.tcp.streams[stream.0].socket = None;
    }

    /// From here on the peer's kernel keeps its acknowledgements back for a
    /// moment, as it does for a program that answers what it is sent.
    ///
    /// Only Linux can be told to.
    pub fn delay_acks(&mut self, stream: StreamId) {
        #[cfg(target_os = "linux")]
        if let Some(socket) = &self.tcp.streams[stream.0].socket {
            let _ = socket2::SockRef::from(socket).set_tcp_quickack(false);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = stream;
    }
}
