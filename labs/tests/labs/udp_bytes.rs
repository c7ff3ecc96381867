//! The UDP labs with every kind of datagram: what matters is the bytes.

use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use crate::terminal::{Terminal, run};
use crate::{ANY, client, server};

/// The largest datagram, in bytes: the most that IPv4 carries, or what macOS
/// sends without being asked for more.
const LARGEST: usize = if cfg!(target_os = "macos") {
    9_216
} else {
    65_507
};

/// Receives, and goes on when the system breaks the call off: with a time limit
/// it is not taken up again by itself (signal(7)).
fn receive(socket: &UdpSocket, buf: &mut [u8]) -> (usize, SocketAddr) {
    loop {
        match socket.recv_from(buf) {
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            received => return received.expect("a datagram"),
        }
    }
}

/// Sends one datagram and returns the one that comes back.
fn echo(socket: &UdpSocket, server: &str, datagram: &[u8]) -> Vec<u8> {
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a time limit");
    socket.send_to(datagram, server).expect("a send");
    let mut buf = vec![0; 65_535];
    let (len, from) = receive(socket, &mut buf);
    assert_eq!(
        from,
        server.parse::<SocketAddr>().expect("an address"),
        "the echo comes from where the datagram went"
    );
    buf.truncate(len);
    buf
}

#[test]
fn server_answers_with_the_same_bytes() {
    let (_server, address) = server("server", &[]);
    let socket = UdpSocket::bind(ANY).expect("a socket");
    let every_byte: Vec<u8> = (0..=255).collect();
    for datagram in [
        &b"hello"[..],
        b"",
        &every_byte,
        &vec![0x5a; 1_473],
        &vec![0xa5; LARGEST],
        b"x",
    ] {
        assert_eq!(echo(&socket, &address, datagram), datagram);
    }
}

#[test]
fn server_stops_after_the_count() {
    let (mut server, address) = server("server", &["--count", "2"]);
    let socket = UdpSocket::bind(ANY).expect("a socket");
    assert_eq!(echo(&socket, &address, b"one"), b"one");
    assert_eq!(echo(&socket, &address, b"two"), b"two");
    assert!(server.finish().success());
}

#[test]
fn server_outlives_clients_that_are_gone() {
    let (_server, address) = server("server", &[]);
    // The port of a client that is gone is free at once. Whoever takes it would
    // get the answer: so this socket is there before, and where the system has
    // another loopback address, those of other tests are not in the way either.
    let socket = UdpSocket::bind(ANY).expect("a socket");
    let elsewhere = if cfg!(target_os = "linux") {
        "127.0.0.9:0"
    } else {
        ANY
    };
    for _ in 0..50 {
        // Gone before the answer: the system answers it with an ICMP error.
        UdpSocket::bind(elsewhere)
            .and_then(|gone| gone.send_to(b"?", &address))
            .expect("a send");
    }
    assert_eq!(echo(&socket, &address, b"still there"), b"still there");
}

/// A socket that plays the server, and a client that asks it.
fn played_server(args: &[&str]) -> (UdpSocket, Terminal) {
    let socket = UdpSocket::bind(ANY).expect("a socket");
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a time limit");
    let address = socket.local_addr().expect("an address").to_string();
    (socket, client("client", args, &address))
}

#[test]
fn client_sends_its_arguments_as_they_are() {
    let (socket, _client) = played_server(&["grüße, 世界"]);
    let mut buf = [0; 100];
    let (len, _) = receive(&socket, &mut buf);
    assert_eq!(&buf[..len], "grüße, 世界".as_bytes());
}

#[test]
fn client_tries_again_and_then_takes_the_answer() {
    let (socket, mut client) = played_server(&["--timeout", "50ms", "--tries", "100", "hello"]);
    let mut buf = [0; 100];
    for _ in 0..3 {
        let (len, from) = receive(&socket, &mut buf);
        assert_eq!(&buf[..len], b"hello");
        let _ = from;
    }
    let (_, from) = receive(&socket, &mut buf);
    socket.send_to(b"at last", from).expect("a send");
    assert!(client.finish().success());
    assert!(
        client.text().ends_with("got 7 bytes \"at last\"\n"),
        "{}",
        client.text()
    );
}

#[test]
fn client_hears_no_strangers() {
    let (socket, mut client) = played_server(&["--timeout", "30s", "hello"]);
    let mut buf = [0; 100];
    let (_, from) = receive(&socket, &mut buf);
    let stranger = UdpSocket::bind(ANY).expect("a socket");
    stranger.send_to(b"not the server", from).expect("a send");
    socket.send_to(b"the server", from).expect("a send");
    assert!(client.finish().success());
    assert!(
        client.text().contains("got 10 bytes \"the server\""),
        "{}",
        client.text()
    );
    assert!(
        !client.text().contains("not the server"),
        "{}",
        client.text()
    );
}

#[test]
fn client_does_not_take_a_late_answer_for_the_next_one() {
    let (socket, mut client) = played_server(&["--timeout", "30s"]);
    let mut buf = [0; 100];
    client.enter(b"one");
    let (_, from) = receive(&socket, &mut buf);
    socket.send_to(b"first", from).expect("a send");
    socket.send_to(b"first, repeated", from).expect("a send");
    assert_eq!(
        (client.line(), client.line()),
        (
            "sent 3 bytes \"one\"".into(),
            "got 5 bytes \"first\"".into()
        )
    );
    client.enter(b"two");
    assert_eq!(client.line(), "too late: 15 bytes \"first, repeated\"");
    let (len, from) = receive(&socket, &mut buf);
    assert_eq!(&buf[..len], b"two");
    socket.send_to(b"second", from).expect("a send");
    assert!(client.finish().success());
    assert!(
        client.text().ends_with("got 6 bytes \"second\"\n"),
        "{}",
        client.text()
    );
}

#[test]
fn client_takes_the_first_address_that_answers() {
    // localhost is ::1 first on many systems, and the server has IPv4 only.
    let (_server, address) = server("server", &[]);
    let port = address.rsplit_once(':').expect("a port").1;
    let mut client = run(
        "client",
        "lab03_udp_client",
        &["hello"],
        &["--server", &format!("localhost:{port}")],
    );
    assert!(client.finish().success(), "{}", client.text());
    assert!(
        client.text().ends_with("got 5 bytes \"hello\"\n"),
        "{}",
        client.text()
    );
}
