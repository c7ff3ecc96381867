//! Lab 7 · A file over UDP, unharmed: one datagram, one acknowledgement, and
//! the next one.
//!
//! ```text
//! terminal 1$ cargo run --bin lab07_stop_and_wait -- receive copy.txt
//! terminal 2$ cargo run --bin lab07_stop_and_wait -- send README.md
//! ```
//!
//! Chapter 7 of the book walks through this file.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use labs::{HostPort, Trouble, complain, say};

/// Sends a file over UDP so that it arrives whole, and once.
///
/// Each datagram has a number, and the next one leaves when this one has been
/// acknowledged. Start the receiver first.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, in two terminals:
  cargo run --bin lab07_stop_and_wait -- receive copy.txt
  cargo run --bin lab07_stop_and_wait -- send README.md

Across a wire that loses a fifth of all frames (Linux):
  cargo run --bin lab07_wire -- --loss 20% \\
      -- lab07_stop_and_wait receive --listen 192.0.2.1:8888 copy.txt \\
      -- lab07_stop_and_wait send --server 192.0.2.1:8888 README.md

Chapter 7 explains every line; `cargo run` opens the book."
)]
struct Args {
    #[command(subcommand)]
    role: Role,
}

#[derive(Subcommand)]
enum Role {
    /// Receive one file
    Receive {
        /// Where to listen
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8888")]
        listen: HostPort,

        /// Where to write what arrives; a file of this name is replaced
        file: PathBuf,
    },
    /// Send one file
    Send {
        /// Where the receiver listens
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8888")]
        server: HostPort,

        /// How often each datagram is sent at the most
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100))]
        tries: u32,

        /// The file to send
        file: PathBuf,
    },
}

/// How many bytes of the file one datagram carries.
const PIECE: usize = 1024;

/// A datagram: the transfer's id (4 bytes), its number (4 bytes), 1 for the
/// last one or 0 (1 byte), and the piece. An acknowledgement is its first 8.
const HEADER: usize = 9;

/// The longest datagram that there is, over IPv6, in bytes: on Windows one that
/// does not fit into the buffer is an error, and anybody may send it.
const LONGEST: usize = 65_527;

/// The first wait for an acknowledgement; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// How long the receiver stays after the last piece: its acknowledgement may be
/// lost, and then the sender asks again.
const LAST_WORDS: Duration = Duration::from_millis(2500);

/// How long a receiver waits for the next piece.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    labs::exit(match Args::parse().role {
        Role::Receive { listen, file } => receive(&listen, &file),
        Role::Send {
            server,
            tries,
            file,
        } => send(&server, tries, &file),
    })
}

// ANCHOR: send
/// Sends the file piece by piece; each waits for the acknowledgement of the
/// one before.
fn send(server: &HostPort, tries: u32, path: &Path) -> Result<(), Trouble> {
    let mut file = File::open(path).map_err(|e| on_file("open", path, &e))?;
    let (socket, server) = connect(server)?;
    // Datagrams of an earlier transfer may still be on their way: each
    // transfer has an id of its own.
    let id: u32 = fastrand::u32(..);
    let (mut piece, mut next) = (Vec::new(), Vec::new());
    let (mut bytes, mut repeats) = (0, 0);
    read_piece(&mut file, path, &mut piece)?;
    for number in 0.. {
        read_piece(&mut file, path, &mut next)?;
        let last = next.is_empty();
        let mut datagram = [id.to_be_bytes(), u32::to_be_bytes(number)].concat();
        datagram.push(last.into());
        datagram.extend_from_slice(&piece);
        repeats += deliver(&socket, server, number, &datagram, tries)?;
        bytes += piece.len() as u64;
        if last {
            let (bytes, count) = (labs::bytes(bytes), number + 1);
            let repeats = match repeats {
                0 => String::new(),
                1 => " (1 repeat)".into(),
                _ => format!(" ({repeats} repeats)"),
            };
            return say(format_args!(
                "sent {bytes} in {count} datagrams, each acknowledged{repeats}"
            ));
        }
        std::mem::swap(&mut piece, &mut next);
    }
    Ok(())
}
// ANCHOR_END: send

// ANCHOR: deliver
/// Sends one datagram until it is acknowledged, and returns how often it was
/// sent again.
fn deliver(
    socket: &UdpSocket,
    server: SocketAddr,
    number: u32,
    datagram: &[u8],
    tries: u32,
) -> Result<u32, Trouble> {
    let mut wait = FIRST_WAIT;
    for attempt in 1..=tries {
        socket
            .send(datagram)
            .map_err(|e| Trouble::on("send to", server, &e))?;
        if is_acknowledged(socket, &datagram[..8], wait)
            .map_err(|e| Trouble::on("receive from", server, &e))?
        {
            return Ok(attempt - 1);
        }
        let waited = humantime::format_duration(wait);
        say(format_args!(
            "datagram {number}: no acknowledgement within {waited} (try {attempt} of {tries})"
        ))?;
        wait = (wait * 2).min(LONGEST_WAIT); // who is not heard waits longer, and does not shout
    }
    Err(Trouble::silent(server))
}
// ANCHOR_END: deliver

// ANCHOR: acknowledged
/// Waits for the acknowledgement that repeats `name`, the id and the number of
/// a datagram; those of earlier ones are dropped, and do not prolong the wait.
fn is_acknowledged(socket: &UdpSocket, name: &[u8], wait: Duration) -> io::Result<bool> {
    let deadline = Instant::now() + wait;
    let mut buf = [0; LONGEST];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv(&mut buf) {
            Ok(len) if &buf[..len] == name => return Ok(true),
            Ok(_) => {}
            Err(e) if is_silence(&e) => {}
            Err(error) => return Err(error),
        }
    }
}
// ANCHOR_END: acknowledged

// ANCHOR: receive
/// Receives one file, and acknowledges each piece as often as it comes.
fn receive(listen: &HostPort, path: &Path) -> Result<(), Trouble> {
    let (socket, here) = open(listen)?;
    let mut transfer = Transfer::new(path)?;
    say(format_args!("listening on {here}"))?;
    let mut buf = [0; LONGEST];
    while let Some((len, peer)) = next_datagram(&socket, here, &mut buf, transfer.patience())? {
        let datagram = &buf[..len];
        if !(HEADER..=HEADER + PIECE).contains(&len) || !transfer.take(peer, datagram)? {
            continue;
        }
        if let Err(error) = socket.send_to(&datagram[..8], peer) {
            complain(Trouble::on("send to", peer, &error));
        }
    }
    transfer.end()
}
// ANCHOR_END: receive

/// A file on its way here.
struct Transfer {
    path: PathBuf,
    /// The file under the name that it has while it is not whole.
    part: PathBuf,
    file: File,
    /// The sender, and the id of its first datagram.
    sender: Option<(SocketAddr, u32)>,
    /// The number of the next piece.
    expected: u32,
    bytes: u64,
    whole: bool,
}

impl Transfer {
    fn new(path: &Path) -> Result<Self, Trouble> {
        let name = path
            .file_name()
            .filter(|_| path.is_file() || !path.exists());
        let Some(name) = name else {
            let path = path.display();
            return Err(Trouble::new(format!(
                "cannot write {path}: it is no file; name one, such as copy.txt"
            )));
        };
        let part = path.with_file_name([name, ".part".as_ref()].join("".as_ref()));
        let file = File::create(&part).map_err(|e| on_file("create", &part, &e))?;
        Ok(Self {
            path: path.into(),
            part,
            file,
            sender: None,
            expected: 0,
            bytes: 0,
            whole: false,
        })
    }

    /// How long to wait for the next datagram.
    fn patience(&self) -> Option<Duration> {
        match self.sender {
            _ if self.whole => Some(LAST_WORDS),
            Some(_) => Some(PATIENCE),
            None => None, // nobody to lose patience with
        }
    }

    // ANCHOR: take
    /// Takes a datagram, and writes its piece if it is the next one. Returns
    /// whether it is to be acknowledged.
    fn take(&mut self, peer: SocketAddr, datagram: &[u8]) -> Result<bool, Trouble> {
        let field = |at: usize| {
            let bytes = [0, 1, 2, 3].map(|i| datagram[at + i]);
            u32::from_be_bytes(bytes)
        };
        let (id, number, piece) = (field(0), field(4), &datagram[HEADER..]);
        let sender = Some((peer, id));
        if self.sender.is_some() && self.sender != sender || number > self.expected {
            return Ok(false); // of another transfer, or of another protocol
        }
        if number < self.expected {
            say(format_args!(
                "datagram {number} came again: acknowledged again"
            ))?;
            return Ok(true); // it is written already
        }
        if self.whole {
            return Ok(false); // nothing comes after the last one
        }
        self.sender = sender;
        self.file
            .write_all(piece)
            .map_err(|e| on_file("write", &self.part, &e))?;
        self.expected = number + 1;
        self.bytes += piece.len() as u64;
        if datagram[8] == 1 {
            fs::rename(&self.part, &self.path).map_err(|e| on_file("write", &self.path, &e))?;
            let bytes = labs::bytes(self.bytes);
            say(format_args!(
                "received {bytes} in {} datagrams",
                self.expected
            ))?;
            self.whole = true;
        }
        Ok(true)
    }
    // ANCHOR_END: take

    fn end(self) -> Result<(), Trouble> {
        if self.whole {
            return Ok(());
        }
        Err(Trouble::new(format!(
            "the sender fell silent after {}; what arrived is in {}",
            labs::bytes(self.bytes),
            self.part.display()
        )))
    }
}

/// The next datagram, or `None` when none comes within `limit`.
fn next_datagram(
    socket: &UdpSocket,
    here: SocketAddr,
    buf: &mut [u8],
    limit: Option<Duration>,
) -> Result<Option<(usize, SocketAddr)>, Trouble> {
    let deadline = limit.map(|limit| Instant::now() + limit);
    loop {
        let left = deadline.map(|d| d.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return Ok(None);
        }
        let received = socket
            .set_read_timeout(left)
            .and_then(|()| socket.recv_from(buf));
        match received {
            Ok(received) => return Ok(Some(received)),
            Err(e) if is_silence(&e) || labs::is_passing(&e) => {}
            Err(error) => return Err(Trouble::receive(here, &error)),
        }
    }
}

/// Reads the next piece of the file: whole, but for the last one; empty at the
/// end.
fn read_piece(file: &mut File, path: &Path, piece: &mut Vec<u8>) -> Result<(), Trouble> {
    piece.clear();
    file.take(PIECE as u64)
        .read_to_end(piece)
        .map(drop)
        .map_err(|e| on_file("read", path, &e))
}

/// Makes the receiver's socket.
fn open(listen: &HostPort) -> Result<(UdpSocket, SocketAddr), Trouble> {
    let mut refusal = Trouble::no_address(listen);
    for address in listen.resolve()? {
        match UdpSocket::bind(address).and_then(|s| s.local_addr().map(|here| (s, here))) {
            Ok(opened) => return Ok(opened),
            Err(error) => refusal = Trouble::listen("UDP", address, &error),
        }
    }
    Err(refusal)
}

/// Makes the sender's socket; connected, it hears of its receiver alone.
fn connect(server: &HostPort) -> Result<(UdpSocket, SocketAddr), Trouble> {
    let mut refusal = Trouble::no_address(server);
    for address in server.resolve()? {
        let any: SocketAddr = match address {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        let opened = UdpSocket::bind(any).and_then(|s| s.connect(address).map(|()| s));
        match opened {
            Ok(socket) => return Ok((socket, address)),
            Err(error) => refusal = Trouble::on("send to", address, &error),
        }
    }
    Err(refusal)
}

fn is_silence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

fn on_file(doing: &str, path: &Path, error: &io::Error) -> Trouble {
    Trouble::new(format!(
        "cannot {doing} {}: {}",
        path.display(),
        error.kind()
    ))
}
