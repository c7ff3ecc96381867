//! Lab 5 · Resets: three ways in which a connection ends at once, and what is
//! lost.
//!
//! ```text
//! terminal$ cargo run --bin lab05_reset
//! ```
//!
//! Chapter 5 of the book walks through this file.

use std::fmt::Display;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use labs::states::{Connection, say_if_missing};
use labs::{Trouble, bytes, say};
use socket2::{Domain, SockRef, Socket, Type};

/// Resets a TCP connection in three ways, and shows what each end sees of it,
/// and how much of what was sent its peer could still read.
///
/// Both ends belong to this program, on the loopback interface. Beside each
/// call stand the states that the kernel reports for both ends after it.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, all three ways, or one of them:
  cargo run --bin lab05_reset
  cargo run --bin lab05_reset -- unread
  cargo run --bin lab05_reset -- unread --bytes 5
  cargo run --bin lab05_reset -- unread --read-first

Chapter 5 explains every line; `cargo run` opens the book."
)]
struct Args {
    /// The way; without it, all of them
    #[arg(verbatim_doc_comment, value_enum)]
    way: Option<Way>,

    /// In the first way: the server reads the question before it closes
    #[arg(long, verbatim_doc_comment)]
    read_first: bool,

    /// How many bytes are sent before the reset
    #[arg(long, verbatim_doc_comment, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    bytes: u32,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Way {
    /// The server closes, and has not read everything
    Unread,
    /// The client closes with SO_LINGER at 0 seconds
    Linger,
    /// The client writes after the server has closed
    LateWrite,
}

impl Way {
    fn title(self, args: &Args) -> &'static str {
        match self {
            Self::Unread if args.read_first => "everything read",
            Self::Unread => "unread input",
            Self::Linger => "SO_LINGER at 0 seconds",
            Self::LateWrite => "a write after the peer's close",
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args))
}

fn run(args: &Args) -> Result<(), Trouble> {
    say_if_missing()?;
    let message = vec![b'x'; args.bytes as usize];
    for &way in Way::value_variants() {
        if args.way.is_some_and(|wanted| wanted != way) {
            continue;
        }
        let ends = open()
            .map_err(|error| Trouble::new(format!("cannot make a connection: {}", error.kind())))?;
        say(format_args!("{:38}{:14}server", way.title(args), "client"))?;
        match way {
            Way::Unread => unread(ends, &message, args.read_first)?,
            Way::Linger => linger(ends, &message)?,
            Way::LateWrite => late_write(ends)?,
        }
    }
    Ok(())
}

// ANCHOR: unread
/// The server answers, and closes, usually without having read the question.
fn unread(ends: Ends, answer: &[u8], read_first: bool) -> Result<(), Trouble> {
    let (client, mut server, table) = ends;
    show(&table, write("client", &client, b"question"))?;
    if read_first {
        let read = given(server.read(&mut [0; 64]));
        show(&table, format!("server: read: {read}"))?;
    }
    show(&table, write("server", &server, answer))?;
    drop(server);
    show(&table, "server: drop")?;
    read_all("client", &client, &table)
}
// ANCHOR_END: unread

// ANCHOR: linger
/// The client sends, and closes at once: with SO_LINGER at 0 seconds the system
/// does not stay to deliver.
fn linger(ends: Ends, message: &[u8]) -> Result<(), Trouble> {
    let (client, server, table) = ends;
    show(&table, write("client", &client, message))?;
    let set = given(SockRef::from(&client).set_linger(Some(Duration::ZERO)));
    show(&table, format!("client: set_linger(0): {set}"))?;
    drop(client);
    show(&table, "client: drop")?;
    read_all("server", &server, &table)
}
// ANCHOR_END: linger

// ANCHOR: late_write
/// The server closes properly. The client learns with its second write that
/// nobody reads any more.
fn late_write(ends: Ends) -> Result<(), Trouble> {
    let (client, server, table) = ends;
    show(&table, write("server", &server, b"goodbye"))?;
    drop(server);
    show(&table, "server: drop")?;
    show(&table, write("client", &client, b"hello"))?;
    show(&table, write("client", &client, b"hello?"))?;
    read_all("client", &client, &table)
}
// ANCHOR_END: late_write

/// Both ends of a connection, and where the kernel lists them.
type Ends = (TcpStream, TcpStream, Connection);

// ANCHOR: open
/// A connection of this program with itself. What its ends may send is much,
/// what they may keep unread is little: the rest has to wait at the sender.
fn open() -> io::Result<Ends> {
    let listener = bound()?;
    listener.listen(1)?;
    let client = bound()?;
    client.connect(&listener.local_addr()?)?;
    let client = TcpStream::from(client);
    let server = TcpStream::from(listener.accept()?.0); // has the listener's sizes
    let table = Connection {
        client: client.local_addr()?,
        server: client.peer_addr()?,
    };
    for end in [&client, &server] {
        end.set_read_timeout(Some(Duration::from_secs(1)))?; // no call waits for ever
        end.set_write_timeout(Some(Duration::from_secs(1)))?;
    }
    Ok((client, server, table))
}

/// A socket whose buffers have a size that does not grow with what comes.
fn bound() -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_send_buffer_size(1 << 20)?;
    socket.set_recv_buffer_size(4096)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    Ok(socket)
}
// ANCHOR_END: open

fn write(end: &str, mut stream: &TcpStream, bytes: &[u8]) -> String {
    format!("{end}: write: {}", given(stream.write(bytes)))
}

/// Reads until the end of the stream, or an error.
fn read_all(end: &str, mut stream: &TcpStream, table: &Connection) -> Result<(), Trouble> {
    let (mut total, mut buf) = (0, [0; 4096]);
    let ended = loop {
        match stream.read(&mut buf) {
            Ok(len) if len > 0 => total += len as u64,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            ended => break given(ended),
        }
    };
    show(table, format!("{end}: reads: {}", bytes(total)))?;
    show(table, format!("{end}: read: {ended}"))
}

/// What a call gave: its value, or the kind of its error.
fn given<T: std::fmt::Debug>(result: io::Result<T>) -> String {
    match result {
        Ok(value) => format!("Ok({value:?})"),
        Err(error) => format!("{:?}", error.kind()),
    }
}

/// What was called, and the states after it.
fn show(table: &Connection, call: impl Display) -> Result<(), Trouble> {
    let states = table.states(false);
    let call = call.to_string();
    let line = format!("{call:38}{:14}{}", states.client, states.server);
    say(line.trim_end())
}
