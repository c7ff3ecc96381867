//! Number the segments
//!
//! `cargo test ex05_3` grades this file. To try it by hand, give it the initial
//! sequence numbers of the client and of the server, and the segments: who sends
//! it, and what it carries.
//!
//! ```text
//! cargo run -p exercises --bin ex05_3_number_the_segments -- 100 300 c:SYN s:SYN c: c:5 s: c:FIN
//! ```

use std::process::ExitCode;

use graders::ex05_3_number_the_segments::{Numbers, Segment, Side};

/// Returns the sequence number and the acknowledgement number of each segment
/// of a connection, in the order of `segments`.
///
/// `client_isn` and `server_isn` are the initial sequence numbers of both ends.
/// `segments` are all the segments from the client's SYN on, in the order in
/// which they are sent; none is lost, and each arrives before the next one is
/// sent. A segment is a SYN, a FIN, or neither, and carries `bytes` bytes of
/// data; any of them may carry 0 bytes or more. Either end may be the first to
/// send its FIN, and the other one may go on sending. [`Segment`] and [`Numbers`]
/// are described in `labs/graders/src/ex05_3_number_the_segments/mod.rs`, and in
/// the book on the page of this exercise (5.9).
///
/// `ack` is `None` in the first segment: nothing has arrived at its sender, and
/// it has no ACK flag. Every later segment has it, and acknowledges all that has
/// arrived.
fn number_the_segments(client_isn: u32, server_isn: u32, segments: &[Segment]) -> Vec<Numbers> {
    let number = |before: &[Segment], side: Side| {
        let isn = if side == Side::Client {
            client_isn
        } else {
            server_isn
        };
        before
            .iter()
            .filter(|s| s.from == side)
            .map(length)
            .fold(isn, u32::wrapping_add)
    };
    (0..segments.len())
        .map(|at| {
            let before = &segments[..at];
            let other = match segments[at].from {
                Side::Client => Side::Server,
                Side::Server => Side::Client,
            };
            let heard = before.iter().any(|s| s.from == other);
            Numbers {
                seq: number(before, segments[at].from),
                ack: heard.then(|| number(before, other)),
            }
        })
        .collect()
}

fn length(segment: &Segment) -> u32 {
    segment.bytes + u32::from(segment.syn || segment.fin)
}

fn main() -> ExitCode {
    graders::ex05_3_number_the_segments::main(number_the_segments)
}
