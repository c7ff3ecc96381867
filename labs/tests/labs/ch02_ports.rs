//! What lab02_ports finds out by binding.

use std::process::Command;

use regex_lite::{Captures, Regex};

use crate::ch02_servers::takes_ipv4_too;
use crate::compare_text;
use crate::terminal::{lab, program, run, skip};

/// Replaces the ports of loopback and unspecified addresses: those in `known` by
/// what stands beside them, every other one by 50001, 50002 … in the order in
/// which they appear. Port 0 stays.
pub fn stable_ports(text: &str, known: &[(u16, &str)]) -> String {
    let mut seen: Vec<String> = Vec::new();
    let address = r"(127\.0\.0\.\d+\]?|0\.0\.0\.0|\[::1?\]):(\d{2,5})\b";
    let address = Regex::new(address).expect("a valid pattern");
    let stable = address.replace_all(text, |found: &Captures<'_>| {
        let (host, port) = (&found[1], &found[2]);
        if let Some((_, shown)) = known.iter().find(|(known, _)| known.to_string() == *port) {
            return format!("{host}:{shown}");
        }
        let place = seen.iter().position(|seen| seen == port);
        let place = place.unwrap_or_else(|| {
            seen.push(port.to_string());
            seen.len() - 1
        });
        format!("{host}:{}", 50_001 + place)
    });
    stable.into_owned()
}

/// What the lab prints. Its ports are replaced, and how the system spread 64
/// datagrams over two sockets.
fn shown(args: &[&str]) -> String {
    let mut lab = run("lab", "lab02_ports", args, &[]);
    assert!(lab.finish().success(), "{}", lab.text());
    let text = stable_ports(&lab.text(), &[]);
    let spread = r"of 64 datagrams (\d+) came to the first, (\d+) to the second";
    let spread = Regex::new(spread).expect("a valid pattern");
    let text = spread.replace_all(&text, |found: &Captures<'_>| {
        let number = |index: usize| found[index].parse::<u32>().expect("a number");
        let (first, second) = (number(1), number(2));
        assert!(first > 0 && second > 0 && first + second == 64, "{found:?}");
        "of 64 datagrams 30 came to the first, 34 to the second"
    });
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    text.into_owned()
}

/// What is refused differs from system to system: compared is Linux's.
#[test]
fn ports_shared() {
    let shown = shown(&[]);
    assert!(shown.contains("TCP: a listener"), "{shown}");
    if !takes_ipv4_too() {
        return skip("this is not Linux with IPv6 and its usual bindv6only");
    }
    compare_text("ports_shared", &shown);
}

#[test]
fn every_answer_of_a_documentation_has_its_source() {
    let text = shown(&["--sources"]);
    for system in ["Linux", "macOS", "Windows"] {
        let start = format!("      {system} ");
        let sources: Vec<_> = text.lines().filter(|l| l.starts_with(&start)).collect();
        assert_eq!(sources.len(), 14, "one for each row:\n{text}");
        assert!(sources.iter().all(|line| line.len() > 20), "{sources:?}");
    }
}

/// Without a network, or without IPv6, as in some containers.
#[test]
fn lab_of_ports_ends_well_where_addresses_are_missing() {
    let Some(unshare) = program("unshare") else {
        return;
    };
    let up = "ip link set lo up";
    let off = "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6";
    for (ready, said) in [
        ("true".to_string(), "nothing can be sent to 127.0.0.1:"),
        (up.to_string(), "came to the second"),
        (format!("{off} && {up}"), "nothing can be sent to [::1]:"),
    ] {
        let output = Command::new(&unshare)
            .args(["--user", "--map-root-user", "--net", "sh", "-c"])
            .arg(format!("{ready} && exec \"$0\""))
            .arg(lab("lab02_ports"))
            .output()
            .expect("unshare runs");
        let text = String::from_utf8_lossy(&output.stdout);
        if text.is_empty() && !output.status.success() {
            return skip("no namespace of its own, or no ip command");
        }
        assert!(output.status.success(), "{ready}:\n{text}\n{output:?}");
        assert!(text.contains(said), "{ready}:\n{text}");
        assert!(text.contains("TCP: a listener"), "{ready}:\n{text}");
    }
}
