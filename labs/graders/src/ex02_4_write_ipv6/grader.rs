//! Judges exercise 2.4: addresses with runs of zeros of every length at every
//! place.

use std::net::Ipv6Addr;
use std::ops::Range;

use crate::judge::{Bench, Event, Outcome, Scene};

/// The groups of an address.
type Groups = [u16; 8];

/// Addresses, the plain ones first.
#[rustfmt::skip]
const FIXED: [Groups; 30] = [
    [0x2001, 0xdb8, 1, 2, 3, 4, 5, 6],
    [0x2001, 0xdb8, 0xab, 0x1000, 0xf00, 0xbe, 0xc0de, 0xffff],
    [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1],
    [0xfe80, 0, 0, 0, 0x1234, 0x5678, 0x9abc, 0xdef0],
    [0x2001, 0xdb8, 0, 0, 1, 2, 3, 4],
    [0, 0, 0, 0, 0, 0, 0, 1],
    [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 3, 4, 5, 6, 7, 8],
    [1, 2, 3, 4, 5, 6, 0, 0],
    [0x2001, 0xdb8, 0, 1, 2, 3, 4, 5],
    [0, 2, 3, 4, 5, 6, 7, 8],
    [1, 2, 3, 4, 5, 6, 7, 0],
    [1, 0, 3, 0, 5, 0, 7, 8],
    [0x2001, 0xdb8, 0, 0, 1, 0, 0, 0],
    [0x2001, 0, 0, 0, 1, 0, 0, 2],
    [0x2001, 0, 0, 1, 0, 0, 0, 2],
    [0x2001, 0xdb8, 0, 0, 1, 0, 0, 1],
    [0, 0, 1, 0, 0, 1, 0, 0],
    [0, 1, 0, 0, 1, 1, 0, 1],
    [0, 0, 0, 1, 0, 0, 0, 0],
    [0x2001, 0xdb8, 0, 1, 0, 0, 1, 1],
    [0xff02, 0, 0, 0, 0, 0, 0, 0xfb],
    [0x10, 0x100, 0x1000, 0xa, 0xa0, 0xa00, 0xa000, 0xffff],
    [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201],
    [0, 0, 0, 0, 0, 0, 0xc000, 0x201],
    [0x64, 0xff9b, 0, 0, 0, 0, 0xc000, 0x201],
    [0, 0, 0, 0, 0, 0xffff, 0, 0],
    [0, 0, 0, 0, 0xffff, 0, 0xc000, 0x201],
    [1, 0, 0, 0, 0, 0, 0, 0],
];

/// How many addresses are asked at random.
const RANDOM: usize = 250;

/// Asks for one address after the other.
///
/// # Errors
/// What the answer did that the contract does not allow.
pub fn grade(bench: &Bench<'_>) -> Result<(), Outcome> {
    let mut random = bench.random();
    let mut scene = Scene::start(bench)?;
    for groups in FIXED {
        ask(&mut scene, groups)?;
    }
    for _ in 0..RANDOM {
        // Half of the groups are zeros, the others have one to four digits.
        let groups = std::array::from_fn(|_| {
            let digits = random.u32(1..5);
            if random.bool() {
                0
            } else {
                random.u16(..) >> (16 - 4 * digits)
            }
        });
        ask(&mut scene, groups)?;
    }
    Ok(())
}

/// Asks for one address.
fn ask(scene: &mut Scene, groups: Groups) -> Result<(), Outcome> {
    let arguments = groups.map(|group| group.to_string());
    let arguments: Vec<&[u8]> = arguments.iter().map(String::as_bytes).collect();
    let shown = format!("[{}]", groups.map(|g| format!("{g:#x}")).join(", "));
    match scene.ask("called-write", &[("groups", shown.into())], &arguments)? {
        Event::Returned(value) => {
            let got = value.into_iter().next().unwrap_or_default();
            let got = String::from_utf8_lossy(&got).into_owned();
            let want = write(groups, longest(groups), small);
            if got == want {
                return Ok(());
            }
            scene.returned(&format!("{got:?}"), Some(&format!("{want:?}")));
            let (key, cause) = explain(groups, &got, &want);
            let facts = [("got", format!("{got:?}").into())];
            Err(scene.not_yet(key, &facts, cause))
        }
        other => Err(scene.usual(other, "expecting-return")),
    }
}

/// The message and the misconception for a wrong text: what would one have to
/// believe to write this one?
fn explain(groups: Groups, got: &str, want: &str) -> (&'static str, Option<&'static str>) {
    let all = runs(groups);
    let two = |run: &Range<usize>| run.len() >= 2;
    let some: Vec<Range<usize>> = all.iter().filter(|run| two(run)).cloned().collect();
    let longest = longest(groups);
    let is = |shortened: &[Range<usize>], digits: fn(u16) -> String| {
        write_all(groups, shortened, digits) == got
    };
    let one =
        |run: Option<&Range<usize>>| run.is_some_and(|run| is(std::slice::from_ref(run), small));
    let kept = [&[][..], longest.as_slice(), &some, &all]
        .iter()
        .any(|runs| is(runs, padded) || is(runs, zeros_padded));
    let most = all.iter().map(Range::len).max().unwrap_or(0);
    if got.to_lowercase() == want {
        ("write-upper-case", None)
    } else if some.len() > 1 && is(&some, small) || all.len() > 1 && is(&all, small) {
        ("write-every-run", Some("two-double-colons"))
    } else if longest.is_none() && (one(all.first()) || one(all.last())) {
        ("write-single", Some("one-zero-group-is-shortened"))
    } else if some.last().is_some_and(|run| run.len() == most) && one(some.last()) {
        ("write-last-run", None)
    } else if one(some.first()) || one(all.first()) {
        ("write-first-run", Some("first-run-is-shortened"))
    } else if some.iter().any(|run| one(Some(run))) {
        ("write-shorter-run", None)
    } else if some.iter().flat_map(parts).any(|part| one(Some(&part))) {
        ("write-part-of-run", None)
    } else if !all.is_empty() && is(&[], small) {
        ("write-long", None)
    } else if kept {
        ("write-zeros-kept", Some("zeros-in-a-group-stay"))
    } else if got.contains('.') && got.parse() == Ok(Ipv6Addr::from(groups)) {
        // So Rust writes the addresses of ::ffff:0:0/96, and no others.
        match got == Ipv6Addr::from(groups).to_string() {
            true => ("write-as-display", None),
            false => ("write-as-ipv4", None),
        }
    } else if is(longest.as_slice(), decimal) || is(&[], decimal) {
        ("write-decimal", None)
    } else if edge(groups, longest).contains(&got.to_string()) {
        ("write-edge", None)
    } else if got.contains(":::") {
        ("write-three-colons", None)
    } else if got
        .parse()
        .is_ok_and(|address: Ipv6Addr| eaten(groups).any(|eaten| eaten == address))
    {
        ("write-digit-gone", None)
    } else {
        match got.parse::<Ipv6Addr>() {
            Ok(address) if address.segments() == groups => ("write-same-address", None),
            Ok(_) => ("write-other-address", None),
            Err(_) => ("write-no-address", None),
        }
    }
}

/// The group as it should be, `db8`.
fn small(group: u16) -> String {
    format!("{group:x}")
}

/// The group with its leading zeros, `0db8`.
fn padded(group: u16) -> String {
    format!("{group:04x}")
}

/// Only a group of zeros with its leading zeros, `0000`.
fn zeros_padded(group: u16) -> String {
    if group == 0 {
        padded(group)
    } else {
        small(group)
    }
}

/// The group as a decimal number, `3512`.
fn decimal(group: u16) -> String {
    group.to_string()
}

/// Where the zeros are: every run of one group or more.
fn runs(groups: Groups) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in (0..8).filter(|at| groups[*at] == 0) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// Every part of a run, from one group on.
fn parts(run: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let Range { start, end } = *run;
    (start..end).flat_map(move |from| (from + 1..=end).map(move |to| from..to))
}

/// What becomes of the address for those who look for `0:0` in its text, and
/// find it from the last digit of a group on.
fn eaten(groups: Groups) -> impl Iterator<Item = Ipv6Addr> {
    let at_zeros = |at: &usize| groups[*at].is_multiple_of(16) && groups[at + 1] == 0;
    let at: Vec<usize> = (0..7).filter(at_zeros).collect();
    at.into_iter()
        .filter(move |at| groups[*at] > 0)
        .map(move |at| {
            let mut groups = groups;
            groups[at] /= 16;
            groups.into()
        })
}

/// The run that `::` stands for.
fn longest(groups: Groups) -> Option<Range<usize>> {
    let runs = runs(groups).into_iter().filter(|run| run.len() >= 2);
    runs.reduce(|best, run| if run.len() > best.len() { run } else { best })
}

/// The address with `::` for one run at most.
fn write(groups: Groups, shortened: Option<Range<usize>>, digits: fn(u16) -> String) -> String {
    write_all(groups, shortened.as_slice(), digits)
}

/// The address with `::` for each of these runs.
fn write_all(groups: Groups, shortened: &[Range<usize>], digits: fn(u16) -> String) -> String {
    let mut text = String::new();
    let mut at = 0;
    while at < 8 {
        if let Some(run) = shortened.iter().find(|run| run.start == at) {
            text += if text.ends_with(':') { ":" } else { "::" };
            at = run.end;
            continue;
        }
        text += &digits(groups[at]);
        at += 1;
        if at < 8 {
            text.push(':');
        }
    }
    text
}

/// What a run at the beginning or the end makes of those who join all parts
/// with one colon: a colon too few, or too many.
fn edge(groups: Groups, run: Option<Range<usize>>) -> [String; 2] {
    let Some(run) = run else {
        return Default::default();
    };
    let part = |part: &[u16]| part.iter().map(|g| small(*g)).collect::<Vec<_>>();
    let joined = |middle: &str| {
        [
            part(&groups[..run.start]),
            vec![middle.into()],
            part(&groups[run.end..]),
        ]
        .concat()
        .join(":")
    };
    [joined(""), joined("::")]
}
