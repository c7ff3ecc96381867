//! What the server gives out, and where it is.

use std::net::TcpListener;

use crate::fixture::{Book, main_of, text};

#[test]
fn pages_styles_and_scripts_are_served() {
    let serving = Book::new().serve();
    let home = serving.get("/");
    assert_eq!(
        (home.status, home.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    assert!(main_of(&home.text()).contains("Welcome."));
    assert_eq!(serving.get("/page.html").status, 200);
    let script = serving.get("/book.js");
    assert_eq!(
        (script.status, script.header("content-type")),
        (200, "text/javascript; charset=utf-8")
    );
    let style = serving.get("/book/extra.css");
    assert_eq!(
        (style.status, style.header("content-type")),
        (200, "text/css; charset=utf-8")
    );
}

#[test]
fn few_calm_lines_say_what_happens() {
    let serving = Book::new().serve();
    assert_eq!(serving.before.len(), 1, "{:?}", serving.before);
    assert!(
        serving.before[0].starts_with("Built 3 pages in "),
        "{:?}",
        serving.before
    );
    assert_eq!(
        serving.line(),
        "Save a file in book/ or labs/ and the page follows. Ctrl-C stops."
    );
}

#[test]
fn every_page_carries_the_token_and_the_static_site_does_not() {
    let book = Book::new();
    let (one, other) = (book.serve(), book.serve());
    assert_eq!(one.token("/"), one.token("/page.html"));
    assert_ne!(one.token("/"), other.token("/"));
    assert!(one.token("/").len() > 30);
    assert!(!book.read("target/book/page.html").contains("data-server"));
}

#[test]
fn a_page_that_is_not_there_is_the_books_own_404() {
    let serving = Book::new().serve();
    for path in [
        "/none.html",
        "/deep/down/none",
        "/page.html/",
        "/%ff",
        "/book%00",
    ] {
        let reply = serving.get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.text().contains("Document not found"), "{path}");
        assert!(
            reply
                .header("content-security-policy")
                .contains("base-uri 'self'"),
            "{path}"
        );
    }
}

#[test]
fn folders_are_not_listed() {
    let serving = Book::new().serve();
    assert_eq!(serving.get("/css/").status, 404);
    let reply = serving.get("/css");
    assert!(!reply.text().contains("general.css"));
}

#[test]
fn no_path_leads_out_of_the_book() {
    let book = Book::new();
    book.write("secret.txt", "secret");
    book.write("target/secret.txt", "secret");
    let serving = book.serve();
    let host = format!("Host: {}\r\n", serving.host());
    for path in [
        "/../secret.txt",
        "/../../book.toml",
        "/page/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2f%2e%2e%2fbook.toml",
        "/css/..%5c..%5csecret.txt",
        "//etc/passwd",
        "//css",
        "/./../secret.txt",
        "/C:/secret.txt",
    ] {
        let reply = serving.raw(&format!(
            "GET {path} HTTP/1.1\r\n{host}Connection: close\r\n\r\n"
        ));
        assert!(reply.starts_with("HTTP/1.1 404"), "{path}: {reply}");
        assert!(!reply.contains("\r\n\r\nsecret"), "{path}");
    }
    let reply = serving.raw(&format!(
        "GET secret.txt HTTP/1.1\r\n{host}Connection: close\r\n\r\n"
    ));
    assert!(reply.starts_with("HTTP/1.1 4"), "{reply}");
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_in_the_folder_of_the_book_is_not_followed() {
    let book = Book::new();
    book.write("secret.txt", "secret");
    let serving = book.serve();
    let link = book.root().join("target/book/link.txt");
    std::os::unix::fs::symlink(book.root().join("secret.txt"), link).unwrap();
    assert_eq!(serving.get("/link.txt").status, 404);
    // Nor after a failed build, when what lies there is all there is to serve.
    drop(serving);
    book.page("{{#slice none}}");
    let serving = book.serve();
    assert_eq!(serving.get("/page.html").status, 200);
    assert_eq!(serving.get("/link.txt").status, 404);
}

#[test]
fn unchanged_files_need_not_be_sent_again() {
    let serving = Book::new().serve();
    for path in ["/page.html", "/book.js"] {
        let first = serving.get(path);
        assert_eq!(first.header("cache-control"), "no-cache");
        let tag = first.header("etag");
        let again = serving.get_with(path, &[("If-None-Match", tag)]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        let since = first.header("last-modified");
        assert_eq!(
            serving
                .get_with(path, &[("If-Modified-Since", since)])
                .status,
            304
        );
    }
}

#[test]
fn texts_are_compressed_for_those_who_can() {
    let serving = Book::new().serve();
    let plain = serving.get("/book.js");
    let packed = serving.get_with("/book.js", &[("Accept-Encoding", "gzip")]);
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() < plain.body.len() / 2);
}

#[test]
fn a_part_of_a_file_can_be_asked_for() {
    let serving = Book::new().serve();
    let part = serving.get_with("/book/extra.css", &[("Range", "bytes=2-4")]);
    assert_eq!((part.status, part.text().as_str()), (206, "{ c"));
}

#[test]
fn only_reading_is_allowed() {
    let serving = Book::new().serve();
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let request = format!(
            "{method} /page.html HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            serving.host()
        );
        let reply = serving.raw(&request);
        assert!(reply.starts_with("HTTP/1.1 405"), "{method}: {reply}");
        assert!(
            !reply.to_lowercase().contains("access-control"),
            "{method}: {reply}"
        );
    }
    let head = serving.raw(&format!(
        "HEAD /page.html HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        serving.host()
    ));
    assert!(
        head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"),
        "{head}"
    );
}

#[test]
fn a_port_that_was_asked_for_and_is_taken_is_an_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = Book::new().run(&["--port", &port]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output),
        (
            String::new(),
            format!(
                "Port {port} is taken by another program. Without --port the next free one is used.\n"
            )
        )
    );
}

#[test]
fn the_next_free_port_is_used_and_named_when_the_usual_one_is_taken() {
    let _taken = TcpListener::bind("127.0.0.1:3000"); // or another program has it
    let serving = Book::new().serve_with(&[]);
    assert!((3001..3100).contains(&serving.port), "{}", serving.port);
    assert!(
        serving.before.contains(&format!(
            "Port 3000 is taken, so this is port {}.",
            serving.port
        )),
        "{:?}",
        serving.before
    );
    assert_eq!(serving.get("/").status, 200);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_quietly() {
    let mut serving = Book::new().serve();
    assert_eq!(serving.get("/").status, 200);
    let kill = |signal: &str| {
        let pid = serving.child.id().to_string();
        let sent = std::process::Command::new("kill")
            .args([signal, &pid])
            .status()
            .unwrap();
        assert!(sent.success());
    };
    kill("-INT");
    let status = serving.child.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    let rest: Vec<_> = serving.lines.iter().skip(1).collect();
    assert_eq!(rest, [""; 0]);
}
