//! The commands: hints, progress, help, and what mdBook asks of a preprocessor.

use std::io::Write;
use std::process::Stdio;

use mdbook_driver::MDBook;
use mdbook_preprocessor::PreprocessorContext;
use mdbook_preprocessor::book::Book as Pages;

use crate::fixture::{Book, exercise, exercise_id, text};

fn with_hints() -> Book {
    Book::with(&format!(
        "{{{{#exercise {}}}}}\n\n1. Look at `recv_from`.\n   It tells *two* things.\n\
         2. As in\n\n   ```rust\n   let a = 1;\n   ```\n\n   - one\n   - two\n3. [The page](page.md) says it.\n\n{{{{/exercise}}}}",
        exercise()
    ))
}

fn out(book: &Book, arguments: &[&str]) -> String {
    let output = book.run(arguments);
    let (out, err) = text(&output);
    assert_eq!((output.status.code(), err.as_str()), (Some(0), ""), "{out}");
    out
}

#[test]
fn hints_come_one_at_a_time_as_plain_text() {
    let book = with_hints();
    let id = exercise_id();
    let title = format!("Exercise {} · Do one thing", id[3..].replace('_', "."));
    let more = format!("The next one: cargo run -- hint {id} --more\n");
    let first =
        format!("{title}, hint 1 of 3\n\nLook at `recv_from`.\nIt tells two things.\n\n{more}");
    let second =
        format!("{title}, hint 2 of 3\n\nAs in\n\n    let a = 1;\n\n- one\n- two\n\n{more}");
    let last = format!(
        "That was the last one. The solution stands at the end of the exercise, in section 2 of the book (page.html#{id}).\n"
    );
    assert_eq!(out(&book, &["hint", id]), first);
    assert_eq!(out(&book, &["hint", id, "--more"]), second);
    assert_eq!(
        out(&book, &["hint", id, "--more"]),
        format!("{title}, hint 3 of 3\n\nThe page says it.\n\n{last}")
    );
    assert_eq!(out(&book, &["hint", id, "--more"]), last);
    assert_eq!(out(&book, &["hint", exercise()]), first);
    assert_eq!(out(&book, &["hint", id, "--more"]), second);
}

#[test]
fn more_without_a_hint_before_is_the_first() {
    let shown = out(&with_hints(), &["hint", exercise_id(), "--more"]);
    assert!(shown.contains("hint 1 of 3"), "{shown}");
}

#[test]
fn a_hint_is_shown_even_if_nothing_can_be_remembered() {
    let book = with_hints();
    book.write("target/tutor", "a file where a folder should be");
    let shown = out(&book, &["hint", exercise_id()]);
    assert!(shown.contains("hint 1 of 3"), "{shown}");
}

#[test]
fn an_unknown_exercise_is_answered_with_those_there_are() {
    let output = with_hints().run(&["hint", "nonsense"]);
    let (out, err) = text(&output);
    assert_eq!((output.status.code(), out.as_str()), (Some(2), ""));
    assert_eq!(err.lines().count(), 1, "{err}");
    for exercise in graders::EXERCISES {
        assert!(err.contains(exercise.id()), "{err}");
    }
}

#[test]
fn an_exercise_without_hints_in_the_book_says_so() {
    let output = Book::new().run(&["hint", exercise_id()]);
    assert_eq!(output.status.code(), Some(1));
    let (_, err) = text(&output);
    assert!(
        err.starts_with("The book has no hints for Exercise "),
        "{err}"
    );
}

#[test]
fn help_shows_the_commands_a_reader_uses() {
    let shown = out(&Book::new(), &["--help"]);
    assert!(shown.contains("Usage: cargo run -- "), "{shown}");
    for word in ["build", "hint", "progress", "--port", "--open"] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    for word in ["preprocess", "--root"] {
        assert!(!shown.contains(word), "{word}: {shown}");
    }
}

#[test]
fn a_closed_standard_output_is_no_reason_to_panic() {
    let book = with_hints();
    for arguments in [
        &["hint", exercise_id()][..],
        &["build"][..],
        &["--help"][..],
    ] {
        let mut command = book.tutor(arguments);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert!(output.status.success(), "{arguments:?}");
    }
}

#[test]
fn preprocessors_answer_for_html_alone() {
    let book = Book::new();
    for name in ["directives", "boxes"] {
        let ask = |renderer| {
            book.run(&["preprocess", name, "supports", renderer])
                .status
                .code()
        };
        assert_eq!(ask("html"), Some(0));
        assert_eq!(ask("markdown"), Some(1));
    }
    assert_eq!(book.run(&["preprocess", "others"]).status.code(), Some(2));
}

/// Sends a book through a preprocessor as mdBook does.
fn preprocess(book: &Book, name: &str, pages: &Pages) -> Result<Pages, String> {
    let config = tutor::book::config(book.root()).unwrap();
    let context = PreprocessorContext::new(book.root().to_path_buf(), config, "html".to_owned());
    let mut command = book.tutor(&["preprocess", name]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let input = serde_json::to_vec(&(&context, pages)).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let (out, err) = text(&output);
    match output.status.success() {
        true => Ok(serde_json::from_str(&out).unwrap()),
        false => Err(err),
    }
}

fn text_of(pages: &Pages) -> String {
    let page = pages.chapters().find(|chapter| chapter.name == "Page");
    page.unwrap().content.clone()
}

#[test]
fn preprocessors_work_for_the_stock_mdbook() {
    let book = Book::with(
        "{{#slice lab99_small:inner}}\n\n{{#quiz}}\n1. q\n   - [x] a\n\n     b\n   - [ ] c\n\n     d\n{{/quiz}}\n\n\
         {{#header x 8}}\n\n| a | b | c | d |\n|---|---|---|---|\n| e | 8 | `f` | g |\n\nh\n\n{{/header}}",
    );
    let pages = MDBook::load(book.root()).unwrap().book;
    let expanded = preprocess(&book, "directives", &pages).unwrap();
    let page = text_of(&expanded);
    assert!(page.contains("<figure class=\"slice\">"), "{page}");
    // What a translation sees: a plain list, and markers that it skips.
    let between = "\n<!-- i18n:skip -->\n\n{{#quiz 1}}\n\n1. q\n   - a\n\n     b\n   - c\n\n     d\n\n\
                   <!-- i18n:skip -->\n\n{{/quiz}}\n";
    assert!(page.contains(between), "{page}");
    let boxed = preprocess(&book, "boxes", &expanded).unwrap();
    let page = text_of(&boxed);
    for figure in [
        "<section class=\"quiz\"",
        "<figure class=\"picture header\"",
    ] {
        assert!(page.contains(figure), "{page}");
    }
    assert!(!page.contains("{{"), "{page}");
}

#[test]
fn preprocessors_report_problems_to_the_stock_mdbook() {
    let book = Book::with("{{#slice none:a}}\n\n{{#transcript none}}");
    let pages = MDBook::load(book.root()).unwrap().book;
    let wrong = preprocess(&book, "directives", &pages).unwrap_err();
    assert_eq!(
        wrong,
        "book/src/page.md:3: there is no file labs/src/bin/none.rs\n\
         book/src/page.md:5: there is no transcript `none` (labs/tests/snapshots/transcripts__none.snap)\n"
    );
}

#[test]
fn a_quiz_that_lost_its_shape_on_the_way_is_reported_with_its_page() {
    let book = Book::with("{{#quiz}}\n1. q\n{{/quiz}}");
    let pages = MDBook::load(book.root()).unwrap().book;
    let wrong = preprocess(&book, "boxes", &pages).unwrap_err();
    assert_eq!(
        wrong,
        "book/src/page.md: question 1 needs at least two options, `- [ ]` or `- [x]`\n"
    );
}
