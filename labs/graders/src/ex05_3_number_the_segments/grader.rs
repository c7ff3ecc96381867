//! Judges exercise 5.3: connections of a few segments, with numbers that wrap
//! and numbers that do not.

use super::{Numbers, Segment, Side};
use crate::judge::{Bench, Event, Fact, Line, Outcome, Scene};
use crate::messages::say;

mod beliefs;

/// Connections as the channel writes them, the plain ones first.
const FIXED: [(u32, u32, &str); 13] = [
    (100, 300, "c:SYN s:SYN c: c:5 s: s:7 c: c:FIN s: s:FIN c:"),
    (100, 300, "c:SYN s:SYN c: c:FIN s:FIN c:"),
    (
        7000,
        20,
        "c:SYN s:SYN c:1 s:1000 c: s:1000 c: s:FIN c: c:12 s: c:FIN s:",
    ),
    (5, 5, "c:SYN s:SYN c:3 c:3 c:3 s: c:FIN s:8 s:8 c: s:FIN c:"),
    (
        3_000_000_000,
        1,
        "c:SYN s:SYN c:400 s:FIN+1460 c: c:FIN+200 s:",
    ),
    (900, 40_000, "c:SYN+64 s:SYN c: c:10 s: c:FIN s:FIN c:"),
    (900, 40_000, "c:SYN+64 s:SYN+200 c: c:20 s:FIN c:FIN s:"),
    (0, 0, "c:SYN s:SYN c: s:10 c:FIN s:FIN c:"),
    (u32::MAX - 9, 300, "c:SYN s:SYN c:20 s: c:FIN s:FIN c:"),
    (100, u32::MAX - 9, "c:SYN s:SYN c:20 s:20 c: s:FIN c:FIN s:"),
    (u32::MAX, u32::MAX, "c:SYN s:SYN c: c:5 s:5 c:FIN s:FIN c:"),
    (
        u32::MAX - 6,
        u32::MAX - 5,
        "c:SYN s:SYN c:5 s:5 c: c:FIN s:FIN c:",
    ),
    (
        u32::MAX - 6,
        u32::MAX - 5,
        "c:SYN s:SYN c:6 s:5 c: c:FIN s:FIN c:",
    ),
];

/// How many connections are asked at random.
const RANDOM: usize = 150;

/// Asks about one connection after the other.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut scene = Scene::start(bench)?;
    let mut seen = Vec::new();
    for (client_isn, server_isn, text) in FIXED {
        let segments = text.split(' ').filter_map(|s| s.parse().ok()).collect();
        let connection = Connection {
            client_isn,
            server_isn,
            segments,
        };
        ask(&mut scene, connection, &mut seen)?;
    }
    for _ in 0..RANDOM {
        ask(&mut scene, some_connection(&mut random), &mut seen)?;
    }
    Ok(())
}

/// A connection, as the answer gets it.
#[derive(Clone)]
struct Connection {
    client_isn: u32,
    server_isn: u32,
    segments: Vec<Segment>,
}

impl Connection {
    /// The numbers that the segments have.
    fn numbers(&self) -> Vec<Numbers> {
        beliefs::TRUTH.numbers(self)
    }

    /// Whether a number goes past the last one.
    fn wraps(&self) -> bool {
        let numbers = self.numbers();
        let mut all = self.segments.iter().zip(&numbers);
        all.any(|(segment, n)| {
            let isn = self.isn(segment.from);
            n.seq < isn || n.seq.checked_add(beliefs::length(*segment)).is_none()
        })
    }

    fn isn(&self, side: Side) -> u32 {
        match side {
            Side::Client => self.client_isn,
            Side::Server => self.server_isn,
        }
    }
}

/// A connection of a few segments in each direction.
fn some_connection(random: &mut fastrand::Rng) -> Connection {
    let isn = |random: &mut fastrand::Rng| match random.u8(..3) {
        0 => random.u32(..),
        1 => u32::MAX - random.u32(..40_000),
        _ => u32::MAX - random.u32(..12),
    };
    let mut segments = Vec::new();
    let mut push = |from, syn, fin, bytes| {
        segments.push(Segment {
            from,
            syn,
            fin,
            bytes,
        });
    };
    let some = |random: &mut fastrand::Rng, often: bool| match random.u8(..4) {
        0 | 1 if !often => 0,
        0 => 0,
        1 => random.u32(1..10),
        2 => random.u32(1..1500),
        _ => random.u32(1..65_000),
    };
    let first_data = |random: &mut fastrand::Rng| match random.u8(..8) {
        0 => random.u32(1..1400),
        _ => 0,
    };
    push(Side::Client, true, false, first_data(random));
    push(Side::Server, true, false, first_data(random));
    let mut open = vec![Side::Client, Side::Server];
    while let Some(last) = open.first().copied() {
        let from = if random.bool() {
            Side::Client
        } else {
            Side::Server
        };
        if !open.contains(&from) {
            push(from, false, false, 0);
        } else if random.u8(..5) == 0 {
            push(from, false, true, some(random, false));
            open.retain(|side| *side != from);
        } else {
            push(from, false, false, some(random, true));
        }
        if open.is_empty() && from == last {
            let other = match from {
                Side::Client => Side::Server,
                Side::Server => Side::Client,
            };
            push(other, false, false, 0);
        }
    }
    Connection {
        client_isn: isn(random),
        server_isn: isn(random),
        segments,
    }
}

/// Asks about one connection; `seen` are those before, and what was returned.
fn ask(
    scene: &mut Scene,
    connection: Connection,
    seen: &mut Vec<(Connection, Vec<Numbers>)>,
) -> Result<(), Outcome> {
    let mut arguments = vec![
        connection.client_isn.to_string(),
        connection.server_isn.to_string(),
        connection.segments.len().to_string(),
    ];
    arguments.extend(connection.segments.iter().map(ToString::to_string));
    let arguments: Vec<&[u8]> = arguments.iter().map(String::as_bytes).collect();
    let facts = [
        ("client", connection.client_isn.to_string().into()),
        ("server", connection.server_isn.to_string().into()),
        ("count", connection.segments.len().into()),
    ];
    match scene.ask("called-numbers", &facts, &arguments)? {
        Event::Returned(value) => {
            let texts = value.iter().map(|v| String::from_utf8_lossy(v));
            let got: Vec<Numbers> = texts.filter_map(|t| t.parse().ok()).collect();
            seen.push((connection, got));
            compare(scene, seen)
        }
        event @ Event::Unwound { .. } => {
            // Up to here no number had wrapped, and every one was right.
            let first = !seen.iter().any(|(before, _)| before.wraps());
            let cause = ("numbers-panicked", "sequence-never-wraps");
            let cause = (connection.wraps() && first).then_some(cause);
            let mut outcome = scene.because(event, cause, "expecting-return");
            if let Outcome::NotYet(finding) = &mut outcome {
                finding.exchange.push(Line::Note("numbers-are", Vec::new()));
                let line = |at| line(&connection, at, None);
                finding
                    .exchange
                    .extend((0..connection.segments.len()).map(line));
            }
            Err(outcome)
        }
        other => Err(scene.usual(other, "expecting-return")),
    }
}

/// Holds what was returned last against what is so.
fn compare(scene: &mut Scene, seen: &[(Connection, Vec<Numbers>)]) -> Result<(), Outcome> {
    let Some((connection, got)) = seen.last() else {
        return Ok(());
    };
    let want = connection.numbers();
    if *got == want {
        return Ok(());
    }
    let count = [("got", got.len().into()), ("want", want.len().into())];
    scene.returned(&say("numbers-value", &count), None);
    let first = (0..want.len()).find(|at| got.get(*at) != want.get(*at));
    let (Some(at), true) = (first, got.len() == want.len()) else {
        return Err(scene.not_yet("numbers-count", &count, None));
    };
    for index in 0..want.len().min(at + 2) {
        let yours = (got[index] != want[index]).then_some(got[index]);
        let Line::Note(key, facts) = line(connection, index, yours) else {
            continue;
        };
        scene.note(key, &facts);
    }
    let (key, cause) = beliefs::understand(seen).unwrap_or(("numbers-wrong", None));
    let segment = connection.segments[at];
    let facts: [(&'static str, Fact); 5] = [
        ("number", (at + 1).into()),
        ("segment", content(segment).into()),
        ("from", say(name(segment.from), &[]).into()),
        ("got", numbers(got[at]).into()),
        ("want", numbers(want[at]).into()),
    ];
    Err(scene.not_yet(key, &facts, cause))
}

/// A line of the exchange: a segment with its numbers, and beside them those of
/// the answer where they are others.
fn line(connection: &Connection, at: usize, yours: Option<Numbers>) -> Line {
    let segment = connection.segments[at];
    let (from, to) = match segment.from {
        Side::Client => (Side::Client, Side::Server),
        Side::Server => (Side::Server, Side::Client),
    };
    let who = format!("{} → {}", say(name(from), &[]), say(name(to), &[]));
    let mut facts: Vec<(&'static str, Fact)> = vec![
        ("who", who.into()),
        ("segment", format!("{:17}", content(segment)).into()),
        (
            "right",
            format!("{:30}", numbers(connection.numbers()[at]))
                .trim_end()
                .into(),
        ),
    ];
    let Some(yours) = yours else {
        return Line::Note("numbers-line", facts);
    };
    facts.push(("yours", numbers(yours).into()));
    Line::Note("numbers-line-wrong", facts)
}

fn name(side: Side) -> &'static str {
    match side {
        Side::Client => "client",
        Side::Server => "server",
    }
}

/// What a segment carries, in words.
fn content(segment: Segment) -> String {
    let bytes = || say("some-bytes", &[("len", segment.bytes.into())]);
    match (segment.syn, segment.fin, segment.bytes) {
        (true, _, 0) => "SYN".into(),
        (true, _, _) => format!("SYN, {}", bytes()),
        (_, true, 0) => "FIN".into(),
        (_, true, _) => format!("FIN, {}", bytes()),
        (_, _, 0) => say("numbers-empty", &[]),
        _ => bytes(),
    }
}

/// The numbers of a segment, as the book writes them.
fn numbers(numbers: Numbers) -> String {
    match numbers.ack {
        Some(ack) => format!("SEQ {} ACK {ack}", numbers.seq),
        None => format!("SEQ {}", numbers.seq),
    }
}
