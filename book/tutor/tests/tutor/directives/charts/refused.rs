//! What is said of a chart that cannot be drawn.

use super::{BULK, SPEED, block, book};

/// The problems of a page, without the file's name.
fn wrong(text: &str) -> Vec<String> {
    wrong_with(text, SPEED)
}

/// The same with other numbers.
fn wrong_with(text: &str, numbers: &str) -> Vec<String> {
    let book = book(text);
    book.write("book/recorded/speed.csv", numbers);
    let problems = book.problems();
    let short = |line: &String| line.strip_prefix("book/src/page.md:").unwrap().to_owned();
    problems.iter().map(short).collect()
}

/// The one problem of a chart with these numbers.
fn wrong_numbers(numbers: &str) -> String {
    let mut problems = wrong_with(&block("speed:bulk", &BULK), numbers);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

#[test]
fn a_chart_names_a_part_of_a_table() {
    for argument in [
        "",
        "speed",
        "speed:",
        ":bulk",
        "speed:bulk:x",
        "../speed:bulk",
        "speed bulk",
    ] {
        assert_eq!(
            wrong(&block(argument, &BULK)),
            [format!(
                "3: a chart shows a part of a table in book/recorded, as in `chart bench:bulk`, not `{argument}`"
            )]
        );
    }
    assert_eq!(
        wrong(&block("sped:bulk", &BULK)),
        ["3: there is no table `sped` (book/recorded/sped.csv). Did you mean `speed`?"]
    );
    assert_eq!(
        wrong(&block("speed:bulks", &BULK)),
        ["3: the table book/recorded/speed.csv has no part `bulks`. Did you mean `bulk`?"]
    );
}

#[test]
fn a_row_names_a_series() {
    assert_eq!(
        wrong(&block(
            "speed:bulk",
            &["| a | `bare` |", "| b | `labs` |", "| | `lab` |", "| c | |"]
        )),
        [
            "8: the table book/recorded/speed.csv has no series `labs` in its part `bulk`. Did you mean `lab`?",
            "9: nothing stands under `Server` in this row",
            "10: the table book/recorded/speed.csv has no series `` in its part `bulk`",
        ]
    );
    // It is in the table, but in another part.
    assert_eq!(
        wrong(&block("speed:bulk", &["| a | a, b |"])),
        ["7: the table book/recorded/speed.csv has no series `a, b` in its part `bulk`"]
    );
}

#[test]
fn a_chart_holds_a_table_and_one_caption() {
    let whole = block("speed:bulk", &BULK);
    assert_eq!(
        wrong(&whole.replace("The *caption*.\n", "")),
        ["3: this chart has no caption, which is a paragraph below its table"]
    );
    assert_eq!(
        wrong(&whole.replace("The *caption*.\n", "One.\n\nTwo.\n")),
        ["12: this chart has a caption already"]
    );
    assert_eq!(
        wrong(&whole.replace("The *caption*.\n", "One.\n\n- a list\n")),
        ["12: a chart holds one table, one paragraph below it, and nothing else"]
    );
    assert_eq!(
        wrong("{{#chart speed:bulk}}\n\nOne.\n\n{{/chart}}"),
        ["3: this chart has no table"]
    );
    assert_eq!(
        wrong(&block("speed:bulk", &[])),
        ["3: this chart has no series"]
    );
    assert_eq!(
        wrong(&block("speed:bulk", &["| a | `bare` | 7 |"])),
        ["7: every row of a chart has 2 cells, for the name and the series; this one has 3"]
    );
}

#[test]
fn a_chart_is_on_its_page_once_and_alone_on_its_line() {
    let whole = block("speed:bulk", &BULK);
    assert_eq!(
        wrong(&format!("{whole}\n{whole}")),
        ["14: the chart `speed:bulk` is on this page already"]
    );
    assert_eq!(
        wrong(&format!("See {}", block("speed:bulk", &BULK)))[0],
        "3: the directive `chart` must stand alone on its line"
    );
    assert_eq!(
        wrong("{{#chart speed:bulk}}"),
        ["3: `chart` begins here and is never closed"]
    );
    assert_eq!(
        wrong("{{#charts speed:bulk}}"),
        ["3: there is no directive `#charts`. Did you mean `chart`?"]
    );
}

#[test]
fn numbers_say_how_they_came_to_be() {
    for key in ["command", "system", "date", "script"] {
        let numbers = SPEED.replace(&format!("# {key}:"), "# other:");
        assert_eq!(
            wrong_numbers(&numbers),
            format!("3: the recording book/recorded/speed.csv does not say its `{key}`")
        );
    }
    assert_eq!(
        wrong_numbers(&SPEED.replace("record-wire", "no-such")),
        "3: the recording book/recorded/speed.csv names a script that is not there: scripts/no-such"
    );
}

#[test]
fn numbers_have_their_columns() {
    for column in ["part", "series", "value"] {
        let numbers = SPEED.replace(&format!("{column},"), "other,");
        assert_eq!(
            wrong_numbers(&numbers),
            format!("3: the table book/recorded/speed.csv has no column `{column}`")
        );
    }
    let short = format!("{SPEED}bulk,lab,4\n");
    assert!(
        wrong_numbers(&short).starts_with("3: the table book/recorded/speed.csv cannot be read: "),
        "{short}"
    );
}

#[test]
fn numbers_are_numbers() {
    for value in ["", "fast", "-1", "inf", "NaN", "1 000"] {
        assert_eq!(
            wrong_numbers(
                &SPEED
                    .replace("1,990", &format!("1,{value}"))
                    .replace("3,990", &format!("3,{value}"))
            ),
            format!(
                "3: line 10 of book/recorded/speed.csv has no number of 0 or more under `value`, but `{value}`"
            )
        );
    }
}
