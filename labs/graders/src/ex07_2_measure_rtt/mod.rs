//! Exercise 7.2: measure the round-trip time.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: `(server, probes, wait)` to the time of each probe.
pub type Answer = fn(SocketAddr, u32, Duration) -> io::Result<Vec<Option<Duration>>>;

/// How long a run by hand waits for an echo.
const BY_HAND: Duration = Duration::from_secs(1);

/// Under a judge, one call for each measurement, in which a time is a number of
/// nanoseconds and a lost probe is nothing; by hand, so many probes to the server
/// in the first argument.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            while let Some(mut call) = judge.next_call()? {
                let (server, probes) = (call.parsed(), call.parsed());
                let wait = Duration::from_millis(call.parsed());
                let nanos = |time: Option<Duration>| {
                    time.map_or(String::new(), |t| t.as_nanos().to_string())
                };
                judge.run(
                    || answer(server, probes, wait),
                    |times| times.into_iter().map(|t| nanos(t).into()).collect(),
                )?;
            }
            Ok(())
        },
        |args| {
            let server = child::address(args, 0, "the server's address, like 127.0.0.1:8888")?;
            let probes = child::argument(args, 1, "the number of probes, like 5")?;
            let line = |(number, time): (usize, &Option<Duration>)| match time {
                Some(time) => format!("probe {number}: {time:.3?}"),
                None => format!("probe {number}: lost"),
            };
            child::show(answer(server, probes, BY_HAND).map(|times| {
                let lines: Vec<_> = times.iter().enumerate().map(line).collect();
                lines.join("\n")
            }))
        },
    )
}
