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
    let mut number: u8 = 0;
    for message in messages {
        let datagram = [&[number], message.as_slice()].concat();
        deliver(socket, &datagram, wait, tries)?;
        number = number.wrapping_add(1);
    }
    Ok(())
}

/// Sends one datagram until it is acknowledged.
fn deliver(socket: &UdpSocket, datagram: &[u8], mut wait: Duration, tries: u32) -> io::Result<()> {
    for _ in 0..tries {
        match socket.send(datagram) {
            Err(e) if !is_gone(&e) => return Err(e),
            _ => {}
        }
        if is_acknowledged(socket, datagram[0], Instant::now() + wait)? {
            return Ok(());
        }
        wait *= 2;
    }
    Err(ErrorKind::TimedOut.into())
}

/// Waits for the acknowledgement of this number, until `deadline` at the most.
fn is_acknowledged(socket: &UdpSocket, number: u8, deadline: Instant) -> io::Result<bool> {
    let mut buf = [0; 64];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv(&mut buf) {
            Ok(len) if buf[..len] == [number] => return Ok(true),
            Ok(_) => return Ok(false), // not what was hoped for: send again
            Err(e) if is_silence(&e) || is_gone(&e) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether the error says that the time limit is over.
fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Whether the error says that nobody listens at the peer's port.
fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
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
    let mut messages = Vec::new();
    let mut expected: u8 = 0;
    let mut buf = [0; 65_507];
    loop {
        if messages.len() == count {
            socket.set_read_timeout(Some(quiet))?;
        }
        let len = match socket.recv(&mut buf) {
            Ok(0) => continue,
            Ok(len) => len,
            Err(e) if is_silence(&e) => return Ok(messages),
            Err(e) if is_gone(&e) => continue,
            Err(error) => return Err(error),
        };
        let number = buf[0];
        if number == expected && messages.len() < count {
            messages.push(buf[1..len].to_vec());
            expected = expected.wrapping_add(1);
        }
        match socket.send(&[number]) {
            Err(e) if !is_gone(&e) => return Err(e),
            _ => {}
        }
    }
}

fn main() -> ExitCode {
    graders::ex07_1_stop_and_wait::main(send_messages, receive_messages)
}
