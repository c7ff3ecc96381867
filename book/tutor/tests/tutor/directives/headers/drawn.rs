//! How a header is drawn, described and written as a table.

use super::super::built;
use super::{UDP, block};
use crate::fixture::{Book, misconception};

/// What the elements with this beginning hold.
fn all<'a>(html: &'a str, beginning: &str, end: &str) -> Vec<&'a str> {
    let parts = html.split(beginning).skip(1);
    parts.map(|part| part.split_once(end).unwrap().0).collect()
}

/// The outlines of the fields.
fn outlines(html: &str) -> Vec<&str> {
    all(html, "<path class=\"field\" d=\"", "\"")
}

/// What is written in the drawing, from the top.
fn texts(html: &str) -> Vec<&str> {
    let texts = all(html, "<text ", "</text>");
    texts
        .iter()
        .map(|text| text.split_once('>').unwrap().1)
        .collect()
}

fn description(html: &str) -> &str {
    let (_, rest) = html.split_once("-desc\">").unwrap();
    rest.split_once("</desc>").unwrap().0
}

#[test]
fn a_header_is_a_drawing_with_a_caption_and_its_table() {
    let html = built(&block("UDP", &UDP));
    let (_, html) = html.split_once("</h1>\n").unwrap();
    let ticks: String = (0..=32)
        .map(|bit| {
            let (y, length) = if bit % 8 == 0 { (23, 9) } else { (27, 5) };
            format!("M{} {y}v{length}", 4 + 11 * bit)
        })
        .collect();
    assert_eq!(
        html,
        format!(
            "<figure class=\"picture header\">\n\
             <svg role=\"img\" aria-labelledby=\"page-udp-title page-udp-desc\" viewbox=\"0 0 360 184\">\n\
             <title id=\"page-udp-title\">The UDP header, to scale</title>\n\
             <desc id=\"page-udp-desc\">A ruler of bits, from 0 to 31, above rows of 4 bytes. \
             Row 1, bits 0 to 15: source port, c3 50. Row 1, bits 16 to 31: destination port, 22 b8. \
             Row 2, bits 0 to 15: length, 00 0d. Row 2, bits 16 to 31: checksum, 51 f5. \
             Then, of a length that differs: data.</desc>\n\
             <path class=\"ruler\" d=\"M4 32h352{ticks}\" />\n\
             <text class=\"soft\" x=\"9.5\" y=\"19\">0</text>\n\
             <text class=\"soft\" x=\"97.5\" y=\"19\">8</text>\n\
             <text class=\"soft\" x=\"185.5\" y=\"19\">16</text>\n\
             <text class=\"soft\" x=\"273.5\" y=\"19\">24</text>\n\
             <text class=\"soft\" x=\"350.5\" y=\"19\">31</text>\n\
             <path class=\"field\" d=\"M4 38H180V84H4z\" />\n\
             <path class=\"field\" d=\"M180 38H356V84H180z\" />\n\
             <path class=\"field\" d=\"M4 84H180V130H4z\" />\n\
             <path class=\"field\" d=\"M180 84H356V130H180z\" />\n\
             <path class=\"field any data\" d=\"M4 130H356V160H4z\" />\n\
             <text x=\"92\" y=\"56.2\">source port</text>\n\
             <text x=\"92\" y=\"73.7\" class=\"value\">c3 50</text>\n\
             <text x=\"268\" y=\"56.2\">destination port</text>\n\
             <text x=\"268\" y=\"73.7\" class=\"value\">22 b8</text>\n\
             <text x=\"92\" y=\"102.2\">length</text>\n\
             <text x=\"92\" y=\"119.7\" class=\"value\">00 0d</text>\n\
             <text x=\"268\" y=\"102.2\">checksum</text>\n\
             <text x=\"268\" y=\"119.7\" class=\"value\">51 f5</text>\n\
             <text x=\"180\" y=\"149.7\">data: length − 8 bytes</text>\n\
             <text class=\"soft\" x=\"180\" y=\"178\">bits; a row is 4 bytes</text>\n\
             </svg>\n\
             <figcaption>The caption.</figcaption>\n\
             </figure>\n\
             <details class=\"fields\" open=\"\">\n<summary>Field by field</summary>\n\
             <div class=\"table-wrapper\">\n<table>\n<thead>\n\
             <tr><th scope=\"col\">Field</th><th scope=\"col\">Bits</th><th scope=\"col\">Byte</th>\
             <th scope=\"col\">Value</th><th scope=\"col\">Meaning</th></tr>\n</thead>\n\n<tbody>\n\
             <tr><th scope=\"row\">source port</th><td>16</td><td>0–1</td><td><code>c3 50</code></td><td>50000</td></tr>\n\n\
             <tr><th scope=\"row\">destination port</th><td>16</td><td>2–3</td><td><code>22 b8</code></td><td>8888</td></tr>\n\n\
             <tr><th scope=\"row\">length</th><td>16</td><td>4–5</td><td><code>00 0d</code></td><td>13</td></tr>\n\n\
             <tr><th scope=\"row\">checksum</th><td>16</td><td>6–7</td><td><code>51 f5</code></td>\
             <td>a <a href=\"page.html\">sum</a></td></tr>\n\n\
             <tr><th scope=\"row\">data</th><td>…</td><td>from 8</td><td></td><td>length − 8 bytes</td></tr>\n\n\
             </tbody>\n\n</table>\n</div>\n\n</details>"
        )
    );
}

#[test]
fn a_field_is_as_wide_as_its_bits_are_many() {
    let html = built(&block(
        "IPv4",
        &[
            "| version | 4 | `4` | a |",
            "| IHL | 4 | `5` | a |",
            "| DSCP | 6 | `000000` | a |",
            "| ECN | 2 | `00` | a |",
            "| total length | 16 | `00 21` | a |",
        ],
    ));
    let lefts = [(4, 48), (48, 92), (92, 158), (158, 180), (180, 356)];
    assert_eq!(
        outlines(&html),
        lefts.map(|(left, right)| format!("M{left} 38H{right}V118H{left}z"))
    );
    let bytes = [
        "4</td><td>0",
        "4</td><td>0",
        "6</td><td>1",
        "2</td><td>1",
        "16</td><td>2–3",
    ];
    for (cells, bytes) in all(&html, "<tr><th scope=\"row\">", "</tr>")
        .iter()
        .zip(bytes)
    {
        assert!(cells.contains(&format!("<td>{bytes}</td>")), "{cells}");
    }
}

#[test]
fn a_label_that_is_wider_than_its_field_is_turned() {
    let html = built(&block(
        "narrow",
        &[
            "| version | 4 | | a |",
            "| data offset | 4 | | a |",
            "| payload len | 7 | | a |",
            "| wide enough | 17 | | a |",
        ],
    ));
    assert_eq!(html.matches("rotate(-90)").count(), 3, "{html}");
    // In two lines where they are beside each other.
    assert_eq!(
        texts(&html)[5..],
        [
            "version",
            "data",
            "offset",
            "payload",
            "len",
            "wide enough",
            "bits; a row is 4 bytes"
        ]
    );
}

#[test]
fn a_short_label_of_one_bit_stands_letter_below_letter() {
    let flags = ["CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"];
    let mut rows = flags
        .map(|flag| format!("| {flag} | 1 | `0` | a |"))
        .to_vec();
    rows.push("| window | 24 | `1` | a |".to_owned());
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    let html = built(&block("TCP-flags", &rows));
    let letters = all(&html, "class=\"letter\">", "<").concat();
    assert_eq!(letters, flags.concat());
    assert!(!html.contains("rotate"), "{html}");
    assert!(
        html.contains("Row 1, bit 3: ACK, 0. Row 1, bit 4: PSH, 0."),
        "{html}"
    );
}

#[test]
fn a_field_of_several_whole_rows_is_one_box_with_a_mark_at_each() {
    let html = built(&block(
        "Ethernet 16",
        &[
            "| destination | 48 | `02 00 00 00 00 01` | a |",
            "| type | 16 | `08 00` | a |",
        ],
    ));
    assert_eq!(outlines(&html), ["M4 38H356V128H4z", "M4 128H356V174H4z"]);
    assert_eq!(
        all(&html, "<path class=\"mark\" d=\"", "\""),
        ["M4 68h5M356 68h-5M4 98h5M356 98h-5"]
    );
    assert!(description(&html).starts_with(
        "A ruler of bits, from 0 to 15, above rows of 2 bytes. \
         Rows 1 to 3: destination, 02 00 00 00 00 01. Row 4: type, 08 00."
    ));
    assert_eq!(texts(&html)[..5], ["0", "4", "8", "12", "15"]);
}

#[test]
fn a_field_that_is_split_over_the_end_of_a_row_is_drawn_with_steps() {
    let html = built(&block(
        "split",
        &[
            "| destination | 48 | | a |",
            "| source | 48 | | a |",
            "| small | 5 | | a |",
            "| long | 80 | | a |",
            "| rest | 11 | | a |",
        ],
    ));
    assert_eq!(
        outlines(&html),
        [
            "M4 38H356V68H180V98H4z",
            "M180 68H356V128H4V98H180z",
            "M4 128H59V158H4z",
            "M59 128H356V188H235V218H4V158H59z",
            "M235 188H356V218H235z",
        ]
    );
    // A mark stands only where both rows have the same edge.
    assert_eq!(
        all(&html, "<path class=\"mark\" d=\"", "\""),
        ["M4 68h5", "M356 98h-5", "M356 158h-5M4 188h5"]
    );
    assert!(
        description(&html).ends_with(
            "From row 1, bit 0, to row 2, bit 15: destination. \
             From row 2, bit 16, to row 3, bit 31: source. Row 4, bits 0 to 4: small. \
             From row 4, bit 5, to row 6, bit 20: long. Row 6, bits 21 to 31: rest."
        ),
        "{html}"
    );
}

#[test]
fn parts_of_a_field_that_do_not_touch_are_open_where_it_goes_on() {
    let html = built(&block(
        "apart",
        &[
            "| first | 28 | | a |",
            "| split | 12 | `abc` | a |",
            "| last | 24 | | a |",
        ],
    ));
    assert_eq!(
        outlines(&html),
        [
            "M4 38H312V84H4z",
            "M356 38H312V84H356",
            "M4 84H92V130H4",
            "M92 84H356V130H92z"
        ]
    );
    assert_eq!(texts(&html)[6..10], ["split", "…", "… split", "abc"]);
    assert!(
        html.contains("From row 1, bit 28, to row 2, bit 7: split, abc."),
        "{html}"
    );
}

#[test]
fn what_has_no_fixed_length_is_dashed_and_the_last_of_it_is_data() {
    let html = built(&block(
        "options 16",
        &[
            "| type | 16 | | a |",
            "| options | … | | as many as the sender wants, and no more than forty bytes of them |",
            "| data | ... | | the rest |",
        ],
    ));
    assert_eq!(all(&html, "<path class=\"field any", "\" d"), ["", " data"]);
    let texts = texts(&html);
    assert!(texts.contains(&"options"), "{texts:?}"); // no room for its meaning
    assert!(texts.contains(&"data: the rest"), "{texts:?}");
    assert!(html.contains("<td>…</td><td>from 2</td>"), "{html}");
    assert!(
        html.contains("<th scope=\"row\">data</th><td>…</td><td>…</td>"),
        "{html}"
    );
}

#[test]
fn without_values_there_is_no_column_for_them() {
    let html = built(&block("bare 8", &["| type | 8 | | a |"]));
    assert!(!html.contains("Value"), "{html}");
    assert!(html.contains("above rows of one byte."), "{html}");
}

#[test]
fn what_is_written_in_a_header_is_escaped() {
    let html = built(&block(
        "odd",
        &["| `<b>` & \"c\" \\| d | 32 | `<\"&` | *a* `<i>` |"],
    ));
    assert!(
        description(&html).contains("Row 1: &lt;b&gt; &amp; “c” | d, &lt;\"&amp;."),
        "{html}"
    );
    assert!(html.contains(">&lt;b&gt; &amp; “c” | d</text>"), "{html}");
    assert!(
        html.contains("<td><em>a</em> <code>&lt;i&gt;</code></td>"),
        "{html}"
    );
}

#[test]
fn a_header_in_a_list_stays_in_its_item() {
    let indented: String = block("UDP", &UDP)
        .lines()
        .map(|line| format!("  {line}\n"))
        .collect();
    let html = built(&format!("- one\n\n{indented}\n- two"));
    let (item, _) = html.split_once("</li>").unwrap();
    assert!(item.contains("<figure class=\"picture header\">"), "{html}");
    assert!(item.contains("length − 8 bytes</td></tr>"), "{html}");
}

#[test]
fn the_same_header_on_two_pages_has_different_ids() {
    let book = Book::with(&block("UDP", &UDP));
    book.write(
        "book/src/README.md",
        &format!("# Home {{#home}}\n\n{}", block("udp", &UDP)),
    );
    assert!(book.built("page.html").contains("id=\"page-udp-title\""));
    assert!(book.built("index.html").contains("id=\"README-udp-title\""));
    let print = book.built("print.html");
    for id in ["page-udp-desc", "README-udp-desc"] {
        assert_eq!(print.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
}

#[test]
fn the_same_words_are_drawn_the_same_way() {
    let text = block("UDP", &UDP);
    assert_eq!(built(&text), built(&text));
}

#[test]
fn a_meaning_may_link_to_a_misconception() {
    let id = &misconception().id;
    let html = built(&block(
        "x",
        &[&format!("| a | 32 | | see {{{{#met {id}}}}} |")],
    ));
    assert!(html.contains(&format!("#m-{id}\">{id}</a></td>")), "{html}");
}
