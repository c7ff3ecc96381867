//! Lab 3 · A UDP client: sends each message, waits for the answer, tries again.
//!
//! ```text
//! terminal 1$ cargo run --bin lab03_udp_server
//! terminal 2$ cargo run --bin lab03_udp_client -- hello
//! ```
//!
//! Chapter 3 of the book walks through this file.

use std::ffi::OsString;
use std::io::{
    self,
    ErrorKind::{Interrupted, TimedOut, WouldBlock},
};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use labs::{HostPort, Trouble, complain, payload, say};

/// A UDP client: sends each message as one datagram and prints the answer.
///
/// Messages are the arguments; without any, each line of standard input is
/// one, and an empty line is an empty datagram.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, in two terminals:
  cargo run --bin lab03_udp_server
  cargo run --bin lab03_udp_client -- hello

A server in Python does as well:
  python3 labs/python/udp_server.py

Chapter 3 explains every line; `cargo run` opens the book."
)]
// The brackets in the help are those of IPv6.
#[allow(rustdoc::broken_intra_doc_links)]
struct Args {
    /// The server: HOST:PORT, or [HOST]:PORT for an IPv6 address
    #[arg(long, verbatim_doc_comment, value_name = "ADDR", default_value = "127.0.0.1:8888", value_parser = HostPort::destination)]
    server: HostPort,

    /// How long to wait for each answer, like 500ms or 2s
    #[arg(long, verbatim_doc_comment, value_name = "TIME", default_value = "1s", value_parser = labs::time_limit)]
    timeout: Duration,

    /// How often to send a message that stays without an answer
    #[arg(long, verbatim_doc_comment, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    tries: u32,

    /// What to send, each as one datagram
    #[arg(value_name = "MESSAGE", verbatim_doc_comment)]
    messages: Vec<OsString>,
}

/// How many old answers are dropped before a try; a server that sends without
/// end must not keep the client from asking.
const MOST_OLD: usize = 1000;

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args))
}

/// Sends every message to the first of the server's addresses that answers.
fn run(args: &Args) -> Result<(), Trouble> {
    let mut messages = labs::messages(&args.messages);
    let Some(first) = messages.next().transpose()? else {
        return Ok(());
    };
    let mut failure = Trouble::no_address(&args.server);
    for server in args.server.resolve()? {
        match open(server).and_then(|socket| ask(&socket, server, &first, args).map(|()| socket)) {
            Ok(socket) => {
                return messages.try_for_each(|message| ask(&socket, server, &message?, args));
            }
            Err(Trouble::OutputClosed) => return Err(Trouble::OutputClosed),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

// ANCHOR: open
/// Makes a socket on any free port, and tells it who its only peer is.
fn open(server: SocketAddr) -> Result<UdpSocket, Trouble> {
    let any = match server {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let socket = UdpSocket::bind(any).map_err(|e| Trouble::listen("UDP", any, &e))?;
    // This sends nothing. From now on strangers are filtered out, and the
    // system may report that nobody listens at the server's port.
    socket
        .connect(server)
        .map_err(|e| Trouble::on("connect to", server, &e))?;
    Ok(socket)
}
// ANCHOR_END: open

// ANCHOR: ask
/// Sends one message until an answer comes, or until the tries are used up.
fn ask(socket: &UdpSocket, server: SocketAddr, message: &[u8], args: &Args) -> Result<(), Trouble> {
    for attempt in 1..=args.tries {
        drop_old_answers(socket, server)?;
        match socket.send(message) {
            Ok(_) => say(format_args!("sent {}", payload(message)))?,
            Err(error) => return Err(Trouble::on("send to", server, &error)),
        }
        match receive(socket, args.timeout) {
            Ok(Some(answer)) => return say(format_args!("got {}", payload(&answer))),
            Ok(None) => complain(format_args!(
                "no answer from {server} within {:?} (try {attempt} of {})",
                args.timeout, args.tries
            )),
            Err(error) => return Err(Trouble::on("reach", server, &error)),
        }
    }
    Err(Trouble::silent(server))
}
// ANCHOR_END: ask

// ANCHOR: receive
/// Waits for one datagram, `timeout` at the most; `None` when none came.
fn receive(socket: &UdpSocket, timeout: Duration) -> io::Result<Option<Vec<u8>>> {
    let mut buf = [0; 65_535];
    let deadline = Instant::now() + timeout;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None); // a time limit of zero would be an error
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv(&mut buf) {
            Ok(len) => return Ok(Some(buf[..len].to_vec())),
            // The same event has two names: the first on Unix, the second on Windows.
            Err(e) if matches!(e.kind(), WouldBlock | TimedOut) => {}
            Err(e) if e.kind() == Interrupted => {} // a signal: wait for the rest
            Err(error) => return Err(error),
        }
    }
}
// ANCHOR_END: receive

// ANCHOR: old
/// What lies in the socket before we send was sent for an earlier try. It may
/// even answer this message, but without an id in it nobody can tell.
fn drop_old_answers(socket: &UdpSocket, server: SocketAddr) -> Result<(), Trouble> {
    let trouble = |e: io::Error| Trouble::on("reach", server, &e);
    socket.set_nonblocking(true).map_err(trouble)?;
    let mut buf = [0; 65_535];
    for _ in 0..MOST_OLD {
        let Ok(len) = socket.recv(&mut buf) else {
            break;
        };
        say(format_args!("too late: {}", payload(&buf[..len])))?;
    }
    socket.set_nonblocking(false).map_err(trouble)
}
// ANCHOR_END: old
