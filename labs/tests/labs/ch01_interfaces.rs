//! What lab01_interfaces says of interfaces: those of this machine, and those
//! of a network namespace, where everything is known.

use std::process::{Command, Output, Stdio};

use crate::terminal::{lab, run};

const NAME: &str = "lab01_interfaces";

fn output(args: &[&str]) -> Output {
    Command::new(lab(NAME))
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("the lab runs")
}

#[test]
fn loopback_is_shown_with_its_address() {
    let mut lab = run("lab", NAME, &[], &[]);
    assert!(lab.finish().success());
    let text = lab.text();
    let loopback = text
        .split("\n\n")
        .find(|shown| shown.contains(" up, loopback\n"))
        .unwrap_or_else(|| panic!("a loopback interface in\n{text}"));
    assert!(loopback.contains("\n  address  127.0.0.1/8"), "{text}");
    assert!(text.contains(" shows the same with: "), "{text}");
}

#[test]
fn unknown_interface_is_answered_with_those_that_exist() {
    let output = output(&["no such name"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let names = said
        .trim_end()
        .strip_prefix("no interface is called \"no such name\"; this machine has ")
        .unwrap_or_else(|| panic!("the names in {said}"));
    assert!(names.split(", ").count() > 0 && !names.is_empty(), "{said}");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::fs;
    use std::process::Command;

    use super::{NAME, output};
    use crate::compare_text;
    use crate::terminal::{Terminal, lab, program, skip};

    /// What /sys says of each interface, as the lab should say it.
    fn from_sys() -> BTreeMap<String, String> {
        let folder = fs::read_dir("/sys/class/net").expect("the interfaces");
        let names = folder.flatten().filter(|entry| entry.path().is_dir());
        let one = |name: String| {
            let value = |file: &str| {
                let value = fs::read_to_string(format!("/sys/class/net/{name}/{file}")).ok()?;
                Some(value.trim().to_string())
            };
            let (index, mtu, mac) = (value("ifindex")?, value("mtu")?, value("address")?);
            let mac = match mac.replace(['0', ':'], "").is_empty() {
                true => "none".into(),
                false => mac,
            };
            let flags = u32::from_str_radix(value("flags")?.trim_start_matches("0x"), 16).ok()?;
            let state = if flags & 1 == 1 { "up" } else { "down" };
            let shown = format!("number {index}, {state}|MAC {mac}|MTU {mtu} bytes");
            Some((name, shown))
        };
        names
            .filter_map(|entry| one(entry.file_name().into_string().ok()?))
            .collect()
    }

    #[test]
    fn every_interface_is_shown_as_sys_has_it() {
        let before = from_sys();
        let text = String::from_utf8(output(&[]).stdout).expect("text");
        let after = from_sys();
        // What came, went or changed meanwhile proves nothing.
        let stable = before
            .iter()
            .filter(|(name, shown)| after.get(*name) == Some(shown));
        for (name, expected) in stable {
            let start = format!("{name}: ");
            let shown = text
                .split("\n\n")
                .find_map(|shown| shown.strip_prefix(&start))
                .unwrap_or_else(|| panic!("{name} in\n{text}"));
            for part in expected.split('|') {
                let words: Vec<_> = shown.split_whitespace().collect();
                assert!(words.join(" ").contains(part), "{part} in\n{shown}");
            }
        }
        assert!(!before.is_empty());
    }

    /// A host in a network namespace of its own: `lo` is up, and `eth0` is
    /// joined to another host. Every wait has an end. `ip` complains of a named
    /// namespace that somebody is just about to make: that is not our affair.
    const HOST: &str = r#"
        set -e
        look() { ip "$@" 2>/dev/null; }
        ip link set lo up
        ip link add eth0 address 02:00:00:00:00:02 type veth peer name far netns $PPID
        ip link set eth0 addrgenmode eui64
        ip addr add 192.0.2.2/24 dev eth0
        ip addr add 2001:db8::2/64 dev eth0 nodad
        nsenter --target $PPID --net ip link set far up
        ip link set eth0 up
        for i in $(seq 200); do
            if look addr show dev eth0 up | grep -q 'inet6 fe80' &&
                look link show dev eth0 | grep -q 'state UP'; then
                break
            fi
            sleep 0.05
        done
        test "$(look -oneline link | wc -l)" = 2
    "#;

    /// A terminal on that host, where `script` runs; `$0` is the lab. `command`
    /// is what a reader types.
    fn on_a_host(command: &str, script: &str) -> Option<Terminal> {
        let unshare = program("unshare")?;
        program("ip")?;
        let other_host = r#"unshare --net sh -c "$1" "$0"; exit $?"#;
        let lab = lab(NAME).display().to_string();
        let start = [
            "--user",
            "--map-root-user",
            "--net",
            "sh",
            "-c",
            other_host,
            &lab,
        ];
        let can = Command::new(&unshare)
            .args(start)
            .arg(HOST)
            .output()
            .expect("unshare runs");
        if !can.status.success() {
            let why = String::from_utf8_lossy(&can.stderr);
            skip(&format!("no such host can be made here: {}", why.trim()));
            return None;
        }
        let script = format!("{HOST}\n{script}");
        let args = [&start[..], &[&script]].concat();
        Some(Terminal::open("lab", command, &unshare, &args))
    }

    #[test]
    fn interfaces_all() {
        let command = "cargo run --bin lab01_interfaces";
        let Some(mut lab) = on_a_host(command, "exec \"$0\"") else {
            return;
        };
        assert!(lab.finish().success(), "{}", lab.text());
        compare_text("interfaces_all", &lab.text());
    }

    /// Both commands, one after the other.
    #[test]
    fn interfaces_down() {
        let script = r#"
            ip link set eth0 down
            echo '$ cargo run --bin lab01_interfaces -- eth0'
            exec "$0" eth0
        "#;
        let Some(mut lab) = on_a_host("ip link set eth0 down", script) else {
            return;
        };
        assert!(lab.finish().success(), "{}", lab.text());
        compare_text("interfaces_down", &lab.text());
    }

    #[test]
    fn missing_link_is_told_from_down() {
        let script = r#"
            nsenter --target $PPID --net ip link set far down
            for i in $(seq 200); do
                if look link show dev eth0 | grep -q NO-CARRIER; then break; fi
                sleep 0.05
            done
            exec "$0" eth0
        "#;
        let Some(mut lab) = on_a_host("cargo run --bin lab01_interfaces -- eth0", script) else {
            return;
        };
        assert!(lab.finish().success(), "{}", lab.text());
        let text = lab.text();
        let first = text.lines().nth(2);
        assert_eq!(
            first,
            Some("eth0: number 2, up, but without a link"),
            "{text}"
        );
    }
}
