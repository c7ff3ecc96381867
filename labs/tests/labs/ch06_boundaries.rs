//! What reads return of the same bytes.

use regex_lite::Regex;

use crate::compare_text;
use crate::terminal::{Terminal, run};

fn boundaries(args: &[&str]) -> Terminal {
    let mut lab = run("lab", "lab06_boundaries", args, &[]);
    assert!(lab.finish().success(), "{}", lab.text());
    assert!(
        lab.text().lines().all(|line| line.chars().count() <= 80),
        "{}",
        lab.text()
    );
    lab
}

/// On loopback, and with a server that waits where the way says so, this is the
/// same each time.
#[test]
fn boundaries_five_ways() {
    compare_text("boundaries", &boundaries(&[]).text());
}

/// How a large message is cut is the kernel's choice; that it is cut, is not.
#[test]
fn boundaries_large() {
    let text = boundaries(&["large"]).text();
    let cuts = Regex::new(r"(\d+) reads, of (\d+) to (\d+) bytes").expect("a valid pattern");
    let found = cuts.captures(&text).expect("a line with the reads");
    let [reads, least, most] = [1, 2, 3].map(|n| found[n].parse::<usize>().expect("a number"));
    assert!(reads >= 200_000_usize.div_ceil(65_536), "{text}");
    assert!((1..=most).contains(&least) && most <= 65_536, "{text}");
    assert!(
        reads * most >= 200_000 && reads * least <= 200_000,
        "{text}"
    );
    let text = cuts.replace(&text, "4 reads, of 4443 to 65536 bytes");
    compare_text("boundaries_large", &text);
}

#[test]
fn every_byte_is_read_in_every_way() {
    for messages in [
        &["", "a", ""][..],
        &["naïve", "世界"],
        &["x", "yz", "", "0123456789"],
    ] {
        for way in ["apart", "together", "bytewise", "relayed", "head"] {
            let text = boundaries(&[&[way], messages].concat()).text();
            let reads = text.lines().last().expect("a line").trim();
            let read: String = reads.split('"').skip(1).step_by(2).collect();
            // A character that is cut is shown as what it is: no text.
            if !read.contains('\u{fffd}') {
                assert_eq!(read, messages.concat(), "{text}");
            }
        }
    }
}

#[test]
fn nothing_is_written_and_nothing_read() {
    let text = boundaries(&["together", ""]).text();
    assert!(
        text.ends_with("  1 write    \"\"\n  0 reads   \n"),
        "{text}"
    );
}

#[test]
fn messages_are_bounded() {
    let long = "x".repeat(1001);
    let mut lab = run("lab", "lab06_boundaries", &["apart", &long], &[]);
    assert_eq!(lab.finish().code(), Some(1));
    assert!(lab.text().contains("longer than 1000 bytes"));
}
