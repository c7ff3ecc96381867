//! Lab 5 · Half-close: one end has said all, and goes on listening.
//!
//! ```text
//! terminal$ cargo run --bin lab05_half_close
//! ```
//!
//! Chapter 5 of the book walks through this file.

use std::fmt::Display;
use std::io::{
    self,
    ErrorKind::{TimedOut, WouldBlock},
    Read, Write,
};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use labs::states::{Connection, say_if_missing};
use labs::{Trouble, payload, say};

/// A client ends its direction of a TCP connection, and goes on reading while
/// the server still sends.
///
/// Both ends belong to this program, on the loopback interface. Beside each
/// call stand the states that the kernel reports for both ends after it.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, and then other ways to end:
  cargo run --bin lab05_half_close
  cargo run --bin lab05_half_close -- both
  cargo run --bin lab05_half_close -- drop
  cargo run --bin lab05_half_close -- clone
  cargo run --bin lab05_half_close -- never

Chapter 5 explains every line; `cargo run` opens the book."
)]
struct Args {
    /// How the client ends
    #[arg(verbatim_doc_comment, value_enum, default_value_t = How::Write)]
    how: How,
}

#[derive(Clone, Copy, ValueEnum)]
enum How {
    /// It calls shutdown(Write): it sends nothing more
    Write,
    /// It calls shutdown(Both): it reads nothing more either
    Both,
    /// It drops its socket
    Drop,
    /// It drops one clone of its socket, and shuts down another
    Clone,
    /// It does not end: the server waits for more
    Never,
}

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(args.how))
}

fn run(how: How) -> Result<(), Trouble> {
    let (client, server, table) = open()
        .map_err(|error| Trouble::new(format!("cannot make a connection: {}", error.kind())))?;
    say_if_missing()?;
    talk(how, client, server, &table)
}

// ANCHOR: open
/// A connection of this program with itself.
fn open() -> io::Result<(TcpStream, TcpStream, Connection)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    let connection = Connection {
        client: client.local_addr()?,
        server: client.peer_addr()?,
    };
    for end in [&client, &server] {
        end.set_read_timeout(Some(Duration::from_secs(1)))?; // no call waits for ever
    }
    Ok((client, server, connection))
}
// ANCHOR_END: open

// ANCHOR: talk
/// The client asks, and ends; the server answers in two parts.
fn talk(how: How, client: TcpStream, server: TcpStream, table: &Connection) -> Result<(), Trouble> {
    say(format_args!("{:38}{:14}server", "call", "client"))?;
    show(table, write("client", &client, "question"))?;
    let client = end(how, client, table)?;
    show(table, read("server", &server))?;
    show(table, read("server", &server))?;
    for part in ["an answer,", "and more"] {
        show(table, write("server", &server, part))?;
        if let Some(client) = &client {
            show(table, read("client", client))?;
        }
    }
    drop(server);
    show(table, "server: drop")?;
    if let Some(client) = &client {
        show(table, read("client", client))?;
        show(table, write("client", client, "thanks"))?;
    }
    Ok(())
}
// ANCHOR_END: talk

// ANCHOR: end
/// The client's end of its own direction. What it keeps of its socket is
/// returned: a dropped one cannot be used any more, a shut down one can.
fn end(how: How, client: TcpStream, table: &Connection) -> Result<Option<TcpStream>, Trouble> {
    match how {
        How::Write => {
            let ended = given(client.shutdown(Shutdown::Write));
            show(table, format_args!("client: shutdown(Write): {ended}"))?;
        }
        How::Both => {
            let ended = given(client.shutdown(Shutdown::Both));
            show(table, format_args!("client: shutdown(Both): {ended}"))?;
            show(table, read("client", &client))?;
        }
        How::Drop => {
            drop(client);
            show(table, "client: drop")?;
            return Ok(None);
        }
        How::Clone => clones(&client, table)?,
        How::Never => {}
    }
    Ok(Some(client))
}
// ANCHOR_END: end

// ANCHOR: clones
/// All clones are one socket. It is closed when the last of them is dropped;
/// shut down it is by the first that asks.
fn clones(client: &TcpStream, table: &Connection) -> Result<(), Trouble> {
    let dropped = given(client.try_clone().map(drop));
    show(table, format_args!("client: drop a clone: {dropped}"))?;
    let ended = client
        .try_clone()
        .and_then(|clone| clone.shutdown(Shutdown::Write));
    let ended = given(ended);
    show(table, format_args!("client: shutdown a clone: {ended}"))
}
// ANCHOR_END: clones

fn write(end: &str, mut stream: &TcpStream, text: &str) -> String {
    format!(
        "{end}: write {text:?}: {}",
        given(stream.write(text.as_bytes()))
    )
}

fn read(end: &str, mut stream: &TcpStream) -> String {
    let mut buf = [0; 64];
    match stream.read(&mut buf) {
        Ok(len) if len > 0 => format!("{end}: read: {}", payload(&buf[..len])),
        Err(error) if matches!(error.kind(), WouldBlock | TimedOut) => {
            format!("{end}: read: nothing comes for 1 s")
        }
        ended => format!("{end}: read: {}", given(ended)),
    }
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
    let line = format!(
        "{:38}{:14}{}",
        call.to_string(),
        states.client,
        states.server
    );
    say(line.trim_end())
}
