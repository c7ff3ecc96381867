//! What may go wrong around the server: it says so in a sentence, loses nothing,
//! and goes on.

use std::fs;
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

use crate::fixture::{Book, LIMIT, Serving, exercise, text};
use crate::guarding::open_page;

type Socket = WebSocket<TcpStream>;

fn ask(page: &mut Socket, what: &Value) {
    page.send(Message::text(what.to_string())).unwrap();
}

/// The next message of this kind.
fn told(page: &mut Socket, kinds: &[&str]) -> Value {
    loop {
        if let Message::Text(text) = page.read().unwrap() {
            let message: Value = serde_json::from_str(&text).unwrap();
            if kinds.iter().any(|kind| message["type"] == *kind) {
                return message;
            }
        }
    }
}

/// What is told of the first exercise when it has been looked at.
fn verdict(page: &mut Socket) -> Value {
    loop {
        let message = told(page, &["answers"]);
        let mut answers = message["answers"].as_array().unwrap().iter();
        if let Some(answer) = answers.find(|answer| answer["exercise"] == exercise())
            && answer["words"] != Value::Null
        {
            return answer.clone();
        }
    }
}

fn file() -> String {
    format!("labs/exercises/src/bin/{}.rs", exercise())
}

fn with_answer(code: &str) -> Book {
    let book = Book::with_labs(&[], &[]);
    book.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"labs/exercises\"]\n",
    );
    book.write(
        "labs/exercises/Cargo.toml",
        "[package]\nname = \"exercises\"\nversion = \"0.0.0\"\nedition = \"2024\"\n",
    );
    book.write(&file(), code);
    book
}

#[test]
fn a_second_start_says_where_the_first_is() {
    let book = Book::new();
    let mut first = book.serve_with(&[]);
    let url = format!("http://127.0.0.1:{}/", first.port);
    let second = book.run(&[]);
    let (said, errors) = text(&second);
    assert!(second.status.success(), "{errors}");
    assert_eq!(
        said,
        format!(
            "The book is open already, at {url}\n\
             To serve it once more, name a port: cargo run -- --port 3001\n"
        )
    );
    // With a port it serves as well, and does not take the first one's place.
    let other = book.serve();
    assert_eq!(other.get("/").status, 200);
    drop(other);
    assert_eq!(text(&book.run(&[])).0, said);
    // A server that was killed could not take back what it had said.
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    let next = book.serve_with(&[]);
    assert_eq!(next.get("/").status, 200);
}

#[test]
fn the_address_behind_a_forwarded_port_is_said() {
    let book = Book::new();
    let serving = book.serve_with(&["--port", "0", "--origin", "http://LocalHost:8080/"]);
    assert_eq!(
        serving.line(),
        "and, by way of what stands in front, at http://localhost:8080/"
    );
}

#[test]
fn labs_that_crash_end_with_what_they_said() {
    let panics = "fn main() { print!(\"so far\"); let v: Vec<u8> = vec![]; let _ = v[1]; }";
    let aborts = "fn main() { println!(\"so far\"); std::process::abort() }";
    let shown = |lab: &str| format!("=== lab\n$ cargo run --bin {lab}\n");
    let book = Book::with_labs(
        &[("lab90_panics", panics), ("lab91_aborts", aborts)],
        &[
            ("panics", &shown("lab90_panics")),
            ("aborts", &shown("lab91_aborts")),
        ],
    );
    let serving = book.serve();
    let mut page = open_page(&serving);
    for (name, status) in [
        ("panics", "ended, exit status 101"),
        ("aborts", "ended by SIGABRT"),
    ] {
        ask(&mut page, &json!({ "type": "run", "run": 1, "name": name }));
        let mut said = String::new();
        let ended = loop {
            let told = told(&mut page, &["output", "ended", "over"]);
            if told["type"] != "output" {
                break told;
            }
            said += told["text"].as_str().unwrap();
        };
        assert!(said.contains("so far"), "{name}: {said}");
        assert_eq!(ended["good"], false, "{name}");
        let text = ended["text"].as_str().unwrap();
        assert!(!cfg!(unix) || text == status, "{name}: {ended}");
        ask(&mut page, &json!({ "type": "stop", "run": 1 }));
        told(&mut page, &["over"]);
    }
    assert_eq!(serving.get("/").status, 200);
}

#[test]
fn without_cargo_a_check_says_so() {
    let book = with_answer("fn main() {}\n");
    let mut tutor = book.tutor(&["--port", "0"]);
    tutor.env("PATH", "").env_remove("CARGO");
    let serving = Serving::start(tutor, book.root.clone());
    let mut page = open_page(&serving);
    ask(
        &mut page,
        &json!({ "type": "check", "exercise": exercise() }),
    );
    let words = verdict(&mut page)["words"].take();
    assert_eq!(words["state"], "unjudged", "{words}");
    let all = words.to_string();
    assert!(all.contains("cargo"), "{all}");
    assert_eq!(serving.get("/").status, 200);
}

/// What stands in an answer's place is not read and not written through.
#[cfg(unix)]
#[test]
fn an_answer_is_a_plain_file() {
    use std::os::unix::fs::symlink;
    let book = with_answer("fn main() {}\n");
    let path = book.root().join(file());
    let secret = book.root().join("secret.txt");
    fs::write(&secret, "secret").unwrap();
    let serving = book.serve();
    let mut page = open_page(&serving);
    let link = || symlink(&secret, &path).unwrap();
    let pipe = || {
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
    };
    let folder = || fs::create_dir(&path).unwrap();
    let makers: [(&str, &dyn Fn()); 3] = [("link", &link), ("pipe", &pipe), ("folder", &folder)];
    for (what, make) in makers {
        let _ = fs::remove_file(&path);
        make();
        ask(
            &mut page,
            &json!({ "type": "open", "exercise": exercise() }),
        );
        let reply = told(&mut page, &["trouble", "text"]);
        assert_eq!(
            reply["text"], "The file could not be read (it is no plain file).",
            "{what}"
        );
        let save = json!({ "type": "save", "exercise": exercise(), "text": "x", "stamp": "" });
        ask(&mut page, &save);
        let reply = told(&mut page, &["trouble", "saved", "conflict"]);
        assert_eq!(reply["type"], "trouble", "{what}");
        ask(
            &mut page,
            &json!({ "type": "check", "exercise": exercise() }),
        );
        let answer = verdict(&mut page);
        assert_eq!(answer["words"]["state"], "unjudged", "{what}");
        assert_eq!(serving.get("/").status, 200, "{what}");
    }
    assert_eq!(fs::read_to_string(&secret).unwrap(), "secret");
}

/// A page that goes away with a reset, in the middle of what it is told.
#[test]
fn a_page_that_is_cut_off_leaves_nothing() {
    let talks = "use std::io::Write;
        fn main() {
            let server = std::net::TcpListener::bind(\"127.0.0.1:0\").unwrap();
            println!(\"listening on {}\", server.local_addr().unwrap());
            loop {
                println!(\"more\");
                std::io::stdout().flush().unwrap();
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        }";
    let book = Book::with_labs(
        &[("lab90_talk_server", talks)],
        &[(
            "talks",
            "=== server\n$ cargo run --bin lab90_talk_server\nlistening on 127.0.0.1:8888\n",
        )],
    );
    let serving = book.serve();
    for _ in 0..10 {
        let mut page = open_page(&serving);
        ask(
            &mut page,
            &json!({ "type": "run", "run": 1, "name": "talks" }),
        );
        let listens = told(&mut page, &["listens", "over"]);
        let address = listens["address"].as_str().unwrap().to_owned();
        // What has come and was not read: the kernel sends a reset.
        let mut waits = [0; 1];
        page.get_ref().peek(&mut waits).unwrap();
        drop(page);
        let until = Instant::now() + LIMIT;
        while TcpStream::connect(&address).is_ok() {
            assert!(Instant::now() < until, "the lab goes on");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    // What a run had to itself is gone, too.
    let until = Instant::now() + LIMIT;
    while runs_left(&book) > 0 {
        assert!(Instant::now() < until, "a run's folder is left");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(serving.get("/").status, 200);
}

fn runs_left(book: &Book) -> usize {
    let all = fs::read_dir(book.root().join("target/tutor")).unwrap();
    let names = all.map_while(Result::ok).map(|entry| entry.file_name());
    names
        .filter(|name| name.to_string_lossy().starts_with("run-"))
        .count()
}

/// A real disk that is full: a small file system of its own, where this system
/// lets a test have one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_costs_nothing_that_was_there() {
    use std::process::Command;
    let book = with_answer("fn main() {}\n");
    let disk = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=24m none \"$1\" && cp -r \"$2\"/. \"$1\" && exec \"$3\" --port 0 --root \"$1\"";
    let tried = Command::new("unshare")
        .args(["-Urm", "sh", "-c", "mount -t tmpfs none \"$0\""])
        .arg(disk.path())
        .output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        eprintln!("skipped: no file system of its own can be had here");
        return;
    }
    let mut tutor = Command::new("unshare");
    tutor.args(["-Urm", "sh", "-c", script, "sh"]);
    tutor.arg(disk.path()).arg(book.root());
    tutor.arg(env!("CARGO_BIN_EXE_tutor"));
    let serving = Serving::start(tutor, book.root.clone());
    // The disk as the server sees it.
    let inside = format!("/proc/{}/root{}", serving.child.id(), disk.path().display());
    let (answer, filler) = (format!("{inside}/{}", file()), format!("{inside}/filler"));
    let page_source = format!("{inside}/book/src/page.md");

    let mut page = open_page(&serving);
    ask(
        &mut page,
        &json!({ "type": "open", "exercise": exercise() }),
    );
    let stamp = told(&mut page, &["text", "trouble"])["stamp"].take();
    fill(&filler);
    let more = format!("fn main() {{}} // {}\n", "more ".repeat(20_000));
    let save = json!({ "type": "save", "exercise": exercise(), "text": more, "stamp": stamp });
    ask(&mut page, &save);
    let reply = told(&mut page, &["saved", "conflict", "trouble"]);
    let why = reply["text"].as_str().unwrap_or_default();
    assert!(
        why.starts_with("The file could not be written, and is as it was"),
        "{reply}"
    );
    assert_eq!(fs::read_to_string(&answer).unwrap(), "fn main() {}\n");

    // The book cannot be built anew, and the last one is there.
    touch(&page_source);
    told(&mut page, &["build-error"]);
    assert_eq!(serving.get("/page.html").status, 200);

    fs::remove_file(&filler).unwrap();
    touch(&page_source);
    told(&mut page, &["reload"]);
    ask(&mut page, &save);
    assert_eq!(
        told(&mut page, &["saved", "conflict", "trouble"])["type"],
        "saved"
    );
    assert_eq!(fs::read_to_string(&answer).unwrap(), more);
}

#[cfg(target_os = "linux")]
fn fill(file: &str) {
    use std::io::Write;
    let mut filler = fs::File::create(file).unwrap();
    // Large steps first, and then whatever is left.
    for step in [1 << 20, 1 << 12, 1] {
        while filler.write_all(&vec![0; step]).is_ok() {}
    }
}

#[cfg(target_os = "linux")]
fn touch(file: &str) {
    let file = fs::File::options().append(true).open(file).unwrap();
    file.set_modified(SystemTime::now()).unwrap();
}
