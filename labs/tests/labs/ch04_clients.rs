//! The TCP labs opposite peers that behave badly, peers that are many, and
//! peers that are gone.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, SockRef, Socket, Type};

use crate::ANY;
use crate::ch04_tcp::{client, server};
use crate::terminal::{self, Terminal};

/// How long a test waits for anything; only reached when something is wrong.
const DEADLINE: Duration = Duration::from_secs(20);

fn connect(server: &str) -> TcpStream {
    let stream = TcpStream::connect(server).expect("a connection");
    stream.set_read_timeout(Some(DEADLINE)).expect("a limit");
    stream.set_write_timeout(Some(DEADLINE)).expect("a limit");
    stream
}

/// Sends bytes and waits for their echo; the stream goes on.
fn exchange(mut stream: &TcpStream, bytes: &[u8]) {
    stream.write_all(bytes).expect("sent");
    let mut answer = vec![0; bytes.len()];
    stream.read_exact(&mut answer).expect("an answer in time");
    assert_eq!(answer, bytes);
}

/// Sends nothing more, and reads what comes until the end.
fn finish(mut stream: TcpStream) -> Vec<u8> {
    stream.shutdown(Shutdown::Write).expect("the end is sent");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("the rest and the end");
    rest
}

/// Closes a connection with a reset.
fn reset(stream: TcpStream) {
    SockRef::from(&stream)
        .set_linger(Some(Duration::ZERO))
        .expect("an option");
}

/// Writes until not one more byte is taken; how many were.
fn fill(mut stream: &TcpStream) -> usize {
    stream.set_nonblocking(true).expect("non-blocking");
    let (mut taken, mut quiet) = (0, Instant::now());
    // The server takes what it can first; then nothing goes on any more.
    while quiet.elapsed() < Duration::from_millis(300) {
        match stream.write(&[b'x'; 1 << 16]) {
            Ok(len) => (taken, quiet) = (taken + len, Instant::now()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::yield_now(),
            Err(error) => panic!("cannot write: {error}"),
        }
    }
    stream.set_nonblocking(false).expect("blocking");
    taken
}

#[test]
fn bad_clients_disturb_nobody() {
    let (mut server, address) = server("server", &[]);
    let mut lines = |count| (0..count).map(|_| server.line()).collect::<Vec<_>>();

    // One that sends a byte now and then, one that never closes, and one that
    // never reads until the server can write no more.
    let slow = connect(&address);
    exchange(&slow, b"a");
    let idle = connect(&address);
    let deaf = connect(&address);
    let sent = fill(&deaf);
    assert!(sent > 1 << 16, "only {sent} bytes");
    lines(3);

    // Those that reset: at once, with something unread at either end, and
    // with half a message sent.
    for how in 0..20 {
        let rude = connect(&address);
        if how % 3 > 0 {
            exchange(&rude, b"abc");
        }
        if how % 3 == 2 {
            (&rude).write_all(b"never read").expect("sent");
        }
        reset(rude);
    }
    let said = lines(40).join("\n");
    assert_eq!(said.matches(" connected").count(), 20, "{said}");
    assert_eq!(
        said.matches(" reset the connection after").count(),
        20,
        "{said}"
    );

    // Everybody else is served meanwhile, and these are served still.
    for round in 0..20 {
        let good = connect(&address);
        exchange(&good, &vec![round; 100_000]);
        assert!(finish(good).is_empty());
        exchange(&slow, &[round]);
    }
    exchange(&idle, b"I was here all the time");
    assert!(finish(idle).is_empty());
    assert!(finish(slow).is_empty());
    let all = finish(deaf);
    assert!(all.len() == sent && all.iter().all(|byte| *byte == b'x'));
}

/// How many files a program may open here, as far as this is known.
fn most_files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().nth(3)?.parse().ok());
    soft.unwrap_or(256)
}

/// The exact times are measured by scripts/bench; here the machine may be busy.
#[test]
fn burst_of_idle_clients_is_served() {
    let clients = most_files().saturating_sub(150).min(1000);
    let (_server, address) = server("server", &[]);
    let target: SocketAddr = address.parse().expect("an address");
    let start = Instant::now();
    let streams: Vec<TcpStream> = (0..clients)
        .map(|_| {
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
            socket.set_nonblocking(true).expect("non-blocking");
            let _ = socket.connect(&target.into()); // it only begins here
            socket.into()
        })
        .collect();
    for mut stream in &streams {
        stream.set_nonblocking(false).expect("blocking");
        stream.set_read_timeout(Some(DEADLINE)).expect("a limit");
        stream.write_all(b"x").expect("connected, in the end");
    }
    for mut stream in &streams {
        let mut answer = [0];
        stream.read_exact(&mut answer).expect("an answer in time");
        assert_eq!(&answer, b"x");
    }
    let all = start.elapsed();
    assert!(all < DEADLINE, "{clients} clients were served in {all:?}");

    let start = Instant::now();
    exchange(&connect(&address), b"y");
    let new = start.elapsed();
    assert!(new < DEADLINE, "beside {clients} idle ones: {new:?}");
}

/// Threads, descriptors and resident memory (in KiB) of a program. The threads
/// are counted first: the last thing that one does is to close its stream.
#[cfg(target_os = "linux")]
fn resources(id: u32) -> (usize, usize, u64) {
    let entries = |what| {
        std::fs::read_dir(format!("/proc/{id}/{what}"))
            .expect("a folder")
            .count()
    };
    let threads = entries("task");
    let files = entries("fd");
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("a file");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let memory = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    (threads, files, memory.expect("a number"))
}

/// A hundred thousand are made by scripts/bench.
#[test]
#[cfg(target_os = "linux")]
fn connections_one_after_another_leak_nothing() {
    let (mut server, address) = server("server", &[]);
    let mut serve = |clients: usize| {
        for turn in 0..clients {
            let stream = connect(&address);
            exchange(&stream, &vec![b'x'; turn % 70_000]);
            match turn % 3 {
                0 => reset(stream),
                1 => drop(stream),
                _ => assert!(finish(stream).is_empty()),
            }
            (0..2).for_each(|_| drop(server.line()));
        }
        // A thread says that its client is gone, and ends a moment later.
        let deadline = Instant::now() + DEADLINE;
        loop {
            let (threads, files, memory) = resources(server.id());
            if threads == 1 {
                return (files, memory);
            }
            assert!(Instant::now() < deadline, "{threads} threads are left");
            thread::yield_now();
        }
    };
    let (files_before, memory_before) = serve(200);
    let (files, memory) = serve(1_000);
    assert_eq!(files, files_before, "descriptors");
    let more = memory.saturating_sub(memory_before);
    assert!(more < 1024, "{more} KiB more than after 200 connections");
}

#[test]
fn server_stops_after_the_count_when_all_are_served() {
    let (mut server, address) = server("server", &["--count", "2"]);
    let one = connect(&address);
    let two = connect(&address);
    exchange(&two, b"two");
    (0..2).for_each(|_| drop(server.line()));
    // No third one: it is refused, or reset when it came a little too early.
    let deadline = Instant::now() + DEADLINE;
    while !TcpStream::connect(&address)
        .is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
    {
        assert!(Instant::now() < deadline, "a third one is not refused");
    }
    assert!(finish(two).is_empty());
    exchange(&one, b"one");
    assert!(finish(one).is_empty());
    assert!(server.finish().success());
    assert!(server.text().contains(" sent 3 bytes, and ended\n"));
}

/// Little memory may be had: some threads can be made, and then no more.
#[test]
#[cfg(target_os = "linux")]
fn server_without_a_thread_for_a_client_serves_the_others() {
    let Some(sh) = terminal::program("sh") else {
        return;
    };
    let lab = terminal::lab("lab04_tcp_server").display().to_string();
    let command = format!("ulimit -v 40000; exec {lab} --listen {ANY} --count 60");
    let mut server = Terminal::open("server", "sh", &sh, &["-c", &command]);
    let address = format!("127.0.0.1:{}", server.port());
    let mut served: Vec<TcpStream> = Vec::new();
    for _ in 0..60 {
        let mut stream = connect(&address);
        let answered = stream
            .write_all(b"x")
            .and_then(|()| stream.read_exact(&mut [0]));
        match answered {
            Ok(()) => served.push(stream),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("neither served nor closed:\n{}", server.text())
            }
            Err(_) => {} // closed by a server that has no thread for it
        }
    }
    let refused = 60 - served.len();
    assert!(refused > 0 && !served.is_empty(), "{refused} of 60");
    for stream in &served {
        exchange(stream, b"still here");
    }
    for stream in served {
        assert!(finish(stream).is_empty());
    }
    assert!(server.finish().success());
    let text = server.text();
    let said = text.matches(": the system gives no thread for it (");
    assert_eq!(said.count(), refused, "{text}");
}

/// A listener that plays the server.
fn played_server() -> (TcpListener, String) {
    let listener = TcpListener::bind(ANY).expect("a listener");
    let address = listener.local_addr().expect("an address").to_string();
    (listener, address)
}

fn accept(listener: &TcpListener) -> TcpStream {
    let (stream, _) = listener.accept().expect("a client");
    stream.set_read_timeout(Some(DEADLINE)).expect("a limit");
    stream
}

#[test]
fn client_sends_lines_and_the_end_and_prints_to_the_end() {
    let (listener, address) = played_server();
    let mut client = client("client", &["grüße, 世界", "", "x"], &address);
    let mut stream = accept(&listener);
    let mut sent = Vec::new();
    stream.read_to_end(&mut sent).expect("all of it");
    assert_eq!(sent, "grüße, 世界\n\nx\n".as_bytes());
    for piece in ["it ", "comes\nin", " pieces\n"] {
        stream.write_all(piece.as_bytes()).expect("sent");
    }
    drop(stream);
    assert!(client.finish().success());
    let text = client.text();
    let end =
        "\nit comes\nin pieces\nsent 19 bytes, received 19 bytes; both directions have ended\n";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn client_says_that_it_was_reset() {
    // Whatever it does just then: it waits for the answer, or it still sends.
    for large in [false, true] {
        let (listener, address) = played_server();
        let mut client = client("client", &[], &address);
        let stream = accept(&listener);
        if large {
            client.feed(vec![b'x'; 10_000_000]);
            (&stream).read_exact(&mut [0; 100]).expect("the beginning");
        } else {
            client.pipe_in(b"hello\n");
            assert_eq!((&stream).read(&mut [0; 100]).expect("hello"), 6);
        }
        reset(stream);
        assert_eq!(client.finish().code(), Some(1), "{}", client.text());
        let sentence = format!(
            "cannot talk to {address}: the connection was reset; the other side has closed it with bytes unread, or has ended, and what was on the way is lost\n"
        );
        assert!(client.text().contains(&sentence), "{}", client.text());
    }
}

#[test]
fn client_gives_up_on_a_server_that_never_reads() {
    let (listener, address) = played_server();
    let mut client = client("client", &["--timeout", "300ms"], &address);
    let _stream = accept(&listener);
    client.feed(vec![b'x'; 50_000_000]);
    assert_eq!(client.finish().code(), Some(1));
    let sentence = format!(
        "gave up on {address}: it has taken nothing for 300ms, and every buffer on the way is full"
    );
    assert!(client.text().contains(&sentence), "{}", client.text());
}

/// The time limit is for the server: a person may think for longer.
#[test]
fn client_waits_for_its_own_input() {
    let (_server, address) = server("server", &[]);
    let mut client = client("client", &["--timeout", "50ms"], &address);
    assert!(client.line().starts_with("connected to"));
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(300) {
        thread::yield_now();
    }
    client.enter(b"hello");
    assert_eq!(client.line(), "hello");
}

/// A listener whose queue is full lets a client wait, as a firewall does.
#[test]
#[cfg(target_os = "linux")]
fn client_gives_up_on_a_server_that_does_not_answer() {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let any: SocketAddr = ANY.parse().expect("an address");
    socket.bind(&any.into()).expect("a port");
    socket.listen(0).expect("a listener");
    let listener: TcpListener = socket.into();
    let address = listener.local_addr().expect("an address").to_string();
    // Its queue has room for one, and nobody accepts.
    let _first = connect(&address);
    let mut client = client("client", &["--timeout", "300ms", "hello"], &address);
    assert_eq!(client.finish().code(), Some(1), "{}", client.text());
    let sentence = format!(
        "cannot connect to {address}: no answer came in time; check the address, look for a firewall, or wait longer\n"
    );
    assert!(client.text().contains(&sentence), "{}", client.text());
}

#[test]
fn client_takes_the_first_address_where_somebody_listens() {
    // localhost is ::1 first on many systems, and the server has IPv4 only.
    let (_server, address) = server("server", &[]);
    let port = address.rsplit_once(':').expect("a port").1;
    let mut client = client("client", &["hello"], &format!("localhost:{port}"));
    assert!(client.finish().success(), "{}", client.text());
    assert!(client.text().contains(&format!("connected to {address}")));
}

/// A reader that has seen enough, like `head -1`, ends both labs without a
/// word, in whichever thread it is noticed.
#[test]
fn closed_output_ends_the_tcp_labs_quietly() {
    let (listener, address) = played_server();
    for (lab, flag, address) in [
        ("lab04_tcp_server", "--listen", ANY),
        ("lab04_tcp_client", "--server", &address),
    ] {
        let mut program = std::process::Command::new(terminal::lab(lab))
            .args([flag, address])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .map(terminal::Program)
            .expect("the lab runs");
        let mut output = io::BufReader::new(program.0.stdout.take().expect("an output"));
        let mut line = String::new();
        let stream = if flag == "--listen" {
            io::BufRead::read_line(&mut output, &mut line).expect("a line");
            let address = line.trim_end().strip_prefix("listening on ");
            let stream = connect(address.expect("an address"));
            // The first line about this client still finds a reader.
            line.clear();
            io::BufRead::read_line(&mut output, &mut line).expect("a line");
            drop(output);
            stream
        } else {
            drop(output);
            accept(&listener)
        };
        let deadline = Instant::now() + DEADLINE;
        let status = loop {
            if let Some(status) = program.0.try_wait().expect("the child can be asked") {
                break status;
            }
            assert!(Instant::now() < deadline, "{lab} does not end");
            // A program that another test starts just now has a copy of the
            // pipe's end for a moment, so one line may still find a reader.
            let _ = match flag {
                "--listen" => stream.peer_addr().and_then(TcpStream::connect).map(drop),
                _ => (&stream).write_all(b"hello\n"),
            };
            thread::sleep(Duration::from_millis(1));
        };
        assert!(status.success(), "{lab}: {status}");
        let mut said = String::new();
        let mut errors = program.0.stderr.take().expect("standard error");
        errors.read_to_string(&mut said).expect("text");
        if flag == "--listen" {
            assert_eq!(said, "");
        } else {
            // Its standard input is still open: it ends all the same.
            assert!(
                said.starts_with("connected to") && said.lines().count() == 1,
                "{said}"
            );
        }
    }
}

#[test]
fn wrong_arguments_of_the_tcp_labs_are_usage_errors() {
    for (lab, flag, value) in [
        ("lab04_tcp_server", "--listen", "8888"),
        ("lab04_tcp_server", "--count", "0"),
        ("lab04_tcp_client", "--server", "127.0.0.1:0"),
        ("lab04_tcp_client", "--timeout", "1"),
        ("lab04_tcp_client", "--timeout", "0s"),
    ] {
        let mut lab = terminal::run("lab", lab, &[flag, value], &[]);
        assert_eq!(lab.finish().code(), Some(2), "{}", lab.text());
    }
}
