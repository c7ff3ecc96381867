//! Lab 5 · The life of a TCP connection: which state each end is in.
//!
//! ```text
//! terminal$ cargo run --bin lab05_lifecycle
//! ```
//!
//! Chapter 5 of the book walks through this file.

use std::error::Error;
use std::io::Read;
use std::net::Shutdown::Write;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

#[path = "lab05_lifecycle/scenes.rs"]
mod scenes;
#[path = "lab05_lifecycle/stage.rs"]
mod stage;
use stage::{Stage, given};

/// Takes a TCP connection through its life, and shows after each call which
/// state the kernel reports for each end.
///
/// Both ends belong to this program, on the loopback interface. The states are
/// read from the kernel's table: a dash stands where it knows no such end.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Try it:
  cargo run --bin lab05_lifecycle
  cargo run --bin lab05_lifecycle -- --lose
  cargo run --bin lab05_lifecycle -- both-close

Chapter 5 explains every line; `cargo run` opens the book."
)]
struct Args {
    /// What happens to the connection
    #[arg(verbatim_doc_comment, value_enum, default_value_t = Scene::ClientCloses)]
    scene: Scene,

    /// Lose the first copy of the segments that open and close, so that the
    /// states in which an end waits for them last (Linux)
    #[arg(long, verbatim_doc_comment)]
    lose: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Scene {
    /// The client closes first
    ClientCloses,
    /// The server closes first
    ServerCloses,
    /// Both close before either has heard of it
    BothClose,
    /// The client resets the connection
    Reset,
    /// The client is gone, and nobody tells the server
    Vanish,
    /// A client comes to a full accept queue
    FullQueue,
    /// The server closes first, and starts again at its port
    Restart,
}

fn main() -> ExitCode {
    let args = Args::parse();
    labs::exit(run(&args).map_err(stage::trouble))
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let mut stage = Stage::new(args.lose)?;
    match args.scene {
        Scene::ClientCloses => in_turn(&mut stage, 0),
        Scene::ServerCloses => in_turn(&mut stage, 1),
        Scene::BothClose => both_close(&mut stage),
        Scene::Reset => scenes::reset(&mut stage),
        Scene::Vanish => scenes::vanish(&mut stage),
        Scene::FullQueue => scenes::full_queue(&mut stage),
        Scene::Restart => scenes::restart(&mut stage),
    }
}

// ANCHOR: in_turn
/// One end closes, the client (0) or the server (1), and then the other.
fn in_turn(stage: &mut Stage, first: usize) -> Result<(), Box<dyn Error>> {
    let ends = stage.open()?;
    let (one, two) = (&ends[first], &ends[1 - first]);

    stage.lossy(two, || {
        one.socket.shutdown(Write)?;
        Ok(format!("{one}: shutdown(Write)"))
    })?;

    let read = given((&two.socket).read(&mut [0; 8]));
    stage.show(format!("{two}: read: {read}"))?;

    stage.lossy(one, || {
        two.socket.shutdown(Write)?;
        Ok(format!("{two}: shutdown(Write)"))
    })?;

    drop(ends);
    stage.show("both: drop")?;
    stage.what_is_left()
}
// ANCHOR_END: in_turn

// ANCHOR: both_close
/// The client's FIN is lost at first. So the server closes without knowing of
/// it, and for a while both FINs are on their way.
fn both_close(stage: &mut Stage) -> Result<(), Box<dyn Error>> {
    let ends = stage.open()?;
    let [client, server] = &ends;
    stage.lose(server)?;
    client.socket.shutdown(Write)?;
    stage.show("client: shutdown(Write)")?;
    server.socket.shutdown(Write)?;
    stage.show("server: shutdown(Write)")?;
    stage.hear(server)?;
    drop(ends);
    stage.show("both: drop")?;
    stage.what_is_left()
}
// ANCHOR_END: both_close
