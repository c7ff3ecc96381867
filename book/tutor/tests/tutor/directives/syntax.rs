//! What holds for every directive, and for the headings between them.

use super::{built, problems};
use crate::fixture::Book;

#[test]
fn directives_in_code_and_in_comments_stay_as_they_are() {
    let html = built(
        "`{{#slice nothing}}`\n\n```text\n{{#slice nothing}}\n{{#quiz}}\n```\n\n\
         <!-- {{#slice nothing}} -->\n\n    {{#transcript nothing}}\n\n\\{{#title escaped}}",
    );
    assert_eq!(html.matches("{{#slice nothing}}").count(), 3, "{html}");
    assert!(html.contains("<code>{{#transcript nothing}}"), "{html}");
}

#[test]
fn an_unknown_or_unfinished_directive_is_refused() {
    assert_eq!(
        problems(
            "{{#slcie lab99_small}}\n\n{{#slice lab99_small\n\n{{/title}}\n\n{{ #slice lab99_smal }}"
        ),
        [
            "book/src/page.md:3: there is no directive `#slcie`. Did you mean `slice`?",
            "book/src/page.md:5: a directive must end with two closing braces on the line where it begins",
            "book/src/page.md:7: there is no directive `/title`",
            "book/src/page.md:9: there is no file labs/src/bin/lab99_smal.rs. Did you mean `labs/src/bin/lab99_small.rs`?",
        ]
    );
}

#[test]
fn a_directive_with_other_text_on_its_line_is_refused() {
    assert_eq!(
        problems(
            "see {{#slice lab99_small:outer}}\n\n> {{#transcript small_talk}}\n\nend {{#quiz}}"
        ),
        [
            "book/src/page.md:3: the directive `slice` must stand alone on its line",
            "book/src/page.md:5: the directive `transcript` must stand alone on its line",
            "book/src/page.md:7: the directive `quiz` must stand alone on its line",
        ]
    );
}

#[test]
fn mdbooks_own_includes_are_refused() {
    assert_eq!(
        problems("{{#include a.rs:b}}\n\n{{#rustdoc_include a.rs}}\n\n{{#playground a.rs}}"),
        ["include", "rustdoc_include", "playground"]
            .iter()
            .zip([3, 5, 7])
            .map(|(name, line)| format!(
                "book/src/page.md:{line}: use `slice` instead of mdBook's `{name}`, \
                 which shows nothing where an anchor is misspelt"
            ))
            .collect::<Vec<_>>()
    );
}

#[test]
fn every_heading_has_an_id_of_its_own() {
    assert_eq!(
        problems("## Named {#named}\n\n## Nameless\n\nAlso nameless\n---\n\n### Again {#named}"),
        [
            "book/src/page.md:5: a heading needs an id of its own, as in `## Receiving {#receiving}`, \
             which stays the same in every language",
            "book/src/page.md:7: a heading needs an id of its own, as in `## Receiving {#receiving}`, \
             which stays the same in every language",
            "book/src/page.md:10: a heading above has the id `named` already",
        ]
    );
}

#[test]
fn a_block_that_is_not_closed_is_named_where_it_begins() {
    assert_eq!(
        problems("{{#quiz}}\n\n1. a"),
        ["book/src/page.md:3: `quiz` begins here and is never closed"]
    );
    assert_eq!(
        problems("{{/quiz}}"),
        ["book/src/page.md:3: `/quiz` closes a block that was not begun"]
    );
    assert_eq!(
        problems("{{#quiz}}\n\n{{#exercise a}}\n\n{{/exercise}}"),
        [
            "book/src/page.md:3: `quiz` begins here and is never closed",
            "book/src/page.md:5: `exercise` begins inside the block that begins in line 3",
            "book/src/page.md:7: `/exercise` closes a block that was not begun",
        ]
    );
}

#[test]
fn nothing_follows_the_name_where_nothing_belongs() {
    assert_eq!(
        problems("{{#quiz 1}}\n\n{{/exercise here}}"),
        [
            "book/src/page.md:3: nothing may follow the name in the directive `quiz`",
            "book/src/page.md:5: nothing may follow the name in the directive `exercise`",
        ]
    );
}

#[test]
fn all_problems_of_all_pages_are_reported_in_the_books_order() {
    let book = Book::with("{{#slice a}}\n\n{{#transcript b}}");
    book.write("book/src/README.md", "# Home\n");
    let wrong = book.problems();
    assert_eq!(wrong.len(), 3, "{wrong:?}");
    assert!(wrong[0].starts_with("book/src/README.md:1: "), "{wrong:?}");
    assert!(wrong[1].starts_with("book/src/page.md:3: "), "{wrong:?}");
    assert!(wrong[2].starts_with("book/src/page.md:5: "), "{wrong:?}");
}
