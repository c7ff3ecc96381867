//! Labs that a page runs.

use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

use crate::fixture::{Book, LIMIT, Serving};
use crate::guarding::open_page;

/// Echoes lines over TCP, one client after the other.
const SERVER: &str = r#"
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
fn main() {
    let mut args = std::env::args().skip(1);
    let (Some(option), Some(address)) = (args.next(), args.next()) else { panic!("no address") };
    assert_eq!(option, "--listen");
    let Ok(listener) = TcpListener::bind(&address) else {
        eprintln!("cannot listen on {address}");
        std::process::exit(1);
    };
    println!("listening on {}", listener.local_addr().unwrap());
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        for line in BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok) {
            println!("heard {line}");
            if writeln!(stream, "{line}").is_err() { break }
        }
    }
}
"#;

/// Sends its messages, or what it reads.
const CLIENT: &str = r#"
use std::io::{BufRead, BufReader, Write, stdin};
use std::net::TcpStream;
fn main() {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let [option, server, messages @ ..] = args.as_slice() else { panic!("no server") };
    assert_eq!(option, "--server");
    let Ok(mut stream) = TcpStream::connect(server) else {
        eprintln!("nobody listens on {server}");
        std::process::exit(1);
    };
    let mut echo = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut talk = |message: &str| {
        writeln!(stream, "{message}").unwrap();
        println!("got {}", echo.next().unwrap().unwrap());
    };
    match messages {
        [] => stdin().lock().lines().for_each(|line| talk(&line.unwrap())),
        some => some.iter().for_each(|message| talk(message)),
    }
}
"#;

const TALK: &str = "\
=== server
$ cargo run --bin lab90_talk_server
listening on 127.0.0.1:8888
heard hello

=== client
$ cargo run --bin lab90_talk_client -- hello
got hello
";

const TYPED: &str = "\
=== server
$ cargo run --bin lab90_talk_server -- --listen 127.0.0.1:0
listening on 127.0.0.1:50001

=== client
$ cargo run --bin lab90_talk_client -- --server 127.0.0.1:50001
hello
got hello
";

const TAKEN: &str = "\
=== server
$ cargo run --bin lab90_talk_server
listening on 127.0.0.1:8888

=== server 2
$ cargo run --bin lab90_talk_server
cannot listen on 127.0.0.1:8888
";

const REFUSED: &str = "\
=== client
$ cargo run --bin lab90_talk_client -- hello
nobody listens on 127.0.0.1:8888
";

fn talkative() -> Book {
    Book::with_labs(
        &[("lab90_talk_server", SERVER), ("lab90_talk_client", CLIENT)],
        &[
            ("talk", TALK),
            ("typed", TYPED),
            ("taken", TAKEN),
            ("refused", REFUSED),
        ],
    )
}

/// A page that runs labs.
struct Page(WebSocket<TcpStream>);

impl Page {
    fn of(serving: &Serving) -> Page {
        Page(open_page(serving))
    }

    fn ask(&mut self, what: Value) {
        self.0.send(Message::text(what.to_string())).unwrap();
    }

    fn run(&mut self, name: &str) {
        self.ask(json!({ "type": "run", "run": 1, "name": name }));
    }

    fn told(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.0.read().unwrap() {
                let message: Value = serde_json::from_str(&text).unwrap();
                if message["type"] != "answers" && message["type"] != "place" {
                    return message;
                }
            }
        }
    }

    /// What is told up to a message of this kind, which is the last one.
    fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let told = self.told();
            all.push(told);
            if all.last().is_some_and(|told| told["type"] == kind) {
                return all;
            }
        }
    }

    /// What a terminal says, up to this text.
    fn says(&mut self, terminal: usize, what: &str) {
        let mut said = String::new();
        while !said.contains(what) {
            let told = self.told();
            assert_ne!(told["type"], "over", "{said:?}, not {what:?}: {told}");
            if told["type"] == "output" && told["terminal"] == terminal {
                said += told["text"].as_str().unwrap();
            }
        }
    }

    /// Why the run is over.
    fn over(&mut self) -> Value {
        self.until("over").pop().unwrap()["text"].take()
    }
}

/// The port in the last `listens` of these.
fn port(told: &[Value]) -> u16 {
    let listens = told.iter().rfind(|told| told["type"] == "listens").unwrap();
    let address = listens["address"].as_str().unwrap();
    address.rsplit_once(':').unwrap().1.parse().unwrap()
}

/// Waits until nobody is at this port any more.
fn is_left(port: u16) {
    let until = Instant::now() + LIMIT;
    while TcpListener::bind(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "somebody still listens at {port}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_a_transcript_shows_is_run() {
    let book = talkative();
    let serving = book.serve();
    let mut page = Page::of(&serving);
    page.run("talk");
    let told = page.until("ended");
    assert_eq!(
        told[0],
        json!({ "type": "terminals", "run": 1, "terminals": [
            { "title": "Server", "typeable": false },
            { "title": "Client", "typeable": true },
        ] })
    );
    let started: Vec<_> = told
        .iter()
        .filter(|told| told["type"] == "started")
        .collect();
    assert_eq!(
        started[0]["command"],
        "lab90_talk_server --listen 127.0.0.1:0"
    );
    let port = port(&told);
    assert_eq!(
        started[1]["command"],
        format!("lab90_talk_client --server 127.0.0.1:{port} hello")
    );
    let last = told.last().unwrap();
    assert_eq!(last["terminal"], 1);
    assert_eq!(last["text"], "ended, exit status 0");
    assert!(told.iter().any(|told| told["text"] == "got hello\n"));

    page.ask(json!({ "type": "stop", "run": 1 }));
    assert_eq!(page.over(), Value::Null);
    is_left(port);
}

#[test]
fn a_client_is_typed_to() {
    let book = talkative();
    let serving = book.serve();
    let mut page = Page::of(&serving);
    page.run("typed");
    page.until("listens");
    page.until("started");
    page.ask(json!({ "type": "type", "run": 1, "terminal": 1, "text": "über\tall" }));
    page.says(1, "got über\tall\n");
    page.ask(json!({ "type": "end-input", "run": 1, "terminal": 1 }));
    let ended = page.until("ended").pop().unwrap();
    assert_eq!(ended["good"], true);

    // Once more, and then with nobody to take the line.
    page.ask(json!({ "type": "again", "run": 1, "terminal": 1, "typed": false }));
    assert_eq!(page.until("started").pop().unwrap()["typed"], true);
    page.ask(json!({ "type": "type", "run": 1, "terminal": 0, "text": "hello" }));
    assert_eq!(page.until("untyped").pop().unwrap()["terminal"], 0);
}

#[test]
fn a_lab_is_given_to_read_what_it_reads_in_the_book() {
    let counts = "fn main() {
        let lines = std::io::stdin().lines().map_while(Result::ok);
        println!(\"{:?}\", lines.collect::<Vec<_>>());
    }";
    let shown = "=== lab\n$ cargo run --bin lab90_reads\n< one  1\n< two\n[..]\n";
    let book = Book::with_labs(&[("lab90_reads", counts)], &[("reads", shown)]);
    let serving = book.serve();
    let mut page = Page::of(&serving);
    page.run("reads");
    let started = page.until("started").pop().unwrap();
    assert_eq!(started["given"], "one  1\ntwo\n");
    assert_eq!(started["typed"], false);
    page.says(0, "[\"one  1\", \"two\"]");
    assert_eq!(page.until("ended").pop().unwrap()["good"], true);
}

#[test]
fn a_client_with_messages_can_be_typed_to_afterwards() {
    let book = talkative();
    let serving = book.serve();
    let mut page = Page::of(&serving);
    page.run("talk");
    page.until("ended");
    page.ask(json!({ "type": "again", "run": 1, "terminal": 1, "typed": true }));
    let started = page.until("started").pop().unwrap();
    assert!(
        !started["command"].as_str().unwrap().contains("hello"),
        "{started}"
    );
    page.ask(json!({ "type": "type", "run": 1, "terminal": 1, "text": "more" }));
    page.says(1, "got more\n");
}

#[test]
fn a_second_server_meets_the_port_of_the_first() {
    let book = talkative();
    let serving = book.serve();
    let mut page = Page::of(&serving);
    page.run("taken");
    let told = page.until("ended");
    let said: String = told
        .iter()
        .filter(|told| told["type"] == "output" && told["error"] == true)
        .map(|told| told["text"].as_str().unwrap())
        .collect();
    let port = port(&told);
    assert_eq!(said, format!("cannot listen on 127.0.0.1:{port}\n"));
    assert_eq!(told.last().unwrap()["text"], "ended, exit status 1");
}

#[test]
fn a_client_without_a_server_asks_a_port_that_is_free() {
    let book = talkative();
    let serving = book.serve();
    let mut page = Page::of(&serving);
    page.run("refused");
    page.says(0, "nobody listens on 127.0.0.1:");
}

#[test]
fn two_runs_have_ports_of_their_own() {
    let book = talkative();
    let serving = book.serve();
    let (mut one, mut other) = (Page::of(&serving), Page::of(&serving));
    one.run("typed");
    let first = port(&one.until("listens"));
    other.run("typed");
    let second = port(&other.until("listens"));
    assert_ne!(first, second);
}

#[test]
fn a_run_ends_with_its_page() {
    let book = talkative();
    let serving = book.serve();
    let mut page = Page::of(&serving);
    page.run("typed");
    let port = port(&page.until("listens"));
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    drop(page);
    is_left(port);
}

#[test]
fn a_run_ends_with_the_server_however_that_ends() {
    for polite in [true, false] {
        if polite && !cfg!(unix) {
            continue;
        }
        let book = talkative();
        let mut serving = book.serve();
        let mut page = Page::of(&serving);
        page.run("typed");
        let port = port(&page.until("listens"));
        page.until("started");
        match polite {
            true => terminate(&serving),
            false => serving.child.kill().unwrap(),
        }
        serving.child.wait().unwrap();
        is_left(port);
    }
}

#[cfg(unix)]
fn terminate(serving: &Serving) {
    let kill = std::process::Command::new("kill")
        .arg(serving.child.id().to_string())
        .status();
    assert!(kill.unwrap().success());
}

#[cfg(not(unix))]
fn terminate(_: &Serving) {}

#[test]
fn what_is_no_lab_is_not_run() {
    let snapshots = [
        (
            "shell",
            "=== lab\n$ cargo run --bin lab90_talk_client; touch x\n",
        ),
        (
            "pipe",
            "=== lab\n$ echo x | cargo run --bin lab90_talk_client\n",
        ),
        ("other", "=== lab\n$ cargo run --bin tutor -- build\n"),
        ("up", "=== lab\n$ cargo run --bin ../lab90_talk_client\n"),
        (
            "two",
            "=== lab\n$ cargo run --bin lab90_talk_client\nx\n$ rm -r x\n",
        ),
        ("python", "=== lab\n$ python3 labs/python/small.py\n"),
    ];
    let book = Book::with_labs(&[("lab90_talk_client", CLIENT)], &snapshots);
    let serving = book.serve();
    let mut page = Page::of(&serving);
    let unknown = "There is nothing of this name to run. Load the page again.";
    let mut names: Vec<_> = snapshots
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    names.extend(["", "none", "../up", "talk.snap", "/etc/passwd", "ü"].map(str::to_owned));
    names.push("x".repeat(3000));
    for name in names {
        page.run(&name);
        assert_eq!(page.over(), unknown, "{name}");
    }
}

#[test]
fn what_a_page_should_not_say_is_ignored() {
    let book = talkative();
    let serving = book.serve();
    let mut page = Page::of(&serving);
    for what in [
        json!(null),
        json!([]),
        json!({ "type": "run" }),
        json!({ "type": "run", "run": -1, "name": "talk" }),
        json!({ "type": "run", "run": 1, "name": "talk", "program": "/bin/sh" }),
        json!({ "type": "type", "run": 7, "terminal": 0, "text": "x" }),
        json!({ "type": "stop", "run": 7 }),
        json!({ "type": "again", "run": 7, "terminal": 1_000_000, "typed": true }),
    ] {
        page.ask(what);
    }
    page.0.send(Message::binary(vec![0xff; 100])).unwrap();
    page.run("typed");
    page.until("started");
    page.ask(json!({ "type": "again", "run": 1, "terminal": 1_000_000, "typed": true }));
    page.ask(json!({ "type": "type", "run": 1, "terminal": 1_000_000, "text": "x" }));
    assert_eq!(page.until("untyped").pop().unwrap()["terminal"], 1_000_000);
}

#[test]
fn a_lab_that_says_too_much_is_stopped() {
    let flood = "fn main() { loop { println!(\"flood {}\", \"x\".repeat(200)); } }";
    let book = Book::with_labs(
        &[("lab90_flood", flood)],
        &[("flood", "=== lab\n$ cargo run --bin lab90_flood\n")],
    );
    let serving = book.serve();
    let mut page = Page::of(&serving);
    page.run("flood");
    assert_eq!(page.over(), "Stopped: the labs have said more than 1 MiB.");
    assert_eq!(serving.get("/").status, 200);
}

#[test]
fn a_lab_that_does_not_compile_is_shown_and_mended() {
    let transcript = [("small", "=== lab\n$ cargo run --bin lab90_small\n")];
    let book = Book::with_labs(&[("lab90_small", "fn main() { hello }")], &transcript);
    let serving = book.serve();
    let mut page = Page::of(&serving);
    page.run("small");
    let told = page.until("over");
    let said: Vec<_> = told
        .iter()
        .filter_map(|told| told["text"].as_str())
        .collect();
    assert!(
        said.iter()
            .any(|line| line.contains("cannot find value `hello`")),
        "{said:?}"
    );
    assert_eq!(
        *said.last().unwrap(),
        "The labs could not be built. What cargo says is above."
    );

    book.write(
        "labs/src/bin/lab90_small.rs",
        "fn main() { println!(\"1\") }",
    );
    page.run("small");
    page.says(0, "1\n");
    page.over_after_stop();
    // A change that leaves the number of files as it was is noticed, too.
    book.write(
        "labs/src/bin/lab90_small.rs",
        "fn main() { println!(\"2\") }",
    );
    page.run("small");
    page.says(0, "2\n");
}

impl Page {
    fn over_after_stop(&mut self) {
        self.ask(json!({ "type": "stop", "run": 1 }));
        assert_eq!(self.over(), Value::Null);
    }
}

#[test]
fn more_runs_than_may_be_are_refused() {
    let book = talkative();
    let serving = book.serve();
    let mut pages: Vec<_> = (0..8).map(|_| Page::of(&serving)).collect();
    for page in &mut pages {
        page.run("typed");
        page.until("listens");
    }
    let mut late = Page::of(&serving);
    late.run("typed");
    let why = late.over();
    assert!(
        why.as_str()
            .unwrap()
            .starts_with("8 runs are going on already"),
        "{why}"
    );
    pages.pop();
    let until = Instant::now() + LIMIT;
    loop {
        late.run("typed");
        let told = late.told();
        if told["type"] == "terminals" {
            break;
        }
        assert!(Instant::now() < until);
    }
}

#[test]
fn without_cargo_a_run_says_so() {
    let book = talkative();
    let mut tutor = book.tutor(&["--port", "0"]);
    tutor.env("PATH", "").env_remove("CARGO");
    let serving = Serving::start(tutor, book.root.clone());
    let mut page = Page::of(&serving);
    page.run("talk");
    let why = page.over();
    assert!(
        why.as_str()
            .unwrap()
            .starts_with("cargo is not to be found"),
        "{why}"
    );
}

#[test]
fn ports_are_free_again_after_many_runs() {
    let book = talkative();
    let serving = book.serve();
    for round in 0..20 {
        let mut page = Page::of(&serving);
        page.run("typed");
        let port = port(&page.until("listens"));
        if round % 2 == 0 {
            page.ask(json!({ "type": "stop", "run": 1 }));
            page.over();
        }
        drop(page);
        is_left(port);
    }
}
