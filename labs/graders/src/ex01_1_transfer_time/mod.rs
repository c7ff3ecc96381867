//! Exercise 1.1: how long a file takes over a line.

use std::num::NonZeroU64;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: `(bytes, megabits_per_second, delay)` to the time
/// from the first bit that leaves to the last one that arrives.
pub type Answer = fn(u64, u64, Duration) -> Duration;

/// Under a judge, one call for each file; by hand, one file whose size, rate
/// and delay are the arguments.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            while let Some(mut call) = judge.next_call()? {
                let (bytes, rate) = (call.parsed(), call.parsed());
                let delay = Duration::from_nanos(call.parsed());
                let encode = |time: Duration| vec![time.as_nanos().to_string().into()];
                judge.run(|| Ok(answer(bytes, rate, delay)), encode)?;
            }
            Ok(())
        },
        |args| {
            let bytes: NonZeroU64 =
                child::argument(args, 0, "the file's size in bytes, like 1000000")?;
            let rate: NonZeroU64 = child::argument(args, 1, "the line's rate in Mb/s, like 100")?;
            let Delay(delay) = child::argument(args, 2, "the delay, like 20ms, 500us or 2s")?;
            let time = answer(bytes.get(), rate.get(), delay);
            child::show(Ok(format!("{time:?}")))
        },
    )
}

/// A delay as a person writes it: a number and its unit.
struct Delay(Duration);

impl FromStr for Delay {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.trim_end_matches(|c: char| c.is_alphabetic());
        let unit = match &text[digits.len()..] {
            "s" => 1e9,
            "ms" => 1e6,
            "us" | "µs" => 1e3,
            "ns" => 1.0,
            _ => return Err(()),
        };
        let nanos = digits.parse::<f64>().map_err(|_| ())? * unit;
        if nanos < 0.0 {
            return Err(());
        }
        Ok(Self(Duration::from_nanos(nanos.round() as u64)))
    }
}
