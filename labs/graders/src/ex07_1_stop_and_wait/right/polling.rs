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
use std::thread;
use std::time::{Duration, Instant};

/// How often a socket that does not wait is asked.
const POLL: Duration = Duration::from_micros(500);

/// What a call came to; `None` when there is nothing now, or nobody there.
fn tolerate(result: io::Result<usize>) -> io::Result<Option<usize>> {
    match result {
        Ok(len) => Ok(Some(len)),
        #[cfg(windows)] // a datagram that is longer than the buffer is an error there
        Err(e) if e.raw_os_error() == Some(10040) => Ok(Some(2)),
        Err(e) => match e.kind() {
            ErrorKind::WouldBlock | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => {
                Ok(None)
            }
            _ => Err(e),
        },
    }
}

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
    socket.set_nonblocking(true)?;
    let mut buf = [0; 2];
    for (at, message) in messages.iter().enumerate() {
        let number = (at % 256) as u8;
        let mut datagram = vec![number];
        datagram.extend(message);
        let mut pause = wait;
        let mut sends = 0;
        let mut next = Instant::now();
        'acknowledged: loop {
            if Instant::now() >= next {
                if sends == tries {
                    return Err(ErrorKind::TimedOut.into());
                }
                tolerate(socket.send(&datagram))?;
                next = Instant::now() + pause;
                pause *= 2;
                sends += 1;
            }
            while let Some(len) = tolerate(socket.recv(&mut buf))? {
                if len == 1 && buf[0] == number {
                    break 'acknowledged;
                }
            }
            thread::sleep(POLL);
        }
    }
    Ok(())
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
    socket.set_nonblocking(true)?;
    let mut messages = Vec::with_capacity(count);
    let mut buf = vec![0; 65_535];
    let mut heard = Instant::now();
    while messages.len() < count || heard.elapsed() < quiet {
        match tolerate(socket.recv(&mut buf))? {
            None => thread::sleep(POLL),
            Some(0) => {}
            Some(len) => {
                heard = Instant::now();
                if messages.len() < count && usize::from(buf[0]) == messages.len() % 256 {
                    messages.push(buf[1..len].to_vec());
                }
                tolerate(socket.send(&buf[..1]))?;
            }
        }
    }
    Ok(messages)
}

fn main() -> ExitCode {
    graders::ex07_1_stop_and_wait::main(send_messages, receive_messages)
}
