//! The comparison on Linux: both loads, each across a wire of its own.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, SocketAddrV4, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use labs::Trouble;
use socket2::SockRef;

use super::report::{Arrival, Outcome};
use super::{Args, SIZE};
use ends::{CLIENT, End, SERVER};
use fate::Fate;
use fates::Fates;
use forward::{Lost, forward};

#[path = "../lab07_wire/ends.rs"]
mod ends;
#[path = "../lab07_wire/fate.rs"]
mod fate;
#[path = "fates.rs"]
mod fates;
#[path = "../lab07_wire/forward.rs"]
mod forward;
#[path = "../lab07_wire/packet.rs"]
mod packet;

/// Where the server listens, inside its namespace.
const PORT: u16 = 8888;
const THERE: SocketAddr = SocketAddr::V4(SocketAddrV4::new(SERVER.address, PORT));

/// How often a receiver that hears nothing looks whether the sender is done.
const LOOK: Duration = Duration::from_millis(50);

/// How long a receiver of datagrams waits for one that could still come.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long TCP may send again without an acknowledgement. By itself Linux
/// would go on for about a quarter of an hour (tcp(7), tcp_retries2).
const GIVES_UP: Duration = Duration::from_secs(20);

// ANCHOR: measure
/// Sends the messages over TCP.
pub fn over_tcp(args: &Args, wire: &Wire) -> Result<Outcome, Trouble> {
    let listener = wire.there.inside(|| TcpListener::bind(THERE));
    let listener = listener.map_err(cannot)?;
    let (give_up, given_up) = mpsc::channel();
    let receive = thread::Builder::new().spawn(move || receive_stream(&listener, &given_up));
    let receiver = receive.map_err(cannot)?;
    let begin = Instant::now();
    let stream = wire.here.inside(|| TcpStream::connect(THERE));
    let mut stream = stream.map_err(cannot)?;
    let first = Instant::now();
    let gave_up = match send_stream(args, first, &mut stream) {
        Err(e) if e.kind() == ErrorKind::TimedOut => true,
        result => result.map(|()| false).map_err(cannot)?,
    };
    if gave_up {
        let _ = give_up.send(());
    }
    let arrivals = receiver.join().expect("no panic").map_err(cannot)?;
    let again = wire.here.inside(retransmissions);
    let outcome = Outcome::new(args.messages, begin, first, args.every, arrivals);
    Ok(outcome.of_kernel(again, gave_up))
}

/// Sends the messages over UDP.
pub fn over_udp(args: &Args, wire: &Wire) -> Result<Outcome, Trouble> {
    let socket = wire.there.inside(|| UdpSocket::bind(THERE));
    let socket = socket.map_err(cannot)?;
    let (sent_all, over) = mpsc::channel();
    let receive = thread::Builder::new().spawn(move || receive_datagrams(&socket, &over));
    let receiver = receive.map_err(cannot)?;
    let sender = wire.here.inside(|| UdpSocket::bind((CLIENT.address, 0)));
    let sender = sender.map_err(cannot)?;
    let begin = Instant::now();
    let send = |message: &[u8]| sender.send_to(message, THERE).map(drop);
    send_all(args, begin, send).map_err(cannot)?;
    let _ = sent_all.send(Instant::now() + args.delay + PATIENCE);
    let arrivals = receiver.join().expect("no panic").map_err(cannot)?;
    Ok(Outcome::new(
        args.messages,
        begin,
        begin,
        args.every,
        arrivals,
    ))
}

/// Sends the messages as one stream, and waits until the peer has all of it.
fn send_stream(args: &Args, first: Instant, stream: &mut TcpStream) -> io::Result<()> {
    SockRef::from(&*stream).set_tcp_user_timeout(Some(GIVES_UP))?;
    stream.set_nodelay(true)?; // a message leaves when it is written
    send_all(args, first, |message| stream.write_all(message))?;
    stream.shutdown(Shutdown::Write)?; // the end, behind all that was written
    stream.read(&mut [0]).map(drop)
}

/// Sends message after message, each at its time; each begins with its number.
fn send_all(
    args: &Args,
    first: Instant,
    mut send: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut message = [b'x'; SIZE];
    for number in 0..args.messages {
        thread::sleep((first + args.every * number).saturating_duration_since(Instant::now()));
        message[..4].copy_from_slice(&number.to_be_bytes());
        send(&message)?;
    }
    Ok(())
}
// ANCHOR_END: measure

/// Reads messages until the stream ends, or until the sender has given up.
fn receive_stream(
    listener: &TcpListener,
    given_up: &mpsc::Receiver<()>,
) -> io::Result<Vec<Arrival>> {
    let (mut stream, _) = listener.accept()?;
    stream.set_read_timeout(Some(LOOK))?;
    let mut arrivals = Vec::new();
    let (mut message, mut filled) = ([0; SIZE], 0);
    loop {
        match stream.read(&mut message[filled..]) {
            Ok(0) => return Ok(arrivals),
            Ok(len) => filled += len,
            Err(e) if is_silence(&e) && given_up.try_recv().is_err() => {}
            Err(e) if is_silence(&e) => return Ok(arrivals),
            Err(error) => return Err(error),
        }
        if filled == SIZE {
            arrivals.push(Arrival::now(&message));
            filled = 0;
        }
    }
}

/// Receives messages until the time that `over` names, once all are sent.
fn receive_datagrams(
    socket: &UdpSocket,
    over: &mpsc::Receiver<Instant>,
) -> io::Result<Vec<Arrival>> {
    let mut arrivals = Vec::new();
    let mut message = [0; SIZE];
    let mut end = None;
    socket.set_read_timeout(Some(LOOK))?;
    while end.is_none_or(|end| Instant::now() < end) {
        match socket.recv(&mut message) {
            Ok(_) => arrivals.push(Arrival::now(&message)),
            Err(e) if is_silence(&e) => {}
            Err(error) => return Err(error),
        }
        end = end.or_else(|| over.try_recv().ok());
    }
    Ok(arrivals)
}

fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// Two ends, joined by a wire that touches what goes to the server.
pub struct Wire {
    here: End,
    there: End,
    lost: [Lost; 2],
}

/// A wire for each of the two loads; `Err` says why none can be had here.
pub fn two_wires(args: &Args) -> Result<[Wire; 2], Trouble> {
    ends::get_rights()?;
    Ok([Wire::new(args)?, Wire::new(args)?])
}

impl Wire {
    fn new(args: &Args) -> Result<Self, Trouble> {
        let here = ends::open(CLIENT, SERVER)?;
        let there = ends::open(SERVER, CLIENT)?;
        let mut fates = Fates::new(args);
        let decide = move |_, frame: &[u8]| fates.fate(frame);
        let pass = |_, _: &[u8]| Fate::Passes;
        let copy = |end: &End| end.frames.try_clone().map_err(cannot);
        let forth = forward(copy(&here)?, copy(&there)?, args.delay, decide);
        let back = forward(copy(&there)?, copy(&here)?, args.delay, pass);
        let lost = [forth.map_err(cannot)?, back.map_err(cannot)?];
        Ok(Self { here, there, lost })
    }

    /// TCP's congestion control on it.
    pub fn congestion(&self) -> &str {
        &self.here.congestion
    }

    /// How many frames were lost, before the wire and on it, although `Fates`
    /// had nothing to do with it.
    pub fn lost_unasked(&self) -> u64 {
        let before = [&self.here, &self.there].map(End::lost_before_the_wire);
        let on_it = self.lost.each_ref().map(|lost| lost.load(Relaxed));
        before.iter().chain(&on_it).sum()
    }
}

/// How many segments this namespace's TCP has sent again, as the kernel counts
/// them: `RetransSegs` of RFC 4022 in /proc/net/snmp, a line of names and one
/// of values.
fn retransmissions() -> Option<u64> {
    let table = fs::read_to_string("/proc/thread-self/net/snmp").ok()?;
    let mut lines = table.lines().filter(|line| line.starts_with("Tcp:"));
    let (names, values) = (lines.next()?, lines.next()?);
    let at = names.split(' ').position(|name| name == "RetransSegs")?;
    values.split(' ').nth(at)?.parse().ok()
}

fn cannot(error: io::Error) -> Trouble {
    Trouble::new(format!(
        "cannot send the messages across the wire: {}",
        error.kind()
    ))
}
