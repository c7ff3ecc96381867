//! Stop and wait
//!
//! `cargo test ex07_1` grades this file, each half as soon as it is written. To
//! try both by hand, receive two messages in one terminal and send them from
//! another:
//!
//! ```text
//! cargo run -p exercises --bin ex07_1_stop_and_wait -- receive 127.0.0.1:8888 2
//! cargo run -p exercises --bin ex07_1_stop_and_wait -- send 127.0.0.1:8888 hello world
//! ```

use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Sends `messages` to a receiver, one after the other, and returns when the
/// last one is acknowledged.
///
/// The first message has the number 0, and each further one the next number. A
/// number is one byte: after 255 comes 0. A message travels as one datagram, its
/// number and then its bytes, which may be none. Its acknowledgement is a
/// datagram of one byte, the same number. Whatever else arrives is ignored.
///
/// A message is sent when the one before it is acknowledged. If its own
/// acknowledgement has not come for `wait` since it was sent, it is sent again,
/// `tries` times in all at the most. Each further wait is twice as long as the
/// one before, and the last try has its wait, too. Every message begins with
/// `wait` and with all its tries.
///
/// `socket` is new, and connected to the receiver. The network may lose, repeat
/// and delay datagrams both ways. `wait` is longer than 0, `tries` at least 1.
///
/// # Errors
/// `TimedOut` when the tries for a message are over, and not earlier when nobody
/// listens at the receiver's port. Others of the socket, as they are.
fn send_messages(
    socket: &UdpSocket,
    messages: &[Vec<u8>],
    wait: Duration,
    tries: u32,
) -> io::Result<()> {
    let over = AtomicBool::new(false);
    // A receive has to end now and then, to see whether all is over.
    socket.set_read_timeout(Some(Duration::from_millis(5)))?;
    let (heard, acks) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let heard = heard;
            let mut buf = [0; 16];
            while !over.load(Ordering::Relaxed) {
                match socket.recv(&mut buf) {
                    Ok(1) => drop(heard.send(Ok(buf[0]))),
                    Err(e) if !passes(&e) => drop(heard.send(Err(e))),
                    _ => {}
                }
            }
        });
        let sent = send_all(socket, &acks, messages, wait, tries);
        over.store(true, Ordering::Relaxed);
        sent
    })
}

fn send_all(
    socket: &UdpSocket,
    acks: &Receiver<io::Result<u8>>,
    messages: &[Vec<u8>],
    wait: Duration,
    tries: u32,
) -> io::Result<()> {
    for (number, message) in (0..=255_u8).cycle().zip(messages) {
        let mut datagram = message.clone();
        datagram.insert(0, number);
        let mut tried = 0;
        while !try_once(socket, acks, &datagram, wait * 2_u32.pow(tried))? {
            tried += 1;
            if tried == tries {
                return Err(io::Error::new(ErrorKind::TimedOut, "no acknowledgement"));
            }
        }
    }
    Ok(())
}

fn try_once(
    socket: &UdpSocket,
    acks: &Receiver<io::Result<u8>>,
    datagram: &[u8],
    wait: Duration,
) -> io::Result<bool> {
    let sent = Instant::now();
    socket
        .send(datagram)
        .map(drop)
        .or_else(|e| if passes(&e) { Ok(()) } else { Err(e) })?;
    while let Some(left) = wait.checked_sub(sent.elapsed()) {
        match acks.recv_timeout(left) {
            Ok(Ok(number)) if number == datagram[0] => return Ok(true),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(error),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    Ok(false)
}

fn passes(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionRefused, ConnectionReset, TimedOut, WouldBlock};
    [ConnectionRefused, ConnectionReset, TimedOut, WouldBlock].contains(&error.kind())
}

/// Receives `count` messages from a sender that keeps to the contract above, and
/// returns them in their order, each of them once.
///
/// Every datagram with a number is acknowledged, also when its message has come
/// before. A datagram without a byte is no message, and is ignored. The network
/// may lose, repeat and delay datagrams both ways; one that is delayed may come
/// after up to 100 newer ones.
///
/// The function waits for the messages as long as it takes. When it has them all
/// it stays and acknowledges what comes again, until no datagram has come for
/// `quiet`. The sender may have gone by then.
///
/// `socket` is new, and connected to the sender. A datagram has 65,507 bytes at
/// the most. `count` is at least 1, and `quiet` longer than 0.
///
/// # Errors
/// Those of the socket, but none that only says that the sender has gone.
fn receive_messages(socket: &UdpSocket, count: usize, quiet: Duration) -> io::Result<Vec<Vec<u8>>> {
    let mut taken: Vec<(u8, Vec<u8>)> = Vec::new();
    let mut buf = vec![0; 65_507];
    while taken.len() < count {
        receive_one(socket, &mut taken, &mut buf)?;
    }
    socket.set_read_timeout(Some(quiet))?;
    let known = taken.clone();
    while receive_one(socket, &mut taken, &mut buf)? {}
    Ok(known.into_iter().map(|(_, message)| message).collect())
}

/// Receives and acknowledges one datagram; whether one came.
fn receive_one(
    socket: &UdpSocket,
    taken: &mut Vec<(u8, Vec<u8>)>,
    buf: &mut [u8],
) -> io::Result<bool> {
    let len = match socket.recv(buf) {
        Ok(len) => len,
        Err(e) if e.kind() == ErrorKind::ConnectionRefused => return Ok(true),
        Err(e) if e.kind() == ErrorKind::ConnectionReset => return Ok(true),
        Err(e) if passes(&e) => return Ok(false),
        Err(error) => return Err(error),
    };
    if let Some((&number, body)) = buf[..len].split_first() {
        let lately = taken.len().saturating_sub(128);
        if taken[lately..].iter().all(|(known, _)| *known != number) {
            taken.push((number, body.to_vec()));
        }
        if let Err(error) = socket.send(&[number])
            && !passes(&error)
        {
            return Err(error);
        }
    }
    Ok(true)
}

fn main() -> ExitCode {
    graders::ex07_1_stop_and_wait::main(send_messages, receive_messages)
}
