//! Charts between the two stages, where a translation changes their words.

use super::super::translated;
use super::{BULK, block, book};

#[test]
fn a_chart_can_be_translated_between_the_two_stages() {
    let book = book(&block("speed:bulk", &BULK));
    let (between, after) = translated(&book, |text| {
        text.replace("a bare loop", "最简单的循环")
            .replace("Server", "服务器")
            .replace("MiB/s", "每秒 MiB")
    });
    assert_eq!(
        between,
        format!(
            "# Page {{#page}}\n\n\n<!-- i18n:skip -->\n\n{{{{#chart speed:bulk}}}}\n\n\n\
             | Server | MiB/s |\n|---|---|\n{}\n\nThe *caption*.\n\n\n\
             <!-- i18n:skip -->\n\n{{{{/chart}}}}\n\n\n",
            BULK.join("\n")
        )
    );
    let page = after.unwrap();
    for words in [
        ">最简单的循环</text>",
        "最简单的循环: 1,000.",
        "<th scope=\"col\">服务器</th><th scope=\"col\">每秒 MiB</th>",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // An empty line would end the HTML, and the rest would be Markdown.
    let (_, html) = page.split_once("<figure").unwrap();
    let (html, _) = html.split_once("</details>").unwrap();
    assert!(!html.contains("\n\n"), "{html}");
}

#[test]
fn a_chart_that_lost_a_series_on_the_way_is_reported_with_its_page() {
    let book = book(&block("speed:bulk", &BULK));
    let (_, after) = translated(&book, |text| text.replace("`lab` |", "`实验` |"));
    assert_eq!(
        after.unwrap_err(),
        "book/src/page.md: the table book/recorded/speed.csv has no series `实验` in its part `bulk`"
    );
}
