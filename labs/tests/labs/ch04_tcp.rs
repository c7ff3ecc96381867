//! What the terminals of chapter 4 show.

use std::net::TcpStream;
#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};

use regex_lite::{Captures, Regex};
use socket2::{Domain, SockAddr, Socket, Type};

use crate::terminal::{self, Terminal, run};
use crate::{ANY, broken, compare, compare_text, stable};

const SERVER: &str = "lab04_tcp_server";
const CLIENT: &str = "lab04_tcp_client";

/// A server on a free port, ready, and its address.
pub fn server(title: &'static str, args: &[&str]) -> (Terminal, String) {
    let mut server = run(title, SERVER, args, &["--listen", ANY]);
    let address = format!("127.0.0.1:{}", server.port());
    (server, address)
}

/// A client of that server.
pub fn client(title: &'static str, args: &[&str], server: &str) -> Terminal {
    run(title, CLIENT, args, &["--server", server])
}

/// A server that was broken as the book asks its reader to break it, running.
fn broken_server(name: &str) -> (Terminal, String) {
    let command = format!("cargo run --bin {SERVER}");
    let program = broken::program(name);
    let mut server = Terminal::open("server", &command, program, &["--listen", ANY]);
    let address = format!("127.0.0.1:{}", server.port());
    (server, address)
}

/// A port at which nobody listens, for as long as the socket lives.
fn closed_port() -> (Socket, String) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let any: std::net::SocketAddr = ANY.parse().expect("an address");
    socket.bind(&SockAddr::from(any)).expect("a port");
    let address = socket.local_addr().expect("an address");
    let address = address.as_socket().expect("an address").to_string();
    (socket, address)
}

/// Both have said that they are connected.
fn connected(client: &mut Terminal, server: &mut Terminal) {
    assert!(
        client.line().starts_with("connected to"),
        "{}",
        client.text()
    );
    assert!(server.line().ends_with(" connected"), "{}", server.text());
}

#[test]
fn tcp_hello() {
    let (mut server, address) = server("server", &[]);
    let mut client = client("client", &["hello"], &address);
    assert!(client.finish().success());
    (0..2).for_each(|_| drop(server.line()));
    compare("tcp_hello", &address, &[&server, &client]);
}

/// Two messages, and one stream: the end of a message is the line's end, which
/// the client has put there.
#[test]
fn tcp_two_messages() {
    let (mut server, address) = server("server", &[]);
    let mut client = client("client", &["hello", "", "goodbye"], &address);
    assert!(client.finish().success());
    (0..2).for_each(|_| drop(server.line()));
    compare("tcp_two_messages", &address, &[&server, &client]);
}

#[test]
fn tcp_two_clients() {
    let (mut server, address) = server("server", &[]);
    let mut one = client("client", &[], &address);
    connected(&mut one, &mut server);
    let mut two = client("client 2", &[], &address);
    connected(&mut two, &mut server);
    let say = |client: &mut Terminal, message: &str| {
        client.enter(message.as_bytes());
        assert_eq!(client.line(), message);
    };
    say(&mut two, "bonjour");
    say(&mut one, "good morning");
    say(&mut two, "au revoir");
    assert!(two.finish().success());
    server.line();
    say(&mut one, "goodbye");
    assert!(one.finish().success());
    server.line();
    compare("tcp_two_clients", &address, &[&server, &one, &two]);
}

/// Nothing to say, and the end of it: a connection without a single byte.
#[test]
fn tcp_empty() {
    let (mut server, address) = server("server", &[]);
    let command = format!("cargo run --bin {CLIENT} < /dev/null");
    let program = terminal::lab(CLIENT);
    let mut client = Terminal::open("client", &command, &program, &["--server", &address]);
    assert!(client.finish().success());
    (0..2).for_each(|_| drop(server.line()));
    compare("tcp_empty", &address, &[&server, &client]);
}

/// Bytes that are no text, and no line's end among them.
#[test]
#[cfg(target_os = "linux")] // `od` shows them differently elsewhere
fn tcp_bytes() {
    let (mut server, address) = server("server", &[]);
    let (Some(sh), Some(_od)) = (terminal::program("sh"), terminal::program("od")) else {
        return;
    };
    let line =
        |client: &str| format!(r"printf 'na\303\257ve\n\377\000\376' | {client} | od -An -tx1");
    let hidden = line(&format!(
        "{} --server {address}",
        terminal::lab(CLIENT).display()
    ));
    let shown = line(&format!("cargo run --bin {CLIENT}"));
    let mut client = Terminal::open("client", &shown, &sh, &["-c", &hidden]);
    assert!(client.finish().success());
    (0..2).for_each(|_| drop(server.line()));
    // `od` prints so few bytes only when the client has ended.
    compare("tcp_bytes", &address, &[&server, &client]);
}

#[test]
fn tcp_refused() {
    let (_held, address) = closed_port();
    let mut client = client("client", &["hello"], &address);
    assert_eq!(client.finish().code(), Some(1));
    compare("tcp_refused", &address, &[&client]);
}

#[test]
fn tcp_port_taken() {
    let (first, address) = server("server", &[]);
    let mut second = run("server 2", SERVER, &[], &["--listen", &address]);
    assert_eq!(second.finish().code(), Some(1));
    compare("tcp_port_taken", &address, &[&first, &second]);
}

/// UDP and TCP at one port number: neither is in the way of the other.
#[test]
fn tcp_beside_udp() {
    let (mut tcp, address) = server("server", &[]);
    let mut udp = run(
        "udp server",
        "lab03_udp_server",
        &[],
        &["--listen", &address],
    );
    // Some other test may have the UDP port of this number just now.
    if udp.line().starts_with("cannot listen") {
        return;
    }
    let mut client = client("client", &["over TCP"], &address);
    assert!(client.finish().success());
    (0..2).for_each(|_| drop(tcp.line()));
    let mut udp_client = run(
        "udp client",
        "lab03_udp_client",
        &["over UDP"],
        &["--server", &address],
    );
    assert!(udp_client.finish().success());
    udp.line();
    assert!(tcp.text().contains(" sent 9 bytes, and ended"));
    assert!(udp.text().ends_with(" sent 8 bytes \"over UDP\"\n"));
}

#[test]
fn tcp_ipv6() {
    if TcpStream::connect("[::1]:9")
        .is_err_and(|e| !matches!(e.kind(), std::io::ErrorKind::ConnectionRefused))
    {
        return terminal::skip("this machine has no IPv6 loopback address");
    }
    let mut server = run("server", SERVER, &["--listen", "[::1]:0"], &[]);
    let address = format!("[::1]:{}", server.port());
    // The port is the system's choice, so the reader copies it.
    let mut client = run("client", CLIENT, &["--server", &address, "hello"], &[]);
    assert!(client.finish().success());
    (0..2).for_each(|_| drop(server.line()));
    let text = format!("{}\n{}", server.text(), client.text());
    compare_text("tcp_ipv6", &stable::ports(&text, &[]));
}

/// A client that goes away in the rudest way, and one that comes after it.
#[test]
fn tcp_reset() {
    let Some(python) = terminal::program("python3") else {
        return;
    };
    let (mut server, address) = server("server", &[]);
    let (host, port) = address.split_once(':').expect("HOST:PORT");
    let script = terminal::python("tcp_reset.py");
    let command = "python3 labs/python/tcp_reset.py";
    let mut rude = Terminal::open("python client", command, &python, &[&script, host, port]);
    assert!(rude.finish().success());
    (0..2).for_each(|_| drop(server.line()));
    let mut next = client("client", &["hello"], &address);
    assert!(next.finish().success());
    (0..2).for_each(|_| drop(server.line()));
    compare("tcp_reset", &address, &[&server, &rude, &next]);
}

/// A server that may open no more sockets says so, and serves whoever waits as
/// soon as it can.
#[test]
#[cfg(target_os = "linux")]
fn tcp_full() {
    let Some(sh) = terminal::program("sh") else {
        return;
    };
    // Descriptors that this test's own parent may have left open would count.
    let closed: String = (3..10).map(|n| format!("{n}>&- ")).collect();
    let lab = terminal::lab(SERVER).display().to_string();
    let hidden = format!("ulimit -n 6; exec {closed} {lab} --listen {ANY}");
    let shown = format!("(ulimit -n 6; target/debug/{SERVER})");
    let mut server = Terminal::open("server", &shown, &sh, &["-c", &hidden]);
    let address = format!("127.0.0.1:{}", server.port());
    let mut one = client("client", &[], &address);
    connected(&mut one, &mut server);
    let mut two = client("client 2", &[], &address);
    connected(&mut two, &mut server);
    // The system has connected the third; the server has not accepted it.
    let mut three = client("client 3", &["--timeout", "10s", "hello"], &address);
    assert!(three.line().starts_with("connected to"));
    assert!(server.line().starts_with("cannot accept"));
    two.enter(b"still served");
    assert_eq!(two.line(), "still served");
    assert!(one.finish().success());
    assert!(three.finish().success(), "{}", three.text());
    assert!(two.finish().success());
    (0..4).for_each(|_| drop(server.line()));
    compare("tcp_full", &address, &[&server, &one, &two, &three]);
}

#[test]
fn tcp_python() {
    let Some(python) = terminal::program("python3") else {
        return;
    };
    let script = terminal::python("tcp_server.py");
    let command = "python3 labs/python/tcp_server.py";
    let args = [&script, "127.0.0.1", "0"];
    let mut server = Terminal::open("python server", command, &python, &args);
    let address = format!("127.0.0.1:{}", server.port());
    let mut client = client("client", &["hello"], &address);
    assert!(client.finish().success());
    (0..2).for_each(|_| drop(server.line()));
    compare("tcp_python", &address, &[&server, &client]);
}

#[test]
fn tcp_python_client() {
    let Some(python) = terminal::program("python3") else {
        return;
    };
    let (mut server, address) = server("server", &[]);
    let (host, port) = address.split_once(':').expect("HOST:PORT");
    let script = terminal::python("tcp_client.py");
    let command = "python3 labs/python/tcp_client.py hello";
    let args = [&script, "hello", host, port];
    let mut client = Terminal::open("python client", command, &python, &args);
    assert!(client.finish().success());
    (0..2).for_each(|_| drop(server.line()));
    compare("tcp_python_client", &address, &[&server, &client]);
}

/// Without a thread for each client the second one is connected, and waits
/// until the first has gone.
#[test]
fn tcp_one_at_a_time() {
    let (mut server, address) = broken_server("one_at_a_time");
    let mut one = client("client", &[], &address);
    connected(&mut one, &mut server);
    let mut two = client("client 2", &["--timeout", "200ms", "hello"], &address);
    assert_eq!(two.finish().code(), Some(1));
    one.enter(b"I am still here");
    assert_eq!(one.line(), "I am still here");
    assert!(one.finish().success());
    (0..2).for_each(|_| drop(server.line()));
    // What the second one sent was in the server's buffer all the time; its
    // echo meets a client that is gone.
    let ended = server.line();
    assert!(ended.contains("6 bytes"), "{}", server.text());
    compare("tcp_one_at_a_time", &address, &[&server, &one, &two]);
}

/// A client that sends all of a large message before it reads: the server waits
/// for it, and it waits for the server.
#[test]
fn tcp_write_first() {
    let (mut server, address) = server("server", &[]);
    let command =
        format!("head -c 50000000 /dev/zero | cargo run --bin {CLIENT} -- --timeout 500ms");
    let args = ["--server", &address, "--timeout", "500ms"];
    let mut client = Terminal::open("client", &command, broken::program("write_first"), &args);
    client.feed(vec![0; 50_000_000]);
    assert_eq!(client.finish().code(), Some(1));
    (0..2).for_each(|_| drop(server.line()));
    // How much the buffers on the way take is the system's choice.
    let text = format!("{}\n{}", server.text(), client.text());
    let echoed = Regex::new(r"reset the connection after (\d+) bytes").expect("a valid pattern");
    let text = echoed.replace(&text, |found: &Captures<'_>| {
        let bytes: u64 = found[1].parse().expect("a number");
        assert!((100_000..50_000_000).contains(&bytes), "{bytes}");
        "reset the connection after 4194304 bytes"
    });
    let port = address.rsplit_once(':').expect("a port").1;
    let port = port.parse().expect("a number");
    compare_text("tcp_write_first", &stable::ports(&text, &[(port, "8888")]));
}

/// Without the half-close the echo comes, and then both ends wait.
#[test]
fn tcp_no_end() {
    let (mut server, address) = server("server", &[]);
    let command = format!("cargo run --bin {CLIENT} -- --timeout 200ms hello");
    let args = ["--server", &address, "--timeout", "200ms", "hello"];
    let mut client = Terminal::open("client", &command, broken::program("no_end"), &args);
    assert_eq!(client.finish().code(), Some(1));
    (0..2).for_each(|_| drop(server.line()));
    compare("tcp_no_end", &address, &[&server, &client]);
}

/// A server that takes the first read for the whole message. What comes after
/// it is answered with a reset, which the client is told at its next call.
#[test]
#[cfg(target_os = "linux")]
fn tcp_first_read() {
    let (mut server, address) = broken_server("first_read");
    let mut client = client("client", &[], &address);
    let from = client.line();
    server.line();
    client.enter(b"hello");
    assert_eq!(client.line(), "hello");
    server.line();
    assert!(client.line().contains("direction has ended"));
    client.enter(b"and another line");
    wait_until_gone(&from, &address);
    assert_eq!(client.finish().code(), Some(1), "{}", client.text());
    compare("tcp_first_read", &address, &[&server, &client]);
}

/// Waits until the system has no connection between these two any more: until
/// the reset has come.
#[cfg(target_os = "linux")]
fn wait_until_gone(client: &str, server: &str) {
    let end = |address: &str| {
        let port = address.rsplit_once(':').expect("a port").1;
        format!(":{:04X}", port.parse::<u16>().expect("a number"))
    };
    let ends = (end(client), end(server));
    let is_there = |line: &str| {
        // The second field of a line is this end, the third the other one.
        let mut fields = line.split_whitespace().skip(1);
        let (Some(local), Some(remote)) = (fields.next(), fields.next()) else {
            return false;
        };
        local.ends_with(&ends.0) && remote.ends_with(&ends.1)
    };
    let deadline = Instant::now() + Duration::from_secs(20);
    let table = || std::fs::read_to_string("/proc/net/tcp").expect("a table");
    while table().lines().any(is_there) {
        assert!(Instant::now() < deadline, "{client} is still there");
        std::thread::yield_now();
    }
}

/// A server that reads until its buffer is full answers nothing to `hello`.
#[test]
fn tcp_whole_buffer() {
    let (mut server, address) = broken_server("whole_buffer");
    let mut client = client("client", &["hello"], &address);
    client.finish();
    (0..2).for_each(|_| drop(server.line()));
    compare("tcp_whole_buffer", &address, &[&server, &client]);
}
