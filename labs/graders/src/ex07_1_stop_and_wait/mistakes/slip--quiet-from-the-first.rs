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
    let mut next: u64 = 0; // the low byte goes out
    let mut tried = 0;
    let mut buf = [0; 1500];
    while let Some(message) = usize::try_from(next).ok().and_then(|at| messages.get(at)) {
        if tried == tries {
            return Err(ErrorKind::TimedOut.into());
        }
        let number = next.to_le_bytes()[0];
        let sent = socket.send(&[vec![number], message.clone()].concat());
        if let Err(error) = sent
            && nothing_comes(&error).is_none()
        {
            return Err(error);
        }
        let until = Instant::now() + wait * (1 << tried);
        tried += 1;
        loop {
            let now = Instant::now();
            if now >= until {
                break;
            }
            socket.set_read_timeout(Some(until - now))?;
            let len = socket.recv(&mut buf);
            let len = len.or_else(|e| nothing_comes(&e).ok_or(e))?;
            if len == 1 && buf[0] == number {
                next += 1;
                tried = 0;
                break;
            }
        }
    }
    Ok(())
}

/// A length that no acknowledgement has, for errors that say that none came.
fn nothing_comes(error: &io::Error) -> Option<usize> {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Some(0),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Some(0),
        _ => None,
    }
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
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut expected: u8 = 0;
    let mut buf = vec![0; 65_507];
    loop {
        match socket.recv(&mut buf) {
            Ok(0) => {}
            Ok(len) => {
                if buf[0] == expected && messages.len() < count {
                    messages.push(buf[1..len].to_vec());
                    expected = expected.wrapping_add(1);
                }
                let _ = socket.send(&buf[..1]);
            }
            Err(e) if e.kind() == ErrorKind::ConnectionRefused => {}
            Err(e) if e.kind() == ErrorKind::ConnectionReset => {}
            Err(e) if messages.len() == count && nothing_comes(&e).is_some() => {
                return Ok(messages);
            }
            Err(error) => return Err(error),
        }
        if !messages.is_empty() {
            socket.set_read_timeout(Some(quiet))?;
        }
    }
}

fn main() -> ExitCode {
    graders::ex07_1_stop_and_wait::main(send_messages, receive_messages)
}
