//! The servers and clients of chapter 3, at addresses that chapter 2 is about:
//! several at one port, both families at one socket, port 0.

use std::net::UdpSocket;

use crate::ch02_ports::stable_ports;
use crate::compare_text;
use crate::terminal::{Terminal, lab, skip};

/// A server at `address`, as a reader starts it at port 8888.
fn server(title: &'static str, shown: &str, address: &str) -> Terminal {
    let command = format!("cargo run --bin lab03_udp_server -- --listen {shown}");
    let program = lab("lab03_udp_server");
    Terminal::open(title, &command, &program, &["--listen", address])
}

/// A client that says hello to `address`.
fn client(title: &'static str, shown: &str, address: &str) -> Terminal {
    let command = format!("cargo run --bin lab03_udp_client -- --server {shown} hello");
    let program = lab("lab03_udp_client");
    Terminal::open(title, &command, &program, &["--server", address, "hello"])
}

/// Whether a socket at [::] takes IPv4 too, which is the system's choice.
pub fn takes_ipv4_too() -> bool {
    let only = std::fs::read_to_string("/proc/sys/net/ipv6/bindv6only").unwrap_or_default();
    only.trim() == "0" && UdpSocket::bind("[::1]:0").is_ok()
}

/// Holds the terminals against the snapshot, `port` shown as 8888, which is what
/// the commands have.
fn compare(name: &str, port: u16, terminals: &[&Terminal]) {
    let texts: Vec<_> = terminals.iter().map(|terminal| terminal.text()).collect();
    compare_text(
        name,
        &stable_ports(&texts.join("\n"), &[(port, "8888"), (8888, "8888")]),
    );
}

#[test]
fn ports_by_hand() {
    if !cfg!(target_os = "linux") {
        return skip("127.0.0.2 is not set up on this system");
    }
    let mut one = server("server", "127.0.0.1:8888", "127.0.0.1:0");
    let port = one.port();
    let mut two = server("server 2", "127.0.0.2:8888", &format!("127.0.0.2:{port}"));
    assert_eq!(two.port(), port);
    let mut three = server("server 3", "0.0.0.0:8888", &format!("0.0.0.0:{port}"));
    assert_eq!(three.finish().code(), Some(1));
    compare("ports_by_hand", port, &[&one, &two, &three]);
}

#[test]
fn other_loopback() {
    if !cfg!(target_os = "linux") || UdpSocket::bind("[::1]:0").is_err() {
        return skip("this machine has not all of these loopback addresses");
    }
    let mut server = server("server", "127.0.0.1:8888", "127.0.0.1:0");
    let port = server.port();
    // Nobody else may listen at that port of the other two addresses meanwhile:
    // these sockets do not either, since a connected one hears its peer alone.
    let held = ["[::1]", "127.0.0.2"].map(|host| {
        let socket = UdpSocket::bind(format!("{host}:{port}"))?;
        socket.connect(format!("{host}:9")).map(|()| socket)
    });
    assert!(held.iter().all(Result::is_ok), "{held:?}");
    let mut one = client("client", "\"[::1]:8888\"", &format!("[::1]:{port}"));
    assert_eq!(one.finish().code(), Some(1));
    let mut two = client("client 2", "127.0.0.2:8888", &format!("127.0.0.2:{port}"));
    assert_eq!(two.finish().code(), Some(1));
    compare("other_loopback", port, &[&server, &one, &two]);
}

#[test]
fn dual_stack() {
    if !takes_ipv4_too() {
        return skip("a socket at [::] is for IPv6 alone here, or there is no IPv6");
    }
    let mut server = server("server", "\"[::]:8888\"", "[::]:0");
    let port = server.port();
    let mut client = client("client", "127.0.0.1:8888", &format!("127.0.0.1:{port}"));
    assert!(client.finish().success());
    server.line();
    compare("dual_stack", port, &[&server, &client]);
}

#[test]
fn port_zero() {
    let mut one = server("server", "127.0.0.1:0", "127.0.0.1:0");
    let mut two = server("server 2", "127.0.0.1:0", "127.0.0.1:0");
    assert_ne!(one.port(), two.port());
    let mut client = client("client", "127.0.0.1:0", "127.0.0.1:0");
    assert_eq!(client.finish().code(), Some(2));
    // No port is shown as 8888 here: each is the system's choice.
    compare("port_zero", 0, &[&one, &two, &client]);
}
