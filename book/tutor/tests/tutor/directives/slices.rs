//! What a slice becomes, and what is said when it cannot.

use super::{built, problems};
use crate::fixture::Book;

#[test]
fn a_slice_shows_the_part_of_the_file_without_its_marks() {
    let html = built("{{#slice lab99_small:outer}}");
    assert_eq!(
        html,
        "<h1 id=\"page\"><a class=\"header\" href=\"#page\">Page</a></h1>\n\
         <figure class=\"slice\"><figcaption>labs/src/bin/lab99_small.rs</figcaption>\n\
         <pre><code class=\"language-rust\">fn outer() {\n    if true {\n        inner();\n    }\n}</code></pre>\n\
         </figure>"
    );
}

#[test]
fn a_slice_loses_the_indentation_that_its_lines_share() {
    let html = built("{{#slice lab99_small:inner}}");
    assert!(
        html.contains("\">if true {\n    inner();\n}</code>"),
        "{html}"
    );
}

#[test]
fn a_slice_of_a_path_takes_its_language_from_the_ending() {
    let html = built("{{#slice labs/python/small.py:all}}");
    assert!(
        html.contains("<figcaption>labs/python/small.py</figcaption>"),
        "{html}"
    );
    assert!(
        html.contains("<code class=\"language-python\">print('&lt;&amp;&gt;')"),
        "{html}"
    );
}

#[test]
fn a_slice_without_an_anchor_is_the_whole_file_without_marks() {
    let html = built("{{#slice labs/python/small.py}}");
    assert!(html.contains("print("), "{html}");
    assert!(!html.contains("ANCHOR"), "{html}");
}

#[test]
fn a_slice_in_a_list_stays_in_its_item() {
    let html = built("- one\n\n  {{#slice lab99_small:inner}}\n\n- two");
    let (item, _) = html.split_once("</li>").unwrap();
    assert!(item.contains("<figure class=\"slice\">"), "{html}");
    assert!(item.contains("if true {\n    inner();\n}"), "{html}");
}

#[test]
fn a_slice_with_backquotes_gets_a_longer_fence() {
    let book = Book::with("{{#slice labs/a.md}}");
    book.write("labs/a.md", "```\nx\n```\n");
    let html = book.built("page.html");
    assert!(html.contains("```\nx\n```"), "{html}");
}

#[test]
fn a_misspelt_lab_is_named_with_the_one_that_is_meant() {
    let wrong = problems("{{#slice lab99_smal:outer}}");
    assert_eq!(
        wrong,
        [
            "book/src/page.md:3: there is no file labs/src/bin/lab99_smal.rs. \
          Did you mean `labs/src/bin/lab99_small.rs`?"
        ]
    );
}

#[test]
fn a_misspelt_anchor_is_named_with_those_that_are_there() {
    let wrong = problems("text\n\n{{#slice lab99_small:ouetr}}");
    assert_eq!(
        wrong,
        [
            "book/src/page.md:5: no anchor `ouetr` in labs/src/bin/lab99_small.rs \
          (it has: outer, inner, open, twice, twice). Did you mean `outer`?"
        ]
    );
}

#[test]
fn an_anchor_that_never_ends_is_named_with_its_line() {
    assert_eq!(
        problems("{{#slice lab99_small:open}}"),
        [
            "book/src/page.md:3: the anchor `open` begins in line 11 of \
          labs/src/bin/lab99_small.rs and never ends"
        ]
    );
}

#[test]
fn an_anchor_that_begins_twice_is_refused() {
    assert_eq!(
        problems("{{#slice lab99_small:twice}}"),
        [
            "book/src/page.md:3: the anchor `twice` of labs/src/bin/lab99_small.rs \
          begins a second time in line 15"
        ]
    );
}

#[test]
fn a_slice_stays_inside_the_repository_and_out_of_the_answers() {
    assert_eq!(
        problems(
            "{{#slice ../secret.txt}}\n\n{{#slice /etc/passwd}}\n\n{{#slice labs/exercises/a.rs}}\n\n{{#slice}}"
        ),
        [
            "book/src/page.md:3: ../secret.txt is not a path from the repository's root",
            "book/src/page.md:5: /etc/passwd is not a path from the repository's root",
            "book/src/page.md:7: labs/exercises/a.rs belongs to the reader, who will change it",
            "book/src/page.md:9: a slice of which file? `slice FILE:ANCHOR`",
        ]
    );
}

#[test]
fn an_empty_slice_is_refused() {
    let book = Book::with("{{#slice labs/empty.rs:a}}");
    book.write("labs/empty.rs", "// ANCHOR: a\n\n// ANCHOR_END: a\n");
    assert_eq!(
        book.problems(),
        ["book/src/page.md:3: this slice of labs/empty.rs is empty"]
    );
}
