//! Exercise 7.1: reliability on UDP, both halves of it.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::Duration;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes first: `(socket, messages, wait, tries)` to the
/// acknowledgement of the last message, or `TimedOut`.
pub type Send = fn(&UdpSocket, &[Vec<u8>], Duration, u32) -> io::Result<()>;
/// What the reader writes second: `(socket, count, quiet)` to the messages.
pub type Receive = fn(&UdpSocket, usize, Duration) -> io::Result<Vec<Vec<u8>>>;

/// How a run by hand sends: the first wait, and the tries.
const BY_HAND: (Duration, u32) = (Duration::from_millis(100), 5);
/// How long a run by hand stays: longer than the longest of those waits.
const QUIET: Duration = Duration::from_secs(2);

/// Under a judge, one call of one half; by hand, the half that the first
/// argument names, opposite another program.
pub fn main(send: Send, receive: Receive) -> ExitCode {
    child::main(
        |judge| {
            let socket = judge.udp_socket()?;
            while let Some(mut call) = judge.next_call()? {
                let half = call.text();
                socket.connect(call.parsed::<SocketAddr>())?;
                let time = Duration::from_millis(call.parsed());
                if half == "receive" {
                    let count = call.parsed();
                    judge.run(|| receive(&socket, count, time), |messages| messages)?;
                } else {
                    let (tries, count) = (call.parsed(), call.parsed());
                    let messages: Vec<_> = (0_usize..count).map(|_| call.bytes()).collect();
                    judge.run(|| send(&socket, &messages, time, tries), |()| Vec::new())?;
                }
            }
            Ok(())
        },
        |args| match args.first().map(String::as_str) {
            Some("send") => send_by_hand(send, &args[1..]),
            Some("receive") => receive_by_hand(receive, &args[1..]),
            _ => Err("argument 1 is the half to run: send or receive".into()),
        },
    )
}

fn send_by_hand(send: Send, args: &[String]) -> Result<(), String> {
    let receiver = child::address(args, 0, "the receiver's address, like 127.0.0.1:8888")?;
    let _: String = child::argument(args, 1, "the first message, in one word or in quotes")?;
    let messages: Vec<_> = args[1..].iter().map(|m| m.clone().into_bytes()).collect();
    let socket = child::client_by_hand()?;
    let (wait, tries) = BY_HAND;
    let sent = socket
        .connect(receiver)
        .and_then(|()| send(&socket, &messages, wait, tries));
    child::show(sent.map(|()| format!("{} messages are acknowledged", messages.len())))
}

fn receive_by_hand(receive: Receive, args: &[String]) -> Result<(), String> {
    let count = child::argument(args, 1, "the number of messages, like 2")?;
    let socket = child::bind_by_hand(args)?;
    // The first datagram says who the sender is, and is left where it lies.
    let received = socket
        .peek_from(&mut [0; 65_535])
        .and_then(|(_, sender)| socket.connect(sender))
        .and_then(|()| receive(&socket, count, QUIET));
    child::show(received.map(|messages| {
        let lines: Vec<_> = messages
            .iter()
            .map(|m| m.escape_ascii().to_string())
            .collect();
        lines.join("\n")
    }))
}
