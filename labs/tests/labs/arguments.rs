//! What a person may get wrong on the command line, and what the labs say.

use std::process::{Command, Output, Stdio};

use crate::terminal::lab;

fn output(name: &str, args: &[&str]) -> Output {
    Command::new(lab(name))
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("the lab runs")
}

/// The exit status and the first line on standard error.
fn complaint(name: &str, args: &[&str]) -> (Option<i32>, String) {
    let output = output(name, args);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    (
        output.status.code(),
        text.lines().next().unwrap_or_default().to_string(),
    )
}

#[test]
fn help_reads_like_a_page() {
    for name in [
        "lab01_layers",
        "lab01_interfaces",
        "lab02_addresses",
        "lab02_ports",
        "lab02_socket_types",
        "lab03_udp_server",
        "lab03_udp_client",
        "lab03_udp_loss",
        "lab04_tcp_server",
        "lab04_tcp_client",
        "lab05_half_close",
        "lab05_lifecycle",
        "lab05_reset",
        "lab06_boundaries",
        "lab06_frames_server",
        "lab06_frames_client",
        "lab07_compare",
        "lab07_stop_and_wait",
        #[cfg(target_os = "linux")]
        "lab07_wire",
    ] {
        let help = String::from_utf8(output(name, &["--help"]).stdout).expect("text");
        // On Windows clap names the program with its ending.
        let help = help.replace(".exe", "");
        assert!(
            help.lines().all(|line| line.chars().count() <= 80),
            "{help}"
        );
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("help__{name}"), help);
        });
    }
}

#[test]
fn bad_addresses_are_usage_errors_in_one_sentence() {
    let cases = [
        (
            "8888",
            "write it as HOST:PORT, like 127.0.0.1:8888 or [::1]:8888",
        ),
        (
            "::1:8888",
            "write an IPv6 address in brackets, like [::1]:8888",
        ),
        (
            "127.0.0.1:http",
            "\"http\" is no port; a port is a number from 0 to 65535",
        ),
        (
            "127.0.0.1:65536",
            "\"65536\" is no port; a port is a number from 0 to 65535",
        ),
        (
            ":8888",
            "the host is missing; 0.0.0.0 stands for every IPv4 address of this machine",
        ),
    ];
    for (address, sentence) in cases {
        let (status, said) = complaint("lab03_udp_server", &["--listen", address]);
        assert_eq!(status, Some(2), "{said}");
        assert!(said.ends_with(sentence), "{said}");
    }
    let (status, said) = complaint("lab03_udp_client", &["--server", "127.0.0.1:0", "hello"]);
    assert_eq!(status, Some(2));
    assert!(said.contains("port 0 is no destination"), "{said}");
}

#[test]
fn bad_times_and_counts_are_usage_errors() {
    for args in [
        &["--timeout", "1"][..],
        &["--timeout", "0s"],
        &["--timeout", "99years"],
        &["--tries", "0"],
    ] {
        assert_eq!(complaint("lab03_udp_client", args).0, Some(2), "{args:?}");
    }
    assert_eq!(complaint("lab03_udp_server", &["--count", "0"]).0, Some(2));
    assert_eq!(
        complaint("lab03_udp_server", &["--count", "many"]).0,
        Some(2)
    );
}

#[test]
fn unknown_names_and_foreign_addresses_are_explained() {
    // A label of a name has at most 63 characters (RFC 1035 §2.3.4), so this
    // one is refused without a question to the network.
    let name = format!("{}:8888", "x".repeat(64));
    for (lab, flag) in [
        ("lab03_udp_server", "--listen"),
        ("lab03_udp_client", "--server"),
    ] {
        let (status, said) = complaint(
            lab,
            &[flag, &name, "hello"][..if lab.ends_with("client") { 3 } else { 2 }],
        );
        assert_eq!(status, Some(1), "{said}");
        assert!(said.contains("no address is known for that name"), "{said}");
    }
    // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
    let (status, said) = complaint("lab03_udp_server", &["--listen", "192.0.2.1:8888"]);
    assert_eq!(status, Some(1));
    assert!(
        said.starts_with("cannot listen on 192.0.2.1:8888: this machine has no such address"),
        "{said}"
    );
}

/// As an ordinary user on Linux; where the test runs as root, or where low
/// ports are free for all, there is nothing to see.
#[test]
#[cfg(target_os = "linux")]
fn low_port_is_refused_to_an_ordinary_user() {
    use crate::terminal::skip;
    let allowed = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start")
        .unwrap_or_default();
    if allowed.trim().parse::<u16>().unwrap_or(1024) <= 80 {
        return skip("this system gives low ports to everybody");
    }
    let server = lab("lab03_udp_server");
    let root = std::fs::read_to_string("/proc/self/status").is_ok_and(|s| s.contains("Uid:\t0\t"));
    let mut command = if root {
        // Drops the one capability that decides it.
        let Some(setpriv) = crate::terminal::program("setpriv") else {
            return;
        };
        let mut command = Command::new(setpriv);
        command
            .args([
                "--bounding-set",
                "-net_bind_service",
                "--inh-caps",
                "-net_bind_service",
            ])
            .arg(server);
        command
    } else {
        Command::new(server)
    };
    let output = command
        .args(["--listen", "127.0.0.1:80"])
        .output()
        .expect("the lab runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(
        said.trim(),
        "cannot listen on 127.0.0.1:80: the system does not give this port to this program (on Linux an ordinary user gets those from 1024 up); take any free port with --listen 127.0.0.1:0"
    );
}

/// A reader that has seen enough, like `head -1`, ends a lab without a word.
#[test]
fn closed_output_ends_a_lab_quietly() {
    use std::io::{BufRead, BufReader, Read};
    use std::net::UdpSocket;
    use std::time::{Duration, Instant};
    let server = Command::new(lab("lab03_udp_server"))
        .args(["--listen", crate::ANY])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the lab runs");
    let mut server = crate::terminal::Program(server);
    let mut output = BufReader::new(server.0.stdout.take().expect("an output"));
    let mut first = String::new();
    output.read_line(&mut first).expect("the first line");
    drop(output);
    let address = first
        .trim()
        .strip_prefix("listening on ")
        .expect("an address")
        .to_string();
    let socket = UdpSocket::bind(crate::ANY).expect("a socket");
    socket
        .set_read_timeout(Some(Duration::from_millis(100)))
        .expect("a time limit");
    // Another test that starts a program at this moment holds a copy of the
    // output for an instant: then the lab could still print, and answers.
    let deadline = Instant::now() + Duration::from_secs(60);
    let status = loop {
        socket.send_to(b"hello", &address).expect("a send");
        let _ = socket.recv(&mut [0; 10]);
        if let Some(status) = server.0.try_wait().expect("the lab can be asked") {
            break status;
        }
        assert!(
            Instant::now() < deadline,
            "the lab goes on without its output"
        );
    };
    let mut said = String::new();
    server
        .0
        .stderr
        .take()
        .expect("an error output")
        .read_to_string(&mut said)
        .expect("text");
    assert!(status.success());
    assert_eq!(said, "");
}
