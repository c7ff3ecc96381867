//! What is said of a header that cannot be drawn.

use super::super::problems;
use super::block;

/// The problems of a header with these rows, without the file's name.
fn wrong(rows: &[&str]) -> Vec<String> {
    wrong_block(&block("x", rows))
}

fn wrong_block(text: &str) -> Vec<String> {
    let problems = problems(text);
    let short = |line: &String| line.strip_prefix("book/src/page.md:").unwrap().to_owned();
    problems.iter().map(short).collect()
}

#[test]
fn bits_are_a_number_or_dots() {
    for bits in [
        "sixteen",
        "0",
        "-4",
        "1.5",
        "+8",
        "513",
        "99999999999999999999",
        "",
    ] {
        let row = format!("| b | {bits} | | a |");
        assert_eq!(
            wrong(&["| a | 32 | | a |", &row]),
            [format!(
                "8: the bits of a field are a number from 1 to 512, or `…` where the length differs, \
                 not `{bits}`"
            )]
        );
    }
    assert_eq!(wrong(&["| a | 512 | | a |", "| b | `32` | | a |"]), [""; 0]);
}

#[test]
fn the_fields_fill_their_rows() {
    assert_eq!(
        wrong(&["| a | 32 | | a |", "| b | 12 | | a |", "| c | … | | a |"]),
        ["8: the fields have 44 bits together, which do not fill rows of 32"]
    );
    assert_eq!(
        wrong_block(&block("x 24", &["| a | 32 | | a |"])),
        ["7: the fields have 32 bits together, which do not fill rows of 24"]
    );
}

#[test]
fn every_row_has_four_cells() {
    let say = |line, count| {
        format!(
            "{line}: every row of a header has 4 cells, for field, bits, value and meaning; \
             this one has {count}"
        )
    };
    assert_eq!(
        wrong(&[
            "| a | 16 | a |",
            "| b | 16 | `1|0` | b | c |",
            "| d | 32 | | a \\| b |"
        ]),
        [say(7, 3), say(8, 6)]
    );
    let three = "{{#header x}}\n\n| Field | Bits | Meaning |\n|---|---|---|\n| a | 32 | a |\n\nb\n\n{{/header}}";
    assert_eq!(wrong_block(three), [say(5, 3), say(7, 3)]);
    // Without bars at the ends, as Markdown allows.
    assert_eq!(wrong(&["a | 32 | | a"]), [""; 0]);
}

#[test]
fn field_and_meaning_are_never_empty() {
    assert_eq!(
        wrong(&["| | 16 | | a |", "| b | 16 | `00 01` | |"]),
        [
            "7: nothing stands under `Field` in this row",
            "8: nothing stands under `Meaning` in this row",
        ]
    );
}

#[test]
fn a_header_has_one_caption() {
    let whole = block("x", &["| a | 32 | | a |"]);
    assert_eq!(
        wrong_block(&whole.replace("The caption.\n", "")),
        ["3: this header has no caption, which is a paragraph below its table"]
    );
    assert_eq!(
        wrong_block(&whole.replace("The caption.\n", "One.\n\nTwo.\n\nThree.\n")),
        ["11: this header has a caption already"]
    );
}

#[test]
fn a_header_holds_a_table_and_nothing_else() {
    let whole = block("x", &["| a | 32 | | a |"]);
    let only = "a header holds one table, one paragraph below it, and nothing else";
    for other in ["- a list", "***", "<div></div>", "| a |\n|---|\n| b |"] {
        assert_eq!(
            wrong_block(&whole.replace("The caption.\n", &format!("Caption.\n\n{other}\n"))),
            [format!("11: {only}")]
        );
    }
    assert_eq!(
        wrong_block("{{#header x}}\n\nCaption.\n\n{{/header}}"),
        ["3: this header has no table"]
    );
    assert_eq!(
        wrong_block(
            "{{#header x}}\n\nCaption.\n\n| a | b | c | d |\n|---|---|---|---|\n| a | 32 | | d |\n\n{{/header}}"
        ),
        [format!("5: {only}")]
    );
    for rows in [&[][..], &["| data | … | | a |"][..]] {
        assert_eq!(wrong(rows), ["3: this header has no field of so many bits"]);
    }
}

#[test]
fn nothing_fixed_follows_what_has_any_length() {
    assert_eq!(
        wrong(&[
            "| a | 32 | | a |",
            "| data | … | | a |",
            "| check | 32 | | a |"
        ]),
        ["9: `check` stands after `data`, whose length differs: nobody knows where it begins"]
    );
}

#[test]
fn a_value_fits_its_field() {
    assert_eq!(
        wrong(&["| a | 16 | `c3 50 22` | a |", "| b | 16 | `00 01` | a |"]),
        ["7: the value `c3 50 22` has 3 bytes, its field has 16 bits"]
    );
    assert_eq!(
        wrong(&["| a | 3 | `0x4000` | a |", "| b | 29 | | a |"]),
        ["7: the value `0x4000` is longer than its field is wide"]
    );
}

#[test]
fn a_header_has_a_name_and_perhaps_the_bits_of_a_row() {
    let of = |arguments: &str| wrong_block(&block(arguments, &["| a | 96 | | a |"]));
    for name in ["", "a/b", "größe"] {
        assert_eq!(
            of(name),
            ["3: a header needs a name of letters, digits and hyphens, as in `header IPv4`"]
        );
    }
    for bits in ["0", "12", "64", "wide", "032"] {
        assert_eq!(
            of(&format!("x {bits}")),
            [format!(
                "3: a row of a header has 8, 16, 24 or 32 bits, not `{bits}`"
            )]
        );
    }
    assert_eq!(
        of("x 16 open"),
        ["3: a header has a name and perhaps the bits of a row, and no `open`"]
    );
    for arguments in ["x", "x  8", "x 16", "x 24", "x 32"] {
        assert_eq!(of(arguments), [""; 0]);
    }
}

#[test]
fn a_name_stands_on_a_page_once() {
    let text = |name: &str| block(name, &["| a | 32 | | a |"]);
    assert_eq!(
        wrong_block(&format!("{}\n{}", text("UDP"), text("udp"))),
        ["13: a header above has the name `udp` already"]
    );
}

#[test]
fn a_header_is_not_part_of_another_block() {
    assert_eq!(
        wrong_block("{{#quiz}}\n\n{{#header x}}\n\n{{/header}}\n\n{{/header y}}"),
        [
            "3: `quiz` begins here and is never closed",
            "5: `header` begins inside the block that begins in line 3",
            "7: `/header` closes a block that was not begun",
            "9: nothing may follow the name in the directive `header`",
        ]
    );
}
