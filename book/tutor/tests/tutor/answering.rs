//! Answers that a page checks and edits.

use std::fs;
use std::time::Instant;

use serde_json::{Value, json};
use tungstenite::Message;

use crate::fixture::{Book, LIMIT, Serving, exercise};
use crate::guarding::open_page;

type Socket = tungstenite::WebSocket<std::net::TcpStream>;

fn file() -> String {
    format!("labs/exercises/src/bin/{}.rs", exercise())
}

/// A book with an answer that cargo can build.
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

fn ask(page: &mut Socket, what: Value) {
    page.send(Message::text(what.to_string())).unwrap();
}

/// The next message of one of these kinds.
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

/// What is told of the first exercise, up to this standing.
fn until(page: &mut Socket, standing: &str) -> Value {
    loop {
        let mut message = told(page, &["answers"]);
        let answers = message["answers"].as_array_mut().unwrap();
        let mut own = answers
            .iter_mut()
            .filter(|answer| answer["exercise"] == exercise());
        if let Some(answer) = own.next()
            && answer["standing"] == standing
        {
            return answer.take();
        }
    }
}

fn open_answer(page: &mut Socket) -> Value {
    ask(page, json!({ "type": "open", "exercise": exercise() }));
    told(page, &["text", "trouble"])
}

fn save(page: &mut Socket, text: &str, stamp: &Value) -> Value {
    let save = json!({ "type": "save", "exercise": exercise(), "text": text, "stamp": stamp });
    ask(page, save);
    told(page, &["saved", "conflict", "trouble"])
}

#[test]
fn a_page_is_told_how_far_each_answer_is() {
    let book = Book::new();
    let stub = book.read(&format!("labs/graders/src/{}/stub.rs", exercise()));
    book.write(&file(), &stub);
    let serving = book.serve();
    let mut page = open_page(&serving);
    assert_eq!(
        told(&mut page, &["place"])["root"],
        book.root().display().to_string()
    );
    let answer = until(&mut page, "not-started");
    assert_eq!(answer["words"], Value::Null);
}

#[test]
fn an_answer_is_edited() {
    let book = with_answer("fn main() {} // one\n");
    let serving = book.serve();
    let mut page = open_page(&serving);
    let opened = open_answer(&mut page);
    assert_eq!(opened["text"], "fn main() {} // one\n");
    let saved = save(&mut page, "fn main() {} // two ü\n", &opened["stamp"]);
    assert_eq!(saved["type"], "saved");
    assert_eq!(book.read(&file()), "fn main() {} // two ü\n");
    let again = save(&mut page, "fn main() {} // three\n", &saved["stamp"]);
    assert_eq!(again["type"], "saved");
    assert_eq!(book.read(&file()), "fn main() {} // three\n");
}

#[test]
fn what_another_editor_wrote_is_not_written_over() {
    let book = with_answer("fn main() {} // one\n");
    let serving = book.serve();
    let mut page = open_page(&serving);
    let opened = open_answer(&mut page);
    book.write(&file(), "fn main() {} // theirs\n");
    let refused = save(&mut page, "fn main() {} // mine\n", &opened["stamp"]);
    assert_eq!(refused["type"], "conflict");
    assert_eq!(refused["text"], "fn main() {} // theirs\n");
    assert_eq!(book.read(&file()), "fn main() {} // theirs\n");
    let saved = save(&mut page, "fn main() {} // mine\n", &refused["stamp"]);
    assert_eq!(saved["type"], "saved");
    assert_eq!(book.read(&file()), "fn main() {} // mine\n");
}

#[test]
fn a_saved_answer_is_checked_and_the_verdict_is_told() {
    let book = with_answer("fn main() {}\n");
    let serving = book.serve();
    let mut page = open_page(&serving);
    until(&mut page, "unknown");
    book.write(&file(), "fn main() { hello }\n");
    let answer = until(&mut page, "not-yet");
    assert_eq!(answer["words"]["state"], "not-built");
    let compiler = answer["words"]["seen"].as_str().unwrap();
    assert!(compiler.contains("cannot find value `hello`"), "{compiler}");
    let text = answer["text"].as_str().unwrap();
    assert!(text.contains("does not compile"), "{text}");

    // A page that comes later is told the same, and so is one after a restart.
    let mut late = open_page(&serving);
    assert_eq!(until(&mut late, "not-yet")["words"], answer["words"]);
    drop(serving);
    let serving = book.serve();
    let mut page = open_page(&serving);
    assert_eq!(until(&mut page, "not-yet")["words"], Value::Null);
}

#[test]
fn an_answer_is_checked_when_a_page_asks() {
    let book = with_answer("fn main() { hello }\n");
    let serving = book.serve();
    let mut page = open_page(&serving);
    ask(
        &mut page,
        json!({ "type": "check", "exercise": exercise() }),
    );
    until(&mut page, "checking");
    assert_eq!(until(&mut page, "not-yet")["words"]["state"], "not-built");
}

#[test]
fn only_an_exercise_of_the_book_is_opened_or_saved() {
    let book = with_answer("fn main() {}\n");
    let serving = book.serve();
    let mut page = open_page(&serving);
    let names = [
        "",
        "ex99_9_none",
        "../../../../Cargo",
        "../graders/src/lib",
        "/etc/passwd",
        "ex01_1",
        "labs/exercises/src/bin/x",
    ];
    for name in names {
        ask(&mut page, json!({ "type": "open", "exercise": name }));
        let why = told(&mut page, &["trouble", "text"]);
        assert_eq!(
            why["text"],
            "There is no exercise of this name. Load the page again."
        );
        let save = json!({ "type": "save", "exercise": name, "text": "x", "stamp": "" });
        ask(&mut page, save);
        assert_eq!(
            told(&mut page, &["trouble", "saved"])["type"],
            "trouble",
            "{name}"
        );
        ask(&mut page, json!({ "type": "check", "exercise": name }));
    }
    assert!(!book.root().join("labs/exercises/src/bin/x").exists());
    assert_eq!(book.read(&file()), "fn main() {}\n");
}

#[test]
fn an_answer_that_is_too_long_is_not_written() {
    let book = with_answer("fn main() {}\n");
    let serving = book.serve();
    let mut page = open_page(&serving);
    let opened = open_answer(&mut page);
    let refused = save(&mut page, &"x".repeat(256 * 1024 + 1), &opened["stamp"]);
    assert_eq!(refused["type"], "trouble");
    assert_eq!(book.read(&file()), "fn main() {}\n");
    let whole = format!("//{}\n", "x".repeat(256 * 1024 - 3));
    assert_eq!(save(&mut page, &whole, &opened["stamp"])["type"], "saved");
    assert_eq!(book.read(&file()), whole);
}

#[test]
fn an_answer_that_was_deleted_is_said_and_comes_back() {
    let book = with_answer("fn main() {}\n");
    let serving = book.serve();
    let mut page = open_page(&serving);
    let opened = open_answer(&mut page);
    fs::remove_file(book.root().join(file())).unwrap();
    assert_eq!(open_answer(&mut page)["type"], "trouble");
    assert_eq!(
        save(&mut page, "fn main() {} // back\n", &opened["stamp"])["type"],
        "saved"
    );
    assert_eq!(book.read(&file()), "fn main() {} // back\n");
}

/// A folder that takes no new file stands for a full disk.
#[cfg(unix)]
#[test]
fn what_cannot_be_written_leaves_the_file_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let book = with_answer("fn main() {}\n");
    let serving = book.serve();
    let mut page = open_page(&serving);
    let opened = open_answer(&mut page);
    let folder = book.root().join("labs/exercises/src/bin");
    let set = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    set(0o555);
    let root = fs::write(folder.join("probe"), "").is_ok();
    let reply = save(&mut page, "fn main() {} // more\n", &opened["stamp"]);
    set(0o755);
    if root {
        let _ = fs::remove_file(folder.join("probe"));
        return; // whom no mode keeps out
    }
    assert_eq!(reply["type"], "trouble");
    assert_eq!(book.read(&file()), "fn main() {}\n");
}

/// The last of many saves is the one that counts.
#[test]
fn an_answer_that_is_saved_while_it_is_checked_is_checked_again() {
    let book = with_answer("fn main() {}\n");
    let serving: Serving = book.serve();
    let mut page = open_page(&serving);
    until(&mut page, "unknown");
    let until_time = Instant::now() + LIMIT;
    for number in 0..5 {
        book.write(&file(), &format!("fn main() {{ number_{number} }}\n"));
    }
    loop {
        let answer = until(&mut page, "not-yet");
        if answer["words"]["seen"]
            .as_str()
            .unwrap()
            .contains("number_4")
        {
            break;
        }
        assert!(Instant::now() < until_time);
    }
}
