//! Exercise 5.2: the state of a connection after an event.

use std::fmt::{self, Display, Formatter};
use std::process::ExitCode;
use std::str::FromStr;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: a state and an event to the next state.
pub type Answer = fn(State, Event) -> State;

// ANCHOR: types
/// The state of our end of a connection (RFC 9293, section 3.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There is no connection.
    Closed,
    /// Waits for a SYN.
    Listen,
    /// Has sent a SYN.
    SynSent,
    /// Has sent a SYN and received one, and waits for the ACK of its own.
    SynReceived(Open),
    /// Open on both sides.
    Established,
    /// Has closed, and waits for the ACK of its FIN and for the peer's FIN.
    FinWait1,
    /// Its FIN is acknowledged; it waits for the peer's.
    FinWait2,
    /// The peer has closed; our program has not.
    CloseWait,
    /// Both have closed, and it waits for the ACK of its FIN.
    Closing,
    /// It closed second, and waits for the ACK of its FIN.
    LastAck,
    /// All is over; it waits for 2 MSL (maximum segment lifetimes).
    TimeWait,
}

/// How our end was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// It has listened, and a SYN came.
    Passive,
    /// It has sent its SYN before any came.
    Active,
}

/// What happens to our end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Our program listens (passive OPEN).
    PassiveOpen,
    /// Our program connects to a peer (active OPEN).
    ActiveOpen,
    /// Our program sends data to a peer (SEND).
    Send,
    /// Our program closes; no data waits to be sent (CLOSE).
    Close,
    /// A SYN without an ACK arrives: the peer's first one, or the same again.
    Syn,
    /// A SYN arrives with an ACK of our SYN: the peer's first one, or the same
    /// again.
    SynAck,
    /// An ACK of our SYN arrives, and of nothing after it.
    AckOfSyn,
    /// A FIN arrives. It acknowledges nothing new, except perhaps our SYN.
    Fin,
    /// An ACK of our FIN arrives.
    AckOfFin,
    /// A FIN arrives, and with it an ACK of our FIN.
    FinAckOfFin,
    /// A RST arrives.
    Rst,
    /// 2 MSL have passed since the last segment.
    Timeout,
}
// ANCHOR_END: types

impl State {
    /// Every state, in the order of the RFC.
    pub const ALL: [State; 12] = [
        State::Closed,
        State::Listen,
        State::SynSent,
        State::SynReceived(Open::Passive),
        State::SynReceived(Open::Active),
        State::Established,
        State::FinWait1,
        State::FinWait2,
        State::CloseWait,
        State::Closing,
        State::LastAck,
        State::TimeWait,
    ];
}

impl Event {
    /// Every event: calls, segments, time.
    pub const ALL: [Event; 12] = [
        Event::PassiveOpen,
        Event::ActiveOpen,
        Event::Send,
        Event::Close,
        Event::Syn,
        Event::SynAck,
        Event::AckOfSyn,
        Event::Fin,
        Event::AckOfFin,
        Event::FinAckOfFin,
        Event::Rst,
        Event::Timeout,
    ];
}

/// As the RFC writes it; how a connection in SYN-RECEIVED was opened follows
/// after a slash.
impl Display for State {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            State::Closed => "CLOSED",
            State::Listen => "LISTEN",
            State::SynSent => "SYN-SENT",
            State::SynReceived(Open::Passive) => "SYN-RECEIVED/passive",
            State::SynReceived(Open::Active) => "SYN-RECEIVED/active",
            State::Established => "ESTABLISHED",
            State::FinWait1 => "FIN-WAIT-1",
            State::FinWait2 => "FIN-WAIT-2",
            State::CloseWait => "CLOSE-WAIT",
            State::Closing => "CLOSING",
            State::LastAck => "LAST-ACK",
            State::TimeWait => "TIME-WAIT",
        })
    }
}

/// As the code writes it.
impl Display for Event {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{self:?}"))
    }
}

impl FromStr for State {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let found = State::ALL.into_iter().find(|s| s.to_string() == text);
        found.ok_or(())
    }
}

impl FromStr for Event {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let found = Event::ALL.into_iter().find(|e| e.to_string() == text);
        found.ok_or(())
    }
}

/// Under a judge, one call for each question; by hand, one question: a state
/// and an event.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            while let Some(mut call) = judge.next_call()? {
                let (state, event) = (call.parsed(), call.parsed());
                let encode = |next: State| vec![next.to_string().into()];
                judge.run(|| Ok(answer(state, event)), encode)?;
            }
            Ok(())
        },
        |args| {
            let state: State = child::argument(args, 0, &one_of("a state", &State::ALL))?;
            let event: Event = child::argument(args, 1, &one_of("an event", &Event::ALL))?;
            child::show(Ok(format!("{state}, {event}: {}", answer(state, event))))
        },
    )
}

/// What an argument stands for, and what it can be.
fn one_of(what: &str, all: &[impl Display]) -> String {
    let all: Vec<_> = all.iter().map(ToString::to_string).collect();
    format!("{what}, one of {}", all.join(", "))
}
