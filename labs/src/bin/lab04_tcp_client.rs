//! Lab 4 · A TCP client: sends its messages, ends its stream, prints what comes.
//!
//! ```text
//! terminal 1$ cargo run --bin lab04_tcp_server
//! terminal 2$ cargo run --bin lab04_tcp_client -- hello
//! ```
//!
//! Chapter 4 of the book walks through this file.

use std::ffi::OsString;
use std::io::{
    self,
    ErrorKind::{Interrupted, TimedOut, WouldBlock},
    IsTerminal, Read, Write,
};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use clap::Parser;
use labs::{HostPort, Trouble, bytes, note};

/// A TCP client: sends its messages and prints what comes back.
///
/// Messages are the arguments, and each of them is sent as a line; without
/// any, standard input is sent byte for byte, up to its end. What the server
/// sends goes to standard output byte for byte, all else to standard error.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, in two terminals:
  cargo run --bin lab04_tcp_server
  cargo run --bin lab04_tcp_client -- hello

A server in Python does as well:
  python3 labs/python/tcp_server.py

Chapter 4 explains every line; `cargo run` opens the book."
)]
// The brackets in the help are those of IPv6.
#[allow(rustdoc::broken_intra_doc_links)]
struct Args {
    /// The server: HOST:PORT, or [HOST]:PORT for an IPv6 address
    #[arg(long, verbatim_doc_comment, value_name = "ADDR", default_value = "127.0.0.1:8888", value_parser = HostPort::destination)]
    server: HostPort,

    /// How long to wait for the server, like 500ms or 10s: to connect, for
    /// room to send, and, when all is sent, for each next byte
    #[arg(long, verbatim_doc_comment, value_name = "TIME", default_value = "3s", value_parser = labs::time_limit)]
    timeout: Duration,

    /// What to send, each as one line
    #[arg(value_name = "MESSAGE", verbatim_doc_comment)]
    messages: Vec<OsString>,
}

/// What one read takes at most.
const BUFFER: usize = 64 * 1024;

/// Whether there is nothing more to send.
static ALL_SENT: AtomicBool = AtomicBool::new(false);

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(args))
}

// ANCHOR: run
/// Sends in one thread and receives in another. Whoever first writes all of a
/// large message, and reads then, waits for a server that waits for a reader.
fn run(args: Args) -> Result<(), Trouble> {
    let timeout = args.timeout;
    let (stream, server) = connect(&args)?;
    let trouble = |error: io::Error| Trouble::stream("talk to", server, &error);
    let same_stream = stream.try_clone().map_err(trouble)?;
    let sender = thread::Builder::new()
        .spawn(move || {
            let sent = send(&same_stream, server, &args);
            if sent.is_err() {
                ALL_SENT.store(true, SeqCst);
                let _ = same_stream.shutdown(Shutdown::Both); // ends the receiver's wait
            }
            sent
        })
        .map_err(trouble)?;
    let received = receive(&stream, server, timeout)?;
    let sent = sender.join().expect("the sender does not panic")?;
    note(format_args!(
        "sent {}, received {}; both directions have ended",
        bytes(sent),
        bytes(received)
    ));
    Ok(())
}
// ANCHOR_END: run

// ANCHOR: connect
/// Connects to the first of the server's addresses that answers. The system
/// chooses this end's port; a failed `connect` is the answer that nobody
/// listens there, or no answer at all.
fn connect(args: &Args) -> Result<(TcpStream, SocketAddr), Trouble> {
    let mut failure = Trouble::no_address(&args.server);
    for server in args.server.resolve()? {
        let connected = TcpStream::connect_timeout(&server, args.timeout).and_then(|stream| {
            stream.set_read_timeout(Some(args.timeout))?;
            stream.set_write_timeout(Some(args.timeout))?;
            let here = stream.local_addr()?;
            note(format_args!("connected to {server} from {here}"));
            Ok((stream, server))
        });
        match connected {
            Ok(connected) => return Ok(connected),
            Err(error) => failure = Trouble::stream("connect to", server, &error),
        }
    }
    Err(failure)
}
// ANCHOR_END: connect

// ANCHOR: send
/// Sends everything, and ends this direction: the server reads to the end of
/// the stream, and would wait for more without it. The other direction stays.
fn send(mut stream: &TcpStream, server: SocketAddr, args: &Args) -> Result<u64, Trouble> {
    let trouble = |error: io::Error| match error.kind() {
        WouldBlock | TimedOut => no_room(server, args.timeout),
        _ => Trouble::stream("talk to", server, &error),
    };
    let mut total = 0;
    for piece in labs::pieces(&args.messages) {
        let piece = piece?;
        stream.write_all(&piece).map_err(trouble)?;
        total += piece.len() as u64;
    }
    ALL_SENT.store(true, SeqCst);
    stream.shutdown(Shutdown::Write).map_err(trouble)?;
    Ok(total)
}
// ANCHOR_END: send

// ANCHOR: receive
/// Prints what the server sends, as it comes, until the server's stream ends.
fn receive(mut stream: &TcpStream, server: SocketAddr, timeout: Duration) -> Result<u64, Trouble> {
    let mut buf = vec![0; BUFFER];
    let mut total = 0;
    let mut last = b'\n';
    loop {
        let is_last_wait = ALL_SENT.load(SeqCst);
        match stream.read(&mut buf) {
            Ok(0) => break,
            Ok(len) => {
                print(&buf[..len])?;
                total += len as u64;
                last = buf[len - 1];
            }
            Err(error) => match error.kind() {
                Interrupted => {} // a signal: wait on
                // The same event has two names: the first on Unix, the second on
                // Windows. Until all is sent the server owes us nothing.
                WouldBlock | TimedOut if is_last_wait => return Err(silent(server, timeout)),
                WouldBlock | TimedOut => {}
                _ => return Err(Trouble::stream("talk to", server, &error)),
            },
        }
    }
    if last != b'\n' && io::stdout().is_terminal() {
        note(""); // what follows begins a line of its own
    }
    if !ALL_SENT.load(SeqCst) {
        note("the server's direction has ended; this one is open until the input ends");
    }
    Ok(total)
}
// ANCHOR_END: receive

/// Prints bytes as they are.
fn print(bytes: &[u8]) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|_| Trouble::OutputClosed)
}

fn no_room(server: SocketAddr, timeout: Duration) -> Trouble {
    Trouble::new(format!(
        "gave up on {server}: it has taken nothing for {timeout:?}, and every buffer on the way is full; it may serve somebody else, or wait until this client reads"
    ))
}

fn silent(server: SocketAddr, timeout: Duration) -> Trouble {
    Trouble::new(format!(
        "gave up on {server}: all is sent, and for {timeout:?} nothing came back, nor the end; it may serve somebody else, or wait for more"
    ))
}
