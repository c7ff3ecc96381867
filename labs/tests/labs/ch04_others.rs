//! The TCP labs opposite other programs: Python's sockets, nc and socat, on
//! either side. What one end sends is what the other one gets, byte for byte:
//! text, nothing at all, every byte there is, and 100 MiB.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::ch04_tcp::server;
use crate::terminal::{self, Program, Terminal};

/// How long one exchange may take; only reached when something is wrong.
const DEADLINE: Duration = Duration::from_secs(120);

/// What a client in Python needs so that it can send any number of bytes: a
/// thread that sends while another one receives.
const PYTHON_CLIENT: &str = "
import sys, threading
from socket import SHUT_WR, create_connection

client = create_connection((sys.argv[1], int(sys.argv[2])))

def send():
    while data := sys.stdin.buffer.read1(65536):
        client.sendall(data)
    client.shutdown(SHUT_WR)

threading.Thread(target=send).start()
while data := client.recv(65536):
    sys.stdout.buffer.write(data)
sys.stdout.flush()
";

/// What is exchanged.
fn payloads() -> [&'static [u8]; 4] {
    static LARGE: OnceLock<Vec<u8>> = OnceLock::new();
    static EVERY: OnceLock<Vec<u8>> = OnceLock::new();
    let large = LARGE.get_or_init(|| {
        let mut random = fastrand::Rng::with_seed(4);
        let numbers = 100 * 1024 * 1024 / 8;
        (0..numbers)
            .flat_map(|_| random.u64(..).to_le_bytes())
            .collect()
    });
    let every = EVERY.get_or_init(|| (0..=255).collect());
    [
        "hello\nnaïve 世界, without a line's end".as_bytes(),
        b"",
        every,
        large,
    ]
}

/// A program that was started with these arguments, all its ends in our hands.
fn start(program: PathBuf, args: &[&str]) -> (Program, ChildStdin, ChildStdout) {
    let mut child: Child = Command::new(&program)
        .args(args)
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("cannot start {}: {e}", program.display()));
    let input = child.stdin.take().expect("an input");
    let output = child.stdout.take().expect("an output");
    (Program(child), input, output)
}

/// Gives bytes to a program, and then the end.
fn feed(mut input: ChildStdin, bytes: &'static [u8]) {
    thread::spawn(move || input.write_all(bytes));
}

/// Holds what a program prints, up to its end, against `expected`, without
/// keeping it; the difference if there is one.
fn hold(
    mut output: impl Read + Send + 'static,
    expected: &'static [u8],
) -> Receiver<Result<(), String>> {
    let (sender, result) = mpsc::channel();
    thread::spawn(move || {
        let mut compare = || {
            let (mut rest, mut buf) = (expected, vec![0; 1 << 16]);
            loop {
                let len = output.read(&mut buf).map_err(|e| e.to_string())?;
                if len == 0 {
                    break;
                }
                rest = rest.strip_prefix(&buf[..len]).ok_or_else(|| {
                    format!(
                        "other bytes somewhere after byte {}",
                        expected.len() - rest.len()
                    )
                })?;
            }
            if rest.is_empty() {
                Ok(())
            } else {
                Err(format!("{} bytes are missing at the end", rest.len()))
            }
        };
        let _ = sender.send(compare());
    });
    result
}

fn arrived(what: &str, bytes: &[u8], result: &Receiver<Result<(), String>>) {
    let result = result.recv_timeout(DEADLINE);
    assert_eq!(result, Ok(Ok(())), "{what}, {} bytes", bytes.len());
}

/// A client hears its own bytes from an echo server.
fn hears_its_echo(program: &str, args: &[&str]) {
    let path = if program.starts_with("lab") {
        terminal::lab(program)
    } else if let Some(path) = terminal::program(program) {
        path
    } else {
        return;
    };
    for bytes in payloads() {
        let (mut client, input, output) = start(path.clone(), args);
        feed(input, bytes);
        arrived(program, bytes, &hold(output, bytes));
        let status = client.0.wait().expect("the client ends");
        assert!(status.success(), "{program}, {} bytes", bytes.len());
    }
}

/// The lab's client, patient enough for a machine that is busy.
fn our_client_hears_its_echo(server: &str) {
    let args = ["--timeout", "60s", "--server", server];
    hears_its_echo("lab04_tcp_client", &args);
}

/// The line of a program's standard error that has `marker` in it. What follows
/// is read on behind it: a full pipe would stop the program.
fn line_with(program: &mut Program, marker: &str) -> String {
    let mut lines = BufReader::new(program.0.stderr.take().expect("standard error"));
    let mut line = String::new();
    while !line.contains(marker) {
        line.clear();
        let len = lines.read_line(&mut line).expect("a line");
        assert_ne!(len, 0, "no line with {marker:?} on standard error");
    }
    thread::spawn(move || lines.read_to_end(&mut Vec::new()));
    line.trim_end().into()
}

#[test]
fn our_server_and_our_client() {
    let (_server, address) = server("server", &[]);
    our_client_hears_its_echo(&address);
}

#[test]
fn our_server_and_a_python_client() {
    let (_server, address) = server("server", &[]);
    let (host, port) = address.split_once(':').expect("HOST:PORT");
    hears_its_echo("python3", &["-c", PYTHON_CLIENT, host, port]);
}

#[test]
fn our_server_and_nc() {
    let (_server, address) = server("server", &[]);
    let (host, port) = address.split_once(':').expect("HOST:PORT");
    hears_its_echo("nc", &["-N", host, port]);
}

#[test]
fn our_server_and_socat() {
    let (_server, address) = server("server", &[]);
    // Without -t socat waits for the rest half a second only.
    let target = format!("TCP4:{address}");
    hears_its_echo("socat", &["-t60", "-", &target]);
}

#[test]
fn python_server_and_our_client() {
    let Some(python) = terminal::program("python3") else {
        return;
    };
    let script = terminal::python("tcp_server.py");
    let args = [&script, "127.0.0.1", "0", "4"];
    let mut server = Terminal::open("server", "python3", &python, &args);
    our_client_hears_its_echo(&format!("127.0.0.1:{}", server.port()));
    assert!(server.finish().success(), "{}", server.text());
    for bytes in payloads() {
        let line = format!(" sent {} bytes, and ended\n", bytes.len());
        assert!(server.text().contains(&line), "{}", server.text());
    }
}

#[test]
fn socat_server_and_our_client() {
    let Some(socat) = terminal::program("socat") else {
        return;
    };
    let listen = "TCP4-LISTEN:0,bind=127.0.0.1,fork";
    let (mut server, _input, _output) = start(socat, &["-d", "-d", "-t60", listen, "EXEC:cat"]);
    let line = line_with(&mut server, "listening on");
    let port = line.rsplit(':').next().expect("a port");
    our_client_hears_its_echo(&format!("127.0.0.1:{port}"));
}

/// nc does not echo: it sends what it is given, and prints what it gets. It
/// ends as soon as the other direction has ended, so it does one at a time.
#[test]
fn nc_server_and_our_client() {
    let Some(nc) = terminal::program("nc") else {
        return;
    };
    let listen = ["-n", "-v", "-N", "-l", "127.0.0.1", "0"];
    let start_both = || {
        let (mut server, nc_input, nc_output) = start(nc.clone(), &listen);
        let port = line_with(&mut server, "Listening on");
        let port = port.rsplit(' ').next().expect("a port");
        let address = format!("127.0.0.1:{port}");
        let args = ["--timeout", "60s", "--server", &address];
        let (client, input, output) = start(terminal::lab("lab04_tcp_client"), &args);
        ((server, nc_input, nc_output), (client, input, output))
    };
    for bytes in payloads() {
        let ((_server, _open, nc_output), (mut client, input, output)) = start_both();
        feed(input, bytes);
        arrived("at nc", bytes, &hold(nc_output, bytes));
        arrived("from a silent nc", b"", &hold(output, b""));
        assert!(client.0.wait().expect("the client ends").success());

        let ((_server, nc_input, _nc_output), (mut client, input, output)) = start_both();
        feed(nc_input, bytes);
        let result = hold(output, bytes);
        line_with(&mut client, "the server's direction has ended");
        drop(input);
        arrived("from nc", bytes, &result);
        assert!(client.0.wait().expect("the client ends").success());
    }
}
