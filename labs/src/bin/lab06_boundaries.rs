//! Lab 6 · No message boundaries: the same bytes, cut in five ways.
//!
//! ```text
//! terminal$ cargo run --bin lab06_boundaries
//! ```
//!
//! Chapter 6 of the book walks through this file.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use labs::{Trouble, say};

/// Writes messages into a TCP connection, in several ways, and shows what each
/// read of the other end returned.
///
/// Both ends belong to this program, on the loopback interface.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, all of the first five ways, or one of them, or with other messages:
  cargo run --bin lab06_boundaries
  cargo run --bin lab06_boundaries -- together
  cargo run --bin lab06_boundaries -- together he llo
  cargo run --bin lab06_boundaries -- large

Chapter 6 explains every line; `cargo run` opens the book."
)]
struct Args {
    /// The way; without it, all but the last
    #[arg(verbatim_doc_comment, value_enum)]
    way: Option<Way>,

    /// What is written, each in one write; together 1000 bytes at most
    #[arg(verbatim_doc_comment, value_name = "MESSAGE", default_values = ["red", "green", "blue"])]
    messages: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Way {
    /// The server reads after each write
    Apart,
    /// The server comes late, and reads when all is there
    Together,
    /// The server's buffer has one byte
    Bytewise,
    /// A relay passes on first 2 bytes, and then 4 at a time
    Relayed,
    /// The server reads 4 bytes, and then what there is
    Head,
    /// One write, of 200,000 bytes
    Large,
}

impl Way {
    fn title(self) -> &'static str {
        match self {
            Self::Apart => "apart: the server reads after each write",
            Self::Together => "together: the server reads when all is there",
            Self::Bytewise => "bytewise: the server's buffer has one byte",
            Self::Relayed => "relayed: a relay passes on 2 bytes, then 4 at a time",
            Self::Head => "head: the server reads 4 bytes, and then what there is",
            Self::Large => "large: one write of 200000 bytes, read by 65536",
        }
    }
}

/// More than is written in any way but the last.
const BUFFER: usize = 1024;

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args))
}

fn run(args: &Args) -> Result<(), Trouble> {
    if args.messages.concat().len() > 1000 {
        return Err(Trouble::new("the messages are longer than 1000 bytes"));
    }
    for &way in Way::value_variants() {
        if args.way.map_or(way != Way::Large, |wanted| wanted == way) {
            show(way, &args.messages)?;
        }
    }
    Ok(())
}

/// Plays one way on a connection of its own, and says what was read.
fn show(way: Way, messages: &[String]) -> Result<(), Trouble> {
    let play = || {
        let (client, server) = open()?;
        match way {
            Way::Apart => apart(&client, &server, messages),
            Way::Together => together(&client, &server, messages),
            Way::Bytewise => bytewise(&client, &server, messages),
            Way::Relayed => relayed(&client, &server, messages),
            Way::Head => head(&client, &server, messages),
            Way::Large => large(&client, &server),
        }
    };
    let reads = play().map_err(|error: io::Error| {
        let kind = error.kind();
        Trouble::new(format!("cannot talk over the loopback interface: {kind}"))
    })?;
    say(way.title())?;
    if way == Way::Large {
        let sizes = || reads.iter().map(Vec::len);
        let (least, most) = (sizes().min().unwrap_or(0), sizes().max().unwrap_or(0));
        return say(format_args!(
            "  {}, of {least} to {most} bytes",
            count(&reads, "read")
        ));
    }
    say(line(messages, "write"))?;
    say(line(&reads, "read"))
}

// ANCHOR: open
/// A connection of this program with itself.
fn open() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    server.set_read_timeout(Some(Duration::from_secs(3)))?; // no call waits for ever
    Ok((client, server))
}
// ANCHOR_END: open

/// What each read returned.
type Reads = Vec<Vec<u8>>;

// ANCHOR: apart
/// A quick server, and a client that gives it time.
fn apart(mut client: &TcpStream, server: &TcpStream, messages: &[String]) -> io::Result<Reads> {
    let mut reads = Vec::new();
    for message in messages {
        client.write_all(message.as_bytes())?;
        if !message.is_empty() {
            reads.push(read(server, BUFFER)?); // a write of nothing sends nothing
        }
    }
    Ok(reads)
}
// ANCHOR_END: apart

// ANCHOR: together
/// A server that was busy with something else.
fn together(client: &TcpStream, server: &TcpStream, messages: &[String]) -> io::Result<Reads> {
    let total = write(client, messages)?;
    wait_for(total, server)?;
    read_all(server, total, BUFFER)
}
// ANCHOR_END: together

// ANCHOR: bytewise
/// A server that takes one byte at a time. What it leaves is not lost: the next
/// read gets it.
fn bytewise(client: &TcpStream, server: &TcpStream, messages: &[String]) -> io::Result<Reads> {
    let total = write(client, messages)?;
    read_all(server, total, 1)
}
// ANCHOR_END: bytewise

// ANCHOR: relayed
/// Between the two ends there is a third program, as a proxy is one. It cuts as
/// it likes.
fn relayed(client: &TcpStream, server: &TcpStream, messages: &[String]) -> io::Result<Reads> {
    let (mut to_server, behind_relay) = open()?;
    let total = write(client, messages)?;
    wait_for(total, server)?;
    let (mut reads, mut passed, mut piece) = (Vec::new(), 0, 2);
    while passed < total {
        let bytes = read(server, piece)?; // here `server` is the relay's end
        to_server.write_all(&bytes)?;
        reads.push(read(&behind_relay, BUFFER)?);
        (passed, piece) = (passed + bytes.len(), 4);
    }
    Ok(reads)
}
// ANCHOR_END: relayed

// ANCHOR: head
/// A server that wants 4 bytes first, as if they were a head.
fn head(client: &TcpStream, server: &TcpStream, messages: &[String]) -> io::Result<Reads> {
    let total = write(client, messages)?;
    wait_for(total, server)?;
    let mut reads = read_all(server, total.min(4), 4)?;
    reads.extend(read_all(server, total.saturating_sub(4), BUFFER)?);
    Ok(reads)
}
// ANCHOR_END: head

// ANCHOR: large
/// One write that no read returns whole. How it is cut is different each time.
fn large(mut client: &TcpStream, server: &TcpStream) -> io::Result<Reads> {
    let message = vec![b'x'; 200_000];
    thread::scope(|thread| {
        let sender = thread.spawn(|| client.write_all(&message));
        let reads = read_all(server, message.len(), 65_536)?;
        sender.join().expect("the sender does not panic")?;
        Ok(reads)
    })
}
// ANCHOR_END: large

/// Writes each message in one call; how many bytes that is.
fn write(mut client: &TcpStream, messages: &[String]) -> io::Result<usize> {
    for message in messages {
        client.write_all(message.as_bytes())?;
    }
    Ok(messages.concat().len())
}

// ANCHOR: read
/// What one read returns, with a buffer of this size.
fn read(mut stream: &TcpStream, size: usize) -> io::Result<Vec<u8>> {
    let mut buf = vec![0; size];
    let len = stream.read(&mut buf)?;
    buf.truncate(len);
    Ok(buf)
}

/// Reads until so many bytes have come; what each read returned.
fn read_all(stream: &TcpStream, total: usize, size: usize) -> io::Result<Reads> {
    let (mut reads, mut taken) = (Vec::new(), 0);
    while taken < total {
        let bytes = read(stream, size)?;
        if bytes.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        taken += bytes.len();
        reads.push(bytes);
    }
    Ok(reads)
}
// ANCHOR_END: read

/// Waits until so many bytes can be read, three seconds at the most: `peek`
/// looks, and leaves them where they are.
fn wait_for(total: usize, stream: &TcpStream) -> io::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(3);
    let mut buf = [0; BUFFER];
    while total > 0 && stream.peek(&mut buf)? < total && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// All pieces in one line, with their number.
fn line(pieces: &[impl AsRef<[u8]>], what: &str) -> String {
    let mut line = format!("  {:10}", count(pieces, what));
    for piece in pieces {
        line.push_str(&format!(" {:?}", String::from_utf8_lossy(piece.as_ref())));
    }
    line
}

/// `1 read`, `2 reads`.
fn count<T>(pieces: &[T], what: &str) -> String {
    let s = if pieces.len() == 1 { "" } else { "s" };
    format!("{} {what}{s}", pieces.len())
}
