//! What lab02_socket_types gets, and what it is refused.

#![cfg(target_os = "linux")]

use std::process::Command;

use crate::compare_text;
use crate::terminal::{Terminal, lab, program, skip};

/// The lab in a user namespace of its own, and in a network namespace, whose
/// ping_group_range is the kernel's default, "nobody". Without further options
/// it is nobody there, also when root runs the test, and has no capabilities.
fn in_a_namespace(options: &[&str]) -> Option<Terminal> {
    let unshare = program("unshare")?;
    let namespaces = [&["--user", "--net"], options].concat();
    let allowed = Command::new(&unshare)
        .args(&namespaces)
        .arg("true")
        .output()
        .is_ok_and(|output| output.status.success());
    if !allowed {
        skip("this system lets nobody make a user namespace of their own");
        return None;
    }
    let lab = lab("lab02_socket_types").display().to_string();
    let args = [namespaces, vec![lab.as_str()]].concat();
    let command = "cargo run --bin lab02_socket_types";
    Some(Terminal::open("lab", command, &unshare, &args))
}

#[test]
fn socket_types() {
    let Some(mut lab) = in_a_namespace(&[]) else {
        return;
    };
    assert!(lab.finish().success(), "{}", lab.text());
    let text = lab.text();
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    compare_text("socket_types", &text);
}

/// With CAP_NET_RAW, as the root of a user namespace has it.
#[test]
fn raw_socket_opens_with_the_capability() {
    let Some(mut lab) = in_a_namespace(&["--map-root-user"]) else {
        return;
    };
    assert!(lab.finish().success(), "{}", lab.text());
    let text = lab.text();
    assert!(text.contains("SOCK_RAW with ICMP: open"), "{text}");
    // That one takes a group, and not a capability.
    assert!(text.contains("SOCK_DGRAM with ICMP: refused"), "{text}");
}

#[test]
fn icmp_socket_opens_for_a_group_in_ping_group_range() {
    let Some(unshare) = program("unshare") else {
        return;
    };
    let output = Command::new(unshare)
        .args(["--user", "--map-root-user", "--net", "sh", "-c"])
        .arg("echo 0 0 > /proc/sys/net/ipv4/ping_group_range && exec \"$0\"")
        .arg(lab("lab02_socket_types"))
        .output()
        .expect("unshare runs");
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() && text.is_empty() {
        return skip("this system lets nobody make a user namespace of their own");
    }
    assert!(text.contains("SOCK_DGRAM with ICMP: open"), "{output:?}");
}
