//! What a hostile page, program or network may send. Each is refused, and the
//! server still answers its own pages. See also `guarding.rs`, for hosts,
//! origins, tokens and places that fill up, and `serving.rs`, for paths.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;
use tungstenite::{Message, WebSocket};

use crate::fixture::{Book, LIMIT, Serving};
use crate::guarding::{open, open_page};

type Socket = WebSocket<TcpStream>;

/// An honest page is served, and its socket opens and answers.
fn still_answers(serving: &Serving) {
    assert_eq!(serving.get("/").status, 200);
    answers(&mut open_page(serving));
}

/// A question that has an answer gets one.
fn answers(page: &mut Socket) {
    let run = json!({ "type": "run", "run": 1, "name": "no-such-lab" });
    page.send(Message::text(run.to_string())).unwrap();
    while !page.read().unwrap().to_string().contains("over") {}
}

/// Whether the other end closes or resets the connection, in time.
fn is_closed(mut stream: &TcpStream) -> bool {
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    loop {
        match stream.read(&mut [0; 4096]) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return error.kind() == ErrorKind::ConnectionReset,
        }
    }
}

fn connect(serving: &Serving) -> TcpStream {
    TcpStream::connect(("127.0.0.1", serving.port)).unwrap()
}

#[test]
fn nothing_can_be_changed_by_a_plain_request() {
    let serving = Book::new().serve();
    let host = serving.host();
    for method in [
        "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT",
    ] {
        for path in ["/", "/book.js", "/ws", "/run/talk", "/none"] {
            for more in [
                "",
                "Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n",
                "Access-Control-Request-Method: POST\r\n",
            ] {
                let reply = serving.raw(&format!(
                    "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{more}Content-Length: 2\r\n\
                     Content-Type: text/plain\r\nConnection: close\r\n\r\n{{}}"
                ));
                let status = reply.split(' ').nth(1).unwrap_or_default();
                assert!(
                    ["400", "403", "404", "405"].contains(&status),
                    "{method} {path} {more}: {reply}"
                );
                let head = reply.to_ascii_lowercase();
                assert!(!head.contains("access-control-allow"), "{reply}");
            }
        }
    }
    still_answers(&serving);
}

#[test]
fn a_name_that_leads_here_is_not_ours() {
    let serving = Book::new().serve();
    let port = serving.port;
    for host in [
        format!("localhost.:{port}"),
        format!("user@localhost:{port}"),
        format!("localhost:{port}@evil.example"),
        format!("localhost:0{port}"),
        format!("127.1:{port}"),
        format!("2130706433:{port}"),
        format!("0x7f.0.0.1:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        format!("127.0.0.1:{port}, evil.example"),
        format!("evil.example#localhost:{port}"),
    ] {
        let status = serving.status("/", &format!("Host: {host}\r\n"));
        assert!(
            status.starts_with("HTTP/1.1 403") || status.starts_with("HTTP/1.1 400"),
            "{host}: {status}"
        );
        let query = format!("?token={}", serving.token("/"));
        let headers = [
            ("host", host.as_str()),
            ("origin", &format!("http://{host}")),
        ];
        assert!(open(&serving, &query, &headers).is_err(), "{host}");
    }
    still_answers(&serving);
}

#[test]
fn a_refusal_is_dressed_like_every_reply() {
    let serving = Book::new().serve();
    let evil = "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    let site = format!(
        "GET /book.js HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: cross-site\r\nConnection: close\r\n\r\n",
        serving.host()
    );
    for request in [evil, &site] {
        let reply = serving.raw(request).to_ascii_lowercase();
        let (head, _) = reply.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("http/1.1 403"), "{head}");
        for line in [
            "content-security-policy: default-src 'none'",
            "x-content-type-options: nosniff",
            "cross-origin-resource-policy: same-origin",
        ] {
            assert!(head.contains(line), "{line}: {head}");
        }
        assert!(!head.contains("access-control"), "{head}");
    }
}

#[test]
fn two_origins_are_no_origin() {
    let serving = Book::new().serve();
    let (host, token) = (serving.host(), serving.token("/"));
    let ask = |origins: &str| {
        let reply = serving.raw(&format!(
            "GET /ws?token={token} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n\
             Connection: Upgrade, close\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{origins}\r\n"
        ));
        reply.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    let own = format!("Origin: http://{host}\r\n");
    assert_eq!(ask(&format!("{own}Origin: http://evil.example\r\n")), "403");
    assert_eq!(ask(&format!("Origin: http://evil.example\r\n{own}")), "403");
    assert_eq!(ask(""), "403");
    assert_eq!(ask("Origin: \r\n"), "403");
    still_answers(&serving);
}

#[test]
fn requests_that_no_browser_sends_end_their_own_connection() {
    let serving = Book::new().serve();
    let host = format!("Host: {}\r\n", serving.host());
    let many = "X-A: b\r\n".repeat(2_000);
    let long = format!("X-A: {}\r\n", "b".repeat(1 << 20));
    let path = "a".repeat(1 << 20);
    let requests: [Vec<u8>; 15] = [
        format!("GET / HTTP/1.1\r\n{host}Content-Length: -1\r\n\r\n").into(),
        format!("GET / HTTP/1.1\r\n{host}Content-Length: 99999999999999999999\r\n\r\n").into(),
        format!("GET / HTTP/1.1\r\n{host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx").into(),
        format!("GET / HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\nzz\r\n").into(),
        format!("GET / HTTP/1.1\r\n{host}Transfer-Encoding: what\r\n\r\n").into(),
        format!("GET / HTTP/1.1\r\n{host}{many}\r\n").into(),
        format!("GET / HTTP/1.1\r\n{host}{long}\r\n").into(),
        format!("GET /{path} HTTP/1.1\r\n{host}\r\n").into(),
        format!("GET / HTTP/1.1\r\n {host}\r\n").into(),
        format!("GET / HTTP/1.1\n\nHost{host}\n").into(),
        b"GET /\r\n\r\n".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(20),
        vec![0; 4096],
        vec![0xff; 4096],
    ];
    for request in requests {
        let mut stream = connect(&serving);
        let shown = String::from_utf8_lossy(&request[..request.len().min(80)]).into_owned();
        // It may be closed before all is sent.
        let _ = stream.write_all(&request);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        assert!(is_closed(&stream), "{shown}");
        assert_eq!(serving.get("/").status, 200, "{shown}");
    }
    still_answers(&serving);
}

/// Two lengths in one request: what stands behind the first is no request of its own
/// that could be taken for another one's.
#[test]
fn no_request_hides_in_another_ones_body() {
    let serving = Book::new().serve();
    let host = serving.host();
    let reply = serving.raw(&format!(
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n\
         0\r\n\r\nGET /book.js HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    ));
    assert!(!reply.contains("200 OK"), "{reply}");
    still_answers(&serving);
}

#[test]
fn a_head_that_comes_byte_by_byte_is_not_waited_for() {
    let serving = Book::new().serve_with(&["--port", "0", "--patience", "500"]);
    let mut slow = connect(&serving);
    let resting = connect(&serving);
    let head = format!("GET / HTTP/1.1\r\nHost: {}\r\nX-Slow: ", serving.host());
    slow.write_all(head.as_bytes()).unwrap();
    let until = Instant::now() + LIMIT;
    // A pause between two bytes is short; all of them together are too long.
    while slow.write_all(b"x").is_ok() {
        assert!(Instant::now() < until, "the server goes on reading");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(is_closed(&resting));
    still_answers(&serving);
}

#[test]
fn frames_that_break_the_protocol_end_their_own_socket() {
    let serving = Book::new().serve();
    // RFC 6455 §5.2: FIN and opcode; MASK and length; the mask; the bytes.
    let masked = |first: u8, len: u8, bytes: &[u8]| {
        let mut frame = vec![first, 0x80 | len, 0, 0, 0, 0];
        frame.extend(bytes);
        frame
    };
    let frames = [
        ("not masked", vec![0x81, 2, b'{', b'}']),
        ("a reserved opcode", masked(0x83, 0, b"")),
        ("a reserved control opcode", masked(0x8b, 0, b"")),
        ("a reserved bit", masked(0xc1, 0, b"")),
        ("text that is no UTF-8", masked(0x81, 2, &[0xc3, 0x28])),
        ("half a control frame", masked(0x09, 0, b"")),
        (
            "a control frame of 126 bytes",
            [&[0x89, 0xfe, 0, 126][..], &[0; 130]].concat(),
        ),
        ("a continuation of nothing", masked(0x80, 1, b"x")),
        ("a close of one byte", masked(0x88, 1, b"x")),
        (
            "more bytes than there are",
            [&[0x81, 0xff][..], &[0x7f; 8], &[0; 4]].concat(),
        ),
    ];
    for (what, frame) in frames {
        let mut page = open_page(&serving);
        page.get_mut().write_all(&frame).unwrap();
        assert!(is_closed(page.get_ref()), "{what}");
        assert_eq!(serving.get("/").status, 200, "{what}");
    }
    still_answers(&serving);
}

#[test]
fn a_message_in_a_thousand_fragments_is_bounded_like_any_other() {
    let serving = Book::new().serve();
    let mut page = open_page(&serving);
    let stream = page.get_mut();
    let piece = [&[0x00, 0xfe, 0x10, 0x00, 0, 0, 0, 0][..], &[b' '; 4096]].concat();
    // The first one is text, and none of them is the last.
    let mut ended = stream.write_all(&[0x01, 0x80, 0, 0, 0, 0]).is_err();
    for _ in 0..1000 {
        ended = ended || stream.write_all(&piece).is_err();
    }
    assert!(ended || is_closed(stream));
    still_answers(&serving);
}

#[test]
fn json_that_means_nothing_is_ignored() {
    let serving = Book::new().serve();
    let mut page = open_page(&serving);
    let deep = 200_000;
    for text in [
        String::new(),
        "{".into(),
        "[".repeat(deep),
        format!("{}1{}", "{\"a\":".repeat(deep / 5), "}".repeat(deep / 5)),
        "9".repeat(deep),
        format!("1e{}", "9".repeat(300)),
        r#"{"type":"run","run":4294967296,"name":"talk"}"#.into(),
        r#"{"type":"run","run":1.5,"name":"talk"}"#.into(),
        r#"{"type":"run","run":1,"run":2,"name":"talk"}"#.into(),
        r#"{"type":"run","run":1,"name":["talk"]}"#.into(),
        r#"{"type":"again","run":1,"terminal":18446744073709551616,"typed":true}"#.into(),
        r#"{"type":"type","run":1,"terminal":0,"text":"\ud800"}"#.into(),
        r#"{"type":"__proto__"}"#.into(),
    ] {
        page.send(Message::text(text)).unwrap();
    }
    answers(&mut page);
    still_answers(&serving);
}

#[test]
fn a_name_is_no_command() {
    let book = Book::new();
    let serving = book.serve();
    let mut page = open_page(&serving);
    let made = book.root().join("made");
    let touch = format!("touch {}", made.display());
    for name in [
        touch.clone(),
        format!("small_talk; {touch}"),
        format!("$({touch})"),
        format!("`{touch}`"),
        format!("small_talk\n{touch}"),
        format!("| {touch}"),
        "--help".into(),
        "-c".into(),
        "small_talk\0".into(),
        "SMALL_TALK".into(),
        "small_talk.snap".into(),
        "../transcripts__small_talk".into(),
        "%2e%2e".into(),
        "a".repeat(65),
    ] {
        let run = json!({ "type": "run", "run": 1, "name": name });
        page.send(Message::text(run.to_string())).unwrap();
        let told = loop {
            let told = page.read().unwrap().to_string();
            if told.contains("over") {
                break told;
            }
        };
        assert!(
            told.contains("nothing of this name to run"),
            "{name:?}: {told}"
        );
        for kind in ["open", "check"] {
            let ask = json!({ "type": kind, "exercise": name });
            page.send(Message::text(ask.to_string())).unwrap();
        }
    }
    answers(&mut page);
    assert!(!made.exists());
    assert_eq!(serving.get("/").status, 200);
}

#[test]
fn a_page_that_never_reads_keeps_nobody_waiting() {
    let serving = Book::new().serve();
    let mut deaf: Vec<_> = (0..8).map(|_| open_page(&serving)).collect();
    let ask = json!({ "type": "open", "exercise": "none" }).to_string();
    for page in &mut deaf {
        let stream = page.get_ref().try_clone().unwrap();
        stream
            .set_write_timeout(Some(Duration::from_millis(50)))
            .unwrap();
        // Until neither end takes any more.
        for _ in 0..20_000 {
            if page.send(Message::text(ask.clone())).is_err() {
                break;
            }
        }
    }
    still_answers(&serving);
}

/// Loopback belongs to the whole machine: another user of it may do nothing.
#[cfg(target_os = "linux")]
#[test]
fn another_user_of_this_machine_is_refused() {
    use nix::unistd::{Uid, getuid, setfsuid};
    if !getuid().is_root() {
        eprintln!("skipped: only root can be somebody else");
        return;
    }
    let serving = Book::new().serve();
    let (host, port) = (serving.host(), serving.port);
    let stranger = std::thread::spawn(move || {
        // Of this thread alone; a socket belongs to whom its thread is then.
        setfsuid(Uid::from_raw(65_534));
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let ask = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(ask.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply
    });
    let reply = stranger.join().unwrap();
    assert!(reply.starts_with("HTTP/1.1 403"), "{reply}");
    assert!(
        reply.ends_with("\r\n\r\nThis server answers only the user who has started it.\n"),
        "{reply}"
    );
    assert!(!reply.contains("data-server"), "{reply}");
    still_answers(&serving);
}
