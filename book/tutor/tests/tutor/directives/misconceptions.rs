//! The box of a misconception, and the links to it.

use super::problems;
use crate::fixture::{Book, misconception};

#[test]
fn a_misconception_becomes_a_box_that_links_lead_to() {
    let entry = misconception();
    let id = &entry.id;
    let book = Book::with(&format!("As in {{{{#met {id}}}}}, and {{{{#met {id}}}}}."));
    let page = book.built(&entry.page.replace(".md", ".html"));
    assert!(
        page.contains(&format!(
            "<aside class=\"misconception\" id=\"m-{id}\" aria-label="
        )),
        "{page}"
    );
    assert!(
        page.contains("<span class=\"label\">Believed</span>"),
        "{page}"
    );
    let link = format!(
        "<a href=\"{}#m-{id}\">{id}</a>",
        entry.page.replace(".md", ".html")
    );
    let page = book.built("page.html");
    assert!(
        page.contains(&format!("<p>As in {link}, and {link}.</p>")),
        "{page}"
    );
}

#[test]
fn a_link_to_a_box_is_relative_to_its_page() {
    let entry = misconception();
    let id = &entry.id;
    let book = Book::new();
    let sister = format!("{}/sister.md", entry.page.rsplit_once('/').unwrap().0);
    let summary = book.read("book/src/SUMMARY.md");
    book.write(
        "book/src/SUMMARY.md",
        &format!("{summary}- [Sister]({sister})\n- [Far](far/far/away.md)\n"),
    );
    book.write(
        &format!("book/src/{sister}"),
        &format!("# S {{#s}}\n\n{{{{#met {id}}}}}\n"),
    );
    book.write(
        "book/src/far/far/away.md",
        &format!("# F {{#f}}\n\n{{{{#met {id}}}}}\n"),
    );
    let file = entry.page.replace(".md", ".html");
    let html = book.built(&sister.replace(".md", ".html"));
    let name = file.rsplit_once('/').unwrap().1;
    assert!(html.contains(&format!("href=\"{name}#m-{id}\"")), "{html}");
    let html = book.built("far/far/away.html");
    assert!(
        html.contains(&format!("href=\"../../{file}#m-{id}\"")),
        "{html}"
    );
}

#[test]
fn an_unknown_misconception_or_one_on_another_page_is_refused() {
    let entry = misconception();
    let (id, page) = (&entry.id, &entry.page);
    let wrong = problems(&format!(
        "{{{{#misconception {id}}}}}\n\nSee {{{{#met {id}x}}}}."
    ));
    assert_eq!(
        wrong,
        [
            format!(
                "book/src/page.md:3: the box of `{id}` belongs on {page}, as \
                 labs/graders/misconceptions.toml says, not on page.md"
            ),
            format!("book/src/page.md:5: there is no misconception `{id}x`. Did you mean `{id}`?"),
        ]
    );
}

#[test]
fn a_link_to_a_misconception_without_a_box_is_refused() {
    let entry = misconception();
    let book = Book::with(&format!("See {{{{#met {}}}}}.", entry.id));
    book.write(&format!("book/src/{}", entry.page), "# Taught {#taught}\n");
    assert_eq!(
        book.problems(),
        [format!(
            "book/src/page.md:3: `{}` has no box to link to; it belongs on {}",
            entry.id, entry.page
        )]
    );
}
