//! Who is refused.

use std::net::TcpStream;

use tungstenite::client::IntoClientRequest;
use tungstenite::handshake::HandshakeError;
use tungstenite::{Error, Message};

use crate::fixture::{Book, LIMIT, Serving, text};

/// Opens the socket of a page with this query and these headers; the status on refusal.
pub fn open(
    serving: &Serving,
    query: &str,
    headers: &[(&'static str, &str)],
) -> Result<tungstenite::WebSocket<TcpStream>, u16> {
    let url = format!("ws://{}/ws{query}", serving.host());
    let mut request = url.into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let stream = TcpStream::connect(("127.0.0.1", serving.port)).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    match tungstenite::client(request, stream) {
        Ok((socket, _)) => Ok(socket),
        Err(HandshakeError::Failure(Error::Http(reply))) => Err(reply.status().as_u16()),
        Err(other) => panic!("{other:?}"),
    }
}

/// Opens the socket as the page at `/` does.
pub fn open_page(serving: &Serving) -> tungstenite::WebSocket<TcpStream> {
    let query = format!("?token={}", serving.token("/"));
    let origin = format!("http://{}", serving.host());
    open(serving, &query, &[("origin", &origin)]).unwrap()
}

#[test]
fn every_reply_says_how_it_may_be_used() {
    let serving = Book::new().serve();
    let host = serving.host();
    for path in ["/", "/book.js", "/none"] {
        let reply = serving.get(path);
        let policy = reply.header("content-security-policy");
        for rule in [
            "default-src 'none'; ",
            "script-src 'self'; ",
            "style-src 'self' 'unsafe-inline'; ",
            &format!("connect-src 'self' ws://{host}; "),
            "frame-ancestors 'none'; ",
            "form-action 'none'",
        ] {
            assert!(policy.contains(rule), "{path}: {rule}: {policy}");
        }
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(reply.header("access-control-allow-origin"), "");
    }
    let toc = serving.get("/toc.html");
    assert!(
        toc.header("content-security-policy")
            .contains("frame-ancestors 'self';")
    );
}

#[test]
fn another_host_is_refused_in_one_sentence() {
    let serving = Book::new().serve();
    let port = serving.port;
    let ok = |headers: &str| serving.status("/", headers);
    for host in [
        format!("127.0.0.1:{port}"),
        format!("LOCALHOST:{port}"),
        format!("[::1]:{port}"),
    ] {
        assert_eq!(
            ok(&format!("Host: {host}\r\n")),
            "HTTP/1.1 200 OK",
            "{host}"
        );
    }
    for headers in [
        "Host: example.com\r\n".to_owned(),
        format!("Host: example.com:{port}\r\n"),
        format!("Host: localhost.example.com:{port}\r\n"),
        "Host: 127.0.0.1\r\n".to_owned(),
        "Host: localhost:1\r\n".to_owned(),
        format!("Host: 127.0.0.1:{port}\r\nHost: example.com\r\n"),
        format!("Host: 0.0.0.0:{port}\r\n"),
        "Host:\r\n".to_owned(),
        String::new(),
    ] {
        let status = ok(&headers);
        assert!(
            status.starts_with("HTTP/1.1 403") || status.starts_with("HTTP/1.1 400"),
            "{headers}: {status}"
        );
    }
    let reply = serving.raw("GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n");
    let body = reply.split_once("\r\n\r\n").unwrap().1;
    assert_eq!(
        body,
        format!(
            "This server answers only at 127.0.0.1:{port}, localhost:{port}, [::1]:{port}. If a \
             forwarded port or a proxy stands in front of it, start it with `cargo run -- --origin` \
             and the address that the browser shows.\n"
        )
    );
    let absolute = format!("Host: 127.0.0.1:{port}\r\n");
    assert!(
        serving
            .status("http://example.com/", &absolute)
            .starts_with("HTTP/1.1 403")
    );
}

#[test]
fn other_sites_may_link_here_and_no_more() {
    let serving = Book::new().serve();
    let ask = |site: &str, mode: &str, dest: &str| {
        let headers = [
            ("Sec-Fetch-Site", site),
            ("Sec-Fetch-Mode", mode),
            ("Sec-Fetch-Dest", dest),
        ];
        serving.get_with("/book.js", &headers).status
    };
    assert_eq!(ask("same-origin", "no-cors", "script"), 200);
    assert_eq!(ask("none", "navigate", "document"), 200);
    assert_eq!(ask("cross-site", "navigate", "document"), 200);
    assert_eq!(ask("cross-site", "no-cors", "script"), 403);
    assert_eq!(ask("same-site", "cors", "empty"), 403);
    assert_eq!(ask("cross-site", "navigate", "iframe"), 403);
    assert_eq!(ask("cross-site", "websocket", "websocket"), 403);
}

#[test]
fn the_socket_needs_this_servers_origin_and_token() {
    let serving = Book::new().serve();
    let host = serving.host();
    let origin = format!("http://{host}");
    let token = serving.token("/");
    let good = format!("?token={token}");
    assert!(open(&serving, &good, &[("origin", &origin)]).is_ok());
    for wrong in [
        "http://example.com".to_owned(),
        format!("https://{host}"),
        format!("http://localhost:{}", serving.port),
        "http://127.0.0.1".to_owned(),
        format!("http://{host}.example.com"),
        "null".to_owned(),
    ] {
        assert_eq!(
            open(&serving, &good, &[("origin", &wrong)]).err(),
            Some(403),
            "{wrong}"
        );
    }
    assert_eq!(open(&serving, &good, &[]).err(), Some(403));
    let other = Book::new().serve().token("/");
    for query in [
        "",
        "?token=",
        "?token=1",
        &format!("?token={other}"),
        &format!("?token={token}0x"),
        &format!("?other={token}"),
    ] {
        assert_eq!(
            open(&serving, query, &[("origin", &origin)]).err(),
            Some(403),
            "{query}"
        );
    }
    let site = [
        ("origin", origin.as_str()),
        ("sec-fetch-site", "cross-site"),
    ];
    assert_eq!(open(&serving, &good, &site).err(), Some(403));
}

#[test]
fn the_socket_can_be_opened_under_each_of_the_servers_names() {
    let serving = Book::new().serve();
    let query = format!("?token={}", serving.token("/"));
    for name in ["localhost", "[::1]"] {
        let host = format!("{name}:{}", serving.port);
        let origin = format!("http://{host}");
        assert!(
            open(&serving, &query, &[("host", &host), ("origin", &origin)]).is_ok(),
            "{name}"
        );
    }
}

#[test]
fn a_message_that_is_too_long_ends_the_socket_and_nothing_else() {
    let serving = Book::new().serve();
    let mut socket = open_page(&serving);
    socket
        .send(Message::text("short and without meaning"))
        .unwrap();
    let _ = socket.send(Message::text("x".repeat(1_000_000)));
    let end = loop {
        match socket.read() {
            Ok(Message::Close(_)) | Err(_) => break true,
            Ok(_) => {} // what every page is told
        }
    };
    assert!(end);
    assert_eq!(serving.get("/").status, 200);
}

#[test]
fn sockets_are_bounded_and_free_again_when_pages_close() {
    let serving = Book::new().serve();
    let query = format!("?token={}", serving.token("/"));
    let origin = format!("http://{}", serving.host());
    let open = || open(&serving, &query, &[("origin", &origin)]);
    let mut sockets: Vec<_> = (0..64).map(|_| open().unwrap()).collect();
    assert_eq!(open().err(), Some(503));
    assert_eq!(serving.get("/").status, 200);
    sockets.pop();
    let end = std::time::Instant::now() + LIMIT;
    while open().is_err() {
        assert!(std::time::Instant::now() < end, "the place stays taken");
    }
}

#[test]
fn one_more_origin_is_allowed_when_the_reader_says_so() {
    let serving = Book::new().serve_with(&["--port", "0", "--origin", "http://localhost:8080/"]);
    let ok = "HTTP/1.1 200 OK";
    assert_eq!(serving.status("/", "Host: localhost:8080\r\n"), ok);
    assert_eq!(
        serving.status("/", &format!("Host: {}\r\n", serving.host())),
        ok
    );
    for host in [
        "localhost:8081",
        "localhost",
        "127.0.0.1:8080",
        "evil.example",
    ] {
        let status = serving.status("/", &format!("Host: {host}\r\n"));
        assert_eq!(status, "HTTP/1.1 403 Forbidden", "{host}");
    }
    let query = format!("?token={}", serving.token("/"));
    let host = ("host", "localhost:8080");
    assert!(
        open(
            &serving,
            &query,
            &[host, ("origin", "http://localhost:8080")]
        )
        .is_ok()
    );
    let own = format!("http://{}", serving.host());
    for origin in ["https://localhost:8080", "http://localhost", own.as_str()] {
        assert!(
            open(&serving, &query, &[host, ("origin", origin)]).is_err(),
            "{origin}"
        );
    }
}

#[test]
fn what_is_no_origin_is_refused_in_one_sentence() {
    let book = Book::new();
    for origin in [
        "localhost:8080",
        "http://",
        "ftp://x",
        "http://x/path",
        "http://x?y",
        "http://a@b",
        "*",
    ] {
        let output = book.run(&["--port", "0", "--origin", origin]);
        assert_eq!(output.status.code(), Some(2), "{origin}");
        let (_, errors) = text(&output);
        assert!(errors.contains("an origin is a scheme, a host"), "{errors}");
    }
}

#[test]
fn a_thousand_idle_connections_keep_nobody_out() {
    let serving = Book::new().serve();
    let idle: Vec<_> = (0..1000)
        .map_while(|_| TcpStream::connect(("127.0.0.1", serving.port)).ok())
        .collect();
    assert!(idle.len() > 200, "{}", idle.len());
    assert_eq!(serving.get("/").status, 200);
    let mut page = open_page(&serving);
    drop(idle);
    page.send(Message::text("still there")).unwrap();
    assert_eq!(serving.get("/").status, 200);
}
