//! The state after an event
//!
//! `cargo test ex05_2` grades this file. To try it by hand, give it a state and
//! an event; without them it lists both:
//!
//! ```text
//! cargo run -p exercises --bin ex05_2_next_state -- ESTABLISHED Close
//! ```

use std::process::ExitCode;

use graders::ex05_2_next_state::{Event, Open, State};

/// Returns the state in which our end of a TCP connection is after an event:
/// RFC 9293, figure 5 with its notes.
///
/// `state` is the state before. `event` is a call of our program, a segment that
/// arrives, or the end of the wait in TIME-WAIT. Each state and event is described
/// in `labs/graders/src/ex05_2_next_state/mod.rs`, and in the book on the page of
/// this exercise (5.9). In SYN-RECEIVED, the state also says how our end was
/// opened: passively (by `PassiveOpen` alone), or actively.
///
/// A segment is what its name says. One that acknowledges what our end has not
/// sent changes nothing. Of every other one the ACK counts first, and then the FIN
/// (RFC 9293 section 3.10.7.4).
///
/// An event that does not change the state returns `state` itself. So does a
/// call that is an error in this state.
///
/// The figure leaves out four things that are asked as well: a RST in any state
/// (note 3, and RFC 9293 section 3.10.7), `ActiveOpen` in LISTEN (3.10.1), `Fin`
/// in SYN-RECEIVED (3.10.7.4), and `SynAck` in SYN-RECEIVED. There it opens the
/// connection where both ends were opened actively (figure 7); where ours was
/// opened passively, it is the peer's SYN again, and changes nothing.
fn next_state(state: State, event: Event) -> State {
    use Event::*;
    use State::*;
    match (state, event) {
        (Closed, PassiveOpen) => Listen,
        (Closed, ActiveOpen) => SynSent,
        (Listen, ActiveOpen | Send) => SynSent,
        (Listen, Syn) => SynReceived(Open::Passive),
        (Listen, Close) => Closed,
        (SynSent, Syn) => SynReceived(Open::Active),
        (SynSent, SynAck) => Established,
        (SynSent, Close) => Closed,
        (SynReceived(_), AckOfSyn | SynAck) => Established,
        (SynReceived(_), Fin) => CloseWait,
        (SynReceived(_), Close) => FinWait1,
        (SynReceived(Open::Passive), Rst) => Listen,
        (Established, Close) => FinWait1,
        (Established, Fin) => CloseWait,
        (FinWait1, AckOfFin) => FinWait2,
        (FinWait1, Fin) => Closing,
        (FinWait2, Fin) => TimeWait,
        (Closing, AckOfFin) => TimeWait,
        (CloseWait, Close) => LastAck,
        (LastAck, AckOfFin) => Closed,
        (TimeWait, Timeout) => Closed,
        (Listen, Rst) => Listen,
        (_, Rst) => Closed,
        _ => state,
    }
}

fn main() -> ExitCode {
    graders::ex05_2_next_state::main(next_state)
}
