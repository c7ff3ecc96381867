//! Lab 2 · Who may share a port: found out by binding, on this machine.
//!
//! ```text
//! terminal$ cargo run --bin lab02_ports
//! ```
//!
//! Chapter 2 of the book walks through this file.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use labs::{Trouble, say};
use socket2::{Domain, Socket, Type};

#[path = "lab02_ports/cases.rs"]
mod cases;
use cases::{Case, Said, Share, Want};
#[path = "lab02_ports/sharing.rs"]
mod sharing;

/// Who may share a port: found out by binding two sockets, pair after pair.
///
/// The column "here" is what this machine did a moment ago, on ports that were
/// free. The columns beside it are what the documentation of each system says;
/// a dash stands where it says nothing.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it:
  cargo run --bin lab02_ports
  cargo run --bin lab02_ports -- --sources

Chapter 2 explains every line; `cargo run` opens the book."
)]
struct Args {
    /// Say for each pair where its documentation is
    #[arg(long, verbatim_doc_comment)]
    sources: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args))
}

fn run(args: &Args) -> Result<(), Trouble> {
    say("two sockets at one port     here               by documentation")?;
    say("                                               Linux    macOS    Windows")?;
    for (group, cases) in cases::GROUPS {
        say(group)?;
        for case in *cases {
            let found = examine(case);
            row(case.title, &found.to_string(), &case.said, args)?;
            if let Found::Shared(first, second) = found
                && !case.ask.is_empty()
            {
                sharing::deliver(case, &[first.into(), second.into()])?;
            }
        }
    }
    row("default", default_v6_only(), &cases::DEFAULT, args)?;
    sharing::mapped()?;
    sharing::connections()?;
    say("a dash: not documented; --sources says where the rest is written")
}

/// One line of the table, and, when asked for, where it is written.
fn row(title: &str, here: &str, said: &[Said; 3], args: &Args) -> Result<(), Trouble> {
    let [linux, macos, windows] = said.map(|(answer, _)| answer);
    say(format_args!(
        "  {title:26}{here:19}{linux:9}{macos:9}{windows}"
    ))?;
    for (system, (_, source)) in ["Linux", "macOS", "Windows"].iter().zip(said) {
        if args.sources {
            say(format_args!("      {system:8}{source}"))?;
        }
    }
    Ok(())
}

// ANCHOR: open
/// A socket with an address, step by step: `UdpSocket::bind` and
/// `TcpListener::bind` are the same calls in one, and on Unix the second of
/// them sets SO_REUSEADDR unasked.
fn open(want: &Want, port: u16) -> io::Result<Socket> {
    let address = SocketAddr::new(want.ip, port);
    let socket = Socket::new(Domain::for_address(address), want.kind, None)?;
    if let Some(only) = want.only_v6 {
        socket.set_only_v6(only)?;
    }
    match want.share {
        Share::Nothing => {}
        Share::ReuseAddr => socket.set_reuse_address(true)?,
        Share::ReusePort => set_reuse_port(&socket)?,
    }
    socket.bind(&address.into())?;
    if want.kind == Type::STREAM {
        socket.listen(8)?;
    }
    Ok(socket)
}
// ANCHOR_END: open

#[cfg(unix)]
fn set_reuse_port(socket: &Socket) -> io::Result<()> {
    socket.set_reuse_port(true)
}

#[cfg(not(unix))]
fn set_reuse_port(_: &Socket) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// What became of two sockets that want one port.
enum Found {
    Shared(Socket, Socket),
    Refused(ErrorKind),
    Missing(&'static str),
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shared(..) => f.write_str("shared"),
            Self::Refused(kind) => write!(f, "refused: {kind:?}"),
            Self::Missing(what) => write!(f, "no such {what}"),
        }
    }
}

// ANCHOR: examine
/// Gives the first socket any free port, and asks for the same one for the
/// second.
fn examine(case: &Case) -> Found {
    for _ in 0..50 {
        let first = match open(&case.first, 0) {
            Ok(socket) => socket,
            Err(error) => return missing(&error),
        };
        let port = port_of(&first);
        let error = match open(&case.second, port) {
            Ok(second) => return Found::Shared(first, second),
            Err(error) => error,
        };
        // Was it the first socket that stood in the way? Then the second one
        // gets the port without it.
        drop(first);
        match open(&case.second, port) {
            Ok(_) => return Found::Refused(error.kind()),
            // Another program's socket did: try the next port.
            Err(alone) if is_taken(&alone) => {}
            Err(alone) => return missing(&alone),
        }
    }
    Found::Missing("free port")
}
// ANCHOR_END: examine

fn port_of(socket: &Socket) -> u16 {
    let address = socket.local_addr().ok().and_then(|a| a.as_socket());
    address.map_or(0, |address| address.port())
}

fn is_taken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::AddrInUse | ErrorKind::PermissionDenied
    )
}

/// A socket that cannot even be alone at its port.
fn missing(error: &io::Error) -> Found {
    match error.kind() {
        ErrorKind::Unsupported => Found::Missing("option"),
        _ => Found::Missing("address"), // 127.0.0.2 or IPv6, which not every system has
    }
}

/// What IPV6_V6ONLY is in a socket that nobody has told anything.
fn default_v6_only() -> &'static str {
    match Socket::new(Domain::IPV6, Type::DGRAM, None).and_then(|socket| socket.only_v6()) {
        Ok(true) => "on",
        Ok(false) => "off",
        Err(_) => "no such address",
    }
}
