//! What each end may still do after one of them has ended its direction.

use crate::ch05_lifecycle::compare;

fn half_close(snapshot: &str, args: &[&str]) {
    compare(snapshot, "lab05_half_close", args, str::to_string);
}

#[test]
fn half_close_write() {
    half_close("half_close", &[]);
}

#[test]
fn half_close_both() {
    half_close("half_close_both", &["both"]);
}

#[test]
fn half_close_drop() {
    half_close("half_close_drop", &["drop"]);
}

#[test]
fn half_close_clone() {
    half_close("half_close_clone", &["clone"]);
}

#[test]
fn half_close_never() {
    half_close("half_close_never", &["never"]);
}
