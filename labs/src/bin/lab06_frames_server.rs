//! Lab 6 · A server of frames: every message comes back, and no peer costs more
//! than its share.
//!
//! ```text
//! terminal 1$ cargo run --bin lab06_frames_server
//! terminal 2$ cargo run --bin lab06_frames_client -- red "" green
//! ```
//!
//! Chapter 6 of the book walks through this file, and through
//! `labs/src/frames.rs`, which the client uses too.

use std::fmt::Display;
use std::io::{
    self,
    ErrorKind::{ConnectionAborted, ConnectionReset, InvalidData, TimedOut, UnexpectedEof},
    Read,
};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{self, ExitCode};
use std::sync::Once;
use std::thread;
use std::time::Duration;

use clap::Parser;
use labs::frames::{Bounds, Frames, Framing, Timed, has_words, is_reset};
use labs::{HostPort, Trouble, complain, payload, say};

/// A server of frames: every message of a client is sent back to it.
///
/// The first line says which address the server listens on. After it come, for
/// each client, a line when it connects, one for each of its messages, and one
/// when its stream ends, or why it was refused. Stop it with Ctrl-C.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, in two terminals:
  cargo run --bin lab06_frames_server
  cargo run --bin lab06_frames_client -- red \"\" green

A client that announces 4 GiB:
  printf '\\377\\377\\377\\377' | cargo run --bin lab04_tcp_client

Chapter 6 explains every line; `cargo run` opens the book."
)]
// The brackets in the help are those of IPv6.
#[allow(rustdoc::broken_intra_doc_links)]
struct Args {
    /// Where to listen: HOST:PORT, or [HOST]:PORT for an IPv6 address; port 0
    /// lets the system choose a free one
    #[arg(
        long,
        verbatim_doc_comment,
        value_name = "ADDR",
        default_value = "127.0.0.1:8888"
    )]
    listen: HostPort,

    /// Stop after N clients, when all of them are served; without it, go on
    /// until Ctrl-C
    #[arg(long, verbatim_doc_comment, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,

    /// How the end of a message is marked
    #[arg(long, verbatim_doc_comment, value_enum, default_value_t = Framing::Length)]
    framing: Framing,

    /// The longest message that is taken, in bytes, up to 16 MiB
    #[arg(long, verbatim_doc_comment, value_name = "BYTES", default_value_t = 1 << 20, value_parser = clap::value_parser!(u32).range(1..=1 << 24))]
    limit: u32,

    /// How long a whole message may take, from its first byte to its last,
    /// and an answer until the system has taken it
    #[arg(long, verbatim_doc_comment, value_name = "TIME", default_value = "3s", value_parser = labs::time_limit)]
    timeout: Duration,

    /// How long a client may be silent between two messages
    #[arg(long, verbatim_doc_comment, value_name = "TIME", default_value = "10m", value_parser = labs::time_limit)]
    idle: Duration,
}

/// How long a full server waits before it tries to take another client.
const PAUSE: Duration = Duration::from_millis(100);

/// What is read of a refused client, and for how long at most.
const REST: u64 = 16 << 20;
const LINGER: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args))
}

fn run(args: &Args) -> Result<(), Trouble> {
    let (listener, address) = open(&args.listen)?;
    say(format_args!("listening on {address}"))?;
    serve(listener, address, args);
    Ok(())
}

/// Listens on the first of the host's addresses that can be had.
fn open(listen_on: &HostPort) -> Result<(TcpListener, SocketAddr), Trouble> {
    let mut refusal = Trouble::no_address(listen_on);
    for address in listen_on.resolve()? {
        let opened = TcpListener::bind(address).and_then(|listener| {
            let address = listener.local_addr()?; // where port 0 became a real one
            Ok((listener, address))
        });
        match opened {
            Ok(opened) => return Ok(opened),
            Err(error) => refusal = Trouble::listen("TCP", address, &error),
        }
    }
    Err(refusal)
}

/// Takes client after client, and gives each a thread of its own: nobody waits
/// until somebody else is done.
fn serve(listener: TcpListener, here: SocketAddr, args: &Args) {
    thread::scope(|clients| {
        let mut accepted = 0;
        while args.count != Some(accepted) {
            let (stream, peer) = accept(&listener, here);
            accepted += 1;
            tell(format_args!("{peer} connected"));
            let thread = thread::Builder::new();
            let started = thread.spawn_scoped(clients, move || serve_one(&stream, peer, args));
            if let Err(error) = started {
                complain(Trouble::no_thread(peer, &error)); // its stream is closed
            }
        }
        drop(listener); // from here on the system refuses every client
    }); // the scope ends when every thread in it has
}

/// Takes the next connection out of the queue. An error here is about one
/// client, or about a machine that is full: no reason to leave the others.
fn accept(listener: &TcpListener, here: SocketAddr) -> (TcpStream, SocketAddr) {
    static FULL: Once = Once::new();
    loop {
        match listener.accept() {
            Ok(accepted) => return accepted,
            // Gone again while it waited: the first on macOS, the second on
            // Windows. Linux reports that at the first read.
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionReset) => {}
            Err(error) => {
                FULL.call_once(|| complain(Trouble::accept(here, &error)));
                thread::sleep(PAUSE); // the clients wait in the queue meanwhile
            }
        }
    }
}

// ANCHOR: serve_one
/// Serves one client, and says how its stream ended. Whatever it did, only its
/// own connection ends with it.
fn serve_one(stream: &TcpStream, peer: SocketAddr, args: &Args) {
    let mut answered = 0;
    match answer(stream, peer, args, &mut answered) {
        Ok(()) => tell(format_args!("{peer} ended, after {}", messages(answered))),
        Err(error) if is_reset(&error) => tell(format_args!(
            "{peer} reset the connection, after {}",
            messages(answered)
        )),
        Err(error) => match error.kind() {
            UnexpectedEof => complain(format_args!("lost {peer}: {error}")),
            InvalidData => complain(format_args!("refused {peer}: {error}")),
            TimedOut if has_words(&error) => complain(format_args!("gave up on {peer}: {error}")),
            _ => complain(Trouble::stream("serve", peer, &error)),
        },
    }
    close(stream);
}
// ANCHOR_END: serve_one

// ANCHOR: answer
/// Sends each message back, until the client has no more of them.
fn answer(stream: &TcpStream, peer: SocketAddr, args: &Args, count: &mut u64) -> io::Result<()> {
    let bounds = Bounds {
        limit: args.limit,
        timeout: args.timeout,
        idle: args.idle,
    };
    // A frame leaves whole. The next one has nothing to wait for.
    let _ = stream.set_nodelay(true); // some systems refuse it after a reset
    let mut frames = Frames::new(stream, args.framing, bounds);
    while let Some(message) = frames.next_frame()? {
        tell(format_args!("{peer} sent {}", payload(&message)));
        frames.send_frame(&message)?;
        *count += 1;
    }
    Ok(())
}
// ANCHOR_END: answer

// ANCHOR: close
/// Ends the connection. Dropped with something unread it would be reset, and
/// what was sent before might not arrive (section 5.7): so the end is sent
/// first, and then the rest is read, for a short time, and not all of it.
fn close(stream: &TcpStream) {
    let _ = stream.shutdown(Shutdown::Write);
    let mut rest = Timed::new(stream, LINGER).take(REST);
    let _ = io::copy(&mut rest, &mut io::sink());
}
// ANCHOR_END: close

/// `1 message`, `2 messages`.
fn messages(count: u64) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} message{s}")
}

/// Says a line. Without anybody to read it the program ends, in any thread.
fn tell(line: impl Display) {
    if say(line).is_err() {
        process::exit(0);
    }
}
