//! What each terminal shows when the labs run: the book's transcripts, and what
//! the labs do with every kind of datagram, address and peer.
//!
//! Write the snapshots anew after a change of a lab's output:
//! `INSTA_UPDATE=always cargo test -p labs --test transcripts`.

#[path = "support/broken.rs"]
mod broken;
#[path = "support/stable.rs"]
mod stable;
#[path = "support/terminal.rs"]
mod terminal;

#[path = "labs/arguments.rs"]
mod arguments;
#[path = "labs/ch01_broken.rs"]
mod ch01_broken;
#[path = "labs/ch01_interfaces.rs"]
mod ch01_interfaces;
#[path = "labs/ch01_layers.rs"]
mod ch01_layers;
#[path = "labs/ch02_addresses.rs"]
mod ch02_addresses;
#[path = "labs/ch02_ports.rs"]
mod ch02_ports;
#[path = "labs/ch02_servers.rs"]
mod ch02_servers;
#[path = "labs/ch02_socket_types.rs"]
mod ch02_socket_types;
#[path = "labs/ch04_clients.rs"]
mod ch04_clients;
#[path = "labs/ch04_others.rs"]
mod ch04_others;
#[path = "labs/ch04_tcp.rs"]
mod ch04_tcp;
#[path = "labs/ch05_half_close.rs"]
mod ch05_half_close;
#[path = "labs/ch05_lifecycle.rs"]
mod ch05_lifecycle;
#[path = "labs/ch05_reset.rs"]
mod ch05_reset;
#[path = "labs/ch06_boundaries.rs"]
mod ch06_boundaries;
#[path = "labs/ch06_frames.rs"]
mod ch06_frames;
#[path = "labs/ch06_others.rs"]
mod ch06_others;
#[cfg(target_os = "linux")] // where a wire can be had
#[path = "labs/ch07_compare.rs"]
mod ch07_compare;
#[cfg(target_os = "linux")]
#[path = "labs/ch07_forward.rs"]
mod ch07_forward;
#[path = "labs/ch07_stop_and_wait.rs"]
mod ch07_stop_and_wait;
#[cfg(target_os = "linux")]
#[path = "labs/ch07_wire.rs"]
mod ch07_wire;
#[path = "labs/udp_bytes.rs"]
mod udp_bytes;
#[path = "labs/udp_others.rs"]
mod udp_others;

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use terminal::{Terminal, run};

/// Loopback, any free port.
const ANY: &str = "127.0.0.1:0";

/// A server on a free port, ready, and its address.
fn server(title: &'static str, args: &[&str]) -> (Terminal, String) {
    let mut server = run(title, "lab03_udp_server", args, &["--listen", ANY]);
    let address = format!("127.0.0.1:{}", server.port());
    (server, address)
}

/// A client of that server.
fn client(title: &'static str, args: &[&str], server: &str) -> Terminal {
    run(title, "lab03_udp_client", args, &["--server", server])
}

/// A port at which nobody listens, for as long as the socket lives: a connected
/// socket takes nothing from anybody but its peer.
fn closed_port() -> (UdpSocket, String) {
    let socket = UdpSocket::bind(ANY).expect("a socket");
    socket.connect((Ipv4Addr::LOCALHOST, 9)).expect("a peer");
    let address = socket.local_addr().expect("an address").to_string();
    (socket, address)
}

/// Holds what the terminals showed against the snapshot that the book includes.
/// The server's port becomes the default one, a client's 50001 and so on.
fn compare(name: &str, server: &str, terminals: &[&Terminal]) {
    let text: String = terminals
        .iter()
        .map(|t| t.text())
        .collect::<Vec<_>>()
        .join("\n");
    let port = server.parse::<SocketAddr>().expect("an address").port();
    compare_text(name, &stable::ports(&text, &[(port, "8888")]));
}

/// Holds a text against the snapshot of that name.
fn compare_text(name: &str, text: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("transcripts__{name}"), text);
    });
}

#[test]
fn udp_hello() {
    let (mut server, address) = server("server", &[]);
    let mut client = client("client", &["hello"], &address);
    assert!(client.finish().success());
    server.line();
    compare("udp_hello", &address, &[&server, &client]);
}

#[test]
fn udp_two_clients() {
    let (mut server, address) = server("server", &[]);
    let mut one = client("client", &[], &address);
    let mut two = client("client 2", &[], &address);
    let mut say = |client: &mut Terminal, message: &str| {
        client.enter(message.as_bytes());
        client.line();
        client.line();
        server.line();
    };
    say(&mut one, "good morning");
    say(&mut two, "bonjour");
    say(&mut one, "and goodbye");
    assert!(one.finish().success() && two.finish().success());
    compare("udp_two_clients", &address, &[&server, &one, &two]);
}

#[test]
fn udp_bytes() {
    let (mut server, address) = server("server", &[]);
    let command = r"printf '\nnaïve\n\377\000\376\n%0100d\n' 0 | cargo run --bin lab03_udp_client";
    let program = terminal::lab("lab03_udp_client");
    let mut client = Terminal::open("client", command, &program, &["--server", &address]);
    let zeros = format!("{:0100}\n", 0);
    client.pipe_in(&["\nnaïve\n".as_bytes(), b"\xff\x00\xfe\n", zeros.as_bytes()].concat());
    assert!(client.finish().success());
    (0..4).for_each(|_| drop(server.line()));
    compare("udp_bytes", &address, &[&server, &client]);
}

#[test]
fn udp_refused() {
    let (_held, address) = closed_port();
    let mut client = client("client", &["hello"], &address);
    assert_eq!(client.finish().code(), Some(1));
    compare("udp_refused", &address, &[&client]);
}

#[test]
fn udp_silent() {
    let (mut server, address) = broken_server("silent");
    let mut client = client("client", &["--timeout", "200ms", "hello"], &address);
    assert_eq!(client.finish().code(), Some(1));
    (0..3).for_each(|_| drop(server.line()));
    compare("udp_silent", &address, &[&server, &client]);
}

#[test]
fn udp_too_long() {
    let (server, address) = server("server", &[]);
    let command = "head -c 70000 /dev/zero | tr '\\0' x | cargo run --bin lab03_udp_client";
    let mut client = Terminal::open(
        "client",
        command,
        &terminal::lab("lab03_udp_client"),
        &["--server", &address],
    );
    client.pipe_in(&[b'x'; 70_000]);
    assert_eq!(client.finish().code(), Some(1));
    compare("udp_too_long", &address, &[&server, &client]);
}

#[test]
fn udp_port_taken() {
    let (first, address) = server("server", &[]);
    let mut second = run("server 2", "lab03_udp_server", &[], &["--listen", &address]);
    assert_eq!(second.finish().code(), Some(1));
    compare("udp_port_taken", &address, &[&first, &second]);
}

#[test]
fn udp_ipv6() {
    if UdpSocket::bind("[::1]:0").is_err() {
        return terminal::skip("this machine has no IPv6 loopback address");
    }
    let mut server = run("server", "lab03_udp_server", &["--listen", "[::1]:0"], &[]);
    let address = format!("[::1]:{}", server.port());
    // The port is the system's choice, so the reader copies it.
    let mut client = run(
        "client",
        "lab03_udp_client",
        &["--server", &address, "hello"],
        &[],
    );
    assert!(client.finish().success());
    server.line();
    let (server_text, client_text) = (server.text(), client.text());
    let text = stable::ports(&format!("{server_text}\n{client_text}"), &[]);
    assert!(text.contains("listening on [::1]:50001"), "{text}");
    compare_text("udp_ipv6", &text);
}

/// A server that was broken as the book asks its reader to break it, running.
fn broken_server(name: &str) -> (Terminal, String) {
    let command = "cargo run --bin lab03_udp_server";
    let mut server = Terminal::open("server", command, broken::program(name), &["--listen", ANY]);
    let address = format!("127.0.0.1:{}", server.port());
    (server, address)
}

#[test]
#[cfg(not(windows))] // there a datagram that does not fit is an error
fn udp_cut() {
    let (mut server, address) = broken_server("cut");
    let mut client = client("client", &["hello", "hello, world"], &address);
    assert!(client.finish().success());
    server.line();
    server.line();
    compare("udp_cut", &address, &[&server, &client]);
}

#[test]
fn udp_python() {
    let Some(python) = terminal::program("python3") else {
        return;
    };
    let script = terminal::python("udp_server.py");
    let command = "python3 labs/python/udp_server.py";
    let mut server = Terminal::open(
        "python server",
        command,
        &python,
        &[&script, "127.0.0.1", "0"],
    );
    let address = format!("127.0.0.1:{}", server.port());
    let mut client = client("client", &["hello"], &address);
    assert!(client.finish().success());
    server.line();
    compare("udp_python", &address, &[&server, &client]);
}

#[test]
fn udp_python_client() {
    let Some(python) = terminal::program("python3") else {
        return;
    };
    let (mut server, address) = server("server", &[]);
    let (host, port) = address.split_once(':').expect("HOST:PORT");
    let script = terminal::python("udp_client.py");
    let command = "python3 labs/python/udp_client.py hello";
    let mut client = Terminal::open(
        "python client",
        command,
        &python,
        &[&script, "hello", host, port],
    );
    assert!(client.finish().success());
    server.line();
    compare("udp_python_client", &address, &[&server, &client]);
}

/// The figures are the system's own; what holds everywhere is that they add up
/// and that some of a great many are lost.
#[test]
fn udp_loss_counts_what_nobody_reported() {
    let number = |line: &str| {
        line.split(' ')
            .find_map(|w| w.trim_end_matches(',').parse::<u32>().ok())
    };
    let mut lab = run("terminal", "lab03_udp_loss", &["--count", "20000"], &[]);
    let counts: Vec<u32> = (0..3).filter_map(|_| number(&lab.line())).collect();
    assert!(lab.finish().success());
    let &[sent, received, lost] = counts.as_slice() else {
        panic!("three numbers in:\n{}", lab.text())
    };
    assert_eq!(sent, received + lost);
    assert!(received > 0 && lost > 0, "{}", lab.text());

    let mut few = run("terminal", "lab03_udp_loss", &["--count", "3"], &[]);
    assert_eq!(
        (few.line(), few.line()),
        (
            "sent 3 datagrams of 1000 bytes, each with the result Ok".into(),
            "received 3".into()
        )
    );
}
