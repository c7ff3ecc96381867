//! The book as a whole.

use std::fs;

use crate::fixture::{Book, repository, text};

#[test]
fn the_whole_book_builds() {
    match tutor::book::build(&repository()) {
        Ok(built) => assert!(built.pages > 0),
        Err(problems) => panic!("{problems}"),
    }
}

#[test]
fn misconceptions_are_taught_and_met_where_the_table_says() {
    match tutor::table::differences(&repository()) {
        Ok(differences) => {
            let lines: Vec<_> = differences.iter().map(ToString::to_string).collect();
            assert!(lines.is_empty(), "{}", lines.join("\n"));
        }
        Err(problems) => panic!("{problems}"),
    }
}

#[test]
fn sections_are_numbered_as_in_the_table_of_contents() {
    let book = Book::new();
    let config = tutor::book::config(book.root()).unwrap();
    let loaded = tutor::book::load(book.root(), config).unwrap();
    let sections = tutor::sections(&loaded.book);
    assert_eq!(sections.get("page.md").map(String::as_str), Some("2"));
    let taught = &crate::fixture::misconception().page;
    assert_eq!(sections.get(taught).map(String::as_str), Some("2.1"));
    assert_eq!(sections.get("README.md"), None);
}

#[test]
fn build_writes_the_site_and_replaces_the_one_before() {
    let book = Book::new();
    book.write("target/book/stale.html", "old");
    let (out, err) = text(&book.run(&["build"]));
    assert_eq!(err, "");
    assert!(
        out.starts_with("Built 3 pages in ") && out.ends_with("target/book\n"),
        "{out}"
    );
    assert!(book.read("target/book/index.html").contains("Welcome."));
    assert!(!book.root().join("target/book/stale.html").exists());
    assert_eq!(
        fs::read_dir(book.root().join("target/tutor"))
            .unwrap()
            .count(),
        0
    );
    assert!(!book.read("target/book/index.html").contains("data-server"));
}

#[test]
fn a_failed_build_keeps_the_last_book_and_says_where() {
    let book = Book::with("{{#slice lab99_small:inner");
    book.write("target/book/index.html", "old");
    let output = book.run(&["build"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output),
        (
            String::new(),
            "book/src/page.md:3: a directive must end with two closing braces on the line where it begins\n\
             The book was not built.\n"
                .to_owned()
        )
    );
    assert_eq!(book.read("target/book/index.html"), "old");
}

#[test]
fn links_in_the_site_do_not_depend_on_where_it_is() {
    let book = Book::new();
    assert!(book.run(&["build"]).status.success());
    let mut folders = vec![book.root().join("target/book")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "html") && !path.ends_with("404.html") {
                let html = fs::read_to_string(&path).unwrap();
                for from_root in ["href=\"/", "src=\"/"] {
                    assert!(!html.contains(from_root), "{}: {from_root}", path.display());
                }
            }
        }
    }
}

#[test]
fn a_page_that_is_not_there_is_named_with_its_line() {
    let book = Book::new();
    let summary = book.read("book/src/SUMMARY.md");
    book.write(
        "book/src/SUMMARY.md",
        &format!("{summary}- [Gone](gone.md)\n"),
    );
    assert_eq!(
        book.problems(),
        ["book/src/SUMMARY.md:8: there is no page gone.md"]
    );
    fs::remove_file(book.root().join("book/src/SUMMARY.md")).unwrap();
    assert_eq!(
        book.problems(),
        ["book/src/SUMMARY.md: the table of contents is missing"]
    );
}

#[test]
fn a_fault_in_the_configuration_is_named_with_its_line() {
    let book = Book::new();
    book.write("book.toml", "[book]\ntitle = 'a\n");
    let wrong = book.problems();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].starts_with("book.toml:2: "), "{wrong:?}");
}

#[test]
fn what_mdbook_only_warns_of_is_a_problem_of_the_page() {
    let book = Book::with("<div>\n\nnever closed");
    let wrong = book.problems();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(
        wrong[0].starts_with("book/src/page.md: unclosed HTML tag `<div>`"),
        "{wrong:?}"
    );
    book.page("fine");
    book.write("book/src/README.md", "# Home {#home}\n\n</span>\n");
    let wrong = book.problems();
    assert!(
        wrong[0].starts_with("book/src/README.md: unexpected HTML end tag"),
        "{wrong:?}"
    );
}

#[test]
fn diagrams_are_prepared_in_the_same_build() {
    let html = Book::with("```mermaid\nflowchart LR\n  a --> b\n```").built("page.html");
    assert!(
        html.contains("<pre class=\"mermaid\">flowchart LR\n  a --&gt; b\n</pre>"),
        "{html}"
    );
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_among_the_sources_is_refused() {
    let book = Book::new();
    book.write("secret.txt", "secret");
    let link = book.root().join("book/src/picture.svg");
    std::os::unix::fs::symlink(book.root().join("secret.txt"), link).unwrap();
    assert_eq!(
        book.problems(),
        ["book/src/picture.svg: a symbolic link; the book holds only files of its own"]
    );
}
