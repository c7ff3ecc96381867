//! What a scene tells an exercise's grader.

use std::net::SocketAddr;

use super::{PeerId, ServerId, StreamId};
use crate::judge::Stuck;
use crate::wire::Message;

/// What happens in a scene.
#[derive(Debug)]
pub enum Event {
    /// A datagram from `from` reached one of the peers.
    Datagram {
        /// The peer that it reached.
        at: PeerId,
        /// Where it came from.
        from: SocketAddr,
        /// What it carried.
        bytes: Vec<u8>,
    },
    /// The answer connected to one of the listening peers.
    Connected {
        /// The peer that it connected to.
        at: ServerId,
        /// The connection.
        stream: StreamId,
    },
    /// Bytes came on a connection: any number, whatever the answer's writes were.
    Bytes {
        /// The connection.
        at: StreamId,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// The answer ended its direction of a connection.
    End {
        /// The connection.
        at: StreamId,
    },
    /// The answer's side reset a connection.
    Reset {
        /// The connection.
        at: StreamId,
    },
    /// The function returned `Ok`; its value in fields.
    Returned(Message),
    /// What the exercise's own code saw on the answer's side, in fields.
    Told(Message),
    /// The function returned `Err`.
    Failed {
        /// The kind of the error, as `ErrorKind` names it, or the system's own
        /// text where it has no name.
        kind: String,
        /// The system's number of the error, where there is one.
        code: Option<i32>,
    },
    /// The function returned the error `Interrupted`: the system broke a call
    /// off, as it does when a machine sleeps or a debugger looks in. That is
    /// nobody's mistake.
    Interrupted,
    /// The function panicked; `waiting` datagrams were left in its socket.
    Unwound {
        /// How many datagrams nobody took.
        waiting: usize,
    },
    /// The program ended without an answer.
    Ended,
    /// The answer makes no progress, and the peers owe it nothing.
    Stuck(Stuck),
}
