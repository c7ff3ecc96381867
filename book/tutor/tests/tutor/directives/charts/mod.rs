//! Charts, from recorded numbers.

mod drawn;
mod plotted;
mod refused;
mod translated;

use crate::fixture::Book;

/// Two parts; the runs of a series are not in the order of their size.
const SPEED: &str = "\
# command: scripts/bench --now
# system: Linux 6.18 & more
# date: 2026-11-22
# script: scripts/record-wire
part,series,run,value,unit
bulk,bare,1,1000,MiB/s
bulk,lab,1,1100,MiB/s
bulk,bare,2,1020,MiB/s
bulk,lab,2,900,MiB/s
bulk,bare,3,990,MiB/s
bulk,lab,3,980,MiB/s
once,bare,1,0.25,s
once,\"a, b\",1,12345.6,s
";

/// A chart of this part with these rows in its table; the first of them is the
/// file's seventh line, if the block is the page's first.
fn block(argument: &str, rows: &[&str]) -> String {
    let rows = rows.join("\n");
    format!(
        "{{{{#chart {argument}}}}}\n\n| Server | MiB/s |\n|---|---|\n{rows}\n\nThe *caption*.\n\n{{{{/chart}}}}\n"
    )
}

const BULK: [&str; 2] = ["| a bare loop | `bare` |", "| the `<lab>` & co. | `lab` |"];

/// A book with the numbers, and this text on its page.
fn book(text: &str) -> Book {
    let book = Book::with(text);
    book.write("book/recorded/speed.csv", SPEED);
    book
}
