//! Judges exercise 3.2: a server that loses requests, answers late, or not at
//! all, and a stranger that talks in between.

use std::time::{Duration, Instant};

use crate::judge::{Bench, Event, Outcome, PeerId, Scene};
use crate::messages::say;

/// A time limit so long that no busy machine makes it pass by chance, in milliseconds.
const LONG: u64 = 20_000;
/// A time limit for the cases in which it has to pass, in milliseconds.
const SHORT: u64 = 40;
/// The same while a stranger sends a datagram every 10 ms.
const NOISY: u64 = 80;
/// How often a timed case is played on a machine that is too busy for it.
const ROUNDS: u64 = 20;
/// How long an answer may let the stranger keep it from asking again.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// Plays the server and the stranger.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let first = bench.random().u32(..);
    let (scene, server, stranger) = stage(bench)?;
    let mut game = Game {
        bench,
        scene,
        server,
        stranger,
        case: first,
        id: first,
        last_id: first,
        tries: 0,
    };
    let cases: [Case; 7] = [
        Game::answers_at_once,
        Game::strangers_talk_first,
        Game::an_old_answer_comes_first,
        Game::an_empty_datagram_comes_first,
        Game::the_request_is_lost,
        Game::a_stranger_never_stops,
        Game::nobody_answers,
    ];
    for (number, case) in (0..).zip(cases) {
        game.last_id = game.id;
        game.case = first.wrapping_add(number * 0x100);
        game.id = game.case;
        case(&mut game)?;
    }
    Ok(())
}

/// A new run of the answer, with its server and its stranger.
fn stage(bench: &Bench<'_>) -> Result<(Scene, PeerId, PeerId), Outcome> {
    let mut scene = Scene::start(bench)?;
    let server = scene.udp_peer("server")?;
    let stranger = scene.udp_peer("stranger")?;
    Ok((scene, server, stranger))
}

/// What stood between the question and its answer, which decides what another
/// return than the answer shows.
#[derive(Clone, Copy)]
enum Otherwise {
    /// Nothing.
    Nothing,
    /// The length of the answer.
    Cut,
    /// Datagrams from a stranger.
    Strangers,
    /// The answer to an earlier question.
    Late,
    /// A datagram that is too short for an id.
    Short,
}

/// One of the cases that an answer goes through.
type Case<'a> = fn(&mut Game<'a>) -> Result<(), Outcome>;

/// The case at hand.
struct Game<'a> {
    bench: &'a Bench<'a>,
    scene: Scene,
    server: PeerId,
    stranger: PeerId,
    /// Where the ids of the case at hand begin.
    case: u32,
    /// The id of the request at hand.
    id: u32,
    /// The id of the last request of the case before.
    last_id: u32,
    tries: u32,
}

impl Game<'_> {
    /// Begins the case anew, with nothing left over from the last time: the same
    /// seed shows the same exchange, however often it is played.
    fn again(&mut self) -> Result<(), Outcome> {
        (self.scene, self.server, self.stranger) = stage(self.bench)?;
        self.id = self.case;
        Ok(())
    }

    /// Calls the answer with a new request and waits until it comes.
    fn ask(&mut self, timeout: u64, tries: u32) -> Result<Vec<u8>, Outcome> {
        self.id = self.id.wrapping_add(1);
        self.tries = tries;
        let request = self.message("what time is it?");
        let server = self.scene.address(self.server)?.to_string();
        self.scene.new_page();
        let facts = [
            ("timeout", i64::try_from(timeout).unwrap_or(i64::MAX).into()),
            ("tries", tries.into()),
        ];
        let limits = [timeout.to_string(), tries.to_string()];
        let arguments: [&[u8]; 4] = [
            server.as_bytes(),
            &request,
            limits[0].as_bytes(),
            limits[1].as_bytes(),
        ];
        self.scene.call("called-ask", &facts, &arguments)?;
        match self.scene.wait() {
            Event::Datagram { at, bytes, .. } if at == self.server && bytes == request => {
                Ok(request)
            }
            Event::Datagram { at, .. } if at == self.server => {
                Err(self.scene.not_yet("ask-changed", &[], None))
            }
            other => Err(self.scene.usual(other, "expecting-request")),
        }
    }

    /// The id of the request at hand, and a text.
    fn message(&self, text: &str) -> Vec<u8> {
        [&self.id.to_be_bytes(), text.as_bytes()].concat()
    }

    /// The answer is as long as a datagram can be on every system.
    fn answers_at_once(&mut self) -> Result<(), Outcome> {
        self.ask(LONG, 3)?;
        let answer = self.message(&"noon, and a long story. ".repeat(350));
        self.scene.send(self.server, &answer)?;
        self.returns(&answer, Otherwise::Cut)
    }

    /// What is not from the server is ignored, even when it looks right.
    fn strangers_talk_first(&mut self) -> Result<(), Outcome> {
        self.ask(LONG, 3)?;
        let (forged, answer) = (self.message("midnight"), self.message("one o'clock"));
        self.scene.send(self.stranger, b"hi")?;
        self.scene.send(self.stranger, &forged)?;
        self.scene.send(self.server, &answer)?;
        self.returns(&answer, Otherwise::Strangers)
    }

    /// What the server says to an earlier question is ignored.
    fn an_old_answer_comes_first(&mut self) -> Result<(), Outcome> {
        self.ask(LONG, 3)?;
        let answer = self.message("two o'clock");
        let old = [&self.last_id.to_be_bytes(), &b"one o'clock"[..]].concat();
        self.scene.send(self.server, &old)?;
        self.scene.send(self.server, &answer)?;
        self.returns(&answer, Otherwise::Late)
    }

    /// What is too short for an id is ignored, whatever the buffer still holds.
    fn an_empty_datagram_comes_first(&mut self) -> Result<(), Outcome> {
        self.ask(LONG, 3)?;
        let (forged, answer) = (self.message("midnight"), self.message("half past two"));
        self.scene.send(self.stranger, &forged)?;
        self.scene.send(self.server, b"")?;
        self.scene.send(self.server, &answer)?;
        self.returns(&answer, Otherwise::Short)
    }

    /// The function returns the answer, and has sent nothing more until then.
    fn returns(&mut self, answer: &[u8], otherwise: Otherwise) -> Result<(), Outcome> {
        let event = self.scene.wait();
        self.returned(event, answer, otherwise)
    }

    /// The event is the return of the answer.
    fn returned(
        &mut self,
        event: Event,
        answer: &[u8],
        otherwise: Otherwise,
    ) -> Result<(), Outcome> {
        let disturbed = !matches!(otherwise, Otherwise::Nothing | Otherwise::Cut);
        match event {
            Event::Returned(value) if value.first().is_some_and(|v| v == answer) => Ok(()),
            Event::Returned(value) => {
                let got = value.first().map(Vec::as_slice).unwrap_or_default();
                let facts = [("got", bytes(got.len())), ("want", bytes(answer.len()))];
                let (key, cause) = match otherwise {
                    Otherwise::Cut if answer.starts_with(got) => {
                        ("ask-cut", Some("rest-stays-for-next-recv"))
                    }
                    Otherwise::Short if got.len() < 4 => {
                        ("ask-took-empty", Some("whole-buffer-back"))
                    }
                    Otherwise::Strangers => ("ask-took-strangers", Some("reply-is-from-my-server")),
                    Otherwise::Late => ("ask-took-late", Some("late-answer-is-mine")),
                    Otherwise::Nothing | Otherwise::Cut | Otherwise::Short => {
                        ("ask-wrong-answer", None)
                    }
                };
                Err(self.scene.not_yet(key, &facts, cause))
            }
            Event::Failed { kind, .. }
                if kind != "TimedOut" && kind != "WouldBlock" && disturbed =>
            {
                let facts = [("kind", kind.into())];
                let cause = Some("every-datagram-is-well-formed");
                Err(self.scene.not_yet("ask-stopped-at-stranger", &facts, cause))
            }
            event @ Event::Unwound { .. } if disturbed => {
                let cause = ("ask-panicked-at-stranger", "every-datagram-is-well-formed");
                Err(self
                    .scene
                    .because(event, Some(cause), "expecting-answer-back"))
            }
            Event::Datagram { at, .. } if at == self.server && disturbed => {
                let cause = Some("first-arrival-ends-the-wait");
                Err(self.scene.not_yet("ask-ended-wait", &[], cause))
            }
            Event::Datagram { at, .. } if at == self.server => {
                Err(self.scene.not_yet("ask-impatient", &[], None))
            }
            other => Err(self.scene.usual(other, "expecting-answer-back")),
        }
    }

    /// The first request never reaches the server: it has to come again.
    fn the_request_is_lost(&mut self) -> Result<(), Outcome> {
        for round in 1..=ROUNDS {
            let request = self.ask(SHORT * round, 5)?;
            self.scene.lose_last();
            self.scene.note("ask-note-silence", &[]);
            match self.scene.wait() {
                Event::Datagram { at, bytes, .. } if at == self.server && bytes == request => {}
                Event::Datagram { at, .. } if at == self.server => {
                    return Err(self.scene.not_yet("ask-changed", &[], None));
                }
                Event::Failed { kind, .. } => return Err(self.stopped_after(1, kind)),
                other => return Err(self.scene.usual(other, "expecting-retry")),
            }
            if self.answered(&request, "three o'clock")? {
                return Ok(());
            }
            self.again()?;
        }
        Err(Outcome::Unjudged(say("too-busy", &[])))
    }

    /// Answers the second request, and every further one. On a busy machine the
    /// server's answer may come after the time limit: then the answer is right
    /// to ask again, and, `false`, right to give up at last.
    fn answered(&mut self, request: &[u8], text: &str) -> Result<bool, Outcome> {
        let answer = self.message(text);
        for sends in 2..=self.tries {
            self.scene.send(self.server, &answer)?;
            match self.scene.wait() {
                Event::Datagram { at, bytes, .. } if at == self.server && bytes == request => {}
                Event::Failed { kind, .. } if kind == "TimedOut" && sends == self.tries => {
                    return Ok(false);
                }
                Event::Failed { kind, .. } => return Err(self.stopped_after(sends, kind)),
                event => {
                    return self
                        .returned(event, &answer, Otherwise::Nothing)
                        .map(|()| true);
                }
            }
        }
        Err(self.too_often(self.tries + 1, None))
    }

    /// The answer returned an error after `sends` requests. `WouldBlock` says
    /// that it waited for the other name of a time limit.
    fn stopped_after(&mut self, sends: u32, kind: String) -> Outcome {
        let cause = match kind.as_str() {
            "WouldBlock" => Some("timeout-is-timedout"),
            "TimedOut" => Some("waiting-is-asking-again"),
            _ => None,
        };
        let facts = [
            ("kind", kind.into()),
            ("sends", sends.into()),
            ("tries", self.tries.into()),
        ];
        self.scene.not_yet("ask-gave-up-early", &facts, cause)
    }

    /// Datagrams that are not the answer must not put the time limit off.
    ///
    /// If the stranger itself paused for nearly the time limit, because the
    /// machine was busy, then a second request proves nothing: once more.
    fn a_stranger_never_stops(&mut self) -> Result<(), Outcome> {
        for _ in 0..ROUNDS {
            let (request, pause) = self.disturbed()?;
            let answered = self.answered(&request, "four o'clock")?;
            if answered && pause < Duration::from_millis(NOISY * 3 / 4) {
                return Ok(());
            }
            self.again()?;
        }
        Err(Outcome::Unjudged(say("too-busy", &[])))
    }

    /// Asks, loses the request, and lets a stranger talk until the request comes
    /// again; returns it, and the stranger's longest pause.
    fn disturbed(&mut self) -> Result<(Vec<u8>, Duration), Outcome> {
        let request = self.ask(NOISY, 5)?;
        self.scene.lose_last();
        self.scene.note("ask-note-noise", &[]);
        let (begun, mut last, mut pause) = (Instant::now(), Instant::now(), Duration::ZERO);
        while begun.elapsed() < PATIENCE {
            self.scene.disturb(self.stranger, b"hi")?;
            pause = pause.max(last.elapsed());
            last = Instant::now();
            match self.scene.wait_for(Duration::from_millis(10)) {
                None => {}
                Some(Event::Datagram { at, bytes, .. })
                    if at == self.server && bytes == request =>
                {
                    return Ok((request, pause.max(last.elapsed())));
                }
                Some(Event::Failed { kind, .. }) => return Err(self.stopped_after(1, kind)),
                Some(other) => return Err(self.scene.usual(other, "expecting-retry")),
            }
        }
        let cause = Some("timeout-covers-the-message");
        Err(self.scene.not_yet("ask-kept-waiting", &[], cause))
    }

    /// The server is gone: so many tries, and no more.
    fn nobody_answers(&mut self) -> Result<(), Outcome> {
        let request = self.ask(SHORT, 3)?;
        self.scene.note("ask-note-silence", &[]);
        let mut sends = 1;
        loop {
            match self.scene.wait() {
                Event::Datagram { at, bytes, .. } if at == self.server && bytes == request => {
                    sends += 1
                }
                Event::Failed { kind, .. } if sends < self.tries => {
                    return Err(self.stopped_after(sends, kind));
                }
                Event::Failed { .. } | Event::Returned(_) if sends > self.tries => {
                    return Err(self.too_often(sends, None));
                }
                Event::Failed { kind, .. } if kind == "TimedOut" => return Ok(()),
                Event::Failed { kind, .. } => {
                    let cause = (kind == "WouldBlock").then_some("timeout-is-timedout");
                    let facts = [("kind", kind.into()), ("tries", self.tries.into())];
                    return Err(self.scene.not_yet("ask-wrong-error", &facts, cause));
                }
                Event::Returned(value) => {
                    let facts = [("got", bytes(value.first().map_or(0, Vec::len)))];
                    return Err(self.scene.not_yet("ask-returned-silent", &facts, None));
                }
                other => return Err(self.scene.usual(other, "expecting-give-up")),
            }
            if sends == self.tries + 3 {
                return Err(self.too_often(sends, Some("retry-forever")));
            }
        }
    }

    fn too_often(&mut self, sends: u32, cause: Option<&'static str>) -> Outcome {
        let facts = [("sends", sends.into()), ("tries", self.tries.into())];
        self.scene.not_yet("ask-too-often", &facts, cause)
    }
}

/// A number of bytes, in words.
fn bytes(len: usize) -> crate::judge::Fact {
    say("some-bytes", &[("len", len.into())]).into()
}
