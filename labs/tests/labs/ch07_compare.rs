//! Lab 7's comparison: the same seed gives the same table, and without a wire
//! there is the recorded one.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::thread;

use crate::terminal::lab;

const NAME: &str = "lab07_compare";

/// The rows of a table: what is compared, then TCP and UDP.
fn rows(text: &str) -> BTreeMap<String, [String; 2]> {
    let row = |line: &str| {
        let (name, values) = line.split_at_checked(26)?;
        let values = [values.get(..12)?, values.get(12..)?].map(|v| v.trim().to_string());
        Some((name.trim().to_string(), values))
    };
    text.lines()
        .filter(|line| line.chars().count() == 50)
        .filter_map(row)
        .collect()
}

#[test]
fn table_is_what_the_dice_say() {
    if !crate::ch07_wire::wire_can_be_had() {
        return;
    }
    let compare = |csv: &Path| {
        let options = [
            "--messages",
            "40",
            "--every",
            "5ms",
            "--delay",
            "10ms",
            "--loss",
            "10%",
            "--repeat",
            "10%",
            "--reorder",
            "10%",
            "--seed",
            "3",
        ];
        let output = Command::new(lab(NAME))
            .args(options)
            .arg("--csv")
            .arg(csv)
            .output()
            .expect("the lab runs");
        let text = String::from_utf8(output.stdout).expect("text");
        assert!(output.status.success(), "{text}");
        assert!(
            text.contains("10 % are dropped, 10 % come twice, 10 % are held back; TCP with "),
            "{text}"
        );
        (rows(&text), text)
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let files = [folder.join("compare.csv"), folder.join("compare2.csv")];
    let ((one, text), (two, _)) = thread::scope(|both| {
        let second = both.spawn(|| compare(&files[1]));
        (compare(&files[0]), second.join().expect("no panic"))
    });
    let numbers = |rows: &BTreeMap<String, [String; 2]>, name: &str| {
        rows[name]
            .clone()
            .map(|n| n.parse::<u64>().expect("a number"))
    };
    for name in ["delivered", "lost", "repeated", "out of order"] {
        assert_eq!(numbers(&one, name), numbers(&two, name), "{name}:\n{text}");
    }
    let [lost_by_tcp, lost] = numbers(&one, "lost");
    assert_eq!(
        (lost_by_tcp, numbers(&one, "delivered")),
        (0, [40, 40 - lost])
    );
    assert_eq!(
        (
            numbers(&one, "repeated")[0],
            numbers(&one, "out of order")[0]
        ),
        (0, 0)
    );
    assert!(lost > 0 && numbers(&one, "repeated")[1] > 0, "{text}");
    // What was lost the first time was sent again.
    let again: u64 = one["sent again by the kernel"][0]
        .parse()
        .expect("a number");
    assert!(again >= lost, "{text}");
    let csv = std::fs::read_to_string(&files[0]).expect("the file");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        (lines.len(), lines[0]),
        (41, "message,sent_ms,tcp_delay_ms,udp_delay_ms")
    );
    assert_eq!(
        lines.iter().filter(|line| line.ends_with(',')).count() as u64,
        lost
    );
}

#[test]
fn shares_of_more_than_all_are_refused() {
    let output = Command::new(lab(NAME))
        .args(["--loss", "60%", "--repeat", "60%"])
        .output();
    let output = output.expect("the lab runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        said.trim_end(),
        "--loss, --repeat and --reorder are shares of the same messages: together at most 100%"
    );
}

#[test]
fn recorded_table_is_shown_where_no_wire_can_be_had() {
    let Some(output) = crate::ch07_wire::without_a_wire(NAME, &[]) else {
        return;
    };
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{text}");
    assert!(
        text.starts_with("cannot make a network namespace: "),
        "{text}"
    );
    assert!(
        text.contains("\nthis is what the lab printed where it was recorded:\n"),
        "{text}"
    );
    let rows = rows(&text);
    assert_eq!(rows["messages"], ["TCP", "UDP"], "{text}");
    assert_eq!(rows["delivered"][0], "120", "{text}");
}
