//! What a reset takes away, and how each end learns of it.

use regex_lite::{Captures, Regex};

use crate::ch05_lifecycle::compare;

/// How much the reader's buffer had taken of 100,000 bytes is the kernel's
/// choice; that it is some, and not all, is what a reset does.
fn reset(snapshot: &str, args: &[&str]) {
    compare(snapshot, "lab05_reset", args, |text| {
        let some = Regex::new(r"reads: (\d{4,}) bytes").expect("a valid pattern");
        let some = some.replace_all(text, |found: &Captures<'_>| {
            match found[1].parse().expect("a number") {
                1..100_000 => "reads: 4096 bytes".to_string(),
                _ => found[0].to_string(),
            }
        });
        some.into_owned()
    });
}

#[test]
fn reset_unread() {
    reset("reset_unread", &["unread"]);
}

#[test]
fn reset_read_first() {
    reset("reset_read_first", &["unread", "--read-first"]);
}

#[test]
fn reset_short() {
    reset("reset_short", &["unread", "--bytes", "5"]);
}

#[test]
fn reset_linger() {
    reset("reset_linger", &["linger"]);
}

#[test]
fn reset_late_write() {
    reset("reset_late_write", &["late-write"]);
}
