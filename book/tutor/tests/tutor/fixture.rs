//! A small book in a folder of its own, and the tutor at work on it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use graders::misconceptions::{self, Misconception};
use tempfile::TempDir;

/// How long anything may take on a machine that has other things to do.
pub const LIMIT: Duration = Duration::from_secs(60);

/// The page that most tests write on.
pub const PAGE: &str = "book/src/page.md";

const BOOK_TOML: &str = r#"
[book]
title = "Small"
src = "book/src"

[build]
build-dir = "target/book"

[output.html]
hash-files = false
additional-css = ["book/extra.css"]
playground.runnable = false
"#;

const LAB: &str = "\
//! A lab.
// ANCHOR: outer
fn outer() {
    // ANCHOR: inner
    if true {
        inner();
    }
    // ANCHOR_END: inner
}
// ANCHOR_END: outer
// ANCHOR: open
fn open() {}
// ANCHOR: twice
// ANCHOR_END: twice
// ANCHOR: twice
// ANCHOR_END: twice
";

const STUB: &str = "\
//! Do one thing.

use std::io;

/// Does one thing.
///
/// # Errors
/// Some.
fn one_thing(a: u8) -> io::Result<u8> {
    // TODO: do it.
    let _ = a;
    todo!()
}

fn main() {}
";

const ANSWER: &str = "\
// ANCHOR: answer
/// Does one thing.
fn one_thing(a: u8) -> io::Result<u8> {
    Ok(a)
}
// ANCHOR_END: answer
";

const SNAPSHOT: &str = "\
---
source: labs/tests/transcripts.rs
expression: shown
---
=== server
$ cargo run --bin lab99_small
listening on 127.0.0.1:8888

=== client 2
$ nc -u 127.0.0.1 8888
< a & b
a & b
[exit status 1]
";

const RECORDING: &str = "\
command: tcpdump -i lo 'udp & more'
system: Linux 6.1
date: 2026-11-22
script: scripts/record-wire

14:00 IP 127.0.0.1 > 127.0.0.1
";

/// A small book; its files are gone when it is dropped.
pub struct Book {
    pub root: Arc<TempDir>,
}

impl Book {
    /// A home page, a page to write on, and the page of the table's first
    /// misconception; something for every directive.
    pub fn new() -> Book {
        let root = Arc::new(tempfile::tempdir().unwrap());
        let book = Book { root };
        let taught = misconception();
        let name = exercise();
        book.write("book.toml", BOOK_TOML);
        book.write("book/extra.css", "p { color: red }");
        book.write(
            "book/src/SUMMARY.md",
            &format!(
                "# Summary\n\n[Home](README.md)\n\n- [Draft]()\n- [Page](page.md)\n  - [Taught]({})\n",
                taught.page
            ),
        );
        book.write("book/src/README.md", "# Home {#home}\n\nWelcome.\n");
        book.write(PAGE, "# Page {#page}\n");
        book.write(
            &format!("book/src/{}", taught.page),
            &format!(
                "# Taught {{#taught}}\n\n{{{{#misconception {}}}}}\n",
                taught.id
            ),
        );
        book.write("labs/src/bin/lab99_small.rs", LAB);
        book.write(
            "labs/python/small.py",
            "# ANCHOR: all\nprint('<&>')\n# ANCHOR_END: all\n",
        );
        book.write(
            "labs/tests/snapshots/transcripts__small_talk.snap",
            SNAPSHOT,
        );
        book.write("book/recorded/wire.txt", RECORDING);
        book.write("scripts/record-wire", "#!/bin/sh\n");
        book.write(&format!("labs/graders/src/{name}/stub.rs"), STUB);
        book.write(&format!("labs/graders/src/{name}/right/plain.rs"), ANSWER);
        book
    }

    /// With this text on the page, under a heading in line 1 and an empty line.
    pub fn with(text: &str) -> Book {
        let book = Book::new();
        book.page(text);
        book
    }

    /// With labs that cargo can build, and a transcript of each name: the parts
    /// of a snapshot.
    pub fn with_labs(labs: &[(&str, &str)], transcripts: &[(&str, &str)]) -> Book {
        let book = Book::new();
        book.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"labs\"]\n",
        );
        book.write(
            "labs/Cargo.toml",
            "[package]\nname = \"labs\"\nversion = \"0.0.0\"\nedition = \"2024\"\n",
        );
        for (name, code) in labs {
            book.write(&format!("labs/src/bin/{name}.rs"), code);
        }
        for (name, shown) in transcripts {
            let file = format!("labs/tests/snapshots/transcripts__{name}.snap");
            book.write(&file, &format!("---\nsource: x.rs\n---\n{shown}"));
        }
        book
    }

    pub fn page(&self, text: &str) {
        self.write(PAGE, &format!("# Page {{#page}}\n\n{text}\n"));
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// Replaces a file in one step, as careful editors do.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.root().join(file);
        let folder = path.parent().unwrap();
        fs::create_dir_all(folder).unwrap();
        let draft = folder.join(".draft~");
        fs::write(&draft, text).unwrap();
        fs::rename(&draft, path).unwrap();
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root().join(file)).unwrap()
    }

    /// What is wrong with the book: one line for each problem.
    pub fn problems(&self) -> Vec<String> {
        match tutor::book::build(self.root()) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.0.iter().map(ToString::to_string).collect(),
        }
    }

    /// The main part of a page as it was built.
    pub fn built(&self, page: &str) -> String {
        let built = tutor::book::build(self.root()).unwrap_or_else(|wrong| panic!("{wrong}"));
        main_of(&fs::read_to_string(built.folder().join(page)).unwrap())
    }

    /// A command of the tutor's for this book.
    pub fn tutor(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tutor"));
        command.args(arguments).arg("--root").arg(self.root());
        // What it builds is this book's, whatever these tests were built with.
        command.env("CARGO_TARGET_DIR", self.root().join("target"));
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.tutor(arguments).output().unwrap()
    }

    /// The server, once it says where it is.
    pub fn serve(&self) -> Serving {
        self.serve_with(&["--port", "0"])
    }

    pub fn serve_with(&self, arguments: &[&str]) -> Serving {
        Serving::start(self.tutor(arguments), self.root.clone())
    }
}

/// What is between `<main …>` and `</main>`.
pub fn main_of(html: &str) -> String {
    let (_, rest) = html.split_once("<main").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split_once("</main>").unwrap().0.trim().to_owned()
}

/// A misconception with a page of its own in the table.
pub fn misconception() -> &'static Misconception {
    &misconceptions::table()[0]
}

/// The name of the first exercise.
pub fn exercise() -> &'static str {
    graders::EXERCISES[0].name
}

/// The short name of the first exercise.
pub fn exercise_id() -> &'static str {
    graders::EXERCISES[0].id()
}

/// Standard output and error as text.
pub fn text(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// A running server; it is stopped when this is dropped.
pub struct Serving {
    pub child: Child,
    pub port: u16,
    /// The lines before the one with the address.
    pub before: Vec<String>,
    pub lines: Receiver<String>,
    _root: Arc<TempDir>, // outlives the server
}

impl Serving {
    pub fn start(mut command: Command, root: Arc<TempDir>) -> Serving {
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, lines) = mpsc::channel();
        forward(child.stdout.take().unwrap(), sender.clone());
        forward(child.stderr.take().unwrap(), sender);
        let mut serving = Serving {
            child,
            port: 0,
            before: Vec::new(),
            lines,
            _root: root,
        };
        loop {
            let line = serving.line();
            if let Some((_, rest)) = line.split_once("http://127.0.0.1:") {
                serving.port = rest.trim_end_matches('/').parse().unwrap();
                return serving;
            }
            serving.before.push(line);
        }
    }

    /// The next line that it prints.
    pub fn line(&self) -> String {
        self.lines
            .recv_timeout(LIMIT)
            .expect("the tutor prints no further line")
    }

    /// Lines up to one with `part` in it.
    pub fn line_with(&self, part: &str) -> String {
        loop {
            let line = self.line();
            if line.contains(part) {
                return line;
            }
        }
    }

    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Any request, byte for byte, and the whole reply.
    pub fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        String::from_utf8_lossy(&reply).into_owned()
    }

    /// `GET` with these headers, sent as they are; the first line of the reply.
    pub fn status(&self, path: &str, headers: &str) -> String {
        let reply = self.raw(&format!(
            "GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"
        ));
        reply.lines().next().unwrap_or_default().to_owned()
    }

    /// `GET` as a browser asks.
    pub fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(LIMIT))
            .build()
            .into();
        let mut request = agent.get(format!("http://{}{path}", self.host()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.call().unwrap();
        Reply {
            status: response.status().as_u16(),
            body: response.body_mut().read_to_vec().unwrap(),
            headers: response.headers().clone(),
        }
    }

    /// The token that a page carries.
    pub fn token(&self, path: &str) -> String {
        let page = self.get(path).text();
        let (_, rest) = page.split_once("data-server=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the server replied.
pub struct Reply {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

fn forward(from: impl Read + Send + 'static, to: mpsc::Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if to.send(line).is_err() {
                return;
            }
        }
    });
}

/// The repository that these tests belong to.
pub fn repository() -> PathBuf {
    graders::root()
}
