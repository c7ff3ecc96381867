//! Lab 7 · The same messages over TCP and over UDP, across the same bad wire.
//!
//! ```text
//! terminal$ cargo run --bin lab07_compare
//! ```
//!
//! Chapter 7 of the book walks through this file and the parts beside it; the
//! wire is that of `lab07_wire`.

#[cfg(target_os = "linux")]
use std::fs::File;
#[cfg(target_os = "linux")]
use std::io;
#[cfg(target_os = "linux")]
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use labs::{Trouble, say};

#[cfg(target_os = "linux")]
#[path = "lab07_compare/linux.rs"]
mod linux;
#[cfg(target_os = "linux")]
#[path = "lab07_compare/report.rs"]
mod report;

/// Sends the same messages over TCP and over UDP, across a wire that loses,
/// repeats and exchanges some of them, and compares what arrives.
///
/// The wire is this program, between two network namespaces (Linux); the
/// kernels' TCP and UDP are the real ones. Only frames that carry a message are
/// touched, and the same seed picks the same messages for both.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it, and then with a perfect wire, and with a worse one:
  cargo run --bin lab07_compare
  cargo run --bin lab07_compare -- --loss 0% --repeat 0% --reorder 0%
  cargo run --bin lab07_compare -- --loss 20% --seed 2

Chapter 7 explains every line; `cargo run` opens the book."
)]
struct Args {
    /// How many messages to send
    #[arg(long, verbatim_doc_comment, value_name = "N", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    messages: u32,

    /// How much time lies between two messages, like 25ms
    #[arg(long, verbatim_doc_comment, value_name = "TIME", default_value = "25ms", value_parser = labs::time_limit)]
    every: Duration,

    /// How long each frame takes, one way
    #[arg(long, verbatim_doc_comment, value_name = "TIME", default_value = "20ms", value_parser = labs::time_limit)]
    delay: Duration,

    /// Which share of the messages the wire drops
    #[arg(long, verbatim_doc_comment, value_name = "SHARE", default_value = "5%", value_parser = labs::share)]
    loss: f64,

    /// Which share of the messages arrives twice
    #[arg(long, verbatim_doc_comment, value_name = "SHARE", default_value = "2%", value_parser = labs::share)]
    repeat: f64,

    /// Which share of the messages changes places with the next one
    #[arg(long, verbatim_doc_comment, value_name = "SHARE", default_value = "2%", value_parser = labs::share)]
    reorder: f64,

    /// Where the dice begin
    #[arg(long, verbatim_doc_comment, value_name = "N", default_value_t = 54)]
    seed: u64,

    /// Write when each message was sent and when it arrived, for a plot
    #[arg(long, verbatim_doc_comment, value_name = "FILE")]
    csv: Option<PathBuf>,
}

/// The length of a message, in bytes: what one TCP segment carries across an
/// MTU of 1500, behind 20 bytes of IPv4 header and 32 of TCP with timestamps.
/// So a message is a segment, and the wire can tell them apart.
const SIZE: usize = 1448;

fn main() -> ExitCode {
    labs::exit(run(&Args::parse()))
}

#[cfg(target_os = "linux")]
fn run(args: &Args) -> Result<(), Trouble> {
    if args.loss + args.repeat + args.reorder > 1.0 {
        return Err(Trouble::new(
            "--loss, --repeat and --reorder are shares of the same messages: together at most 100%",
        ));
    }
    let wires = match linux::two_wires(args) {
        Ok(wires) => wires,
        Err(why) => return recorded(args, &why.to_string()),
    };
    let csv = match &args.csv {
        Some(path) => Some(File::create(path).map_err(|e| on_file(path, &e))?),
        None => None,
    };
    say(report::heading(args, wires[0].congestion()))?;
    let tcp = linux::over_tcp(args, &wires[0])?;
    let udp = linux::over_udp(args, &wires[1])?;
    report::table(&tcp, &udp).iter().try_for_each(say)?;
    let unasked: u64 = wires.iter().map(linux::Wire::lost_unasked).sum();
    if unasked > 0 {
        say(format_args!(
            "lost unasked, on both wires: {unasked} frames"
        ))?;
    }
    if let (Some(file), Some(path)) = (&csv, &args.csv) {
        report::save(file, args, &tcp, &udp).map_err(|e| on_file(path, &e))?;
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn on_file(path: &Path, error: &io::Error) -> Trouble {
    Trouble::new(format!("cannot write {}: {}", path.display(), error.kind()))
}

#[cfg(not(target_os = "linux"))]
fn run(args: &Args) -> Result<(), Trouble> {
    let why = "there is no wire here: it needs Linux, whose network namespaces give one machine two networks";
    recorded(args, why)
}

/// Without a wire there is still what one showed, with the usual arguments.
fn recorded(args: &Args, why: &str) -> Result<(), Trouble> {
    if args.csv.is_some() {
        return Err(Trouble::new(why)); // nothing was measured that could be written
    }
    say(why)?;
    say("this is what the lab printed where it was recorded:")?;
    let lines = include_str!("../../../book/recorded/compare.txt").lines();
    lines.skip_while(|line| !line.is_empty()).try_for_each(say)
}
