//! Lab 2 · Stream, datagram, raw: opens one socket of each type.
//!
//! ```text
//! terminal$ cargo run --bin lab02_socket_types
//! ```
//!
//! Chapter 2 of the book walks through this file.

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser;
use labs::{Trouble, say};
use socket2::{Domain, Protocol, Socket, Type};

/// Opens one socket of each type, and says what it is for.
///
/// Nothing is sent. A type that the system refuses to this program is no
/// failure: the lab says what it would take.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, as yourself and then with more rights (on Linux and macOS):
  cargo run --bin lab02_socket_types
  sudo target/debug/lab02_socket_types

Chapter 2 explains every line; `cargo run` opens the book."
)]
struct Args {}

/// A kind of socket: what to ask for, and what it is good for.
struct Kind {
    name: &'static str,
    type_: Type,
    protocol: Protocol,
    carries: &'static str,
    good_for: &'static str,
    /// What it takes to get one, where not everybody gets it.
    needs: &'static [(&'static str, &'static str)],
}

// ANCHOR: kinds
const KINDS: [Kind; 4] = [
    Kind {
        name: "SOCK_STREAM with TCP",
        type_: Type::STREAM,
        protocol: Protocol::TCP,
        carries: "a stream of bytes, complete and in order, without borders",
        good_for: "whatever must arrive whole: pages, files, mail, chats",
        needs: &[],
    },
    Kind {
        name: "SOCK_DGRAM with UDP",
        type_: Type::DGRAM,
        protocol: Protocol::UDP,
        carries: "messages, each one whole or not at all, in any order",
        good_for: "short questions, live sound and pictures, one to many",
        needs: &[],
    },
    Kind {
        name: "SOCK_DGRAM with ICMP",
        type_: Type::DGRAM,
        protocol: Protocol::ICMPV4,
        carries: "ICMP echo requests and their replies",
        good_for: "a ping of your own, without more rights than it needs",
        // icmp(7) of Linux, icmp(4) of macOS.
        needs: &[
            (
                "Linux",
                "a group in net.ipv4.ping_group_range; for all groups:",
            ),
            ("", "sudo sysctl net.ipv4.ping_group_range=\"0 2147483647\""),
            ("macOS", "nothing"),
            ("Windows", "not offered; use its function IcmpSendEcho"),
        ],
    },
    Kind {
        name: "SOCK_RAW with ICMP",
        type_: Type::RAW,
        protocol: Protocol::ICMPV4,
        carries: "packets of one IP protocol, without ports",
        good_for: "protocols of your own, ping and traceroute, looking on",
        // raw(7) of Linux, icmp(4) of macOS, "TCP/IP raw sockets" of Windows.
        needs: &[
            (
                "Linux",
                "the capability CAP_NET_RAW: sudo, or for this file alone:",
            ),
            (
                "",
                "sudo setcap cap_net_raw+ep target/debug/lab02_socket_types",
            ),
            ("macOS", "root: sudo target/debug/lab02_socket_types"),
            (
                "Windows",
                "an administrator: a terminal opened as administrator",
            ),
        ],
    },
];
// ANCHOR_END: kinds

fn main() -> ExitCode {
    let _ = Args::parse();
    labs::exit(run())
}

fn run() -> Result<(), Trouble> {
    KINDS.iter().try_for_each(try_one)
}

// ANCHOR: try_one
/// Asks the system for one socket, and says what came of it. It has no address
/// yet, and is closed at the end of this function.
fn try_one(kind: &Kind) -> Result<(), Trouble> {
    let opened = Socket::new(Domain::IPV4, kind.type_, Some(kind.protocol));
    let answer = match &opened {
        Ok(_) => "open".to_string(),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            "refused: PermissionDenied".to_string()
        }
        // Each system has another error for what it does not know.
        Err(_) => "refused: this system has no such socket".to_string(),
    };
    say(format_args!("{}: {answer}", kind.name))?;
    say(format_args!(
        "  asked    family {} (AF_INET), type {}, protocol {}",
        i32::from(Domain::IPV4),
        i32::from(kind.type_),
        i32::from(kind.protocol)
    ))?;
    say(format_args!("  carries  {}", kind.carries))?;
    say(format_args!("  good for {}", kind.good_for))?;
    if opened.is_err() {
        say("  needs:")?;
        for (system, what) in kind.needs {
            say(format_args!("    {system:8} {what}"))?;
        }
    }
    Ok(())
}
// ANCHOR_END: try_one
