//! The picture in words: a description for who does not see it, and the table.

use super::Chart;
use super::figures::{ratio, written};
use crate::markdown::escape;
use crate::words::say;

/// Every bar in a sentence: what it is called, how long it is.
pub(super) fn sentences(chart: &Chart) -> String {
    let mut all = vec![say!(
        "box-chart-desc",
        measure = chart.measure.plain.as_str()
    )];
    for series in &chart.series {
        all.push(say!(
            "box-chart-bar",
            name = series.name.plain.as_str(),
            value = written(series.median()).as_str()
        ));
    }
    all.join(" ")
}

/// What the picture shows, the spread of the runs, and each series compared with
/// the first.
pub(super) fn table(chart: &Chart) -> String {
    let runs = chart.runs();
    let spread = runs > 1;
    let compared = chart.series.len() > 1;
    let mut headings = vec![chart.what.html.clone(), chart.measure.html.clone()];
    if spread {
        headings.push(escape(&say!("box-chart-spread")));
    }
    if compared {
        headings.push(escape(&say!("box-chart-compared")));
    }
    let headings: String = headings
        .iter()
        .map(|heading| format!("<th scope=\"col\">{heading}</th>"))
        .collect();
    let summary = match spread {
        true => say!("box-chart-figures-runs", runs = runs),
        false => say!("box-chart-figures"),
    };
    let mut html = format!(
        "<details class=\"figures\" open>\n<summary>{}</summary>\n\
         <div class=\"table-wrapper\"><table>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n",
        escape(&summary),
    );
    let first = chart.series.first().map_or(0.0, super::Series::median);
    for series in &chart.series {
        let mut cells = vec![written(series.median())];
        if spread {
            let (lowest, highest) = (written(series.lowest()), written(series.highest()));
            cells.push(format!("{lowest} – {highest}"));
        }
        if compared {
            cells.push(match first > 0.0 {
                true => ratio(series.median() / first),
                false => "–".to_owned(),
            });
        }
        let cells: String = cells
            .iter()
            .map(|cell| format!("<td>{cell}</td>"))
            .collect();
        let name = &series.name.html;
        html.push_str(&format!("<tr><th scope=\"row\">{name}</th>{cells}</tr>\n"));
    }
    html.push_str("</tbody>\n</table></div>\n</details>");
    html
}
