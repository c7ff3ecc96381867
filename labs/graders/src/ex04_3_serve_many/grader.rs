//! Judges exercise 4.3: clients that wait, speak in turn, come late, read
//! nothing, and break their connections. Each case is a run of its own.

use std::time::{Duration, Instant};

use crate::judge::{Bench, Event, Outcome, Scene, StreamId, Stuck, Why, silence};
use crate::messages::say;

/// More than the buffers between the two ends take without a read, in bytes.
const LARGE: usize = 2 << 20;
/// How long nobody speaks; longer, once, where an answer may have a time limit.
const SILENCE: Duration = Duration::from_millis(60);
/// More than the threads of a pool that somebody would choose.
const MANY: usize = 40;
/// Who waits for the last client's end returns sooner after it, unless the
/// machine is busy.
const AT_ONCE: Duration = Duration::from_millis(60);
/// How much longer than an earlier call took, at least, a client stays to see
/// whether the function waits for it.
const LONGER: Duration = Duration::from_millis(500);

/// Plays the clients.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut large = vec![0; LARGE];
    bench.random().fill(&mut large);
    all_at_once(bench)?;
    one_by_one(bench)?;
    some_break(bench)?;
    one_reads_late(bench, &large)?;
    many(bench)?;
    no_more_than_asked(bench)?;
    nobody_listens(bench)
}

/// Three are there from the start. The first says nothing for a long time.
fn all_at_once(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::new(bench)?;
    let [a, b, c] = [
        game.comes("client-a")?,
        game.comes("client-b")?,
        game.comes("client-c")?,
    ];
    game.call(3)?;
    game.rests()?;
    game.says(c, b"hello")?;
    game.silence(SILENCE)?;
    game.says(b, "Grüße".as_bytes())?;
    game.says(c, &[0xff, 0x00, b'\n', 0xc3])?;
    game.ends(c)?;
    game.rests()?;
    game.says(b, b"and bye")?;
    game.ends(b)?;
    game.rests()?;
    game.says(a, b"now it is my turn")?;
    game.ends(a)?;
    let done = Instant::now();
    game.returns()?;
    if done.elapsed() > AT_ONCE {
        waits_for_the_last(bench, game.called.elapsed())?;
    }
    Ok(())
}

/// A function that returned late may have slept for a while, in place of waiting
/// for its clients. This client stays for longer than that.
fn waits_for_the_last(bench: &Bench<'_>, took: Duration) -> Result<(), Outcome> {
    let mut game = Game::new(bench)?;
    let a = game.comes("client-a")?;
    game.call(1)?;
    game.says(a, b"hello")?;
    game.rests()?;
    let stays = Duration::from_secs((took + LONGER).as_secs() + 1);
    game.note_silence(stays);
    match game.scene.wait_for(stays) {
        Some(Event::Returned(_)) => {
            let facts = [("client", game.name(a).into())];
            return Err(game.scene.not_yet("serve-slept", &facts, None));
        }
        Some(event) => game.happens(event)?,
        None => {}
    }
    game.ends(a)?;
    game.returns()
}

/// Each comes when the one before it is gone.
fn one_by_one(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::new(bench)?;
    game.call(2)?;
    let a = game.comes("client-a")?;
    game.says(a, b"anybody there?")?;
    game.ends(a)?;
    game.rests()?;
    let b = game.comes("client-b")?;
    game.rests()?;
    game.says(b, b"me too")?;
    game.ends(b)?;
    game.returns()
}

/// Two of four break their connections: one before it is accepted, one in the
/// middle.
fn some_break(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::new(bench)?;
    if EARLY_RESETS {
        let d = game.comes("client-d")?;
        game.breaks(d);
    }
    game.call(if EARLY_RESETS { 4 } else { 3 })?;
    game.rests()?;
    let a = game.comes("client-a")?;
    let b = game.comes("client-b")?;
    game.says(a, b"hello")?;
    game.breaks(a);
    game.rests()?;
    game.says(b, b"who was that?")?;
    let c = game.comes("client-c")?;
    game.rests()?;
    game.says(c, b"hello")?;
    game.ends(c)?;
    game.says(b, b"bye")?;
    game.ends(b)?;
    game.returns()
}

/// Whether a connection that is reset before `accept` is accepted all the same.
/// Elsewhere it may vanish from the queue.
const EARLY_RESETS: bool = cfg!(target_os = "linux");

/// One sends much and reads nothing, until the other is done.
fn one_reads_late(bench: &Bench<'_>, large: &[u8]) -> Result<(), Outcome> {
    let mut game = Game::new(bench)?;
    let [a, b] = [game.comes("client-a")?, game.comes("client-b")?];
    game.call(2)?;
    game.scene.stop_reading(game.clients[a].stream);
    game.sends(a, large);
    game.scene.settle(game.clients[a].stream);
    game.scene.note("serve-note-late", &[]);
    game.says(b, b"hello")?;
    // One thread waits in a write now, and another one in a read.
    let silence = silence(bench.program, SILENCE);
    if silence > SILENCE {
        game.silence(silence)?;
    }
    game.says(b, b"are you busy?")?;
    game.ends(b)?;
    game.scene.note("serve-note-reads", &[]);
    game.scene.read_again(game.clients[a].stream);
    game.echoed(a)?;
    game.ends(a)?;
    game.returns()
}

/// Many are there, and the last one speaks first.
fn many(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::new(bench)?;
    for _ in 1..MANY {
        game.comes("other")?;
    }
    game.scene.new_page();
    let others = [("count", (MANY - 1).into())];
    game.scene.note("serve-note-many", &others);
    let last = game.comes("last-client")?;
    game.call(MANY)?;
    game.rests()?;
    game.says(last, b"I came last")?;
    game.ends(last)?;
    for other in 0..last {
        game.ends(other)?;
    }
    game.returns()
}

/// The one after the last waits for somebody else to serve it.
fn no_more_than_asked(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::new(bench)?;
    let [a, b] = [game.comes("client-a")?, game.comes("client-b")?];
    game.sends(b, b"hello");
    game.call(1)?;
    game.says(a, b"hello")?;
    game.rests()?;
    game.ends(a)?;
    game.returns()?;

    let mut game = Game::new(bench)?;
    game.call(0)?;
    game.returns()
}

/// Nobody listens: each accept fails.
fn nobody_listens(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut game = Game::new(bench)?;
    let facts = [("count", 2_usize.into())];
    let arguments: [&[u8]; 2] = [b"2", super::NOT_LISTENING];
    game.scene
        .call("called-serve-refused", &facts, &arguments)?;
    match game.scene.wait() {
        Event::Failed { kind, .. } if kind == NOT_LISTENING_KIND => Ok(()),
        Event::Failed { kind, .. } => {
            let facts = [("kind", kind.into()), ("wanted", NOT_LISTENING_KIND.into())];
            Err(game.scene.not_yet("serve-other-error", &facts, None))
        }
        Event::Returned(_) => Err(game.scene.not_yet("serve-swallowed", &[], None)),
        Event::Stuck(stuck) if matches!(stuck.why, Why::Busy | Why::Waking) => {
            let key = "serve-accepts-again";
            Err(game.scene.stuck_because(stuck, key, &[], None))
        }
        other => Err(game.scene.usual(other, "expecting-listener-error")),
    }
}

/// What accept says of a socket that does not listen (`EINVAL`), everywhere.
const NOT_LISTENING_KIND: &str = "InvalidInput";

/// One run of the answer, and its clients in the order in which they come.
struct Game {
    scene: Scene,
    clients: Vec<Client>,
    /// How many are to be served.
    wanted: usize,
    /// When it was called.
    called: Instant,
    returned: bool,
}

struct Client {
    stream: StreamId,
    /// All that it has sent.
    sent: Vec<u8>,
    state: State,
}

/// How far a client is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Talks,
    /// It has ended its stream.
    Ended,
    /// It has broken its connection.
    Broken,
    /// It has seen the end of the answer's stream.
    Done,
}

impl Game {
    fn new(bench: &Bench<'_>) -> Result<Self, Outcome> {
        Ok(Self {
            scene: Scene::start(bench)?,
            clients: Vec::new(),
            wanted: 0,
            called: Instant::now(),
            returned: false,
        })
    }

    /// The function is called for so many clients.
    fn call(&mut self, clients: usize) -> Result<(), Outcome> {
        self.wanted = clients;
        self.called = Instant::now();
        let facts = [("count", clients.into())];
        let argument = clients.to_string();
        self.scene
            .call("called-serve", &facts, &[argument.as_bytes()])
    }

    /// A client connects.
    fn comes(&mut self, name: &'static str) -> Result<usize, Outcome> {
        let Some(stream) = self.scene.tcp_client(name)? else {
            return Err(self.refused(name));
        };
        self.clients.push(Client {
            stream,
            sent: Vec::new(),
            state: State::Talks,
        });
        Ok(self.clients.len() - 1)
    }

    /// Nobody listens any more: the function may have returned, or failed.
    fn refused(&mut self, name: &'static str) -> Outcome {
        match self.scene.wait() {
            Event::Stuck(stuck) => {
                let facts = [("client", say(name, &[]).into())];
                self.scene
                    .stuck_because(stuck, "serve-refused", &facts, None)
            }
            event => match self.happens(event) {
                Ok(()) => self.refused(name),
                Err(outcome) => outcome,
            },
        }
    }

    fn sends(&mut self, client: usize, bytes: &[u8]) {
        let client = &mut self.clients[client];
        client.sent.extend(bytes);
        self.scene.write(client.stream, bytes);
    }

    /// A client sends this, and it comes back.
    fn says(&mut self, client: usize, bytes: &[u8]) -> Result<(), Outcome> {
        self.sends(client, bytes);
        self.echoed(client)
    }

    /// All that a client has sent has come back.
    fn echoed(&mut self, client: usize) -> Result<(), Outcome> {
        let Client { stream, .. } = self.clients[client];
        while self.scene.received(stream).len() < self.clients[client].sent.len() {
            match self.scene.wait() {
                Event::Stuck(stuck) => return Err(self.deaf(client, stuck)),
                event => self.happens(event)?,
            }
        }
        Ok(())
    }

    /// A client ends its stream, and sees the end of the answer's.
    fn ends(&mut self, client: usize) -> Result<(), Outcome> {
        self.clients[client].state = State::Ended;
        self.scene.end(self.clients[client].stream);
        while self.clients[client].state != State::Done {
            match self.scene.wait() {
                Event::Stuck(stuck) => {
                    let facts = [("client", self.name(client).into())];
                    return Err(self
                        .scene
                        .stuck_because(stuck, "serve-stays-open", &facts, None));
                }
                event => self.happens(event)?,
            }
        }
        Ok(())
    }

    /// A client breaks its connection.
    fn breaks(&mut self, client: usize) {
        self.clients[client].state = State::Broken;
        self.scene.reset(self.clients[client].stream);
    }

    /// Nobody does anything, and so does the answer.
    fn rests(&mut self) -> Result<(), Outcome> {
        if let Some(client) = self.clients.last() {
            self.scene.settle(client.stream);
        }
        while let Some(event) = self.scene.wait_for(Duration::ZERO) {
            self.happens(event)?;
        }
        Ok(())
    }

    /// Nobody says anything. A read that somebody gave a time limit gives up.
    fn silence(&mut self, long: Duration) -> Result<(), Outcome> {
        self.rests()?;
        self.note_silence(long);
        match self.scene.wait_for(long) {
            None => Ok(()),
            Some(Event::End { .. } | Event::Reset { .. }) => {
                // The others have the same limit, and it ends any moment now.
                while let Some(Event::End { .. } | Event::Reset { .. }) =
                    self.scene.wait_for(2 * SILENCE)
                {}
                let has_ended = |c: &usize| {
                    let stream = self.clients[*c].stream;
                    self.scene.has_ended(stream) || self.scene.was_reset(stream)
                };
                let first = (0..self.clients.len()).find(has_ended).unwrap_or(0);
                let facts = [("client", self.name(first).into())];
                Err(self.scene.not_yet("serve-impatient", &facts, None))
            }
            Some(event) => self.happens(event),
        }
    }

    fn note_silence(&mut self, long: Duration) {
        let facts = [("ms", (long.as_millis() as usize).into())];
        self.scene.note("serve-note-silence", &facts);
    }

    /// All are done: the function returns.
    fn returns(&mut self) -> Result<(), Outcome> {
        while !self.returned {
            match self.scene.wait() {
                Event::Stuck(stuck) => {
                    let facts = [("count", self.wanted.into())];
                    let cause = self.one_broke().then_some("one-bad-client-stops-us");
                    return Err(self
                        .scene
                        .stuck_because(stuck, "serve-goes-on", &facts, cause));
                }
                event => self.happens(event)?,
            }
        }
        Ok(())
    }

    fn name(&self, client: usize) -> String {
        say(self.scene.stream_name(self.clients[client].stream), &[])
    }

    /// How many of those that are to be served have not ended their streams.
    fn open(&self) -> usize {
        let talks = |c: &&Client| c.state == State::Talks;
        let come = self.clients.len().min(self.wanted);
        self.wanted - come + self.clients[..come].iter().filter(talks).count()
    }

    /// Whether a client has broken its connection.
    fn one_broke(&self) -> bool {
        self.clients.iter().any(|c| c.state == State::Broken)
    }

    /// Holds one event against what may happen now.
    fn happens(&mut self, event: Event) -> Result<(), Outcome> {
        let at = |stream| self.clients.iter().position(|c| c.stream == stream);
        match event {
            Event::Bytes { at: stream, .. } => match at(stream) {
                Some(client) => self.same_bytes(client),
                None => Err(self.scene.usual(event, "expecting-return")),
            },
            Event::End { at: stream } | Event::Reset { at: stream } => {
                let Some(client) = at(stream).filter(|c| *c < self.wanted) else {
                    return Ok(()); // one that nobody promised to serve
                };
                match self.clients[client].state {
                    State::Talks => self.hung_up(client),
                    State::Ended
                        if self.scene.received(stream).len() < self.clients[client].sent.len() =>
                    {
                        self.hung_up(client)
                    }
                    State::Ended | State::Done => {
                        self.clients[client].state = State::Done;
                        Ok(())
                    }
                    State::Broken => Ok(()),
                }
            }
            Event::Returned(_) if self.open() == 0 => {
                self.returned = true;
                Ok(())
            }
            Event::Returned(_) => {
                let facts = [("count", self.open().into())];
                let cause = self.one_broke().then_some("one-bad-client-stops-us");
                Err(self.scene.not_yet("serve-returned", &facts, cause))
            }
            Event::Failed { kind, .. } if self.one_broke() => {
                let cause = Some("one-bad-client-stops-us");
                let facts = [("kind", kind.into())];
                Err(self.scene.not_yet("serve-failed", &facts, cause))
            }
            Event::Ended if self.one_broke() => {
                let cause = Some(("serve-ended", "one-bad-client-stops-us"));
                Err(self.scene.because(event, cause, "expecting-echo"))
            }
            event @ Event::Unwound { .. } if self.one_broke() => {
                let cause = Some(("serve-panicked", "one-bad-client-stops-us"));
                Err(self.scene.because(event, cause, "expecting-return"))
            }
            other => Err(self.scene.usual(other, "expecting-echo")),
        }
    }

    /// What has come back to a client is what it sent.
    fn same_bytes(&mut self, client: usize) -> Result<(), Outcome> {
        let Client {
            stream, ref sent, ..
        } = self.clients[client];
        let got = self.scene.received(stream);
        let facts = [
            ("client", self.name(client).into()),
            ("got", got.len().into()),
            ("sent", sent.len().into()),
        ];
        let (key, cause) = if client >= self.wanted {
            ("serve-one-too-many", None)
        } else if sent.starts_with(got) {
            return Ok(());
        } else if got.starts_with(sent) {
            // A buffer that is sent whole holds zeros behind the first message.
            let zeros = got[sent.len()..].ends_with(&[0; 8]);
            ("serve-longer", zeros.then_some("whole-buffer-back"))
        } else if got.windows(3).any(|w| w == "\u{fffd}".as_bytes()) {
            ("serve-replaced", Some("bytes-are-text"))
        } else {
            ("serve-other", None)
        };
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// The answer has ended its stream to a client that had not ended its own,
    /// or was to get more. It may be on its way out.
    fn hung_up(&mut self, client: usize) -> Result<(), Outcome> {
        loop {
            match self.scene.wait() {
                Event::End { .. } | Event::Reset { .. } | Event::Bytes { .. } => {}
                Event::Stuck(_) => break,
                event => return self.happens(event),
            }
        }
        let facts = [("client", self.name(client).into())];
        let Client {
            stream, ref sent, ..
        } = self.clients[client];
        let once = (1..=5).contains(&sent.len()) && self.scene.received(stream) == sent;
        let (key, cause) = if self.clients[client].state == State::Ended {
            ("serve-cut", None)
        } else if once {
            ("serve-hung-up", Some("one-write-one-read"))
        } else {
            ("serve-hung-up", None)
        };
        Err(self.scene.not_yet(key, &facts, cause))
    }

    /// A client waits for its echo, and the answer waits too. What for?
    fn deaf(&mut self, client: usize, stuck: Stuck) -> Outcome {
        let facts = [("client", self.name(client).into())];
        let (key, cause) = if self.one_broke() {
            ("serve-deaf-after-break", Some("one-bad-client-stops-us"))
        } else {
            let page = self.scene.page();
            let found = self.waits_for_others(client);
            self.scene.turn_back(page);
            match found {
                Some(found) => found,
                None => return self.scene.usual(Event::Stuck(stuck), "expecting-echo"),
            }
        };
        self.scene.stuck_because(stuck, key, &facts, cause)
    }

    /// Whether a client gets its echo when the others have ended, or have come.
    fn waits_for_others(&mut self, client: usize) -> Option<(&'static str, Option<&'static str>)> {
        for other in (0..self.clients.len()).filter(|c| *c != client) {
            if self.clients[other].state == State::Talks {
                self.scene.read_again(self.clients[other].stream);
                self.scene.end(self.clients[other].stream);
            }
        }
        if self.echo_comes(client) {
            return Some(("serve-waits-for-end", Some("next-client-can-wait")));
        }
        for _ in self.clients.len()..self.wanted {
            let stream = self.scene.tcp_client("other").ok()??;
            self.scene.end(stream);
        }
        self.echo_comes(client)
            .then_some(("serve-waits-for-all", None))
    }

    fn echo_comes(&mut self, client: usize) -> bool {
        let Client {
            stream, ref sent, ..
        } = self.clients[client];
        let len = sent.len();
        loop {
            if self.scene.received(stream).len() >= len {
                return true;
            }
            match self.scene.wait() {
                Event::Bytes { .. } | Event::End { .. } | Event::Reset { .. } => {}
                _ => return false,
            }
        }
    }
}
