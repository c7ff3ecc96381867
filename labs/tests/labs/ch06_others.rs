//! The labs of chapter 6 opposite peers that are played here: every cut of a
//! frame, every kind of rudeness, and what it costs.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

use crate::ANY;
use crate::ch06_frames::server;
use crate::terminal::{self, Terminal, run};

/// How long a test waits for anything; only reached when something is wrong.
const DEADLINE: Duration = Duration::from_secs(20);

fn connect(server: &str) -> TcpStream {
    let stream = TcpStream::connect(server).expect("a connection");
    patient(stream)
}

fn patient(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(DEADLINE)).expect("a limit");
    stream.set_write_timeout(Some(DEADLINE)).expect("a limit");
    stream
}

/// A body with its head.
fn frame(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("a short one");
    [&length.to_be_bytes()[..], body].concat()
}

/// Sends bytes, and reads what comes back for them.
fn exchange(mut stream: &TcpStream, bytes: &[u8], expected: &[u8]) {
    stream.write_all(bytes).expect("sent");
    let mut answer = vec![0; expected.len()];
    stream.read_exact(&mut answer).expect("an answer in time");
    assert_eq!(answer, expected);
}

/// Reads until the end, which must not be a reset.
fn rest(mut stream: &TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("the rest and the end");
    rest
}

/// The server's next line that has this in it; those before it are skipped.
fn said(server: &mut Terminal, what: &str) -> String {
    loop {
        let line = server.line();
        if line.contains(what) {
            return line;
        }
    }
}

#[test]
fn frames_are_found_however_they_are_cut() {
    let (_server, address) = server("server", &[]);
    let large = vec![b'x'; 100_000];
    let bodies: [&[u8]; 6] = [
        b"red",
        b"",
        b"\0\0\0\x05",
        &large,
        "naïve\n".as_bytes(),
        b"",
    ];
    let all: Vec<u8> = bodies.iter().flat_map(|body| frame(body)).collect();
    let stream = connect(&address);
    stream.set_nodelay(true).expect("an option");
    exchange(&stream, &all, &all); // in one piece, and then in many
    for cut in [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 15, 16, 5000, 100_018] {
        (&stream).write_all(&all[..cut]).expect("sent");
        thread::sleep(Duration::from_millis(5)); // the server sees the cut
        exchange(&stream, &all[cut..], &all);
    }
    let small: Vec<u8> = [&b"a"[..], b"", b"bc"]
        .iter()
        .flat_map(|b| frame(b))
        .collect();
    for byte in &small {
        (&stream).write_all(&[*byte]).expect("sent");
    }
    exchange(&stream, b"", &small);
    stream.shutdown(Shutdown::Write).expect("the end is sent");
    assert_eq!(rest(&stream), b"");
}

#[test]
fn lines_are_found_however_they_are_cut() {
    let (_server, address) = server("server", &["--framing", "lines", "--limit", "10"]);
    let stream = connect(&address);
    stream.set_nodelay(true).expect("an option");
    let all = "red\r\n\n\r\nna\u{ef}ve\n0123456789\r\n0123456789\n\r\r\n".as_bytes();
    let answer = "red\n\n\nna\u{ef}ve\n0123456789\n0123456789\n\r\n".as_bytes();
    exchange(&stream, all, answer);
    for cut in 1..all.len() {
        (&stream).write_all(&all[..cut]).expect("sent");
        thread::sleep(Duration::from_millis(2));
        exchange(&stream, &all[cut..], answer);
    }
    stream.shutdown(Shutdown::Write).expect("the end is sent");
    assert_eq!(rest(&stream), b"");
}

#[test]
fn limit_is_met_exactly() {
    for (args, longest, longer) in [
        (&["--limit", "5"][..], frame(b"hello"), frame(b"hello!")),
        (
            &["--framing", "lines", "--limit", "5"],
            b"hello\n".to_vec(),
            b"hello!\n".to_vec(),
        ),
        (
            &["--framing", "lines", "--limit", "5"],
            b"hello\n".to_vec(),
            b"hello!!".to_vec(), // no end in sight
        ),
    ] {
        let (mut server, address) = server("server", args);
        let stream = connect(&address);
        exchange(&stream, &longest, &longest);
        (&stream).write_all(&longer).expect("sent");
        // The answer to the first one, an end, and no reset that loses it.
        assert_eq!(rest(&stream), b"");
        said(&mut server, "refused ");
    }
}

/// Whatever these do, the server serves a good client between any two of them.
#[test]
fn rude_clients_disturb_nobody() {
    let (mut server, address) = server("server", &["--timeout", "500ms"]);
    let good = connect(&address);
    let served = || exchange(&good, &frame(b"good"), &frame(b"good"));
    served();

    let huge = connect(&address);
    (&huge).write_all(&[0xff; 4]).expect("sent");
    said(&mut server, "its head announces 4294967295 bytes");
    served();

    let trickle = connect(&address);
    (&trickle).write_all(&[0, 0, 1, 0]).expect("sent");
    trickle
        .set_read_timeout(Some(Duration::from_millis(50)))
        .expect("a limit");
    let start = Instant::now();
    while !matches!((&trickle).read(&mut [0; 4]), Ok(0)) {
        assert!(start.elapsed() < Duration::from_secs(5), "it goes on");
        (&trickle).write_all(b"x").expect("sent"); // the server reads on for a while
        served();
    }
    said(&mut server, "is not whole after 500ms");

    for half in [&[0, 0][..], &[0, 0, 0, 5], &[0, 0, 0, 5, b'h']] {
        let cut = connect(&address);
        (&cut).write_all(half).expect("sent");
        cut.shutdown(Shutdown::Write).expect("the end is sent");
        assert_eq!(rest(&cut), b"");
        said(&mut server, "it ended inside a frame");
        served();
    }

    for bytes in [&b""[..], &[0, 0], &frame(b"hello")] {
        let reset = connect(&address);
        (&reset).write_all(bytes).expect("sent");
        SockRef::from(&reset)
            .set_linger(Some(Duration::ZERO))
            .expect("an option");
        drop(reset);
        said(&mut server, " reset the connection");
        served();
    }
    good.shutdown(Shutdown::Write).expect("the end is sent");
    assert_eq!(rest(&good), b"");
}

/// A byte now and then is no crime, as long as the whole is there in time.
#[test]
fn slow_frame_in_time_is_served() {
    let (_server, address) = server("server", &["--timeout", "20s"]);
    let slow = connect(&address);
    slow.set_nodelay(true).expect("an option");
    for byte in frame(b"slow") {
        (&slow).write_all(&[byte]).expect("sent");
        thread::sleep(Duration::from_millis(50));
    }
    exchange(&slow, b"", &frame(b"slow"));
}

#[test]
fn who_takes_no_answers_is_given_up() {
    let (mut server, address) = server("server", &["--timeout", "500ms"]);
    let deaf = connect(&address);
    deaf.set_nonblocking(true).expect("non-blocking");
    let large = frame(&[b'x'; 1 << 20]);
    let start = Instant::now();
    // It asks, and never reads: soon every buffer on the way is full.
    let (mut rest, mut asked) = (&large[..], 0);
    while asked < 200 && start.elapsed() < DEADLINE {
        match (&deaf).write(rest) {
            Ok(len) => rest = &rest[len..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                thread::sleep(Duration::from_millis(10));
            }
            Err(_) => break, // the server has closed
        }
        if rest.is_empty() {
            (rest, asked) = (&large, asked + 1);
        }
    }
    assert!(asked < 200, "the server took {asked} large frames");
    said(&mut server, "it has not taken a frame within 500ms");
}

#[test]
fn silence_is_bounded_too() {
    let (mut server, address) = server("server", &["--idle", "300ms"]);
    let idle = connect(&address);
    exchange(&idle, &frame(b"hello"), &frame(b"hello"));
    assert_eq!(rest(&idle), b"");
    said(&mut server, "it has sent nothing for 300ms");
}

#[test]
fn answers_before_a_refusal_arrive() {
    let (_server, address) = server("server", &["--limit", "1000"]);
    for _ in 0..10 {
        let stream = connect(&address);
        let good: Vec<u8> = (0..50_u8).flat_map(|n| frame(&[n; 1000])).collect();
        let bad = [&good[..], &frame(&[0; 500_000])].concat();
        exchange(&stream, &bad, &good);
        assert_eq!(rest(&stream), b"");
    }
}

/// What a line of /proc/PID/status says, in KiB.
#[cfg(target_os = "linux")]
fn status(server: &Terminal, field: &str) -> u64 {
    let file = format!("/proc/{}/status", server.id());
    let text = std::fs::read_to_string(file).expect("the server runs");
    let line = text.lines().find(|line| line.starts_with(field));
    let value = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    value.expect("a number")
}

/// Not even address space, which Linux would give for nothing.
#[test]
#[cfg(target_os = "linux")]
fn announced_length_reserves_nothing() {
    let (mut server, address) = server("server", &[]);
    let first = connect(&address);
    exchange(&first, &frame(b"hello"), &frame(b"hello"));
    for length in [u32::MAX, 1 << 31, (1 << 20) + 1] {
        let huge = connect(&address);
        (&huge).write_all(&length.to_be_bytes()).expect("sent");
        said(&mut server, "refused ");
    }
    let peak = status(&server, "VmPeak:");
    assert!(peak < 2 << 20, "{peak} KiB of addresses at the most");
}

/// Each of a hundred clients announces a megabyte, and sends a little of it; a
/// line without an end is kept as far as the limit.
#[test]
#[cfg(target_os = "linux")]
fn unfinished_frames_cost_what_has_come() {
    let (server, address) = server("server", &["--timeout", "20s"]);
    let before = status(&server, "VmHWM:");
    let clients: Vec<_> = (0..100)
        .map(|_| {
            let stream = connect(&address);
            (&stream).write_all(&[0, 16, 0, 0, b'x']).expect("sent");
            stream
        })
        .collect();
    exchange(&connect(&address), &frame(b"hello"), &frame(b"hello"));
    let more = status(&server, "VmHWM:") - before;
    assert!(more < 20 << 10, "{more} KiB for 100 bytes");
    drop(clients);
}

#[test]
#[cfg(target_os = "linux")]
fn endless_line_is_kept_as_far_as_the_limit() {
    let (mut server, address) = server("server", &["--framing", "lines"]);
    let before = status(&server, "VmHWM:");
    let endless = connect(&address);
    let start = Instant::now();
    while (&endless).write_all(&[b'x'; 1 << 16]).is_ok() {
        assert!(start.elapsed() < DEADLINE, "it is never refused");
    }
    said(&mut server, "its line is longer than the limit");
    let more = status(&server, "VmHWM:") - before;
    assert!(
        more < 10 << 10,
        "{more} KiB for a line of 1 MiB at the most"
    );
}

/// A server that is played here, and the client that talks to it.
fn played(args: &[&str]) -> (Terminal, TcpStream) {
    let listener = TcpListener::bind(ANY).expect("a listener");
    let address = listener.local_addr().expect("an address").to_string();
    let client = run(
        "client",
        "lab06_frames_client",
        args,
        &["--server", &address],
    );
    let (stream, _) = listener.accept().expect("the client");
    (client, patient(stream))
}

/// Reads the client's question, `hello` in a frame.
fn question(mut stream: &TcpStream) {
    let mut bytes = [0; 9];
    stream.read_exact(&mut bytes).expect("a question");
    assert_eq!(bytes, *frame(b"hello"));
}

#[test]
fn client_refuses_a_huge_answer() {
    let (mut client, server) = played(&["hello"]);
    question(&server);
    (&server).write_all(&[0xff; 4]).expect("sent");
    assert_eq!(client.finish().code(), Some(1));
    let sentence = "its head announces 4294967295 bytes, and the limit is 1048576\n";
    assert!(client.text().contains(sentence), "{}", client.text());
}

#[test]
fn client_gives_up_on_silence_and_on_a_trickle() {
    let (mut client, server) = played(&["--timeout", "300ms", "hello"]);
    question(&server);
    assert_eq!(client.finish().code(), Some(1));
    assert!(client.text().contains("it has sent nothing for 300ms\n"));

    let (mut client, server) = played(&["--timeout", "300ms", "hello"]);
    question(&server);
    let trickle = thread::spawn(move || {
        (0..200).any(|_| {
            thread::sleep(Duration::from_millis(50));
            (&server).write_all(&[0, 0, 1, 0][..1]).is_err()
        })
    });
    assert_eq!(client.finish().code(), Some(1), "{}", client.text());
    assert!(trickle.join().expect("no panic"), "it listened on");
}

#[test]
fn client_tells_every_end_apart() {
    for (answer, sentence) in [
        (&b""[..], "has ended the connection, and not answered\n"),
        (&[0, 0], "it ended inside a frame\n"),
        (&[0, 0, 0, 5, b'h'], "it ended inside a frame\n"),
    ] {
        let (mut client, server) = played(&["hello"]);
        question(&server);
        (&server).write_all(answer).expect("sent");
        drop(server);
        assert_eq!(client.finish().code(), Some(1));
        assert!(client.text().contains(sentence), "{}", client.text());
    }

    let (mut client, server) = played(&["hello"]);
    question(&server);
    (&server)
        .write_all(&frame(b"hello").repeat(2))
        .expect("sent");
    drop(server);
    assert_eq!(client.finish().code(), Some(1));
    let sentence = "sent 5 bytes \"hello\", for which nobody had asked\n";
    assert!(client.text().contains(sentence), "{}", client.text());
}

#[test]
fn client_sends_nothing_that_breaks_the_rules() {
    for (args, sentence) in [
        (
            &["--limit", "4", "hello"][..],
            "a message of 5 bytes is longer than the limit of 4\n",
        ),
        (
            &["--framing", "lines", "red\ngreen"],
            "a line feed inside a message would make two of it\n",
        ),
    ] {
        let (mut client, server) = played(args);
        assert_eq!(client.finish().code(), Some(1));
        assert!(client.text().contains(sentence), "{}", client.text());
        assert_eq!(rest(&server), b"");
    }
}

/// Head and body, or text and line feed, come with one write.
#[test]
#[cfg(target_os = "linux")] // where one segment of a quiet connection is one read
fn client_writes_a_message_whole() {
    for (args, bytes) in [
        (&["hello"][..], frame(b"hello")),
        (&["--framing", "lines", "hello"], b"hello\n".to_vec()),
    ] {
        let (_client, mut server) = played(args);
        let mut buf = [0; 100];
        let len = server.read(&mut buf).expect("a question");
        assert_eq!(buf[..len], bytes);
    }
}

#[test]
fn nobody_listens_and_wrong_arguments_are_sentences() {
    let listener = TcpListener::bind(ANY).expect("a listener");
    let address = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let args = ["--server", &address, "hello"];
    let mut client = run("client", "lab06_frames_client", &args, &[]);
    assert_eq!(client.finish().code(), Some(1));
    assert!(client.text().contains("nobody listens there"));
    for (lab, flag, value) in [
        ("lab06_frames_server", "--framing", "words"),
        ("lab06_frames_server", "--limit", "0"),
        ("lab06_frames_server", "--limit", "16777217"),
        ("lab06_frames_server", "--count", "0"),
        ("lab06_frames_client", "--timeout", "1"),
        ("lab06_frames_client", "--server", "127.0.0.1:0"),
        ("lab06_boundaries", "sideways", "hello"),
    ] {
        let mut lab = terminal::run("lab", lab, &[flag, value], &[]);
        assert_eq!(lab.finish().code(), Some(2), "{}", lab.text());
    }
}
