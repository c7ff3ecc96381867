//! Judges exercise 7.1: a receiver that loses, repeats and delays, opposite one
//! half, and a sender that does so, opposite the other.

use std::time::{Duration, Instant};

use crate::judge::{Bench, Event, Outcome, PeerId, REACTION, Scene, side_by_side};

mod receiver;
mod sender;

/// A time limit so long that no busy machine makes it pass by chance, in milliseconds.
const LONG: u64 = 20_000;
/// As many messages as there are numbers, and two more.
const ALL_NUMBERS: usize = 258;
/// The longest message that a datagram holds behind its number, in bytes; macOS
/// sends no more than 9,216 at once.
const LARGE: usize = if cfg!(target_os = "macos") {
    9_000
} else {
    65_506
};

/// Plays the other half for both; a half that is not written yet is left out.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let missing = [sender::todo(bench)?, receiver::todo(bench)?];
    if missing.iter().all(Option::is_some) {
        return Err(Outcome::NotStarted);
    }
    side_by_side(&[
        &|| missing[0].map_or_else(|| sender::grade(bench), |_| Ok(())),
        &|| missing[1].map_or_else(|| receiver::grade(bench), |_| Ok(())),
    ])?;
    match missing.into_iter().flatten().next() {
        Some(line) => Err(Outcome::Unfinished { line }),
        None => Ok(()),
    }
}

/// One call of one half, and its peer.
struct Stage {
    scene: Scene,
    peer: PeerId,
}

impl Stage {
    /// Starts the answer; the peer's name is the key `name`.
    fn new(bench: &Bench<'_>, name: &'static str) -> Result<Self, Outcome> {
        let mut scene = Scene::start(bench)?;
        let peer = scene.udp_peer(name)?;
        Ok(Self { scene, peer })
    }

    /// The line of the `todo!()` that the call came to before it did anything.
    fn todo(mut self) -> Result<Option<u32>, Outcome> {
        match self.scene.see(REACTION) {
            Some(event @ Event::Unwound { .. }) => {
                let line = self.scene.panic_line();
                match self.scene.usual(event, "expecting-start") {
                    Outcome::NotStarted => Ok(line),
                    _ => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }
}

/// When something happened: between these two moments.
#[derive(Clone, Copy)]
struct Moment {
    after: Instant,
    before: Instant,
}

impl Moment {
    /// That of the event which the scene gave just now.
    fn of(scene: &Scene) -> Self {
        Self {
            after: scene.silent_until(),
            before: Instant::now(),
        }
    }

    /// The shortest time that can have passed since the other moment.
    fn least_since(self, earlier: Self) -> Duration {
        self.after.saturating_duration_since(earlier.before)
    }

    /// The longest time that can have passed since the other moment.
    fn most_since(self, earlier: Self) -> Duration {
        self.before.saturating_duration_since(earlier.after)
    }
}

/// Whether so much time is surely less than what was due. Kernels round.
fn too_short(time: Duration, due: Duration) -> bool {
    time < due * 9 / 10
}

/// Whether so much time is more than a machine at rest needs for what was due.
/// The last time that it is asked, a busy one has the benefit of the doubt.
fn too_long(time: Duration, due: Duration, last: bool) -> bool {
    if last {
        time > due * 7 / 5 + Duration::from_millis(30)
    } else {
        time > due * 5 / 4 + Duration::from_millis(10)
    }
}
