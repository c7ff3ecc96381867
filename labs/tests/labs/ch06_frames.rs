//! What the terminals of chapter 6 show: frames, and peers who break their rules.

use crate::terminal::{self, Terminal, run};
use crate::{ANY, broken, compare};

const SERVER: &str = "lab06_frames_server";
const CLIENT: &str = "lab06_frames_client";

/// A server on a free port, ready, and its address.
pub fn server(title: &'static str, args: &[&str]) -> (Terminal, String) {
    let mut server = run(title, SERVER, args, &["--listen", ANY]);
    let address = format!("127.0.0.1:{}", server.port());
    (server, address)
}

/// A client of that server.
fn client(title: &'static str, args: &[&str], server: &str) -> Terminal {
    run(title, CLIENT, args, &["--server", server])
}

/// A lab that was broken as the book asks its reader to break it.
fn broken_lab(name: &str, lab: &str, args: &[&str], hidden: &[&str]) -> Terminal {
    let title = if lab == SERVER { "server" } else { "client" };
    let mut command = format!("cargo run --bin {lab}");
    if !args.is_empty() {
        command.push_str(&format!(" -- {}", args.join(" ")));
    }
    let args = [hidden, args].concat();
    Terminal::open(title, &command, broken::program(name), &args)
}

fn broken_server(name: &str, args: &[&str]) -> (Terminal, String) {
    let mut server = broken_lab(name, SERVER, args, &["--listen", ANY]);
    let address = format!("127.0.0.1:{}", server.port());
    (server, address)
}

/// Lab 4's client behind a pipe: it sends any bytes as they are. `line` has
/// `CLIENT` where the client stands.
fn rude(title: &'static str, line: &str, server: &str) -> Option<Terminal> {
    let sh = terminal::program("sh")?;
    let lab = terminal::lab("lab04_tcp_client");
    let hidden = line.replace("CLIENT", &format!("{} --server {server}", lab.display()));
    let shown = line.replace("CLIENT", "cargo run --bin lab04_tcp_client");
    Some(Terminal::open(title, &shown, &sh, &["-c", &hidden]))
}

/// Takes so many lines of the server.
fn lines(server: &mut Terminal, count: usize) {
    (0..count).for_each(|_| drop(server.line()));
}

#[test]
fn frames_length() {
    let (mut server, address) = server("server", &[]);
    let mut client = client("client", &["red", "", "naïve"], &address);
    assert!(client.finish().success());
    lines(&mut server, 5);
    compare("frames_length", &address, &[&server, &client]);
}

#[test]
fn frames_lines() {
    let (mut server, address) = server("server", &["--framing", "lines"]);
    let mut client = client(
        "client",
        &["--framing", "lines", "red", "", "naïve"],
        &address,
    );
    assert!(client.finish().success());
    lines(&mut server, 5);
    compare("frames_lines", &address, &[&server, &client]);
}

/// A client that announces 4 GiB, and one that is served before and after it.
#[test]
fn frames_hostile() {
    let (mut server, address) = server("server", &[]);
    let mut good = client("client", &[], &address);
    good.line();
    lines(&mut server, 1);
    let say = |good: &mut Terminal, server: &mut Terminal, message: &str| {
        good.enter(message.as_bytes());
        good.line();
        good.line();
        server.line();
    };
    say(&mut good, &mut server, "good morning");
    // Its input stays open, so that it is the server that ends first.
    let line = r"(printf '\377\377\377\377'; cat) | CLIENT";
    let Some(mut rude) = rude("client 2", line, &address) else {
        return;
    };
    lines(&mut server, 2);
    (0..2).for_each(|_| drop(rude.line()));
    say(&mut good, &mut server, "still served");
    assert!(rude.finish().success());
    assert!(good.finish().success());
    lines(&mut server, 1);
    compare("frames_hostile", &address, &[&server, &good, &rude]);
}

/// A line without an end.
#[test]
fn frames_endless() {
    let (mut server, address) = server("server", &["--framing", "lines"]);
    let line = r"yes | tr -d '\n' | CLIENT";
    let Some(mut rude) = rude("client", line, &address) else {
        return;
    };
    lines(&mut server, 2);
    assert_eq!(rude.finish().code(), Some(1));
    compare("frames_endless", &address, &[&server, &rude]);
}

/// The end of the stream inside a body, and inside a head.
#[test]
fn frames_mid() {
    let (mut server, address) = server("server", &[]);
    let mut ends = Vec::new();
    for (title, line) in [
        ("client", r"printf '\0\0\0\5hel' | CLIENT"),
        ("client 2", r"printf '\0\0' | CLIENT"),
        ("client 3", r"printf '' | CLIENT"),
    ] {
        let Some(mut rude) = rude(title, line, &address) else {
            return;
        };
        assert!(rude.finish().success());
        lines(&mut server, 2);
        ends.push(rude);
    }
    let all: Vec<_> = [&server].into_iter().chain(&ends).collect();
    compare("frames_mid", &address, &all);
}

/// A byte now and then: each of them in time, the frame is not.
const TRICKLE: &str = r"(printf '\0\0\0\6'; for n in 1 2 3 4 5 6; do sleep 0.2; printf $n; done) | CLIENT > /dev/null";

#[test]
fn frames_trickle() {
    let (mut server, address) = server("server", &["--timeout", "1s"]);
    let Some(mut rude) = rude("client", TRICKLE, &address) else {
        return;
    };
    lines(&mut server, 2);
    assert!(rude.finish().success());
    compare("frames_trickle", &address, &[&server, &rude]);
}

/// A character in two segments, a carriage return, and bytes that are no text.
#[test]
fn frames_text() {
    let (mut server, address) = server("server", &["--framing", "lines"]);
    let line = r"(printf 'na\303'; sleep 0.2; printf '\257ve\r\n\377\376\n') | CLIENT > /dev/null";
    let Some(mut rude) = rude("client", line, &address) else {
        return;
    };
    assert!(rude.finish().success());
    lines(&mut server, 4);
    compare("frames_text", &address, &[&server, &rude]);
}

#[test]
fn frames_python() {
    let Some(python) = terminal::program("python3") else {
        return;
    };
    let (mut server, address) = server("server", &[]);
    let script = terminal::python("frames_client.py");
    let command = "python3 labs/python/frames_client.py red \"\" naïve";
    let args = [&script, "red", "", "naïve", "--at", &address];
    let mut client = Terminal::open("python client", command, &python, &args);
    assert!(client.finish().success(), "{}", client.text());
    lines(&mut server, 5);
    compare("frames_python", &address, &[&server, &client]);
}

/// The client's lines reach a server that expects lengths: `hell` is one.
#[test]
fn frames_wrong_framing() {
    let (mut server, address) = server("server", &[]);
    let mut client = client("client", &["--framing", "lines", "hello"], &address);
    assert_eq!(client.finish().code(), Some(1));
    lines(&mut server, 2);
    compare("frames_wrong_framing", &address, &[&server, &client]);
}

/// The other way round nobody is refused: both wait.
#[test]
fn frames_wrong_framing_back() {
    let (mut server, address) = server("server", &["--framing", "lines", "--timeout", "10s"]);
    let mut client = client("client", &["--timeout", "1s", "hello"], &address);
    assert_eq!(client.finish().code(), Some(1));
    lines(&mut server, 2);
    compare("frames_wrong_framing_back", &address, &[&server, &client]);
}

/// A server that takes one read for a whole body.
#[test]
#[cfg(target_os = "linux")] // how much one read returns of it is this kernel's
fn frames_one_read() {
    let (mut server, address) = broken_server("frames_one_read", &[]);
    let mut short = client("client", &["hello"], &address);
    assert!(short.finish().success());
    lines(&mut server, 3);
    let Some(sh) = terminal::program("sh") else {
        return;
    };
    let line = r"head -c 60000 /dev/zero | tr '\0' x | CLIENT";
    let lab = terminal::lab(CLIENT);
    let hidden = line.replace("CLIENT", &format!("{} --server {address}", lab.display()));
    let shown = line.replace("CLIENT", &format!("cargo run --bin {CLIENT}"));
    let mut long = Terminal::open("client 2", &shown, &sh, &["-c", &hidden]);
    assert!(long.finish().success(), "{}", long.text());
    lines(&mut server, 3);
    compare("frames_one_read", &address, &[&server, &short, &long]);
}

/// A client that writes a length as its memory has it.
#[test]
#[cfg(target_endian = "little")]
fn frames_little_endian() {
    let (mut server, address) = server("server", &[]);
    let args = ["--server", &address];
    let mut client = broken_lab("frames_little_endian", CLIENT, &["hello"], &args);
    assert_eq!(client.finish().code(), Some(1));
    lines(&mut server, 2);
    compare("frames_little_endian", &address, &[&server, &client]);
}

/// A limit for each call in place of a deadline: the trickle is served.
#[test]
fn frames_call_limit() {
    let (mut server, address) = broken_server("frames_call_limit", &["--timeout", "1s"]);
    let Some(mut rude) = rude("client", TRICKLE, &address) else {
        return;
    };
    assert!(rude.finish().success());
    lines(&mut server, 3);
    compare("frames_call_limit", &address, &[&server, &rude]);
}

/// A bound that is looked at when the line has ended: all of it is kept first.
#[test]
fn frames_late_bound() {
    let (mut server, address) = broken_server("frames_late_bound", &["--framing", "lines"]);
    let line = r"head -c 10000000 /dev/zero | tr '\0' x | CLIENT";
    let Some(mut rude) = rude("client", line, &address) else {
        return;
    };
    assert!(rude.finish().success());
    lines(&mut server, 2);
    compare("frames_late_bound", &address, &[&server, &rude]);
}
