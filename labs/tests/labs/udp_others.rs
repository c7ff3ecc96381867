//! The UDP labs opposite other programs: nc and socat.

use std::process::{Command, Stdio};

use crate::terminal::{self, Terminal};
use crate::{client, server};

#[test]
fn socat_hears_its_echo() {
    let Some(socat) = terminal::program("socat") else {
        return;
    };
    let (mut server, address) = server("server", &[]);
    let target = format!("UDP4:{address}");
    let mut socat = Terminal::open("socat", "socat", &socat, &["-", &target]);
    socat.enter(b"hello from socat");
    assert_eq!(socat.line(), "hello from socat");
    // socat sends the line's end too.
    assert!(
        server
            .line()
            .ends_with("sent 17 bytes \"hello from socat\\n\""),
        "{}",
        server.text()
    );
}

#[test]
fn nc_hears_its_echo() {
    let Some(nc) = terminal::program("nc") else {
        return;
    };
    let (mut server, address) = server("server", &[]);
    let (host, port) = address.split_once(':').expect("HOST:PORT");
    let mut nc = Terminal::open("nc", "nc", &nc, &["-u", host, port]);
    nc.enter(b"hello from nc");
    assert_eq!(nc.line(), "hello from nc");
    assert!(
        server
            .line()
            .ends_with("sent 14 bytes \"hello from nc\\n\""),
        "{}",
        server.text()
    );
}

#[test]
fn client_talks_to_a_socat_echo() {
    let Some(socat) = terminal::program("socat") else {
        return;
    };
    // A port that was free a moment ago: socat cannot be asked which it took.
    let free = std::net::UdpSocket::bind(crate::ANY)
        .and_then(|s| s.local_addr())
        .expect("a free port");
    let listen = format!("UDP4-RECVFROM:{},bind=127.0.0.1,fork", free.port());
    let echo = Command::new(socat)
        .args([&listen, "EXEC:cat"])
        .stdin(Stdio::null())
        .spawn()
        .expect("socat starts");
    let _echo = terminal::Program(echo);
    // Until socat listens, each try is refused, and the client says so at once.
    let mut answered = false;
    for _ in 0..200 {
        let mut client = client("client", &["--timeout", "10s", "hello"], &free.to_string());
        if client.finish().success() {
            assert!(
                client.text().ends_with("got 5 bytes \"hello\"\n"),
                "{}",
                client.text()
            );
            answered = true;
            break;
        }
    }
    assert!(answered, "socat never answered");
}
