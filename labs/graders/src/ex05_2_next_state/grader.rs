//! Judges exercise 5.2: the usual ways through a connection first, then every
//! state with every event.

use super::{Event as Happens, Open, State};
use crate::judge::{Bench, Event, Fact, Outcome, Scene};
use crate::messages::say;

use Happens::*;
use State::*;

/// A way through a connection: its name, where it begins, what happens.
type Story = (&'static str, State, &'static [Happens]);

const STORIES: [Story; 9] = [
    (
        "story-client",
        Closed,
        &[ActiveOpen, SynAck, Close, AckOfFin, Fin, Timeout],
    ),
    (
        "story-server",
        Closed,
        &[PassiveOpen, Syn, AckOfSyn, Fin, Close, AckOfFin],
    ),
    ("story-three", Established, &[Close, FinAckOfFin, Timeout]),
    (
        "story-both-close",
        Established,
        &[Close, Fin, AckOfFin, Timeout],
    ),
    (
        "story-both-open",
        Closed,
        &[ActiveOpen, Syn, SynAck, Fin, Close],
    ),
    ("story-leak", Established, &[Fin, Timeout]),
    ("story-refused", Closed, &[ActiveOpen, Rst]),
    (
        "story-listener",
        Closed,
        &[PassiveOpen, Syn, Rst, Syn, Close, AckOfSyn],
    ),
    ("story-reset", Established, &[Close, AckOfFin, Rst]),
];

/// Asks about one event after the other.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut scene = Scene::start(bench)?;
    for (title, start, events) in STORIES {
        scene.new_page();
        scene.note(title, &[]);
        let mut state = start;
        for &event in events {
            state = ask(&mut scene, state, event)?;
        }
    }
    let pairs = || {
        State::ALL
            .into_iter()
            .flat_map(|s| Happens::ALL.map(|e| (s, e)))
    };
    for rare in [false, true] {
        for (state, event) in pairs().filter(|(s, e)| is_rare(*s, *e) == rare) {
            scene.new_page();
            ask(&mut scene, state, event)?;
        }
    }
    Ok(())
}

/// What two right ends never do to each other is asked last.
fn is_rare(state: State, event: Happens) -> bool {
    (state != FinWait1 && event == FinAckOfFin)
        || (state, event) == (SynReceived(Open::Passive), SynAck)
}

/// Asks about one event, and returns the state after it.
fn ask(scene: &mut Scene, state: State, event: Happens) -> Result<State, Outcome> {
    let (want, why) = after(state, event);
    let (from, happens) = (state.to_string(), event.to_string());
    let facts = [
        ("state", from.as_str().into()),
        ("event", happens.as_str().into()),
    ];
    scene.call(
        "called-state",
        &facts,
        &[from.as_bytes(), happens.as_bytes()],
    )?;
    let value = match scene.wait() {
        Event::Returned(value) => value,
        other => return Err(scene.usual(other, "expecting-return")),
    };
    let shown = String::from_utf8_lossy(&value.concat()).into_owned();
    let asked = want.to_string();
    if shown == asked {
        scene.returned(&shown, None);
        return Ok(want);
    }
    scene.returned(&shown, Some(&asked));
    let got = shown.parse().unwrap_or(state);
    let (why, cause) = explain(state, event, got).map_or((why, None), |(w, m)| (w, Some(m)));
    let key = if got == state {
        "state-stays"
    } else {
        "state-goes"
    };
    let facts: [(&'static str, Fact); 4] = [
        ("state", from.into()),
        ("event", happens.into()),
        ("got", shown.into()),
        ("why", say(why, &[]).into()),
    ];
    Err(scene.not_yet(key, &facts, cause))
}

/// The reason and the misconception behind a wrong state, where there is one.
fn explain(state: State, event: Happens, got: State) -> Option<(&'static str, &'static str)> {
    Some(match (state, event, got) {
        (FinWait1, FinAckOfFin, Closing | FinWait2 | FinWait1) => {
            ("why-both-in-one", "four-way-is-always-four")
        }
        (FinWait2, Fin | FinAckOfFin, Closed) | (FinWait1, FinAckOfFin, Closed) => {
            ("why-first-waits", "time-wait-is-the-servers")
        }
        (Closing, AckOfFin | FinAckOfFin, Closed) => ("why-both-wait", "time-wait-is-the-servers"),
        (CloseWait, Close, TimeWait) | (LastAck, AckOfFin | FinAckOfFin, TimeWait) => {
            ("why-second-does-not-wait", "time-wait-is-the-servers")
        }
        (CloseWait, Timeout, _) => ("why-no-timer", "close-wait-times-out"),
        (Established, Fin, Closed | LastAck | TimeWait) => {
            ("why-we-may-send", "close-wait-times-out")
        }
        (Established, Close, Closed | TimeWait) | (FinWait1, AckOfFin, Closed | TimeWait) => {
            ("why-peer-may-send", "shutdown-is-close")
        }
        _ => return None,
    })
}

/// The state after an event and the reason for it.
fn after(state: State, event: Happens) -> (State, &'static str) {
    let passive = SynReceived(Open::Passive);
    let active = SynReceived(Open::Active);
    match (state, event) {
        (Closed, PassiveOpen) => (Listen, "why-listens"),
        (Closed, ActiveOpen) => (SynSent, "why-sends-syn"),
        (Listen, Send | ActiveOpen) => (SynSent, "why-turns-active"),
        (Listen | SynSent, Close) => (Closed, "why-nothing-to-end"),
        (Listen, Syn) => (passive, "why-answers-syn"),
        (SynSent, Syn) => (active, "why-syns-cross"),
        (SynSent, SynAck) => (Established, "why-open"),
        (SynSent, AckOfSyn) => (state, "why-no-syn-yet"),
        (SynReceived(_), AckOfSyn) => (Established, "why-syn-acknowledged"),
        (SynReceived(Open::Active), SynAck) => (Established, "why-syn-acknowledged"),
        (SynReceived(_), Close) => (FinWait1, "why-sends-fin"),
        (SynReceived(_), Fin) => (CloseWait, "why-opens-and-ends"),
        (SynReceived(Open::Passive), Rst) => (Listen, "why-listens-again"),
        (SynReceived(Open::Active) | SynSent, Rst) => (Closed, "why-refused"),
        (Established, Close) => (FinWait1, "why-sends-fin"),
        (Established, Fin) => (CloseWait, "why-we-may-send"),
        (CloseWait, Close) => (LastAck, "why-sends-last-fin"),
        (FinWait1, AckOfFin) => (FinWait2, "why-peer-may-send"),
        (FinWait1, Fin) => (Closing, "why-fins-cross"),
        (FinWait1, FinAckOfFin) => (TimeWait, "why-both-in-one"),
        (FinWait2, Fin | FinAckOfFin) => (TimeWait, "why-first-waits"),
        (Closing, AckOfFin) => (TimeWait, "why-both-wait"),
        (Closing, FinAckOfFin) => (TimeWait, "why-ack-first-closing"),
        (LastAck, AckOfFin) => (Closed, "why-second-does-not-wait"),
        (LastAck, FinAckOfFin) => (Closed, "why-ack-first-last"),
        (TimeWait, Timeout) => (Closed, "why-wait-is-over"),
        (Closed | Listen, Rst) => (state, "why-no-connection-to-reset"),
        (TimeWait, Rst) => (Closed, "why-reset-ends-wait"),
        (_, Rst) => (Closed, "why-reset"),

        (Closed, Close | Send) => (state, "why-no-connection"),
        (_, PassiveOpen | ActiveOpen) => (state, "why-open-already"),
        (SynSent | SynReceived(_) | Established | CloseWait, Send) => (state, "why-data"),
        (_, Send | Close) => (state, "why-closed-already"),
        (Closed, Syn | SynAck | AckOfSyn | AckOfFin | Fin | FinAckOfFin) => {
            (state, "why-answers-rst")
        }
        (Listen, SynAck | AckOfSyn | AckOfFin | Fin | FinAckOfFin) => {
            (state, "why-listener-sent-nothing")
        }
        (SynSent, Fin) => (state, "why-fin-before-syn"),
        (_, Syn | SynAck) => (state, "why-syn-again"),
        (FinWait1 | Closing, AckOfSyn) => (state, "why-ack-not-of-fin"),
        (_, AckOfSyn) => (state, "why-ack-is-old"),
        (_, Fin) | (TimeWait, FinAckOfFin) => (state, "why-fin-again"),
        (FinWait2 | TimeWait, AckOfFin) => (state, "why-ack-is-old"),
        (_, AckOfFin | FinAckOfFin) => (state, "why-no-fin-sent"),
        (CloseWait, Timeout) => (state, "why-no-timer"),
        (_, Timeout) => (state, "why-timer-elsewhere"),
    }
}
