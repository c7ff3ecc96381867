//! What can go wrong, as one sentence for the person at the keyboard.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use crate::HostPort;

/// Why a lab stopped.
#[derive(Debug)]
pub enum Trouble {
    /// Nobody reads standard output any more: end without a word.
    OutputClosed,
    /// What failed, on which address, why, and what to try.
    Sentence(String),
}

impl Trouble {
    /// A sentence of the lab's own.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self::Sentence(sentence.into())
    }

    /// The host's name has no address.
    pub fn no_address(target: &HostPort) -> Self {
        Self::new(format!(
            "cannot use {target}: no address is known for that name; check its spelling, or write an address such as 127.0.0.1:8888"
        ))
    }

    /// A server could not take `address`; `protocol` is `UDP` or `TCP`.
    pub fn listen(protocol: &str, address: SocketAddr, error: &io::Error) -> Self {
        let why = match error.kind() {
            ErrorKind::AddrInUse => format!(
                "another program has this {protocol} port; stop that program, or take any free port with --listen {}",
                SocketAddr::new(address.ip(), 0)
            ),
            ErrorKind::PermissionDenied => {
                format!(
                    "the system does not give this port to this program (on Linux an ordinary user gets those from 1024 up); take any free port with --listen {}",
                    SocketAddr::new(address.ip(), 0)
                )
            }
            ErrorKind::AddrNotAvailable => {
                "this machine has no such address; listen on 127.0.0.1, or on 0.0.0.0 for all that it has".into()
            }
            _ => reason(error),
        };
        Self::new(format!("cannot listen on {address}: {why}"))
    }

    /// A receive failed on a server's own address.
    pub fn receive(here: SocketAddr, error: &io::Error) -> Self {
        let why = if is_too_long(error) {
            "a datagram was longer than the buffer, which this system reports as an error; receive into a larger one".into()
        } else {
            reason(error)
        };
        Self::new(format!("cannot receive on {here}: {why}"))
    }

    /// A call of a TCP connection with `peer` failed; `doing` says which, as in
    /// "connect to" or "send to".
    pub fn stream(doing: &str, peer: SocketAddr, error: &io::Error) -> Self {
        let why = match error.kind() {
            ErrorKind::ConnectionRefused => {
                "nobody listens there; start the server first, and check its address".into()
            }
            // One event has these names: the first call after it gets the
            // first of them, later calls get the others.
            ErrorKind::ConnectionReset
            | ErrorKind::BrokenPipe
            | ErrorKind::ConnectionAborted
            | ErrorKind::NotConnected => {
                "the connection was reset; the other side has closed it with bytes unread, or has ended, and what was on the way is lost".into()
            }
            // The first at a time limit on Unix, the second on Windows and
            // when the system itself gives up.
            ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                "no answer came in time; check the address, look for a firewall, or wait longer".into()
            }
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => {
                "no route leads there; check the address and the network".into()
            }
            ErrorKind::PermissionDenied => "the system does not allow it (a firewall?)".into(),
            ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable => {
                "the system has no free port for one more connection there, or cannot use this address; check it, or wait a minute".into()
            }
            _ if is_too_many(error) => format!("{TOO_MANY}; close some, or raise the limit"),
            _ => reason(error),
        };
        Self::new(format!("cannot {doing} {peer}: {why}"))
    }

    /// A listener could not take the next connection.
    pub fn accept(here: SocketAddr, error: &io::Error) -> Self {
        let why = if is_too_many(error) {
            TOO_MANY.into()
        } else {
            reason(error)
        };
        Self::new(format!(
            "cannot accept on {here} for now: {why}; new clients wait until one has left"
        ))
    }

    /// A client came for whom there is no thread.
    pub fn no_thread(peer: SocketAddr, error: &io::Error) -> Self {
        Self::new(format!(
            "cannot serve {peer}: the system gives no thread for it ({}); the others are served",
            reason(error)
        ))
    }

    /// A peer stayed silent through every try.
    pub fn silent(peer: SocketAddr) -> Self {
        Self::new(format!(
            "gave up on {peer}: no answer came; a lost datagram, a silent server and a firewall all look like this"
        ))
    }

    /// A call on `address` failed; `doing` says which, as in "send to".
    pub fn on(doing: &str, address: SocketAddr, error: &io::Error) -> Self {
        let why = match error.kind() {
            // The first on Unix, the second on Windows.
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => {
                "nobody listens there; start the server first, and check its address".into()
            }
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => {
                "no route leads there; check the address and the network".into()
            }
            ErrorKind::PermissionDenied => {
                "the system does not allow it (a firewall, or a broadcast address)".into()
            }
            ErrorKind::AddrNotAvailable => {
                "the system cannot use this address; check it".into()
            }
            _ if is_too_long(error) => {
                "the message is too long for one datagram; UDP carries at most 65507 bytes over IPv4 and 65527 over IPv6, and a system or the way there may set less".into()
            }
            _ => reason(error),
        };
        Self::new(format!("cannot {doing} {address}: {why}"))
    }
}

/// The reason in the same words on every system: from the kind of the error,
/// never from the system's own text.
fn reason(error: &io::Error) -> String {
    match (error.kind(), error.raw_os_error()) {
        (ErrorKind::Other, _) | (_, None) => error.kind().to_string(),
        (kind, Some(code)) => format!("{kind} (system error {code})"),
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutputClosed => f.write_str("the output was closed"),
            Self::Sentence(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Trouble {}

/// Whether an error of a receive says nothing about the socket itself: a signal
/// came first (`EINTR`), or, on Windows, ICMP brought news of a datagram that
/// was sent earlier (10054 `WSAECONNRESET`, 10052 `WSAENETRESET`).
pub fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Interrupted | ErrorKind::ConnectionReset
    ) || (cfg!(windows) && error.raw_os_error() == Some(10052))
}

/// What `is_too_many` means.
const TOO_MANY: &str = "too many files are open, and sockets count as files (`ulimit -n` shows how many one program may have)";

/// Whether the program, or the whole system, has no descriptor left: `EMFILE`
/// and `ENFILE`, 10024 on Windows. `ErrorKind` has no name for it.
fn is_too_many(error: &io::Error) -> bool {
    match error.raw_os_error() {
        Some(code) if cfg!(windows) => code == 10024,
        code => matches!(code, Some(23 | 24)),
    }
}

/// Whether a datagram was refused because of its size: `EMSGSIZE`, 10040 on
/// Windows. `ErrorKind` has no name for it.
fn is_too_long(error: &io::Error) -> bool {
    let code = if cfg!(windows) {
        10040
    } else if cfg!(any(target_os = "linux", target_os = "android")) {
        90
    } else {
        40
    };
    error.raw_os_error() == Some(code)
}
