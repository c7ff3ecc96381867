//! Judges exercise 5.1: a server that answers before, while and after the
//! message comes, and one that has enough of it.

use std::fs;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use crate::judge::{Bench, Event, Fact, Outcome, Scene, StreamId, Stuck, Why};
use crate::messages::say;

/// More than the buffers between both ends take of a message, in bytes.
const MESSAGE: usize = 2 << 20;
/// More than they take of an answer that nobody reads.
const ANSWER: usize = 2 << 20;
/// How long the server thinks about its answer in one case, whatever the answer
/// has set.
const THINKS: Duration = Duration::from_millis(100);
/// By so much it thinks longer than the limit that the answer has set on a read,
/// and about a limit of so much at most.
const LONGER: Duration = Duration::from_millis(400);
const LIMIT: Duration = Duration::from_secs(3);
/// So long it thinks where the answer asks again and again, without waiting.
const ASKED_OFTEN: Duration = Duration::from_millis(150);
/// The buffers of a connection take more than this of a message: on Linux, some
/// 680,000 bytes at least.
const FULL: usize = 512 << 10;
/// So long nothing changed, when they are full and a write waits; and where the
/// system does not tell of that, or the answer's calls do not wait.
const NO_MORE: Duration = Duration::from_millis(5);
const SURELY: Duration = Duration::from_millis(20);
/// So long nothing changed, when the answer itself writes no more for now.
const PAUSES: Duration = Duration::from_millis(250);
/// In so many pieces the server sends its answer then, each more than a buffer
/// takes: each time the answer comes back to its write.
const PIECES: usize = 5;
/// An answer that has not filled them by then takes its time.
const FILLING: Duration = Duration::from_millis(2500);
/// Where the system does not tell: by then they are full.
const UNSEEN: Duration = Duration::from_millis(50);

/// The handles of a connection that the exercise's own code has: the witness.
const OURS: usize = 1;
/// By then an answer has returned that waits for nothing.
const AT_ONCE: Duration = Duration::from_millis(10);

/// Plays the server.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut bytes = |len: usize| {
        // What repeats after a prime number of bytes shows every other shift.
        let mut some = [0; 4_099];
        random.fill(&mut some);
        let mut bytes = some.repeat(len / some.len() + 1);
        bytes.truncate(len);
        bytes
    };
    let mut game = Game::start(bench)?;
    game.thinks(THINKS, b"how are you?", b"fine")?;
    game.thinks_longer()?;
    game.asked(b"and your friends?", &[b"fine, ", b"thank ", b"you"])?;
    game.asked(b"", &[b"\xff\x00 you say ", b"nothing?\n"])?;
    game.asked(b"good night", &[])?;
    game.greets(b"I am", b"welcome, ", b"whoever you are")?;
    game.answers_meanwhile(&bytes(MESSAGE), &bytes(ANSWER), b", and so on")?;
    game.has_enough(&bytes(MESSAGE), b"that is enough")?;
    game.asked(b"a long one, please", &[&bytes(1 << 20), b"!"])?;
    game.breaks_answer()?;
    game.breaks_message(&bytes(MESSAGE))
}

struct Game<'a> {
    bench: &'a Bench<'a>,
    scene: Scene,
    /// The answer's process, by its number.
    process: String,
    /// How long a read of the answer's waits, where that is limited.
    limit: Option<Duration>,
}

impl<'a> Game<'a> {
    /// A run of the answer, which says first which process it is.
    fn start(bench: &'a Bench<'a>) -> Result<Self, Outcome> {
        let mut scene = Scene::start(bench)?;
        let process = match scene.wait() {
            Event::Told(told) => String::from_utf8_lossy(&told.concat()).into_owned(),
            other => return Err(scene.usual(other, "expecting-start")),
        };
        Ok(Self {
            bench,
            scene,
            process,
            limit: None,
        })
    }

    /// A run of its own, to see what an answer does elsewhere.
    fn other(&self) -> Result<Self, Outcome> {
        Self::start(self.bench)
    }

    /// The server is there; what it `says` comes before the call.
    fn connect(&mut self, says: &[u8]) -> Result<StreamId, Outcome> {
        let Some(stream) = self.scene.tcp_client("server")? else {
            let outcome = Event::Ended; // its listener is gone
            return Err(self.scene.usual(outcome, "expecting-start"));
        };
        self.scene.new_page();
        if !says.is_empty() {
            self.scene.write(stream, says);
        }
        Ok(stream)
    }

    fn call(&mut self, message: &[u8]) -> Result<(), Outcome> {
        let facts = [("len", message.len().into())];
        self.scene.call("called-half", &facts, &[message])
    }

    /// The server answers after the message's end, each piece after the one
    /// before has been read.
    fn asked(&mut self, message: &[u8], pieces: &[&[u8]]) -> Result<(), Outcome> {
        let stream = self.connect(b"")?;
        self.call(message)?;
        self.message_arrives(stream, message)?;
        self.still_reads(stream, b"", 0)?;
        let mut sent = Vec::new();
        for (number, piece) in pieces.iter().enumerate() {
            self.scene.write(stream, piece);
            sent.extend_from_slice(piece);
            self.still_reads(stream, &sent, number + 1)?;
        }
        self.scene.end(stream);
        self.returns(&sent, b"")
    }

    /// The server greets before anything comes.
    fn greets(&mut self, message: &[u8], first: &[u8], rest: &[u8]) -> Result<(), Outcome> {
        let stream = self.connect(first)?;
        self.call(message)?;
        self.message_arrives(stream, message)?;
        self.still_reads(stream, first, 1)?;
        self.scene.write(stream, rest);
        self.scene.end(stream);
        self.returns(&[first, rest].concat(), first)
    }

    /// The server takes its time.
    fn thinks(&mut self, pause: Duration, message: &[u8], answer: &[u8]) -> Result<(), Outcome> {
        let stream = self.connect(b"")?;
        self.call(message)?;
        self.message_arrives(stream, message)?;
        self.scene.settle(stream);
        let time = pause.as_millis().to_string();
        self.scene
            .note("half-note-thinks", &[("time", time.into())]);
        match self.scene.wait_for(pause) {
            None => {}
            Some(Event::Failed { kind, .. }) => {
                let facts = [("kind", kind.into())];
                return Err(self.scene.not_yet("half-impatient", &facts, None));
            }
            Some(Event::Returned(value)) => {
                return Err(self.too_early(first(&value), b"", 0)?);
            }
            Some(other) => return Err(self.scene.usual(other, "expecting-half-answer")),
        }
        self.scene.write(stream, answer);
        self.scene.end(stream);
        self.returns(answer, b"")
    }

    /// The server takes longer than the limit that the answer has set on its reads:
    /// one that only looks up between two reads goes on.
    fn thinks_longer(&mut self) -> Result<(), Outcome> {
        let pause = match self.limit {
            None => return Ok(()),
            Some(Duration::ZERO) => ASKED_OFTEN,
            Some(limit) => limit.min(LIMIT) + LONGER,
        };
        if pause <= THINKS {
            return Ok(());
        }
        self.thinks(pause, b"and how are you now?", b"still fine")
    }

    /// The server reads nothing until what it answers meanwhile has been read. It
    /// begins its answer when no more of the message fits on the way.
    fn answers_meanwhile(
        &mut self,
        message: &[u8],
        first: &[u8],
        rest: &[u8],
    ) -> Result<(), Outcome> {
        let stream = self.connect(b"")?;
        self.scene.stop_reading(stream);
        self.call(message)?;
        self.scene.note("half-note-later", &[]);
        let asks = self.limit == Some(Duration::ZERO);
        fill_up(self.scene.answer, &self.process, asks);
        self.scene.say_bytes(stream, first, None);
        self.scene.note("half-note-waits", &[]);
        // Whoever reads in turn with writing may have read in time by chance, or
        // because a kernel found a little more room; hardly every time.
        for piece in first.chunks(first.len() / PIECES + 1) {
            self.scene.write_silently(stream, piece);
            self.is_read(stream, message, first.len())?;
            fill_up(self.scene.answer, &self.process, asks);
            if let Some(event) = self.scene.wait_for(Duration::ZERO) {
                return Err(self.unsent(message, event));
            }
        }
        self.scene.read_again(stream);
        self.message_arrives(stream, message)?;
        self.scene.write(stream, rest);
        self.scene.end(stream);
        self.returns(&[first, rest].concat(), first)
    }

    /// The answer reads what the server has written, although the message waits.
    fn is_read(&mut self, stream: StreamId, message: &[u8], sent: usize) -> Result<(), Outcome> {
        loop {
            let before = self.scene.unwritten(stream);
            if before == 0 {
                return Ok(());
            }
            self.scene.settle(stream);
            if self.scene.unwritten(stream) < before {
                continue;
            }
            match self.scene.wait() {
                Event::Stuck(stuck) if self.scene.unwritten(stream) > 0 => {
                    let facts = [("sent", sent.into())];
                    let cause = Some("write-first-read-later");
                    let key = "half-write-first";
                    return Err(self.scene.stuck_because(stuck, key, &facts, cause));
                }
                other => return Err(self.unsent(message, other)),
            }
        }
    }

    /// The server ends its answer early, and reads the message nevertheless.
    fn has_enough(&mut self, message: &[u8], answer: &[u8]) -> Result<(), Outcome> {
        let stream = self.connect(b"")?;
        self.scene.stop_reading(stream);
        self.call(message)?;
        self.scene.write(stream, answer);
        self.scene.end(stream);
        self.scene.settle(stream);
        if let Some(event) = self.scene.wait_for(Duration::ZERO) {
            return Err(self.unsent(message, event));
        }
        self.scene.read_again(stream);
        self.message_arrives(stream, message)?;
        self.returns(answer, b"")
    }

    /// The connection breaks in the middle of the answer: that is no end.
    fn breaks_answer(&mut self) -> Result<(), Outcome> {
        let stream = self.connect(b"")?;
        self.call(b"once more")?;
        self.message_arrives(stream, b"once more")?;
        self.scene.write(stream, b"once upon a ");
        self.still_reads(stream, b"once upon a ", 1)?;
        self.scene.reset(stream);
        self.fails("half-reset-is-end")
    }

    /// The server ends its answer, and resets before it has the whole message.
    fn breaks_message(&mut self, message: &[u8]) -> Result<(), Outcome> {
        let stream = self.connect(b"")?;
        self.scene.stop_reading(stream);
        self.call(message)?;
        self.scene.write(stream, b"no");
        self.scene.end(stream);
        self.scene.settle(stream);
        if let Some(event) = self.scene.wait_for(Duration::ZERO) {
            return Err(self.unsent(message, event));
        }
        self.scene.reset(stream);
        self.fails("half-unsent-is-fine")
    }

    /// The function returns an error, whichever call it came from.
    fn fails(&mut self, otherwise: &'static str) -> Result<(), Outcome> {
        match self.scene.wait() {
            Event::Failed { .. } => self.notes_limit(),
            Event::Returned(_) => Err(self.scene.not_yet(otherwise, &[], None)),
            other => Err(self.scene.usual(other, "expecting-half-error")),
        }
    }

    /// The function has returned, and the exercise's own code says how long its
    /// reads were to wait.
    fn notes_limit(&mut self) -> Result<(), Outcome> {
        loop {
            match self.scene.wait() {
                Event::Told(told) => {
                    let limit = String::from_utf8_lossy(&told.concat()).parse();
                    self.limit = limit.ok().map(Duration::from_millis);
                    return Ok(());
                }
                Event::Bytes { .. } | Event::End { .. } | Event::Reset { .. } => {}
                other => return Err(self.scene.usual(other, "expecting-return")),
            }
        }
    }

    /// Something happened while the server has not read the message: it cannot
    /// be sent yet.
    fn unsent(&mut self, message: &[u8], event: Event) -> Outcome {
        match event {
            Event::Returned(_) => {
                let facts = [("len", message.len().into())];
                self.scene.not_yet("half-unsent", &facts, None)
            }
            other => self.scene.usual(other, "expecting-half-message"),
        }
    }

    /// The message arrives, and its end.
    fn message_arrives(&mut self, stream: StreamId, message: &[u8]) -> Result<(), Outcome> {
        loop {
            let event = self.scene.wait();
            let got = self.scene.received(stream);
            let (whole, begun) = (got == message, message.starts_with(got));
            let facts = [("got", got.len().into()), ("len", message.len().into())];
            let key = match event {
                Event::Bytes { .. } if begun => continue,
                Event::Bytes { .. } => "half-changed",
                Event::End { .. } if whole => return Ok(()),
                Event::End { .. } | Event::Reset { .. } => return Err(self.ended_early(&facts)),
                Event::Returned(_) => "half-returned-first",
                Event::Stuck(stuck) if whole => return Err(self.no_end(stuck, message)?),
                Event::Stuck(stuck) => {
                    let key = "half-read-first";
                    return Err(self.scene.stuck_because(stuck, key, &facts, None));
                }
                other => return Err(self.scene.usual(other, "expecting-half-message")),
            };
            return Err(self.scene.not_yet(key, &facts, None));
        }
    }

    /// The connection is over before the message has come. Mostly the function
    /// has gone before it, and says why.
    fn ended_early(&mut self, facts: &[(&'static str, Fact)]) -> Outcome {
        match self.scene.wait() {
            event @ (Event::Unwound { .. }
            | Event::Failed { .. }
            | Event::Interrupted
            | Event::Ended) => self.scene.usual(event, "expecting-half-message"),
            _ => self.scene.not_yet("half-short", facts, None),
        }
    }

    /// The message has arrived, and its end does not come. Why is that?
    fn no_end(&mut self, stuck: Stuck, message: &[u8]) -> Result<Outcome, Outcome> {
        let facts = [("len", message.len().into())];
        let (key, cause) = if self.goes_on_when_answered()? {
            ("half-waits-for-answer", None)
        } else if self.has_a_clone()? {
            ("half-clone", Some("one-clone-closes"))
        } else {
            ("half-no-end", Some("last-write-is-eof"))
        };
        Ok(self.scene.stuck_because(stuck, key, &facts, cause))
    }

    /// Whether an answer says the end once the server has said something.
    fn goes_on_when_answered(&mut self) -> Result<bool, Outcome> {
        let mut other = self.other()?;
        let stream = other.connect(b"")?;
        other.call(b"Hello")?;
        other.scene.settle(stream);
        other.scene.write(stream, b"yes?");
        other.scene.settle(stream);
        while let Some(event) = other.scene.wait_for(Duration::ZERO) {
            match event {
                Event::Bytes { .. } => {}
                Event::End { .. } => return Ok(true),
                _ => return Ok(false),
            }
        }
        Ok(false)
    }

    /// Whether an answer sends with one handle of the connection while it has
    /// another one.
    fn has_a_clone(&mut self) -> Result<bool, Outcome> {
        let mut other = self.other()?;
        let stream = other.connect(b"")?;
        other.scene.stop_reading(stream);
        other.call(&vec![b'x'; MESSAGE])?;
        other.scene.settle(stream); // it stands in its write
        Ok(other.scene.handles(stream).is_some_and(|n| n > OURS + 1))
    }

    /// The server has not ended: the function waits, for it has read all that
    /// was `sent` so far, in so many reads.
    fn still_reads(&mut self, stream: StreamId, sent: &[u8], reads: usize) -> Result<(), Outcome> {
        self.scene.settle(stream);
        let mut event = self.scene.wait_for(Duration::ZERO);
        if matches!(event, Some(Event::Reset { .. })) {
            event = Some(self.scene.wait()); // it closed its socket with bytes unread
        }
        match event {
            None => Ok(()),
            Some(Event::Returned(value)) => Err(self.too_early(first(&value), sent, reads)?),
            Some(Event::Failed { kind, .. }) => {
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet("half-failed", &facts, None))
            }
            Some(other) => Err(self.scene.usual(other, "expecting-half-answer")),
        }
    }

    /// The function has returned while the server still answers.
    fn too_early(&mut self, got: &[u8], sent: &[u8], reads: usize) -> Result<Outcome, Outcome> {
        let facts = [("got", count(got)), ("sent", count(sent))];
        // Whoever sets a limit on reads waits, and what it believes is another thing.
        self.notes_limit()?;
        let waits = self.limit.is_some_and(|limit| !limit.is_zero());
        let (key, cause) = if !waits && sent.is_empty() && self.returns_at_once(b"")? {
            ("half-left", Some("shutdown-is-close"))
        } else if !waits && reads == 1 && got == sent && self.returns_at_once(b"yes?")? {
            ("half-read-once", Some("one-write-one-read"))
        } else if got == sent {
            ("half-gave-up", None)
        } else {
            ("half-stopped", None)
        };
        Ok(self.scene.not_yet(key, &facts, cause))
    }

    /// Whether an answer returns as soon as it has said the end, and has read
    /// what the server `says` before: it gives it no time at all.
    fn returns_at_once(&mut self, says: &[u8]) -> Result<bool, Outcome> {
        // A judge that is late takes a short wait for none, and one that is
        // late a second time takes none for a wait: the larger number decides.
        let mut at_once = 0;
        for _ in 0..5 {
            let mut other = self.other()?;
            let stream = other.connect(says)?;
            other.call(b"Hello")?;
            other.message_arrives(stream, b"Hello")?;
            let ended = Instant::now();
            if matches!(other.scene.wait(), Event::Returned(_)) && ended.elapsed() < AT_ONCE {
                at_once += 1;
            }
        }
        Ok(at_once >= 3)
    }

    /// The server has ended its stream: the function returns all of it, what
    /// came `first` included.
    fn returns(&mut self, answer: &[u8], before: &[u8]) -> Result<(), Outcome> {
        let mut event = self.scene.wait();
        if matches!(event, Event::Reset { .. }) {
            event = self.scene.wait(); // it closed its socket with bytes unread
        }
        match event {
            Event::Returned(value) if first(&value) == answer => self.notes_limit(),
            Event::Returned(value) => {
                let got = first(&value);
                let facts = [("got", count(got)), ("want", count(answer))];
                let lost_start = !before.is_empty() && got == &answer[before.len()..];
                let (key, cause) = if lost_start {
                    ("half-lost-start", None)
                } else if !got.is_empty() && answer.starts_with(got) {
                    ("half-cut", None)
                } else if got.is_empty() {
                    ("half-nothing", None)
                } else if got.starts_with(answer) {
                    ("half-padded", Some("whole-buffer-back"))
                } else {
                    ("half-wrong", None)
                };
                Err(self.scene.not_yet(key, &facts, cause))
            }
            Event::Failed { kind, .. } => {
                let facts = [("kind", kind.into())];
                let cause = Some("close-is-an-error");
                Err(self.scene.not_yet("half-end-failed", &facts, cause))
            }
            Event::Stuck(stuck) if stuck.why == Why::Busy => {
                let cause = Some("close-is-an-error");
                let key = "half-end-again";
                Err(self.scene.stuck_because(stuck, key, &[], cause))
            }
            other => Err(self.scene.usual(other, "expecting-half-return")),
        }
    }
}

/// Waits until the answer cannot write more for now, and has read all there is, or
/// does not want to. An answer whose calls do not wait (`asks`) is in none of them.
///
/// An answer may write a little, read for a while, and write again: until it stands
/// in its write it gets more time than any other one.
fn fill_up(answer: SocketAddr, process: &str, asks: bool) {
    let begun = Instant::now();
    let (mut before, mut changed) = (None, begun);
    while begun.elapsed() < FILLING {
        let Some(now) = queued(answer) else {
            thread::sleep(UNSEEN);
            return;
        };
        if before != Some(now) {
            (before, changed) = (Some(now), Instant::now());
        }
        let quiet = changed.elapsed();
        let stands = stands_in_a_write(process);
        let enough = match stands {
            Some(true) => NO_MORE,
            Some(false) if !asks => PAUSES,
            _ => SURELY,
        };
        let full = now.sent >= FULL && (now.unread == 0 || stands == Some(true));
        if quiet >= PAUSES || (full && quiet >= enough) {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Whether a thread of the answer's waits in a write; `None` where the system does
/// not tell.
fn stands_in_a_write(process: &str) -> Option<bool> {
    // write, writev, sendto, sendmsg: the kernel's numbers of them.
    let writes = if cfg!(target_arch = "x86_64") {
        ["1", "20", "44", "46"]
    } else {
        ["64", "66", "206", "211"]
    };
    let mut stands = None;
    for task in fs::read_dir(format!("/proc/{process}/task")).ok()? {
        let Ok(call) = fs::read_to_string(task.ok()?.path().join("syscall")) else {
            continue; // a thread that has just ended, or nobody may look
        };
        let number = call.split(' ').next().unwrap_or_default();
        stands = Some(stands.unwrap_or(false) || writes.contains(&number));
    }
    stands
}

/// What waits in the kernel on both sides of the answer's connections, in bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Queued {
    /// Of what the answer has written: the server has not read it.
    sent: usize,
    /// Of what the server has written: the answer has not read it.
    unread: usize,
}

/// What waits now; `None` where the system does not tell.
fn queued(answer: SocketAddr) -> Option<Queued> {
    let SocketAddr::V4(answer) = answer else {
        return None;
    };
    // As proc_net_tcp(5) writes an address. Only the lines that have it are looked
    // at: thousands of others may be in TIME-WAIT.
    let address = u32::from_ne_bytes(answer.ip().octets());
    let address = format!("{address:08X}:{:04X}", answer.port());
    let table = fs::read_to_string("/proc/net/tcp").ok()?;
    let (mut sent, mut unread) = (0, 0);
    for line in table.lines().filter(|line| line.contains(&address)) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, _, queues, ..] = fields[..] else {
            return None;
        };
        let (to_send, to_read) = queues.split_once(':')?;
        let number = |text| usize::from_str_radix(text, 16).ok();
        if local == address {
            sent += number(to_send)?;
            unread += number(to_read)?;
        } else {
            sent += number(to_read)?;
        }
    }
    Some(Queued { sent, unread })
}

/// The bytes that were returned.
fn first(value: &[Vec<u8>]) -> &[u8] {
    value.first().map(Vec::as_slice).unwrap_or_default()
}

/// A number of bytes, in words.
fn count(bytes: &[u8]) -> Fact {
    say("some-bytes", &[("len", bytes.len().into())]).into()
}
