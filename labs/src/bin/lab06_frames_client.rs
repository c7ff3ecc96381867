//! Lab 6 · A client of frames: asks with one message after the other.
//!
//! ```text
//! terminal 1$ cargo run --bin lab06_frames_server
//! terminal 2$ cargo run --bin lab06_frames_client -- red "" green
//! ```
//!
//! Chapter 6 of the book walks through this file, and through
//! `labs/src/frames.rs`, which the server uses too.

use std::ffi::OsString;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use labs::frames::{Bounds, Frames, Framing, has_words};
use labs::{HostPort, Trouble, payload, say};

/// A client of frames: sends messages, and waits for the answer to each.
///
/// Messages are the arguments, or, without any, the lines of standard input. A
/// line of more than 70,000 bytes counts as several.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, in two terminals:
  cargo run --bin lab06_frames_server
  cargo run --bin lab06_frames_client -- red \"\" green

A client in Python does as well:
  python3 labs/python/frames_client.py red \"\" green

Chapter 6 explains every line; `cargo run` opens the book."
)]
// The brackets in the help are those of IPv6.
#[allow(rustdoc::broken_intra_doc_links)]
struct Args {
    /// The server: HOST:PORT, or [HOST]:PORT for an IPv6 address
    #[arg(long, verbatim_doc_comment, value_name = "ADDR", default_value = "127.0.0.1:8888", value_parser = HostPort::destination)]
    server: HostPort,

    /// How the end of a message is marked
    #[arg(long, verbatim_doc_comment, value_enum, default_value_t = Framing::Length)]
    framing: Framing,

    /// The longest message that is sent or taken, in bytes, up to 16 MiB
    #[arg(long, verbatim_doc_comment, value_name = "BYTES", default_value_t = 1 << 20, value_parser = clap::value_parser!(u32).range(1..=1 << 24))]
    limit: u32,

    /// How long to wait, like 500ms or 10s: for a connection, for room for
    /// a message, and for an answer to begin, and to end
    #[arg(long, verbatim_doc_comment, value_name = "TIME", default_value = "3s", value_parser = labs::time_limit)]
    timeout: Duration,

    /// What to send
    #[arg(value_name = "MESSAGE", verbatim_doc_comment)]
    messages: Vec<OsString>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args))
}

// ANCHOR: run
/// Asks, ends this direction, and waits for the end of the other one.
fn run(args: &Args) -> Result<(), Trouble> {
    let (stream, server) = connect(args)?;
    let bounds = Bounds {
        limit: args.limit,
        timeout: args.timeout,
        idle: args.timeout,
    };
    let mut frames = Frames::new(&stream, args.framing, bounds);
    for message in labs::messages(&args.messages) {
        ask(&mut frames, server, &message?)?;
    }
    let ended = stream.shutdown(Shutdown::Write);
    match ended.and_then(|()| frames.next_frame()) {
        Ok(None) => say("both directions have ended"),
        Ok(Some(answer)) => {
            let answer = payload(&answer);
            Err(Trouble::new(format!(
                "{server} sent {answer}, for which nobody had asked"
            )))
        }
        Err(error) => Err(trouble(server, &error)),
    }
}
// ANCHOR_END: run

/// Connects to the first of the server's addresses that answers.
fn connect(args: &Args) -> Result<(TcpStream, SocketAddr), Trouble> {
    let mut failure = Trouble::no_address(&args.server);
    for server in args.server.resolve()? {
        let connected = TcpStream::connect_timeout(&server, args.timeout)
            .and_then(|stream| Ok((stream.local_addr()?, stream)));
        match connected {
            Ok((here, stream)) => {
                say(format_args!("connected to {server} from {here}"))?;
                return Ok((stream, server));
            }
            Err(error) => failure = Trouble::stream("connect to", server, &error),
        }
    }
    Err(failure)
}

// ANCHOR: ask
/// Sends a message, and waits for the answer.
fn ask(frames: &mut Frames, server: SocketAddr, message: &[u8]) -> Result<(), Trouble> {
    frames
        .send_frame(message)
        .map_err(|error| trouble(server, &error))?;
    say(format_args!("sent {}", payload(message)))?;
    match frames.next_frame() {
        Ok(Some(answer)) => say(format_args!("got {}", payload(&answer))),
        Ok(None) => Err(Trouble::new(format!(
            "{server} has ended the connection, and not answered"
        ))),
        Err(error) => Err(trouble(server, &error)),
    }
}
// ANCHOR_END: ask

/// What went wrong between this client and the server.
fn trouble(server: SocketAddr, error: &io::Error) -> Trouble {
    if has_words(error) {
        Trouble::new(format!("cannot go on with {server}: {error}"))
    } else {
        Trouble::stream("talk to", server, error)
    }
}
