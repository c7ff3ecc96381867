//! The experiments of chapter 1: lab 1 reads its own frame again, after a
//! reader has changed a byte of it.

use crate::compare_text;
use crate::terminal::run;

/// The three lines in which the lab shows the frame that it made of `hello`.
fn frame() -> [String; 3] {
    let mut lab = run("lab", "lab01_layers", &["hello"], &[]);
    assert!(lab.finish().success());
    let text = lab.text();
    let mut lines = text.lines().skip_while(|line| *line != "the frame").skip(1);
    [(); 3].map(|()| lines.next().expect("a line of the frame").trim().into())
}

/// Types these lines into the lab and holds the terminal against the snapshot.
fn compare(name: &str, lines: &[String], status: i32) {
    let mut lab = run("lab", "lab01_layers", &["--read"], &[]);
    for line in lines {
        lab.enter(line.as_bytes());
    }
    assert_eq!(lab.finish().code(), Some(status));
    compare_text(name, &lab.text());
}

/// The line with `old` changed to `new`, which must be there once.
fn changed(line: &str, old: &str, new: &str) -> String {
    assert_eq!(line.matches(old).count(), 1, "{old:?} in {line:?}");
    line.replace(old, new)
}

#[test]
fn layers_padded() {
    let [first, second, third] = frame();
    let (bytes, _text) = third.split_at(third.find("6f").expect("the last byte") + 2);
    compare(
        "layers_padded",
        &[first, second, bytes.to_owned() + &" 00".repeat(13)],
        0,
    );
}

#[test]
fn layers_swapped() {
    let [first, second, third] = frame();
    let third = changed(&third, "22 b8", "b8 22");
    compare("layers_swapped", &[first, second, third], 0);
}

#[test]
fn layers_ihl() {
    let [first, second, third] = frame();
    let first = changed(&first, "45 00", "46 00");
    compare("layers_ihl", &[first, second, third], 1);
}
