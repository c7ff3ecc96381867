//! How a chart is drawn, described and written as a table.

use super::{BULK, SPEED, block, book};

fn built(text: &str) -> String {
    book(text).built("page.html")
}

/// What the elements with this beginning hold.
fn all<'a>(html: &'a str, beginning: &str, end: &str) -> Vec<&'a str> {
    let parts = html.split(beginning).skip(1);
    parts.map(|part| part.split_once(end).unwrap().0).collect()
}

/// The numbers below the axis.
fn scale(html: &str) -> Vec<&str> {
    let marks = all(html, "class=\"mark\">", "<");
    marks
        .into_iter()
        .take_while(|mark| *mark != "MiB/s")
        .collect()
}

/// A chart of one series with these values.
fn of(values: &[&str]) -> String {
    let book = book(&block("speed:x", &["| a | `s` |"]));
    let rows: String = values
        .iter()
        .map(|value| format!("x,s,1,{value},\n"))
        .collect();
    book.write("book/recorded/speed.csv", &format!("{SPEED}{rows}"));
    book.built("page.html")
}

#[test]
fn a_chart_is_a_drawing_with_a_caption_and_its_numbers() {
    let html = built(&block("speed:bulk", &BULK));
    let (_, html) = html.split_once("</h1>\n").unwrap();
    assert_eq!(html, EXPECTED);
}

const EXPECTED: &str = "\
     <figure class=\"picture chart\">\n\
     <svg role=\"img\" aria-labelledby=\"page-speed-bulk-title page-speed-bulk-desc\" viewbox=\"0 0 360 136\">\n\
     <title id=\"page-speed-bulk-title\">MiB/s, as bars</title>\n\
     <desc id=\"page-speed-bulk-desc\">Bars from 0, one below the other, each as long as the median of its runs: MiB/s. a bare loop: 1,000. the &lt;lab&gt; &amp; co.: 980.</desc>\n\
     <text x=\"4\" y=\"12.7\">a bare loop</text>\n\
     <text x=\"356\" y=\"12.7\" class=\"value\">1,000</text>\n\
     <path class=\"grid\" d=\"M8 16v20M73.8 16v20M139.7 16v20M205.5 16v20M271.3 16v20M337.1 16v20\" />\n\
     <path class=\"bar first\" d=\"M8 19H271.3V33H8z\" />\n\
     <path class=\"run\" d=\"M268.7 23v6M271.3 23v6M276.6 23v6\" />\n\
     <text x=\"4\" y=\"54.7\">the &lt;lab&gt; &amp; co.</text>\n\
     <text x=\"356\" y=\"54.7\" class=\"value\">980</text>\n\
     <path class=\"grid\" d=\"M8 58v20M73.8 58v20M139.7 58v20M205.5 58v20M271.3 58v20M337.1 58v20\" />\n\
     <path class=\"bar\" d=\"M8 61H266.1V75H8z\" />\n\
     <path class=\"run\" d=\"M245 65v6M266.1 65v6M297.7 65v6\" />\n\
     <text x=\"8\" y=\"96.7\" class=\"mark\">0</text>\n\
     <text x=\"73.8\" y=\"96.7\" class=\"mark\">250</text>\n\
     <text x=\"139.7\" y=\"96.7\" class=\"mark\">500</text>\n\
     <text x=\"205.5\" y=\"96.7\" class=\"mark\">750</text>\n\
     <text x=\"271.3\" y=\"96.7\" class=\"mark\">1,000</text>\n\
     <text x=\"337.1\" y=\"96.7\" class=\"mark\">1,250</text>\n\
     <text x=\"180\" y=\"112.7\" class=\"mark\">MiB/s</text>\n\
     <text x=\"180\" y=\"128.7\" class=\"mark\">a bar is the median; each short line is a run</text>\n\
     </svg>\n\
     <figcaption>The <em>caption</em>.\n\
     <span class=\"source\">Recorded: <code>scripts/bench --now</code> · Linux 6.18 &amp; more · 2026-11-22</span></figcaption>\n\
     </figure>\n\
     <details class=\"figures\" open=\"\">\n\
     <summary>The figures: the median of 3 runs</summary>\n\
     <div class=\"table-wrapper\">\n\
     <table>\n\
     <thead>\n\
     <tr><th scope=\"col\">Server</th><th scope=\"col\">MiB/s</th><th scope=\"col\">Lowest – highest</th><th scope=\"col\">× first</th></tr>\n\
     </thead>\n\
     \n\
     <tbody>\n\
     <tr><th scope=\"row\">a bare loop</th><td>1,000</td><td>990 – 1,020</td><td>1.00</td></tr>\n\
     \n\
     <tr><th scope=\"row\">the <code>&lt;lab&gt;</code> &amp; co.</th><td>980</td><td>900 – 1,100</td><td>0.98</td></tr>\n\
     \n\
     </tbody>\n\
     \n\
     </table>\n\
     </div>\n\
     \n\
     </details>";

#[test]
fn a_bar_is_as_long_as_its_median_says() {
    // An even number of runs: the middle of the two in the middle.
    let html = of(&["100", "20", "60", "40"]);
    assert_eq!(scale(&html), ["0", "20", "40", "60", "80", "100"]);
    let path = all(&html, "class=\"bar first\" d=\"M", "\"")[0];
    let marks: Vec<_> = all(&html, "class=\"grid\" d=\"", "\"")[0]
        .split('M')
        .collect();
    let (left, rest) = path.split_once(' ').unwrap();
    assert!(marks[1].starts_with(&format!("{left} ")), "{path}");
    let (_, rest) = rest.split_once('H').unwrap();
    let end: f64 = rest.split_once('V').unwrap().0.parse().unwrap();
    let x = |mark: usize| -> f64 { marks[mark].split_once(' ').unwrap().0.parse().unwrap() };
    assert!((end - (x(3) + x(4)) / 2.0).abs() < 0.11, "{end}: {marks:?}");
    assert!(html.contains("class=\"value\">50.0</text>"), "{html}");
}

#[test]
fn numbers_have_three_digits_that_count() {
    for (value, shown) in [
        ("0", "0"),
        ("0.0123456", "0.0123"),
        ("0.9996", "1.00"),
        ("9.996", "10.0"),
        ("12.345", "12.3"),
        ("123.45", "123"),
        ("1234.5", "1,230"),
        ("57177.03", "57,200"),
        ("9999999", "10,000,000"),
    ] {
        let html = of(&[value]);
        assert_eq!(all(&html, "class=\"value\">", "<"), [shown], "{value}");
    }
}

#[test]
fn the_scale_ends_at_or_after_the_longest_run() {
    for (values, marks) in [
        (
            &["1000"][..],
            &["0", "200", "400", "600", "800", "1,000"][..],
        ),
        (&["1001"], &["0", "250", "500", "750", "1,000", "1,250"]),
        (&["3", "3", "7.5"], &["0", "2", "4", "6", "8"]),
        (&["0.3"], &["0.0", "0.1", "0.2", "0.3"]),
        (
            &["0.011"],
            &["0.0000", "0.0025", "0.0050", "0.0075", "0.0100", "0.0125"],
        ),
        (&["49"], &["0", "10", "20", "30", "40", "50"]),
        (&["51000"], &["0", "20,000", "40,000", "60,000"]),
        (&["0"], &["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ] {
        assert_eq!(scale(&of(values)), marks, "{values:?}");
    }
}

#[test]
fn a_single_run_has_no_spread() {
    let html = built(&block(
        "speed:once",
        &["| one | `bare` |", "| two | `a, b` |"],
    ));
    assert!(!html.contains("class=\"run\""), "{html}");
    assert!(!html.contains("Lowest"), "{html}");
    assert!(html.contains("<summary>The figures</summary>"), "{html}");
    assert!(html.contains("<td>12,300</td><td>49,382.40</td>"), "{html}");
}

#[test]
fn a_single_series_is_compared_with_nothing() {
    let html = built(&block("speed:bulk", &BULK[..1]));
    assert!(!html.contains("× first"), "{html}");
    assert!(
        html.contains("<td>1,000</td><td>990 – 1,020</td></tr>"),
        "{html}"
    );
}

#[test]
fn what_is_compared_with_nothing_has_no_ratio() {
    let book = book(&block("speed:x", &["| a | `none` |", "| b | `some` |"]));
    let rows = "x,none,1,0,\nx,some,1,5,\n";
    book.write("book/recorded/speed.csv", &format!("{SPEED}{rows}"));
    let html = book.built("page.html");
    assert!(html.contains("<td>5.00</td><td>–</td>"), "{html}");
}

#[test]
fn a_long_name_takes_more_lines_and_leaves_room_for_its_number() {
    let name = "a server that has a name which is much too long for one line of a phone";
    let html = built(&block("speed:bulk", &[&format!("| {name} | `lab` |")]));
    let lines = all(&html, "<text x=\"4\"", "</text>");
    assert!(lines.len() > 1, "{html}");
    let words: Vec<_> = lines
        .iter()
        .map(|line| line.split_once('>').unwrap().1)
        .collect();
    assert_eq!(words.join(" "), name);
    assert!(words.iter().all(|words| words.len() < 50), "{words:?}");
}

#[test]
fn a_chart_may_be_in_a_list_and_on_two_pages() {
    let text = block("speed:bulk", &BULK);
    let indented: String = text.lines().map(|line| format!("  {line}\n")).collect();
    let book = book(&format!("- In a list:\n\n{indented}"));
    book.write("book/src/README.md", &format!("# Home {{#home}}\n\n{text}"));
    assert!(
        book.built("page.html")
            .contains("<li>\n<p>In a list:</p>\n<figure")
    );
    let printed = book.built("print.html");
    for id in ["page-speed-bulk-title", "README-speed-bulk-title"] {
        assert_eq!(printed.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
}
