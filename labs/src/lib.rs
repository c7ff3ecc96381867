//! The little that the labs share: addresses as arguments, sentences for
//! errors, and readable payloads. No socket is opened here, and none is read or
//! written but in `frames`, which both ends of lab 6 share; a lab shows those
//! calls in its own file.

mod address;
pub mod frames;
mod input;
pub mod states;
mod trouble;

pub use address::HostPort;
pub use input::{messages, pieces};
pub use trouble::{Trouble, is_passing};

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

/// Prints one line on standard output and flushes it, so that a person, a
/// pipe and a test see it at once.
///
/// # Errors
/// [`Trouble::OutputClosed`] when nobody reads the output any more.
pub fn say(line: impl Display) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(|_| Trouble::OutputClosed)
}

/// Prints one sentence on standard error; a closed standard error is ignored.
pub fn complain(sentence: impl Display) {
    // In one write, so that the lines of two threads do not mix.
    let _ = io::stderr().write_all(format!("{sentence}\n").as_bytes());
}

/// Prints one line on standard error, beside the bytes that a client prints on
/// standard output; a closed standard error is ignored.
pub fn note(line: impl Display) {
    complain(line);
}

/// Turns how a lab ended into its exit status: 0, or 1 with one sentence on
/// standard error. A closed standard output is a quiet end.
pub fn exit(result: Result<(), Trouble>) -> ExitCode {
    match result {
        Ok(()) | Err(Trouble::OutputClosed) => ExitCode::SUCCESS,
        Err(trouble) => {
            complain(trouble);
            ExitCode::FAILURE
        }
    }
}

/// Shows the bytes of a message so that they can be read: text in quotes, with
/// Rust's escapes for what does not print or is no text, cut after about 60
/// characters.
///
/// ```text
/// 5 bytes "hello"      4 bytes "\xff\x00ab"      0 bytes ""
/// ```
pub fn payload(bytes: &[u8]) -> String {
    const SHOWN: usize = 60;
    let mut text = String::new();
    let mut left_out = false;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if text.chars().count() >= SHOWN {
                left_out = true;
                break;
            }
            match c {
                '"' | '\\' => text.extend(['\\', c]),
                '\n' | '\r' | '\t' => text.extend(c.escape_default()),
                c if c.is_ascii_control() => text.push_str(&format!("\\x{:02x}", c as u32)),
                c if c.is_control() => text.extend(c.escape_default()),
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            if text.chars().count() >= SHOWN {
                left_out = true;
                break;
            }
            text.push_str(&format!("\\x{byte:02x}"));
        }
        if left_out {
            break;
        }
    }
    let more = if left_out { "…" } else { "" };
    format!("{} \"{text}\"{more}", self::bytes(bytes.len() as u64))
}

/// A number of bytes in words: `1 byte`, `2 bytes`.
pub fn bytes(count: u64) -> String {
    let unit = if count == 1 { "byte" } else { "bytes" };
    format!("{count} {unit}")
}

/// Reads a time limit such as `500ms` or `1s`, from one millisecond to one hour.
///
/// # Errors
/// One sentence when the text is no such time.
pub fn time_limit(text: &str) -> Result<Duration, String> {
    let limit = humantime::parse_duration(text)
        .map_err(|_| "write it with its unit, like 500ms or 1s".to_string())?;
    if (Duration::from_millis(1)..=Duration::from_secs(3600)).contains(&limit) {
        Ok(limit)
    } else {
        Err("it must lie between 1ms and 1h".to_string())
    }
}

/// Reads a share of all, as `5%`: 0.05.
///
/// # Errors
/// One sentence when the text is no share from 0 to 100 per cent.
pub fn share(text: &str) -> Result<f64, String> {
    match text.strip_suffix('%').unwrap_or(text).parse::<f64>() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("write a share as 5%, from 0% to 100%".to_string()),
    }
}
