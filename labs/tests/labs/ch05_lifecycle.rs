//! The states of a connection, as the kernel reports them to lab05_lifecycle.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use labs::states::Connection;
use regex_lite::{Captures, Regex};

use crate::terminal::{Terminal, lab, program, run, skip};
use crate::{ANY, compare_text};

/// What a lab of chapter 5 prints. On Linux the transcript holds it; elsewhere
/// no states are shown, and a call that fails is said in a sentence.
pub fn compare(snapshot: &str, lab: &str, args: &[&str], stable: impl Fn(&str) -> String) {
    let mut lab = run_alone(lab, args);
    let status = lab.finish();
    let text = stable(&lab.text());
    if !cfg!(target_os = "linux") {
        assert!(matches!(status.code(), Some(0 | 1)), "{text}");
        return skip("only Linux shows the states of its connections as a file");
    }
    assert!(status.success(), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    compare_text(snapshot, &text);
}

/// A lab in a network namespace of its own, where the table of connections is
/// short whatever else goes on; without one where none can be made.
fn run_alone(name: &str, args: &[&str]) -> Terminal {
    static ALONE: OnceLock<bool> = OnceLock::new();
    let unshare = ["--user", "--map-root-user", "--net", "sh", "-c"];
    let script = "ip link set lo up && exec \"$0\" \"$@\"";
    let works = ALONE.get_or_init(|| {
        let mut command = Command::new("unshare");
        let output = command.args(unshare).args([script, "true"]).output();
        output.is_ok_and(|output| output.status.success())
    });
    if !works {
        return run("lab", name, args, &[]);
    }
    let mut command = format!("cargo run --bin {name}");
    if !args.is_empty() {
        command.push_str(&format!(" -- {}", args.join(" ")));
    }
    let lab = lab(name).display().to_string();
    let args = [&unshare[..], &[script, lab.as_str()], args].concat();
    Terminal::open("lab", &command, Path::new("unshare"), &args)
}

/// The 60 seconds of TIME-WAIT are running while the lab looks.
fn lifecycle(snapshot: &str, args: &[&str]) {
    compare(snapshot, "lab05_lifecycle", args, |text| {
        let left = Regex::new(r"in TIME-WAIT for (\d+) s").expect("a valid pattern");
        let left = left.replace_all(text, |found: &Captures<'_>| {
            let seconds: u32 = found[1].parse().expect("a number");
            assert!((40..=60).contains(&seconds), "{text}");
            "in TIME-WAIT for 60 s"
        });
        left.into_owned()
    });
}

#[test]
fn lifecycle_client_closes() {
    lifecycle("lifecycle_client_closes", &[]);
}

#[test]
fn lifecycle_server_closes() {
    lifecycle("lifecycle_server_closes", &["server-closes"]);
}

#[test]
fn lifecycle_lose() {
    lifecycle("lifecycle_lose", &["--lose"]);
}

#[test]
fn lifecycle_both_close() {
    lifecycle("lifecycle_both_close", &["both-close"]);
}

#[test]
fn lifecycle_reset() {
    lifecycle("lifecycle_reset", &["reset"]);
}

#[test]
fn lifecycle_vanish() {
    lifecycle("lifecycle_vanish", &["vanish"]);
}

#[test]
fn lifecycle_full_queue() {
    lifecycle("lifecycle_full_queue", &["full-queue"]);
}

#[test]
fn lifecycle_restart() {
    lifecycle("lifecycle_restart", &["restart"]);
}

/// The labs read the table themselves: here it is held against what `ss` shows.
#[test]
fn states_are_those_that_ss_shows() {
    if !cfg!(target_os = "linux") {
        return skip("only Linux shows the states of its connections as a file");
    }
    let Some(ss) = program("ss") else {
        return;
    };
    let listener = TcpListener::bind(ANY).expect("a listener");
    let address = listener.local_addr().expect("an address");
    let client = TcpStream::connect(address).expect("a connection");
    let (server, peer) = listener.accept().expect("a client");
    let connection = Connection {
        client: peer,
        server: address,
    };
    // What `ss` calls the ends: its second column is the state's, in another
    // order of the columns than the table's.
    let shown = |local: &str, remote: &str| {
        let output = Command::new(&ss).args(["-Htan"]).output().expect("ss runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().find(|line| {
            let words: Vec<_> = line.split_whitespace().collect();
            words.get(3) == Some(&local) && words.get(4) == Some(&remote)
        });
        let state = line.and_then(|line| line.split_whitespace().next());
        state.unwrap_or("-").to_string()
    };
    let both = || {
        let states = connection.states(false);
        let (client, server) = (peer.to_string(), address.to_string());
        let ss = [shown(&client, &server), shown(&server, &client)];
        ([states.client, states.server], ss)
    };
    let (ours, ss) = both();
    assert_eq!(ours, ["ESTABLISHED", "ESTABLISHED"]);
    assert_eq!(ss, ["ESTAB", "ESTAB"]);
    client.shutdown(Shutdown::Write).expect("a FIN");
    let (ours, ss) = both();
    assert_eq!(ours, ["FIN-WAIT-2", "CLOSE-WAIT"]);
    assert_eq!(ss, ["FIN-WAIT-2", "CLOSE-WAIT"]);
    drop(server);
    let (ours, ss) = both();
    assert_eq!(ours, ["TIME-WAIT", "-"]);
    assert_eq!(ss, ["TIME-WAIT", "-"]);
}
