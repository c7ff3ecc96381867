//! Pages follow what is saved.

use std::fs;
use std::net::TcpStream;
use std::sync::mpsc;

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

use crate::fixture::{Book, PAGE, main_of};
use crate::guarding::{open, open_page};

/// The next message about the book that a page gets.
fn message(socket: &mut WebSocket<TcpStream>) -> Value {
    loop {
        if let Message::Text(text) = socket.read().unwrap() {
            let message: Value = serde_json::from_str(&text).unwrap();
            if message["type"] != "answers" && message["type"] != "place" {
                return message;
            }
        }
    }
}

fn reload() -> Value {
    json!({ "type": "reload" })
}

#[test]
fn a_saved_page_is_built_and_loaded_again() {
    let book = Book::new();
    let serving = book.serve();
    let mut page = open_page(&serving);
    book.page("Something new.");
    assert_eq!(message(&mut page), reload());
    assert!(main_of(&serving.get("/page.html").text()).contains("Something new."));
    assert!(
        serving
            .line_with("Built again")
            .starts_with("Built again in ")
    );
}

#[test]
fn a_saved_lab_reaches_the_page_that_shows_it() {
    let book = Book::with("{{#slice lab99_small:inner}}");
    let serving = book.serve();
    let mut page = open_page(&serving);
    let lab = book.read("labs/src/bin/lab99_small.rs");
    book.write(
        "labs/src/bin/lab99_small.rs",
        &lab.replace("inner();", "other();"),
    );
    assert_eq!(message(&mut page), reload());
    assert!(serving.get("/page.html").text().contains("other();"));
}

#[test]
fn a_file_that_is_written_in_place_is_noticed_too() {
    let book = Book::new();
    let serving = book.serve();
    let mut page = open_page(&serving);
    fs::write(book.root().join(PAGE), "# Page {#page}\n\nIn place.\n").unwrap();
    assert_eq!(message(&mut page), reload());
    assert!(serving.get("/page.html").text().contains("In place."));
}

#[test]
fn styles_and_the_configuration_are_followed() {
    let book = Book::new();
    let serving = book.serve();
    let mut page = open_page(&serving);
    book.write("book/extra.css", "p { color: blue }");
    assert_eq!(message(&mut page), reload());
    assert_eq!(serving.get("/book/extra.css").text(), "p { color: blue }");
    let toml = book.read("book.toml").replace("Small", "Large");
    book.write("book.toml", &toml);
    assert_eq!(message(&mut page), reload());
    assert!(serving.get("/").text().contains("Large"));
}

#[test]
fn a_new_folder_is_followed() {
    let book = Book::new();
    let serving = book.serve();
    let mut page = open_page(&serving);
    let summary = book.read("book/src/SUMMARY.md");
    book.write("book/src/new/page.md", "# New {#new}\n");
    book.write(
        "book/src/SUMMARY.md",
        &format!("{summary}- [New](new/page.md)\n"),
    );
    assert_eq!(message(&mut page), reload());
    assert_eq!(serving.get("/new/page.html").status, 200);
    book.write("book/src/new/page.md", "# New {#new}\n\nNewer.\n");
    assert_eq!(message(&mut page), reload());
    assert!(serving.get("/new/page.html").text().contains("Newer."));
}

#[test]
fn a_mistake_is_shown_and_the_last_good_book_stays() {
    let book = Book::with("Good.");
    let serving = book.serve();
    let mut page = open_page(&serving);
    book.page("Bad.\n\n{{#slice lab99_small:none}}");
    let problem = "book/src/page.md:5: no anchor `none` in labs/src/bin/lab99_small.rs \
                   (it has: outer, inner, open, twice, twice)";
    assert_eq!(
        message(&mut page),
        json!({ "type": "build-error", "text": problem })
    );
    serving.line_with("The book cannot be built; the last good one stays open");
    serving.line_with(problem);
    assert!(main_of(&serving.get("/page.html").text()).contains("Good."));
    assert!(book.read("target/book/page.html").contains("Good."));

    // A page that is opened meanwhile is told at once.
    let mut late = open_page(&serving);
    assert_eq!(message(&mut late)["type"], "build-error");

    book.page("Better.");
    assert_eq!(message(&mut page), reload());
    assert_eq!(message(&mut late), reload());
    assert!(main_of(&serving.get("/page.html").text()).contains("Better."));
    assert!(book.read("target/book/page.html").contains("Better."));
}

#[test]
fn taking_a_mistake_back_clears_it_from_the_pages() {
    let book = Book::with("Good.");
    let serving = book.serve();
    let mut page = open_page(&serving);
    book.page("{{#slice none}}");
    assert_eq!(message(&mut page)["type"], "build-error");
    book.page("Good.");
    assert_eq!(message(&mut page), reload());
}

#[test]
fn a_book_that_is_broken_from_the_start_is_served_once_it_is_mended() {
    let book = Book::with("{{#slice none}}");
    let serving = book.serve();
    // On the other stream than the address, so it may come later.
    let told = "The book cannot be built; the page shows this";
    if !serving.before.iter().any(|line| line.contains(told)) {
        serving.line_with(told);
    }
    let shown = serving.get("/page.html");
    assert_eq!(shown.status, 503);
    let shown = shown.text();
    assert!(
        shown.contains("book/src/page.md:3: there is no file labs/src/bin/none.rs"),
        "{shown}"
    );
    book.page("Good.");
    serving.line_with("Built again");
    assert!(serving.get("/page.html").text().contains("Good."));
}

#[test]
fn a_page_older_than_the_book_is_told_when_it_connects() {
    let book = Book::new();
    let serving = book.serve();
    let old = serving.token("/");
    let mut page = open_page(&serving);
    book.page("Newer.");
    assert_eq!(message(&mut page), reload());
    let origin = format!("http://{}", serving.host());
    let mut late = open(&serving, &format!("?token={old}"), &[("origin", &origin)]).unwrap();
    assert_eq!(message(&mut late), reload());
}

#[test]
fn what_changes_nothing_in_the_book_reloads_nothing() {
    let book = Book::with("One.");
    let serving = book.serve();
    let mut page = open_page(&serving);
    // None of these is in the book; the first message is that of the last save.
    book.write("labs/exercises/src/bin/answer.rs", "fn main() {}");
    book.write("labs/src/bin/lab98_other.rs", "fn main() {}");
    book.write("book/notes.txt", "not a page");
    book.page("One.");
    serving.get("/page.html");
    book.page("Two.");
    assert_eq!(message(&mut page), reload());
    assert!(serving.get("/page.html").text().contains("Two."));
    assert_eq!(serving.token("/").rsplit_once('.').unwrap().1, "2");
}

#[test]
fn following_goes_on_when_nobody_reads_the_lines() {
    let book = Book::new();
    let mut serving = book.serve();
    let mut page = open_page(&serving);
    serving.lines = mpsc::channel().1; // the reader leaves with the next line
    for text in ["One.", "Two.", "Three."] {
        book.page(text);
        assert_eq!(message(&mut page), reload());
        assert!(serving.get("/page.html").text().contains(text));
    }
}
