//! Lab 3 · Datagrams lost without a network: a full receive buffer drops them.
//!
//! ```text
//! terminal$ cargo run --bin lab03_udp_loss
//! ```
//!
//! Chapter 3 of the book walks through this file.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, UdpSocket};
use std::process::ExitCode;

use clap::Parser;
use labs::{Trouble, say};

/// Sends datagrams to a socket that nobody reads, and only then reads it.
///
/// Both sockets belong to this program, and both are on the loopback
/// interface. What is lost here was lost in the receiver's buffer.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, and then with fewer datagrams, or smaller ones:
  cargo run --bin lab03_udp_loss
  cargo run --bin lab03_udp_loss -- --count 100
  cargo run --bin lab03_udp_loss -- --size 10

Chapter 3 explains every line; `cargo run` opens the book."
)]
struct Args {
    /// How many datagrams to send
    #[arg(long, verbatim_doc_comment, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,

    /// How many bytes each of them carries
    #[arg(long, verbatim_doc_comment, value_name = "BYTES", default_value_t = 1000, value_parser = clap::value_parser!(u16).range(..=9000))]
    size: u16,
}

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args))
}

fn run(args: &Args) -> Result<(), Trouble> {
    let any = (Ipv4Addr::LOCALHOST, 0);
    let open = || UdpSocket::bind(any).map_err(|e| Trouble::listen("UDP", any.into(), &e));
    let (sender, receiver) = (open()?, open()?);

    fill(&sender, &receiver, args).map_err(|e| Trouble::on("send to", any.into(), &e))?;
    say(format_args!(
        "sent {} datagrams of {} bytes, each with the result Ok",
        args.count, args.size
    ))?;

    let arrived = drain(&receiver).map_err(|e| Trouble::receive(any.into(), &e))?;
    say(format_args!("received {arrived}"))?;
    say(format_args!(
        "lost {}, and no call reported it",
        args.count - arrived
    ))
}

// ANCHOR: fill
/// Sends every datagram while the receiver does not receive.
fn fill(sender: &UdpSocket, receiver: &UdpSocket, args: &Args) -> io::Result<()> {
    let datagram = vec![b'x'; args.size.into()];
    let target = receiver.local_addr()?;
    for _ in 0..args.count {
        sender.send_to(&datagram, target)?;
    }
    Ok(())
}
// ANCHOR_END: fill

// ANCHOR: drain
/// Takes out of the socket what waits in it, and counts it.
fn drain(receiver: &UdpSocket) -> io::Result<u32> {
    receiver.set_nonblocking(true)?; // an empty socket now answers WouldBlock
    let mut buf = [0; 9000];
    let mut arrived = 0;
    loop {
        match receiver.recv(&mut buf) {
            Ok(_) => arrived += 1,
            Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(arrived),
            Err(error) => return Err(error),
        }
    }
}
// ANCHOR_END: drain
