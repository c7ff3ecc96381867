//! Lab 3 · A UDP echo server: every datagram goes back to whoever sent it.
//!
//! ```text
//! terminal 1$ cargo run --bin lab03_udp_server
//! terminal 2$ cargo run --bin lab03_udp_client -- hello
//! ```
//!
//! Chapter 3 of the book walks through this file.

use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;

use clap::Parser;
use labs::{HostPort, Trouble, complain, payload, say};

/// A UDP echo server: every datagram goes back to whoever sent it.
///
/// The first line says which address the server listens on; after it comes
/// one line for each datagram. Stop it with Ctrl-C.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, in two terminals:
  cargo run --bin lab03_udp_server
  cargo run --bin lab03_udp_client -- hello

Over IPv6, on any free port:
  cargo run --bin lab03_udp_server -- --listen \"[::1]:0\"

Chapter 3 explains every line; `cargo run` opens the book."
)]
// The brackets in the help are those of IPv6.
#[allow(rustdoc::broken_intra_doc_links)]
struct Args {
    /// Where to listen: HOST:PORT, or [HOST]:PORT for an IPv6 address; port 0
    /// lets the system choose a free one
    #[arg(
        long,
        verbatim_doc_comment,
        value_name = "ADDR",
        default_value = "127.0.0.1:8888"
    )]
    listen: HostPort,

    /// Stop after N datagrams; without it, go on until Ctrl-C
    #[arg(long, verbatim_doc_comment, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args))
}

fn run(args: &Args) -> Result<(), Trouble> {
    let (socket, address) = open(&args.listen)?;
    say(format_args!("listening on {address}"))?;
    serve(&socket, address, args.count)
}

// ANCHOR: open
/// Makes the socket and gives it the address that its clients must know.
fn open(listen: &HostPort) -> Result<(UdpSocket, SocketAddr), Trouble> {
    let mut refusal = Trouble::no_address(listen);
    for address in listen.resolve()? {
        let opened = UdpSocket::bind(address).and_then(|socket| {
            let address = socket.local_addr()?; // where port 0 became a real one
            Ok((socket, address))
        });
        match opened {
            Ok(opened) => return Ok(opened),
            Err(error) => refusal = Trouble::listen("UDP", address, &error),
        }
    }
    Err(refusal)
}
// ANCHOR_END: open

// ANCHOR: serve
/// One socket serves every client: each datagram brings its sender's address.
fn serve(socket: &UdpSocket, here: SocketAddr, count: Option<u64>) -> Result<(), Trouble> {
    let mut buf = [0; 65_535]; // a shorter buffer could cut datagrams
    let mut served = 0;
    while count != Some(served) {
        // ANCHOR: receive
        let (len, peer) = match socket.recv_from(&mut buf) {
            Ok(received) => received,
            // Nothing arrived, but nothing is wrong with this socket either:
            // a signal, or (on Windows) news that an earlier reply met a
            // closed port. One client's trouble must not stop the others.
            Err(error) if labs::is_passing(&error) => continue,
            Err(error) => return Err(Trouble::receive(here, &error)),
        };
        let message = &buf[..len]; // the rest of the buffer is old
        // ANCHOR_END: receive
        say(format_args!("{peer} sent {}", payload(message)))?;
        if let Err(error) = socket.send_to(message, peer) {
            complain(Trouble::on("send to", peer, &error));
        }
        served += 1;
    }
    Ok(())
}
// ANCHOR_END: serve
