//! What `scripts/bench` puts on the servers, and the bare loops that it holds
//! them against. Each command makes one measurement and prints one line for
//! each figure: its name and its value.
//!
//! It is a bench target, so that neither `cargo run` nor `cargo test` builds it.

mod bare;
mod clients;

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "The load of scripts/bench, which runs all of these in turn.")]
struct Args {
    /// Cargo's own word for "this is a benchmark".
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    work: Option<Work>,
}

#[derive(Subcommand)]
enum Work {
    /// Echoes TCP connections, one after another, with nothing around the loop
    TcpServer {
        listen: SocketAddr,
        #[arg(long, default_value_t = bare::BUFFER)]
        buffer: usize,
    },
    /// Echoes UDP datagrams with nothing around the loop
    UdpServer { listen: SocketAddr },
    /// Ping-pong over a socketpair with a second process: no TCP at all
    Pair {
        #[command(flatten)]
        time: Time,
    },
    /// The second process of `pair`: its standard input is the socket
    #[command(hide = true)]
    PairEcho,
    /// Writes without a pause, and reads what comes back at the same time
    Bulk {
        server: SocketAddr,
        #[command(flatten)]
        time: Time,
    },
    /// Sends 64 bytes, waits until they are back, and sends the next
    RoundTrips {
        server: SocketAddr,
        #[command(flatten)]
        time: Time,
    },
    /// Keeps many datagrams on their way at once
    Datagrams {
        server: SocketAddr,
        #[command(flatten)]
        time: Time,
        #[arg(long, default_value_t = 64)]
        in_flight: usize,
    },
    /// Opens many connections at once, and then one more
    Burst {
        server: SocketAddr,
        #[arg(long, default_value_t = 1_000)]
        clients: usize,
    },
    /// Opens connections one after another
    InTurn {
        server: SocketAddr,
        #[arg(long)]
        connections: u32,
    },
}

#[derive(clap::Args)]
struct Time {
    /// How long to measure, in milliseconds
    #[arg(long = "millis", default_value = "1000", value_parser = millis)]
    length: Duration,
}

fn millis(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_millis)
}

fn main() -> ExitCode {
    let Some(work) = Args::parse().work else {
        println!("scripts/bench measures; this is only its load (see --help)");
        return ExitCode::SUCCESS;
    };
    match run(&work) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(work: &Work) -> io::Result<()> {
    match work {
        Work::TcpServer { listen, buffer } => bare::tcp_server(*listen, *buffer),
        Work::UdpServer { listen } => bare::udp_server(*listen),
        Work::Pair { time } => bare::pair(time.length),
        Work::PairEcho => bare::pair_echo(),
        Work::Bulk { server, time } => clients::bulk(*server, time.length),
        Work::RoundTrips { server, time } => clients::round_trips(*server, time.length),
        Work::Datagrams {
            server,
            time,
            in_flight,
        } => clients::datagrams(*server, time.length, *in_flight),
        Work::Burst { server, clients } => clients::burst(*server, *clients),
        Work::InTurn {
            server,
            connections,
        } => clients::in_turn(*server, *connections),
    }
}

/// One figure, as the script reads it.
fn report(name: &str, value: f64) {
    println!("{name} {value:.6}");
}
