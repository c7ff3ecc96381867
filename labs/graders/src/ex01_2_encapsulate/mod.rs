//! Exercise 1.2: put a message into a datagram, a packet and a frame.

use std::net::Ipv4Addr;
use std::process::ExitCode;

use crate::child::{self, Arguments};

#[cfg(feature = "judge")]
pub mod grader;

/// One end of a datagram's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The MAC address of its interface.
    pub mac: [u8; 6],
    /// The IPv4 address of its interface.
    pub ip: Ipv4Addr,
    /// The UDP port.
    pub port: u16,
}

/// The Internet checksum of these bytes ([RFC 1071]): they are added up in pairs,
/// each a number of 16 bits, and each carry is added again; the checksum is the
/// sum with all its bits inverted. A last byte alone gets a 0 behind it.
///
/// [RFC 1071]: https://www.rfc-editor.org/rfc/rfc1071
pub fn checksum(bytes: &[u8]) -> u16 {
    let mut sum: u64 = 0;
    for pair in bytes.chunks(2) {
        let low = pair.get(1).copied().unwrap_or(0);
        sum += u64::from(u16::from_be_bytes([pair[0], low]));
    }
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    !(sum as u16)
}

/// What the reader writes: `(data, from, to, router)` to the frame.
pub type Answer = fn(&[u8], &Endpoint, &Endpoint, Option<[u8; 6]>) -> Vec<u8>;

/// Under a judge, one call for each frame; by hand, the message in the first
/// argument goes from one host to another on the same link.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            while let Some(mut call) = judge.next_call()? {
                let (data, from, to) = (call.bytes(), endpoint(&mut call), endpoint(&mut call));
                let router = call.bytes().try_into().ok();
                judge.run(
                    || Ok(answer(&data, &from, &to, router)),
                    |frame| vec![frame],
                )?;
            }
            Ok(())
        },
        |args| {
            let message: String = child::argument(args, 0, "the message, in quotes")?;
            let host = |number, port| Endpoint {
                mac: [2, 0, 0, 0, 0, number],
                ip: Ipv4Addr::new(192, 0, 2, number),
                port,
            };
            let frame = answer(message.as_bytes(), &host(2, 50_000), &host(1, 8888), None);
            let line = |bytes: &[u8]| {
                bytes
                    .iter()
                    .map(|b| format!("{b:02x}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            child::show(Ok(frame
                .chunks(16)
                .map(line)
                .collect::<Vec<_>>()
                .join("\n")))
        },
    )
}

fn endpoint(call: &mut Arguments) -> Endpoint {
    Endpoint {
        mac: call.bytes().try_into().unwrap_or_default(),
        ip: call.parsed(),
        port: call.parsed(),
    }
}
