//! What arrived, and the table of it.

use std::fs::File;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::{Args, SIZE};

/// What was asked for.
pub fn heading(args: &Args, congestion: &str) -> String {
    let percent = |share: f64| format!("{} %", (share * 1e8).round() / 1e6);
    let time = humantime::format_duration;
    format!(
        "{} messages of {SIZE} bytes, one each {}, {} on the way; seed {}\n\
         on the way to the server {} are dropped, {} come twice, {} are held back; TCP with {congestion}",
        args.messages,
        time(args.every),
        time(args.delay),
        args.seed,
        percent(args.loss),
        percent(args.repeat),
        percent(args.reorder),
    )
}

/// Writes each message's delay, for a plot: its number, when it was to be sent,
/// and how long it took over TCP and over UDP (empty when it was lost), all in
/// milliseconds.
pub fn save(mut file: &File, args: &Args, tcp: &Outcome, udp: &Outcome) -> io::Result<()> {
    let ms = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1000.0);
    let delay = |outcome: &Outcome, at: usize| outcome.delays[at].map(ms).unwrap_or_default();
    let rows = (0..args.messages).map(|number| {
        let at = number as usize;
        format!(
            "{number},{},{},{}\n",
            ms(args.every * number),
            delay(tcp, at),
            delay(udp, at)
        )
    });
    let text =
        "message,sent_ms,tcp_delay_ms,udp_delay_ms\n".to_string() + &rows.collect::<String>();
    file.write_all(text.as_bytes())
}

/// A message when it arrived.
pub struct Arrival {
    number: u32,
    at: Instant,
}

impl Arrival {
    /// The message that has just arrived; it begins with its number.
    pub fn now(message: &[u8]) -> Self {
        let number = message
            .first_chunk()
            .map_or(u32::MAX, |n| u32::from_be_bytes(*n));
        Self {
            number,
            at: Instant::now(),
        }
    }
}

/// What came of one load.
pub struct Outcome {
    delivered: u64,
    lost: u64,
    repeated: u64,
    out_of_order: u64,
    last: Duration,
    /// From when a message was to be sent to when it arrived, in the order of
    /// the messages; `None` for a lost one.
    delays: Vec<Option<Duration>>,
    /// Segments that the kernel sent again.
    again: Option<u64>,
    /// Whether the kernel gave up before all was delivered.
    gave_up: bool,
}

impl Outcome {
    /// Counts what arrived. The load began at `begin`, and message 0 was to be
    /// sent at `first`, the others `every` later than the one before.
    pub fn new(
        messages: u32,
        begin: Instant,
        first: Instant,
        every: Duration,
        arrivals: Vec<Arrival>,
    ) -> Self {
        let mut delays = vec![None; messages as usize];
        let (mut repeated, mut out_of_order, mut highest) = (0, 0, None);
        for Arrival { number, at } in &arrivals {
            let Some(delay) = delays.get_mut(*number as usize) else {
                continue; // no message of this load
            };
            if delay.is_some() {
                repeated += 1;
                continue;
            }
            *delay = Some(at.saturating_duration_since(first + every * *number));
            out_of_order += u64::from(Some(*number) < highest);
            highest = highest.max(Some(*number));
        }
        let delivered = delays.iter().flatten().count() as u64;
        let last = arrivals
            .last()
            .map_or(Duration::ZERO, |a| a.at.saturating_duration_since(begin));
        Self {
            delivered,
            lost: u64::from(messages) - delivered,
            repeated,
            out_of_order,
            last,
            delays,
            again: None,
            gave_up: false,
        }
    }

    /// Adds what the kernel did of its own accord.
    pub fn of_kernel(self, again: Option<u64>, gave_up: bool) -> Self {
        Self {
            again,
            gave_up,
            ..self
        }
    }

    /// The delay that `share` of the delivered messages do not exceed.
    fn percentile(&self, share: f64) -> Duration {
        let mut delays: Vec<Duration> = self.delays.iter().flatten().copied().collect();
        delays.sort_unstable();
        let rank = (delays.len() as f64 * share).ceil() as usize; // the nearest rank
        delays.get(rank.max(1) - 1).copied().unwrap_or_default()
    }
}

// ANCHOR: table
/// The table, a line for each thing that is compared.
pub fn table(tcp: &Outcome, udp: &Outcome) -> Vec<String> {
    let count = |what: fn(&Outcome) -> u64| [tcp, udp].map(|o| what(o).to_string());
    let time = |what: fn(&Outcome) -> Duration| {
        let ms = |o| format!("{:.1} ms", what(o).as_secs_f64() * 1000.0);
        [tcp, udp].map(|o| if o.delivered > 0 { ms(o) } else { "—".into() })
    };
    let again = [tcp, udp].map(|o| o.again.map_or("—".to_string(), |n| n.to_string()));
    let rows = [
        ("messages", ["TCP".to_string(), "UDP".to_string()]),
        ("delivered", count(|o| o.delivered)),
        ("lost", count(|o| o.lost)),
        ("repeated", count(|o| o.repeated)),
        ("out of order", count(|o| o.out_of_order)),
        ("sent again by the kernel", again),
        ("time to the last one", time(|o| o.last)),
        ("delay, half are below", time(|o| o.percentile(0.5))),
        ("delay, 99 % are below", time(|o| o.percentile(0.99))),
    ];
    let line = |(name, [tcp, udp]): (&str, [String; 2])| format!("{name:<26}{tcp:>12}{udp:>12}");
    let mut lines: Vec<String> = rows.map(line).into();
    if tcp.gave_up {
        lines.push("TCP gave up: no acknowledgement came for 20 s".into());
    }
    lines
}
// ANCHOR_END: table
