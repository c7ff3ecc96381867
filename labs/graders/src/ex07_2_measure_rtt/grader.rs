//! Judges exercise 7.2: an echo server that takes known times, loses, repeats and
//! delays, and a stranger that talks in between.

use std::net::Ipv6Addr;
use std::time::{Duration, Instant};

use crate::judge::{Bench, Event, Fact, Outcome, PeerId, REACTION, Scene, side_by_side};
use crate::messages::say;

/// A time limit so long that no busy machine makes it pass by chance, in milliseconds.
const LONG: u64 = 20_000;
/// How long the server takes for each echo where the times count, in milliseconds.
const DELAYS: [u64; 4] = [40, 0, 15, 0];
/// Time limits for the cases in which they have to pass, in milliseconds: each is
/// tried when this machine, or the answer's luck, was too bad for the one before.
const SHORT: [u64; 3] = [30, 120, 500];
/// The same while something comes every 8 ms.
const NOISY: [u64; 4] = [50, 100, 200, 400];
/// How long that may keep an answer from its next probe.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long an answer may rest before most of its probes.
const AT_ONCE: Duration = Duration::from_millis(12);
/// The time that a clock may be wrong by, where it does not tick often.
const TICK: Duration = if cfg!(target_os = "linux") {
    Duration::ZERO
} else {
    Duration::from_millis(1)
};

/// Plays the server and the stranger.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    side_by_side(&[
        &|| {
            the_times_are_known(bench)?;
            no_probes(bench)?;
            others_are_echoed(bench)?;
            odd_arrivals(bench)
        },
        &|| an_echo_is_late(bench),
        &|| {
            noise_does_not_prolong(bench)?;
            nobody_listens(bench)?;
            an_ipv6_server(bench)
        },
    ])
}

/// A probe as the server saw it, and what is known of its time.
#[derive(Clone, Copy)]
struct Probe {
    /// It was not sent before this moment.
    after: Instant,
    /// It was sent before this moment.
    before: Instant,
    /// Its echo did not come before this moment, if it was sent back.
    echoed: Option<Instant>,
}

/// One call of the answer.
struct Game {
    scene: Scene,
    server: PeerId,
    stranger: PeerId,
    wait: Duration,
    count: u32,
    called: Instant,
    probes: Vec<Probe>,
}

/// What a message needs to know of a time.
type TimeFacts = [(&'static str, Fact); 3];

/// What arrives that is not the echo of the probe.
#[derive(Clone, Copy)]
enum Odd {
    /// A datagram without a byte.
    Empty,
    /// The echo of an earlier probe, late or once more.
    Old,
    /// The right bytes, from a stranger.
    Forged,
    /// Other bytes, and other lengths, from the server.
    Other,
}

impl Game {
    /// Calls the answer with a server at `127.0.0.1`.
    fn call(bench: &Bench<'_>, count: u32, wait: u64) -> Result<Self, Outcome> {
        let mut scene = Scene::start(bench)?;
        let server = scene.udp_peer("server")?;
        Self::begin(scene, server, "called-measure", count, wait)
    }

    /// The same with a wait that the machine's pace decides on.
    fn call_shortly(bench: &Bench<'_>, count: u32, wait: u64) -> Result<Self, Outcome> {
        let mut scene = Scene::start(bench)?;
        let server = scene.udp_peer("server")?;
        Self::begin(scene, server, "called-measure-short", count, wait)
    }

    /// Calls the answer; the line of the exchange is that of the key `how`.
    fn begin(
        mut scene: Scene,
        server: PeerId,
        how: &'static str,
        count: u32,
        wait: u64,
    ) -> Result<Self, Outcome> {
        let stranger = scene.udp_peer("stranger")?;
        let address = scene.address(server)?.to_string();
        let limits = [count.to_string(), wait.to_string()];
        let facts = [("count", count.into()), ("wait", limits[1].as_str().into())];
        let arguments: [&[u8]; 3] = [
            address.as_bytes(),
            limits[0].as_bytes(),
            limits[1].as_bytes(),
        ];
        let called = Instant::now();
        scene.call(how, &facts, &arguments)?;
        Ok(Self {
            scene,
            server,
            stranger,
            wait: Duration::from_millis(wait),
            count,
            called,
            probes: Vec::new(),
        })
    }

    /// The number of the probe that comes next.
    fn next(&self) -> u32 {
        u32::try_from(self.probes.len()).unwrap_or(u32::MAX)
    }

    /// Waits for the next probe.
    fn comes(&mut self) -> Result<(), Outcome> {
        let event = self.scene.wait();
        self.is_next(event)
    }

    /// The event is the next probe.
    fn is_next(&mut self, event: Event) -> Result<(), Outcome> {
        let (after, before) = (self.scene.silent_until(), Instant::now());
        let number = self.next();
        match event {
            Event::Datagram { at, from, bytes } if at == self.server => {
                // Each probe may have a socket of its own.
                self.scene.answer = from;
                if bytes == number.to_be_bytes() && number < self.count {
                    self.probes.push(Probe {
                        after,
                        before,
                        echoed: None,
                    });
                    return Ok(());
                }
                Err(self.another(&bytes))
            }
            event => Err(self.otherwise(event)),
        }
    }

    /// What came is not the next probe.
    fn another(&mut self, bytes: &[u8]) -> Outcome {
        let number = self.next();
        let earlier = (0..number).find(|n| bytes == n.to_be_bytes());
        let (key, cause) = match bytes {
            _ if number == self.count && earlier.is_none() => ("rtt-too-many", None),
            _ if earlier.is_some() => ("rtt-sent-again", None),
            _ if bytes == number.to_le_bytes() && number > 0 => {
                ("rtt-native-order", Some("host-byte-order"))
            }
            _ if bytes == (number + 1).to_be_bytes() => ("rtt-from-one", None),
            _ if bytes.len() != 4 => ("rtt-other-length", None),
            _ => ("rtt-other-probe", None),
        };
        let facts = [
            ("probe", earlier.unwrap_or(number).into()),
            ("count", self.count.into()),
            ("len", bytes.len().into()),
        ];
        self.not_yet(key, &facts, cause)
    }

    fn not_yet(
        &mut self,
        key: &'static str,
        facts: &[(&'static str, Fact)],
        cause: Option<&'static str>,
    ) -> Outcome {
        self.scene.not_yet(key, facts, cause)
    }

    /// What no part of this story asks for.
    fn otherwise(&mut self, event: Event) -> Outcome {
        match event {
            Event::Failed { kind, .. } => {
                let cause = (kind == "WouldBlock").then_some("timeout-is-timedout");
                self.not_yet("rtt-failed", &[("kind", kind.into())], cause)
            }
            Event::Returned(value) => {
                let facts = [
                    ("sent", self.probes.len().into()),
                    ("count", self.count.into()),
                ];
                self.shows(&value);
                self.not_yet("rtt-left-out", &facts, None)
            }
            other => self.scene.usual(other, "expecting-probe"),
        }
    }

    /// Sends the echo of a probe.
    fn echo(&mut self, number: usize) -> Result<(), Outcome> {
        self.probes[number].echoed = Some(Instant::now());
        self.scene.send(self.server, &bytes(number))
    }

    /// Something arrives that is not the echo of the probe: nothing comes of it.
    fn ignores(&mut self, odd: Odd, bytes: &[u8]) -> Result<(), Outcome> {
        let event = match odd {
            // The kernel may keep it from the answer.
            Odd::Forged => {
                self.scene.send(self.stranger, bytes)?;
                self.scene.wait_for(Duration::from_millis(40))
            }
            _ => self.scene.send_and_see(self.server, bytes)?,
        };
        match event {
            None => Ok(()),
            Some(event) => Err(self.reacted(event, odd)),
        }
    }

    fn reacted(&mut self, event: Event, odd: Odd) -> Outcome {
        let number = self.probes.len().saturating_sub(1);
        let facts = [("probe", number.into())];
        match event {
            Event::Datagram { bytes: sent, .. } if sent == bytes(number) => {
                let cause = Some("first-arrival-ends-the-wait");
                self.not_yet("rtt-ended-wait", &facts, cause)
            }
            Event::Datagram { .. } | Event::Returned(_) => {
                // It took this for the echo, or gave the probe up: its time tells.
                let gave_up = self
                    .goes_on(event)
                    .is_some_and(|times| times.get(number) == Some(&None));
                let (key, cause) = match odd {
                    _ if gave_up => ("rtt-ended-wait", Some("first-arrival-ends-the-wait")),
                    Odd::Empty => ("rtt-took-empty", Some("whole-buffer-back")),
                    Odd::Old => ("rtt-took-old", Some("late-answer-is-mine")),
                    Odd::Forged => ("rtt-took-forged", Some("reply-is-from-my-server")),
                    Odd::Other => ("rtt-took-other", None),
                };
                self.not_yet(key, &facts, cause)
            }
            Event::Failed { kind, .. } => {
                let cause = match odd {
                    Odd::Old => "every-datagram-is-new",
                    _ => "every-datagram-is-well-formed",
                };
                self.not_yet("rtt-stopped-at", &[("kind", kind.into())], Some(cause))
            }
            event @ Event::Unwound { .. } => {
                let cause = match odd {
                    Odd::Old => "every-datagram-is-new",
                    _ => "every-datagram-is-well-formed",
                };
                let cause = Some(("rtt-panicked-at", cause));
                self.scene.because(event, cause, "expecting-probe")
            }
            other => self.scene.usual(other, "expecting-probe"),
        }
    }

    /// Answers all further probes, to see what is returned; `None` when nothing is.
    fn goes_on(&mut self, mut event: Event) -> Option<Vec<Option<Duration>>> {
        for _ in 0..=self.count {
            match event {
                Event::Returned(value) => return Some(self.shows(&value)),
                Event::Datagram { from, bytes, .. } => {
                    self.scene.answer = from;
                    self.scene.send(self.server, &bytes).ok()?;
                }
                _ => return None,
            }
            event = self.scene.wait();
        }
        None
    }

    /// Shows what was returned as a reader would write it.
    fn shows(&mut self, value: &[Vec<u8>]) -> Vec<Option<Duration>> {
        let times: Vec<_> = value.iter().map(|field| time(field)).collect();
        let words: Vec<_> = times
            .iter()
            .map(|t| t.map_or("None".into(), |t| format!("Some({})", shown(t))))
            .collect();
        self.scene
            .returned(&format!("Ok([{}])", words.join(", ")), None);
        times
    }

    /// The function returns, and all that it says can be so: an echoed probe has a
    /// time that fits, and a lost one has none. `Ok(Some(_))` is a fault that may
    /// be this machine's.
    fn returns(&mut self) -> Result<Option<Outcome>, Outcome> {
        let event = self.scene.wait();
        let end = Instant::now();
        let value = match event {
            Event::Returned(value) => value,
            Event::Datagram { at, bytes, .. } if at == self.server => {
                return Err(self.another(&bytes));
            }
            Event::Failed { kind, .. } => {
                let cause = (kind == "WouldBlock").then_some("timeout-is-timedout");
                return Err(self.not_yet("rtt-failed", &[("kind", kind.into())], cause));
            }
            other => return Err(self.scene.usual(other, "expecting-times")),
        };
        let times = self.shows(&value);
        if times.len() != self.probes.len() {
            let facts = [("got", times.len().into()), ("count", self.count.into())];
            return Err(self.not_yet("rtt-wrong-count", &facts, None));
        }
        let whole = |time: &Duration| time.subsec_nanos().is_multiple_of(1_000_000);
        if self.wait == Duration::from_millis(LONG)
            && times.len() == DELAYS.len()
            && times.iter().flatten().all(whole)
        {
            return Err(self.not_yet("rtt-milliseconds", &[], None));
        }
        // Of all that cannot be, the worst is told.
        let mut worst: Option<(Duration, &'static str, TimeFacts)> = None;
        for (number, &time) in times.iter().enumerate() {
            let probe = self.probes[number];
            let next = self.probes.get(number + 1).map_or(end, |p| p.before);
            let facts = |time: Duration, bound: Duration| {
                [
                    ("probe", number.into()),
                    ("time", shown(time).into()),
                    ("bound", shown(bound).into()),
                ]
            };
            let (by, key, facts) = match (time, probe.echoed) {
                (None, None) => continue,
                // The echo may have come when the time was over.
                (None, Some(_)) => {
                    let facts = [("probe", number.into())];
                    return Ok(Some(self.not_yet("rtt-missed", &facts, None)));
                }
                (Some(time), None) => {
                    return Err(self.not_yet("rtt-lost-has-time", &facts(time, time), None));
                }
                (Some(time), Some(echoed)) => {
                    let least = echoed.saturating_duration_since(probe.before);
                    // Its clock starts before it sends, and after the step before.
                    let step = number.checked_sub(1).map(|n| self.probes[n]);
                    let start = step.map_or(self.called, |p| p.echoed.unwrap_or(p.after));
                    let most = next.saturating_duration_since(start) + TICK;
                    if time + TICK < least || time.is_zero() {
                        (
                            least.saturating_sub(time),
                            "rtt-too-short",
                            facts(time, least),
                        )
                    } else if time > most {
                        (time - most, "rtt-too-long", facts(time, most))
                    } else {
                        continue;
                    }
                }
            };
            if worst.as_ref().is_none_or(|&(most, ..)| by > most) {
                worst = Some((by, key, facts));
            }
        }
        worst.map_or(Ok(None), |(_, key, facts)| {
            Err(self.not_yet(key, &facts, None))
        })
    }
}

/// The bytes of a probe.
fn bytes(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}

/// A time as the answer's side wrote it.
fn time(field: &[u8]) -> Option<Duration> {
    let nanos = std::str::from_utf8(field).ok()?.parse::<u128>().ok()?;
    Some(Duration::from_nanos(
        u64::try_from(nanos).unwrap_or(u64::MAX),
    ))
}

/// A time in milliseconds, with a digit that no delay of the server's has.
fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn too_busy() -> Outcome {
    Outcome::Unjudged(say("too-busy", &[]))
}

/// The server takes its time for some echoes; each next probe comes at once.
fn the_times_are_known(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut slow = Vec::new();
    for _ in 0..4 {
        let mut game = Game::call(bench, 4, LONG)?;
        // The answer's rests: at least so long, and at the most.
        let (mut least, mut most) = (Vec::new(), Vec::new());
        for (number, delay) in DELAYS.into_iter().enumerate() {
            game.comes()?;
            let probe = game.probes[number];
            if let Some(echoed) = number.checked_sub(1).and_then(|n| game.probes[n].echoed) {
                least.push(probe.after.saturating_duration_since(echoed));
                most.push(probe.before.saturating_duration_since(echoed));
            }
            game.takes_its_time(number, Duration::from_millis(delay))?;
            game.echo(number)?;
        }
        if let Some(doubt) = game.returns()? {
            return Err(doubt);
        }
        if middle(&mut most) < AT_ONCE {
            return Ok(());
        }
        if middle(&mut least) >= AT_ONCE {
            slow.push(game.not_yet("rtt-rests", &[], None));
        }
    }
    // Once may be this machine's rest.
    if slow.len() < 2 {
        return Ok(());
    }
    slow.pop().map_or(Ok(()), Err)
}

/// The one in the middle, by length.
fn middle(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

impl Game {
    /// The server waits before it echoes a probe: nothing else comes meanwhile.
    fn takes_its_time(&mut self, number: usize, delay: Duration) -> Result<(), Outcome> {
        if delay.is_zero() {
            return Ok(());
        }
        let words = delay.as_millis().to_string();
        self.scene
            .note("rtt-note-delay", &[("delay", words.into())]);
        let facts = [("probe", number.into())];
        match self.scene.wait_for(delay) {
            None => Ok(()),
            Some(Event::Datagram { bytes: sent, .. }) if sent == bytes(number) => {
                Err(self.not_yet("rtt-sent-again", &facts, None))
            }
            Some(Event::Datagram { .. }) => Err(self.not_yet("rtt-all-at-once", &facts, None)),
            Some(event) => Err(self.otherwise(event)),
        }
    }
}

/// Nothing is asked for.
fn no_probes(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::call(bench, 0, LONG)?;
    game.returns()?.map_or(Ok(()), Err)
}

/// Echoes come twice, and a stranger sends what could be one.
fn others_are_echoed(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::call(bench, 3, LONG)?;
    game.comes()?;
    game.echo(0)?;
    game.comes()?;
    game.ignores(Odd::Old, &bytes(0))?;
    game.ignores(Odd::Forged, &bytes(1))?;
    game.echo(1)?;
    game.comes()?;
    game.ignores(Odd::Old, &bytes(1))?;
    game.ignores(Odd::Old, &bytes(0))?;
    game.echo(2)?;
    game.returns()?.map_or(Ok(()), Err)
}

/// What arrives is no probe's echo.
fn odd_arrivals(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::call(bench, 2, LONG)?;
    game.comes()?;
    game.ignores(Odd::Empty, b"")?;
    game.ignores(Odd::Other, b"\0\0\0")?;
    game.echo(0)?;
    game.comes()?;
    game.ignores(Odd::Other, b"\0\0\0\x01\0")?;
    game.ignores(Odd::Other, b"\0\0\0\0\x01")?;
    game.ignores(Odd::Other, &bytes(2))?;
    game.ignores(Odd::Other, &bytes(0x0100_0001))?;
    game.echo(1)?;
    game.returns()?.map_or(Ok(()), Err)
}

/// A probe is lost, and the next one's echo comes when its time is over.
fn an_echo_is_late(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut doubt = None;
    for wait in SHORT {
        let mut game = Game::call_shortly(bench, 4, wait)?;
        doubt = game.loses_and_delays()?;
        if doubt.is_none() {
            return Ok(());
        }
    }
    Err(doubt.unwrap_or_else(too_busy))
}

impl Game {
    /// What was wrong may be this machine's fault.
    fn loses_and_delays(&mut self) -> Result<Option<Outcome>, Outcome> {
        self.comes()?;
        self.scene.lose_last();
        if let Some(doubt) = self.comes_when_over()? {
            return Ok(Some(doubt));
        }
        self.scene.note("rtt-note-late", &[]);
        if let Some(doubt) = self.comes_when_over()? {
            return Ok(Some(doubt));
        }
        if let Some(event) = self.scene.send_and_see(self.server, &bytes(1))? {
            let begun = self.probes[2].after;
            let outcome = self.reacted(event, Odd::Old);
            // It may have lost its patience with the machine.
            return if begun.elapsed() < self.wait * 9 / 10 {
                Err(outcome)
            } else {
                Ok(Some(outcome))
            };
        }
        self.echo(2)?;
        self.comes()?;
        // Late, and in time.
        self.scene.note("rtt-note-in-time", &[]);
        if let Some(event) = self.scene.wait_for(self.wait * 7 / 10) {
            return Ok(Some(self.otherwise(event)));
        }
        self.echo(3)?;
        self.returns()
    }

    /// The next probe comes when the time of the last one is over.
    fn comes_when_over(&mut self) -> Result<Option<Outcome>, Outcome> {
        let last = self.probes.len() - 1;
        self.comes()?;
        let (lost, next) = (self.probes[last], self.probes[last + 1]);
        let wait = self.wait.as_millis().to_string();
        let facts = [("probe", last.into()), ("wait", wait.into())];
        if next.before.saturating_duration_since(lost.after) < self.wait * 9 / 10 {
            return Err(self.not_yet("rtt-impatient", &facts, None));
        }
        let most = self.wait * 3 / 2 + AT_ONCE;
        if next.after.saturating_duration_since(lost.before) > most {
            return Ok(Some(self.not_yet("rtt-late", &facts, None)));
        }
        Ok(None)
    }
}

/// A probe is lost, and other datagrams keep coming.
fn noise_does_not_prolong(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut doubt = None;
    for wait in NOISY {
        let mut game = Game::call_shortly(bench, 3, wait)?;
        game.comes()?;
        game.scene.lose_last();
        game.scene.note("rtt-note-noise", &[]);
        let lost = game.probes[0];
        let (mut said, mut pause) = (lost.before, Duration::ZERO);
        let event = loop {
            game.scene.disturb(game.server, b"hi")?;
            pause = pause.max(said.elapsed());
            said = Instant::now();
            match game.scene.wait_for(Duration::from_millis(8)) {
                None if said > lost.before + PATIENCE => break None,
                None => {}
                event => break event,
            }
        };
        pause = pause.max(said.elapsed());
        let Some(event) = event else {
            let cause = Some("timeout-covers-the-message");
            return Err(game.not_yet("rtt-kept-waiting", &[], cause));
        };
        game.is_next(event)?;
        let next = game.probes[1];
        if next.before.saturating_duration_since(lost.after) < game.wait * 9 / 10 {
            let cause = Some("first-arrival-ends-the-wait");
            return Err(game.not_yet("rtt-ended-wait", &[("probe", 0_u32.into())], cause));
        }
        if pause >= game.wait * 2 / 3 {
            continue;
        }
        doubt = game.one_arrival_does_not_prolong()?;
        if doubt.is_none() {
            return Ok(());
        }
    }
    Err(doubt.unwrap_or_else(too_busy))
}

impl Game {
    /// Probe 1 is lost, and one other datagram comes late in its wait.
    fn one_arrival_does_not_prolong(&mut self) -> Result<Option<Outcome>, Outcome> {
        self.scene.lose_last();
        let lost = self.probes[1];
        let facts = [
            ("probe", 1_u32.into()),
            ("wait", self.wait.as_millis().to_string().into()),
        ];
        let late = (self.wait * 3 / 5).saturating_sub(lost.before.elapsed());
        if let Some(event) = self.scene.wait_for(late) {
            return Ok(Some(self.otherwise(event)));
        }
        self.scene.note("rtt-note-one", &[]);
        self.scene.disturb(self.server, b"hi")?;
        self.comes()?;
        let took = self.probes[2].after.saturating_duration_since(lost.before);
        let cause = Some("timeout-covers-the-message");
        Ok((took > self.wait * 7 / 5).then(|| self.not_yet("rtt-prolonged", &facts, cause)))
    }
}

/// The server's port is closed: all probes are lost, each after its wait.
fn nobody_listens(bench: &Bench<'_>) -> Result<(), Outcome> {
    for wait in SHORT {
        let mut scene = Scene::start(bench)?;
        let server = scene.udp_peer("server")?;
        scene.leave(server)?;
        scene.note("rtt-note-nobody", &[]);
        let mut game = Game::begin(scene, server, "called-measure-short", 2, wait)?;
        if !game.loses_all()? {
            return Ok(());
        }
    }
    Err(too_busy())
}

impl Game {
    /// Whether it cannot be seen that the function has waited, since this machine
    /// is too busy.
    fn loses_all(&mut self) -> Result<bool, Outcome> {
        // Who waits for the echo of the first probe is seen to do so.
        let at_once = self.scene.see(REACTION);
        let waited = at_once.is_none();
        let event = at_once.unwrap_or_else(|| self.scene.wait());
        let early = self.called.elapsed() < self.wait * 2 * 9 / 10;
        match event {
            Event::Returned(value) => {
                let times = self.shows(&value);
                let facts = [("count", self.count.into())];
                if times != [None; 2] {
                    return Err(self.not_yet("rtt-nobody-answered", &facts, None));
                }
                if early {
                    return Err(self.not_yet("rtt-refused-ends", &facts, None));
                }
                Ok(!waited)
            }
            Event::Failed { kind, .. }
                if matches!(kind.as_str(), "ConnectionRefused" | "ConnectionReset") =>
            {
                let facts = [("kind", kind.into())];
                Err(self.not_yet("rtt-refused", &facts, Some("udp-never-errors")))
            }
            event @ Event::Unwound { .. } => {
                let cause = Some(("rtt-refused-panicked", "udp-never-errors"));
                Err(self.scene.because(event, cause, "expecting-times"))
            }
            event => Err(self.otherwise(event)),
        }
    }
}

/// The server has an IPv6 address, where this machine has one.
fn an_ipv6_server(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut scene = Scene::start(bench)?;
    let Ok(server) = scene.udp_peer_at("server", Ipv6Addr::LOCALHOST.into()) else {
        return Ok(());
    };
    let mut game = Game::begin(scene, server, "called-measure", 1, LONG)?;
    match game.scene.wait() {
        Event::Failed { kind, .. } => {
            let facts = [("kind", kind.into())];
            let cause = Some("an-address-has-32-bits");
            return Err(game.not_yet("rtt-not-ipv6", &facts, cause));
        }
        event @ Event::Unwound { .. } => {
            let cause = Some(("rtt-not-ipv6-panicked", "an-address-has-32-bits"));
            return Err(game.scene.because(event, cause, "expecting-probe"));
        }
        event => game.is_next(event)?,
    }
    game.echo(0)?;
    game.returns()?.map_or(Ok(()), Err)
}
