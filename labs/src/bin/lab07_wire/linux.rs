//! The wire on Linux: its arguments, and its story from start to end.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::process::ExitCode;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use clap::Parser;
use labs::Trouble;

use describe::Describer;
use ends::{CLIENT, End, SERVER};
use fate::Fate;
use forward::Lost;
use plan::{Listed, Plan, Way};
use programs::{Running, Screen, tell};

#[path = "describe.rs"]
mod describe;
#[path = "ends.rs"]
mod ends;
#[path = "fate.rs"]
mod fate;
#[path = "forward.rs"]
mod forward;
#[path = "packet.rs"]
mod packet;
#[path = "plan.rs"]
mod plan;
#[path = "programs.rs"]
mod programs;

/// How long a server may still take after its client has ended.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// How long a program may take to print that it has sent something, so that its
/// line stands before the frame's.
const BREATH: Duration = Duration::from_micros(200);

/// A wire between two networks on this machine, and a program at each end.
///
/// The server's program finds itself at 192.0.2.1 and the client's at
/// 192.0.2.2, each in a network namespace of its own. Every frame between them
/// passes through this program, which prints what it did to it. Frames are
/// counted from 1, in each direction. When the client ends, all ends.
#[derive(Parser)]
#[command(
    verbatim_doc_comment,
    override_usage = "lab07_wire [OPTIONS] -- SERVER… -- CLIENT…",
    after_help = "\
Try it (the labs at both ends have to be built: cargo build -p labs):
  cargo run --bin lab07_wire -- --delay 20ms --drop 1 \\
      -- lab03_udp_server --listen 192.0.2.1:8888 \\
      -- lab03_udp_client --server 192.0.2.1:8888 hello

Chapter 7 explains every line; `cargo run` opens the book."
)]
struct Args {
    /// How long each frame takes, one way, like 20ms
    #[arg(long, verbatim_doc_comment, value_name = "TIME", default_value = "0ms", value_parser = delay)]
    delay: Duration,

    /// Frames to drop: 3,7 are two on the way to the server, 7-9 are three,
    /// back:2 is one on the way back
    #[arg(long, verbatim_doc_comment, value_name = "LIST", value_delimiter = ',', value_parser = plan::listed)]
    drop: Vec<Listed>,

    /// Frames that arrive twice, as a list
    #[arg(long, verbatim_doc_comment, value_name = "LIST", value_delimiter = ',', value_parser = plan::listed)]
    repeat: Vec<Listed>,

    /// Frames that arrive after the one that follows them, as a list
    #[arg(long, verbatim_doc_comment, value_name = "LIST", value_delimiter = ',', value_parser = plan::listed)]
    reorder: Vec<Listed>,

    /// Which share of all frames to drop, in both directions, like 5%
    #[arg(long, verbatim_doc_comment, value_name = "SHARE", default_value = "0%", value_parser = labs::share)]
    loss: f64,

    /// Where the dice for --loss begin: the same seed drops the same frames
    #[arg(long, verbatim_doc_comment, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Only count the frames, and do not print them
    #[arg(long, verbatim_doc_comment)]
    quiet: bool,

    /// How this program calls itself: it keeps one end, for this parent
    #[arg(long, hide = true, value_name = "PID")]
    keep_end_for: Option<u32>,

    /// The program at the server's end, `--`, and the one at the client's
    #[arg(last = true, required = true, value_name = "COMMANDS")]
    commands: Vec<OsString>,
}

/// Reads a delay: none, or up to an hour.
fn delay(text: &str) -> Result<Duration, String> {
    match text {
        "0" | "0s" | "0ms" => Ok(Duration::ZERO),
        _ => labs::time_limit(text),
    }
}

pub fn main() -> ExitCode {
    let args = Args::parse();
    match args.keep_end_for {
        Some(parent) => programs::keep_end(parent, &args.commands),
        None => labs::exit(run(&args)),
    }
}

// ANCHOR: run
fn run(args: &Args) -> Result<(), Trouble> {
    let (server, client) = programs::both(&args.commands)?;
    ends::get_rights()?;
    let here = ends::open(CLIENT, SERVER)?;
    let there = ends::open(SERVER, CLIENT)?;
    tell(heading(args.delay, &here.congestion));
    let story = Arc::new(Story::new(args));
    let lost = join(&story, args.delay, &here, &there)?;

    let mut server = Running::start(&there, "server", server)?;
    story.follow(Way::Back, &server);
    if let Err(trouble) = server.wait_until_it_listens(&there) {
        server.end();
        return Err(trouble);
    }
    let mut client = Running::start(&here, "client", client)?;
    story.follow(Way::There, &client);
    client.wait(None);
    let how = client.end();
    server.wait(Some(args.delay + LAST_WORDS));
    server.end();
    story.sum_up();
    tell_of_losses(&lost, &here, &there);
    how.map_or(Ok(()), |status| programs::success("client", status))
}
// ANCHOR_END: run

/// Who is at the ends, and what lies between them.
fn heading(delay: Duration, congestion: &str) -> String {
    let (client, server) = (CLIENT.address, SERVER.address);
    let delay = match delay {
        Duration::ZERO => "no delay".into(),
        _ => format!("{} each way", humantime::format_duration(delay)),
    };
    format!("wire between client {client} and server {server}, {delay}; TCP with {congestion}")
}

/// Joins both ends, in both directions.
fn join(
    story: &Arc<Story>,
    delay: Duration,
    here: &End,
    there: &End,
) -> Result<[Lost; 2], Trouble> {
    let one_way = |way, from: &File, to: &File| {
        let story = story.clone();
        let decide = move |number, frame: &[u8]| story.meet(way, number, frame);
        forward::forward(from.try_clone()?, to.try_clone()?, delay, decide)
    };
    let cannot = |e: io::Error| Trouble::new(format!("cannot join the ends: {}", e.kind()));
    Ok([
        one_way(Way::There, &here.frames, &there.frames).map_err(cannot)?,
        one_way(Way::Back, &there.frames, &here.frames).map_err(cannot)?,
    ])
}

/// Tells of frames that were lost although nobody had asked for it: before the
/// wire when a kernel sends faster than the wire takes, on it when it is full or
/// the interface behind it is down.
fn tell_of_losses([there, back]: &[Lost; 2], client: &End, server: &End) {
    for (to, from, on_it) in [("server", client, there), ("client", server, back)] {
        let (before, on_it) = (from.lost_before_the_wire(), on_it.load(Relaxed));
        if before + on_it > 0 {
            tell(format_args!(
                "lost unasked on the way to the {to}: {before} before the wire, {on_it} on it"
            ));
        }
    }
}

/// What is told about the frames while they pass.
struct Story {
    plan: Plan,
    quiet: bool,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    describer: Describer,
    /// The screens of those who send there, and back.
    screens: [Option<Arc<Screen>>; 2],
    passed: [u64; 2],
    dropped: [u64; 2],
}

impl Story {
    fn new(args: &Args) -> Self {
        let plan = Plan {
            dropped: args.drop.clone(),
            repeated: args.repeat.clone(),
            held_back: args.reorder.clone(),
            loss: args.loss,
            seed: args.seed,
        };
        Self {
            plan,
            quiet: args.quiet,
            told: Mutex::default(),
        }
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What `program` printed before it sent a frame is shown before the frame.
    fn follow(&self, way: Way, program: &Running) {
        self.told().screens[way as usize] = Some(program.screen.clone());
    }

    /// Decides about a frame, and tells of it.
    fn meet(&self, way: Way, number: u64, frame: &[u8]) -> Fate {
        let fate = self.plan.fate(way, number);
        let mut told = self.told();
        let count = if fate == Fate::Dropped {
            &mut told.dropped
        } else {
            &mut told.passed
        };
        count[way as usize] += 1;
        if !self.quiet {
            if let Some(screen) = &told.screens[way as usize] {
                thread::sleep(BREATH);
                screen.catch_up();
            }
            let what = told.describer.describe(way, frame);
            let (arrow, fate) = (way.arrow(), plan::words(fate));
            tell(format_args!("{number:>6} {arrow} {what}{fate}"));
        }
        fate
    }

    fn sum_up(&self) {
        let told = self.told();
        let [there, back] = [Way::There, Way::Back].map(|way| {
            let (passed, dropped) = (told.passed[way as usize], told.dropped[way as usize]);
            let frames = match passed + dropped {
                1 => "1 frame".into(),
                count => format!("{count} frames"),
            };
            format!("{frames}, {dropped} dropped")
        });
        tell(format_args!(
            "to the server: {there}; to the client: {back}"
        ));
    }
}
