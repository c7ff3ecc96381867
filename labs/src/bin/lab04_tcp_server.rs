//! Lab 4 · A TCP echo server: every client gets its own bytes back.
//!
//! ```text
//! terminal 1$ cargo run --bin lab04_tcp_server
//! terminal 2$ cargo run --bin lab04_tcp_client -- hello
//! ```
//!
//! Chapter 4 of the book walks through this file.

use std::fmt::Display;
use std::io::{
    self,
    ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset},
    Read, Write,
};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{self, ExitCode};
use std::sync::Once;
use std::thread;
use std::time::Duration;

use clap::Parser;
use labs::{HostPort, Trouble, bytes, complain, say};
use socket2::{Domain, Socket, Type};

/// A TCP echo server: every client gets its own bytes back.
///
/// The first line says which address the server listens on. After it come two
/// lines for each client: one when it connects, one when its stream ends.
/// Stop it with Ctrl-C.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, in two terminals:
  cargo run --bin lab04_tcp_server
  cargo run --bin lab04_tcp_client -- hello

Over IPv6, on any free port:
  cargo run --bin lab04_tcp_server -- --listen \"[::1]:0\"

Chapter 4 explains every line; `cargo run` opens the book."
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
}

/// How many connections may wait for `accept`. Linux takes the smaller one of
/// this and `net.core.somaxconn`, which is 4096 by default (listen(2)). The
/// standard library would ask for 128: too few for a thousand clients at once.
const BACKLOG: i32 = 4096;

/// What one read takes at most. Smaller buffers mean more system calls.
const BUFFER: usize = 64 * 1024;

/// How long a full server waits before it tries to take another client.
const PAUSE: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args))
}

fn run(args: &Args) -> Result<(), Trouble> {
    let (listener, address) = open(&args.listen)?;
    say(format_args!("listening on {address}"))?;
    serve(listener, address, args.count);
    Ok(())
}

/// Listens on the first of the host's addresses that can be had.
fn open(listen_on: &HostPort) -> Result<(TcpListener, SocketAddr), Trouble> {
    let mut refusal = Trouble::no_address(listen_on);
    for address in listen_on.resolve()? {
        let opened = listen(address).and_then(|listener| {
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

// ANCHOR: listen
/// The three steps of `TcpListener::bind`, with a longer queue.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // An earlier server's closed connections may keep the port for a minute
    // (section 5.6). On Windows this option means something else.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
// ANCHOR_END: listen

// ANCHOR: serve
/// Takes client after client, and gives each a thread of its own: nobody waits
/// until somebody else is done.
fn serve(listener: TcpListener, here: SocketAddr, count: Option<u64>) {
    thread::scope(|clients| {
        let mut accepted = 0;
        while count != Some(accepted) {
            let (stream, peer) = accept(&listener, here);
            accepted += 1;
            tell(format_args!("{peer} connected"));
            let thread = thread::Builder::new();
            let started = thread.spawn_scoped(clients, move || serve_one(stream, peer));
            if let Err(error) = started {
                complain(Trouble::no_thread(peer, &error)); // its stream is closed
            }
        }
        drop(listener); // from here on the system refuses every client
    }); // the scope ends when every thread in it has
}
// ANCHOR_END: serve

// ANCHOR: accept
/// Takes the next connection out of the queue. An error here is about one
/// client, or about a machine that is full: no reason to leave the others.
fn accept(listener: &TcpListener, here: SocketAddr) -> (TcpStream, SocketAddr) {
    static FULL: Once = Once::new();
    loop {
        match listener.accept() {
            Ok(accepted) => return accepted,
            // Gone again while it waited: the first on macOS, the second on
            // Windows. Linux reports that at a read.
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionReset) => {}
            Err(error) => {
                FULL.call_once(|| complain(Trouble::accept(here, &error)));
                thread::sleep(PAUSE); // the clients wait in the queue meanwhile
            }
        }
    }
}
// ANCHOR_END: accept

// ANCHOR: one
/// Serves one client, and says how its stream ended.
fn serve_one(stream: TcpStream, peer: SocketAddr) {
    let mut total = 0;
    match echo(&stream, &mut total) {
        Ok(()) => tell(format_args!("{peer} sent {}, and ended", bytes(total))),
        Err(error) if matches!(error.kind(), ConnectionReset | BrokenPipe) => tell(format_args!(
            "{peer} reset the connection after {}",
            bytes(total)
        )),
        Err(error) => complain(Trouble::stream("serve", peer, &error)),
    }
} // the stream is dropped here, which closes the connection
// ANCHOR_END: one

// ANCHOR: echo
/// Sends back what comes, until the client has nothing more to send.
fn echo(mut stream: &TcpStream, total: &mut u64) -> io::Result<()> {
    // A small write would otherwise wait until the client has acknowledged
    // the one before. An echo has nothing to wait for.
    let _ = stream.set_nodelay(true); // some systems refuse it after a reset
    let mut buf = vec![0; BUFFER];
    loop {
        let len = stream.read(&mut buf)?; // what is there, not a message
        if len == 0 {
            return Ok(()); // the end of the client's stream
        }
        stream.write_all(&buf[..len])?;
        *total += len as u64;
    }
}
// ANCHOR_END: echo

/// Says a line. Without anybody to read it the program ends, in any thread.
fn tell(line: impl Display) {
    if say(line).is_err() {
        process::exit(0);
    }
}
