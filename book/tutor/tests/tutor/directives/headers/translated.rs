//! Headers between the two stages, where a translation changes their words.

use mdbook_driver::MDBook;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use super::{UDP, block};
use crate::fixture::Book;

/// What a page is between the two stages, and what it becomes when that is
/// changed as a translation would change it.
fn translated(book: &Book, change: impl Fn(&str) -> String) -> (String, Result<String, String>) {
    let config = tutor::book::config(book.root()).unwrap();
    let context = PreprocessorContext::new(book.root().to_path_buf(), config, "html".to_owned());
    let pages = MDBook::load(book.root()).unwrap().book;
    let mut pages = tutor::Directives.run(&context, pages).unwrap();
    let mut between = String::new();
    pages.for_each_chapter_mut(|chapter| {
        if chapter.name == "Page" {
            between = chapter.content.clone();
            chapter.content = change(&between);
        }
    });
    let after = tutor::Boxes.run(&context, pages).map(|pages| {
        let page = pages.chapters().find(|chapter| chapter.name == "Page");
        page.unwrap().content.clone()
    });
    (between, after.map_err(|problems| problems.to_string()))
}

#[test]
fn a_header_can_be_translated_between_the_two_stages() {
    let book = Book::with(&block("UDP 16", &UDP));
    let (between, after) = translated(&book, |text| {
        text.replace("length", "长度").replace("Field", "字段")
    });
    let table = UDP.join("\n");
    assert_eq!(
        between,
        format!(
            "# Page {{#page}}\n\n\n<!-- i18n:skip -->\n\n{{{{#header UDP 16}}}}\n\n\n\
             | Field | Bits | Value | Meaning |\n|---|---|---|---|\n{table}\n\nThe caption.\n\n\n\
             <!-- i18n:skip -->\n\n{{{{/header}}}}\n\n\n"
        )
    );
    let page = after.unwrap();
    for words in [
        ">长度</text>",
        "data: 长度 − 8 bytes</text>",
        "Row 3: 长度, 00 0d.",
        "<th scope=\"col\">字段</th>",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("{{") && !page.contains("i18n"), "{page}");
    // An empty line would end the HTML, and the rest would be Markdown.
    let (_, html) = page.split_once("<figure").unwrap();
    let (html, _) = html.split_once("</details>").unwrap();
    assert!(!html.contains("\n\n"), "{html}");
}

#[test]
fn a_header_that_lost_its_shape_on_the_way_is_reported_with_its_page() {
    let book = Book::with(&block("UDP", &UDP));
    let (_, after) = translated(&book, |text| text.replace("| 16 |", "| 十六 |"));
    let line = "book/src/page.md: the bits of a field are a number from 1 to 512, \
                or `…` where the length differs, not `十六`";
    assert_eq!(after.unwrap_err(), [line; 4].join("\n"));
}
