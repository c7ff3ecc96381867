//! Headers between the two stages, where a translation changes their words.

use super::super::translated;
use super::{UDP, block};
use crate::fixture::Book;

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
