//! How a plot is drawn, described and written as tables, and what is said of one
//! that cannot be drawn.

use super::book;
use crate::fixture::Book;

/// The rows of a series are not in the order of their places.
const POINTS: &str = "\
# command: cargo run --bin wire
# system: Linux 6.18 & more
# date: 2026-11-23
# script: scripts/record-wire
part,series,x,run,value
loss,tcp,10,1,1
loss,tcp,0,1,10
loss,udp,0,1,9
loss,udp,10,1,8
runs,tcp,1,1,4
runs,tcp,1,2,6
runs,tcp,1,3,7
late,tcp,0,1,5
late,udp,0,1,5
late,tcp,1,1,5
late,udp,1,1,
late,tcp,2.5,1,5
late,udp,2.5,1,5
";

fn block(part: &str, rows: &[&str]) -> String {
    let rows = rows.join("\n");
    format!(
        "{{{{#chart points:{part}}}}}\n\n| Protocol | Speed | Lost & late |\n|---|---|---|\n{rows}\n\nThe *caption*.\n\n{{{{/chart}}}}\n"
    )
}

const BOTH: [&str; 2] = ["| T & P | `tcp` | `line` |", "| UDP | `udp` | `points` |"];

fn of(text: &str, numbers: &str) -> Book {
    let book = book(text);
    book.write("book/recorded/points.csv", numbers);
    book
}

fn built(part: &str, rows: &[&str]) -> String {
    of(&block(part, rows), POINTS).built("page.html")
}

/// The problems of a page, without the file's name.
fn wrong(text: &str, numbers: &str) -> Vec<String> {
    let problems = of(text, numbers).problems();
    let short = |line: &String| line.strip_prefix("book/src/page.md:").unwrap().to_owned();
    problems.iter().map(short).collect()
}

/// What the elements with this beginning hold.
fn all<'a>(html: &'a str, beginning: &str, end: &str) -> Vec<&'a str> {
    let parts = html.split(beginning).skip(1);
    parts.map(|part| part.split_once(end).unwrap().0).collect()
}

#[test]
fn a_plot_is_a_drawing_with_a_caption_and_its_numbers() {
    let html = built("loss", &BOTH);
    let (_, html) = html.split_once("</h1>\n").unwrap();
    assert_eq!(html, EXPECTED);
}

const EXPECTED: &str = "\
     <figure class=\"picture chart plot\">\n\
     <svg role=\"img\" aria-labelledby=\"page-points-loss-title page-points-loss-desc\" viewbox=\"0 0 360 293\">\n\
     <title id=\"page-points-loss-title\">Speed, by: Lost &amp; late</title>\n\
     <desc id=\"page-points-loss-desc\">A plot. To the right: Lost &amp; late. Upwards: Speed. T &amp; P: 0 → 10.0, 10 → 1.00. UDP: 0 → 9.00, 10 → 8.00.</desc>\n\
     <path class=\"curve s1\" d=\"M4 8H34\" />\n\
     <path class=\"point s1\" d=\"M15 8a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z\" />\n\
     <text x=\"40\" y=\"12.7\">T &amp; P</text>\n\
     <path class=\"point s2\" d=\"M15 20h8v8h-8z\" />\n\
     <text x=\"40\" y=\"28.7\">UDP</text>\n\
     <text x=\"4\" y=\"50.7\" class=\"up\">Speed</text>\n\
     <path class=\"grid\" d=\"M26.6 252H347.7M26.6 214H347.7M26.6 176H347.7M26.6 138H347.7M26.6 100H347.7M26.6 62H347.7M26.6 252v5M90.8 252v5M155.1 252v5M219.3 252v5M283.5 252v5M347.7 252v5\" />\n\
     <text x=\"20.6\" y=\"256.7\" class=\"mark up\">0</text>\n\
     <text x=\"20.6\" y=\"218.7\" class=\"mark up\">2</text>\n\
     <text x=\"20.6\" y=\"180.7\" class=\"mark up\">4</text>\n\
     <text x=\"20.6\" y=\"142.7\" class=\"mark up\">6</text>\n\
     <text x=\"20.6\" y=\"104.7\" class=\"mark up\">8</text>\n\
     <text x=\"20.6\" y=\"66.7\" class=\"mark up\">10</text>\n\
     <path class=\"curve s1\" d=\"M26.6 62L347.7 233\" />\n\
     <path class=\"point s1\" d=\"M22.6 62a4 4 0 1 0 8 0a4 4 0 1 0 -8 0zM343.7 233a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z\" />\n\
     <path class=\"point s2\" d=\"M22.6 77h8v8h-8zM343.7 96h8v8h-8z\" />\n\
     <text x=\"26.6\" y=\"269.7\" class=\"mark\">0</text>\n\
     <text x=\"90.8\" y=\"269.7\" class=\"mark\">2</text>\n\
     <text x=\"155.1\" y=\"269.7\" class=\"mark\">4</text>\n\
     <text x=\"219.3\" y=\"269.7\" class=\"mark\">6</text>\n\
     <text x=\"283.5\" y=\"269.7\" class=\"mark\">8</text>\n\
     <text x=\"347.7\" y=\"269.7\" class=\"mark\">10</text>\n\
     <text x=\"180\" y=\"285.7\" class=\"mark\">Lost &amp; late</text>\n\
     </svg>\n\
     <figcaption>The <em>caption</em>.\n\
     <span class=\"source\">Recorded: <code>cargo run --bin wire</code> · Linux 6.18 &amp; more · 2026-11-23</span></figcaption>\n\
     </figure>\n\
     <details class=\"figures\" open=\"\">\n\
     <summary>The figures: Speed</summary>\n\
     <div class=\"table-wrapper\">\n\
     <table>\n\
     <thead>\n\
     <tr><th scope=\"col\">Lost &amp; late</th><th scope=\"col\">T &amp; P</th><th scope=\"col\">UDP</th></tr>\n\
     </thead>\n\
     \n\
     <tbody>\n\
     <tr><th scope=\"row\">0</th><td>10.0</td><td>9.00</td></tr>\n\
     \n\
     <tr><th scope=\"row\">10</th><td>1.00</td><td>8.00</td></tr>\n\
     \n\
     </tbody>\n\
     \n\
     </table>\n\
     </div>\n\
     \n\
     </details>";

#[test]
fn runs_are_a_mark_at_their_median_and_a_line_over_their_spread() {
    let html = built("runs", &["| TCP | `tcp` | `line` |"]);
    // 6 of 8, on a scale of 190 units.
    let spread = all(&html, "class=\"run s1\" d=\"", "\"");
    let (_, heights) = spread[0].split_once(' ').unwrap();
    let (low, high) = heights.split_once('V').unwrap();
    let (low, high): (f64, f64) = (low.parse().unwrap(), high.parse().unwrap());
    assert!((low - high - 190.0 * 3.0 / 8.0).abs() < 0.11, "{spread:?}");
    let line = all(&html, "class=\"curve s1\" d=\"M", "\"")[1];
    let (_, middle) = line.split_once(' ').unwrap();
    let middle: f64 = middle.parse().unwrap();
    assert!((low - middle - 190.0 * 2.0 / 8.0).abs() < 0.11, "{line}");
    assert!(html.contains("<td>6.00 (4.00 – 7.00)</td>"), "{html}");
    assert!(html.contains("the median of 3 runs</summary>"), "{html}");
    assert!(
        html.contains("from the lowest run to the highest</text>"),
        "{html}"
    );
}

#[test]
fn what_never_came_is_a_cross_and_breaks_the_line() {
    let html = built("late", &["| U | `udp` | `line` |"]);
    let curve = all(&html, "class=\"curve s1\" d=\"", "\"")[1];
    assert_eq!(
        (curve.matches('M').count(), curve.matches('L').count()),
        (2, 0)
    );
    let crosses = all(&html, "class=\"missing\" d=\"", "\"");
    assert_eq!(crosses.len(), 1);
    assert_eq!(crosses[0].matches('M').count(), 1, "{crosses:?}");
    assert!(
        html.contains("U: 0 → 5.00, 1 → never came, 2.5 → 5.00."),
        "{html}"
    );
    assert!(html.contains("<td>never came</td>"), "{html}");
    assert!(
        html.contains(">×: no value, because it never came</text>"),
        "{html}"
    );
    assert!(!built("loss", &BOTH).contains("missing"));
}

#[test]
fn each_series_has_a_mark_and_a_line_of_its_own() {
    let html = built(
        "loss",
        &[
            "| a | `tcp` | `line` |",
            "| b | `udp` | `line` |",
            "| c | `udp` | `line` |",
        ],
    );
    let samples: Vec<_> = (1..=3)
        .map(|series| all(&html, &format!("class=\"point s{series}\" d=\""), "\"")[0])
        .collect();
    assert!(samples[0].contains("a4 4"), "{samples:?}");
    assert!(samples[1].contains("h8v8"), "{samples:?}");
    assert!(samples[2].contains("h8l-4 -8"), "{samples:?}");
}

#[test]
fn many_points_are_summed_up_and_folded() {
    let rows: String = (0..=20)
        .map(|x| {
            let value = if x == 3 { String::new() } else { x.to_string() };
            format!("many,tcp,0.{x:02},1,{value}\n")
        })
        .collect();
    let book = of(
        &block("many", &["| TCP | `tcp` | `points` |"]),
        &format!("{POINTS}{rows}"),
    );
    let html = book.built("page.html");
    assert!(
        html.contains("<td>20</td><td>1</td><td>10.5</td><td>0 – 20.0</td>"),
        "{html}"
    );
    assert!(
        html.contains("<details class=\"figures\">\n<summary>All values"),
        "{html}"
    );
    assert!(
        html.contains("<th scope=\"row\">0.07</th><td>7.00</td>"),
        "{html}"
    );
    assert!(
        html.contains("TCP: 20 values from 0 to 20.0, half of them up to 10.5; 1 never came."),
        "{html}"
    );
}

#[test]
fn a_plot_has_a_third_column() {
    assert_eq!(
        wrong(&block("loss", &["| a | `tcp` |"]), POINTS),
        [
            "7: every row of a plot has 3 cells, for the name, the series, and `line` or `points`; this one has 2"
        ]
    );
    assert_eq!(
        wrong(
            &block(
                "loss",
                &[
                    "| a | `tcp` | `curve` |",
                    "| | `udp` | `line` |",
                    "| c | `upd` | `line` |"
                ]
            ),
            POINTS
        ),
        [
            "7: a series of a plot is drawn as `line` or as `points`, not as `curve`",
            "8: nothing stands under `Protocol` in this row",
            "9: the table book/recorded/points.csv has no series `upd` in its part `loss`. Did you mean `udp`?",
        ]
    );
    assert_eq!(
        wrong(&block("loss", &["| a | `tcp` | `line` |"; 4]), POINTS),
        ["10: a plot has 3 series at the most"]
    );
    assert_eq!(
        wrong(&block("loss", &[]), POINTS),
        ["3: this chart has no series"]
    );
}

#[test]
fn places_are_numbers() {
    for (x, shown) in [("", ""), ("-1", "-1"), ("left", "left")] {
        let numbers = POINTS.replace("tcp,10,1,1\n", &format!("tcp,{x},1,1\n"));
        assert_eq!(
            wrong(&block("loss", &BOTH), &numbers),
            [format!(
                "3: line 6 of book/recorded/points.csv has no number of 0 or more under `x`, but `{shown}`"
            )]
        );
    }
}
