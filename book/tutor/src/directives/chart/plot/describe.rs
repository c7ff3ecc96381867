//! The plot in words: a description for who does not see it, and the tables.

use super::{Plot, Point, Series};
use crate::directives::chart::figures::{median, written};
use crate::markdown::escape;
use crate::words::say;

/// With more places than these the table is folded, below one that sums it up.
const FEW: usize = 12;

impl Plot {
    /// Every series in a sentence: where it begins and ends, or how it is spread.
    pub(super) fn sentences(&self) -> String {
        let (up, right) = (self.up.plain.as_str(), self.right.plain.as_str());
        let mut all = vec![say!("box-plot-desc", up = up, right = right)];
        for series in &self.series {
            let name = series.name.plain.as_str();
            let figures = match self.places().len() > FEW {
                true => series.spread(),
                false => series.one_by_one(),
            };
            all.push(say!("box-chart-bar", name = name, value = figures.as_str()));
        }
        all.join(" ")
    }

    /// What the picture shows: the numbers, and above them a summary if they are many.
    pub(in crate::directives::chart) fn table(&self) -> String {
        let many = self.places().len() > FEW;
        let up = self.up.plain.as_str();
        let summary = match (many, self.runs()) {
            (true, _) => say!("box-plot-all"),
            (false, 0 | 1) => say!("box-plot-figures", up = up),
            (false, runs) => say!("box-plot-figures-runs", up = up, runs = runs),
        };
        let open = if many { "" } else { " open" };
        let all = self.every_point();
        let all = format!(
            "<details class=\"figures\"{open}>\n<summary>{}</summary>\n{all}\n</details>",
            escape(&summary),
        );
        if !many {
            return all;
        }
        format!(
            "<details class=\"figures\" open>\n<summary>{}</summary>\n{}\n</details>\n{all}",
            escape(&say!("box-plot-figures", up = up)),
            self.in_short(),
        )
    }

    /// A row for each place to the right, a column for each series.
    fn every_point(&self) -> String {
        let mut headings = vec![self.right.html.clone()];
        let names = self.series.iter().map(|series| series.name.html.clone());
        headings.extend(names);
        let rows = self.places().into_iter().map(|x| {
            let cells = self.series.iter().map(|series| {
                let point = series
                    .points
                    .iter()
                    .find(|point| point.x.total_cmp(&x).is_eq());
                point.map_or("–".to_owned(), cell)
            });
            (x.to_string(), cells.collect())
        });
        table(&headings, rows)
    }

    /// A row for each series: how many values, and how they are spread.
    fn in_short(&self) -> String {
        let mut headings = vec![self.what.html.clone(), escape(&say!("box-plot-values"))];
        let missing = self.series.iter().any(|series| series.missing() > 0);
        if missing {
            headings.push(escape(&say!("box-plot-none")));
        }
        headings.push(escape(&say!("box-plot-half")));
        headings.push(escape(&say!("box-chart-spread")));
        let rows = self.series.iter().map(|series| {
            let values = series.values();
            let mut cells = vec![values.len().to_string()];
            if missing {
                cells.push(series.missing().to_string());
            }
            cells.push(median(&values).map_or("–".to_owned(), written));
            cells.push(match values[..] {
                [lowest, .., highest] => format!("{} – {}", written(lowest), written(highest)),
                _ => "–".to_owned(),
            });
            (series.name.html.clone(), cells)
        });
        table(&headings, rows)
    }
}

impl Series {
    /// `from 20.1 to 265, half of them up to 20.4; 6 never came`
    fn spread(&self) -> String {
        let values = self.values();
        let [lowest, .., highest] = values[..] else {
            return self.one_by_one();
        };
        let half = median(&values).map_or(String::new(), written);
        let (lowest, highest) = (written(lowest), written(highest));
        say!(
            "box-plot-spread",
            count = values.len(),
            lowest = lowest.as_str(),
            half = half.as_str(),
            highest = highest.as_str(),
            missing = self.missing(),
        )
    }

    /// `0 → 11.6, 1 → 4.20`
    fn one_by_one(&self) -> String {
        let all = self.points.iter().map(|point| {
            let value = point
                .median()
                .map_or_else(|| say!("box-plot-never"), written);
            format!("{} → {value}", point.x)
        });
        all.collect::<Vec<_>>().join(", ")
    }
}

/// The median and, if there are several, the runs; or that nothing came.
fn cell(point: &Point) -> String {
    let Some(median) = point.median() else {
        return escape(&say!("box-plot-never"));
    };
    match point.runs[..] {
        [lowest, .., highest] => {
            let (lowest, highest) = (written(lowest), written(highest));
            format!("{} ({lowest} – {highest})", written(median))
        }
        _ => written(median),
    }
}

fn table(headings: &[String], rows: impl Iterator<Item = (String, Vec<String>)>) -> String {
    let headings = headings.iter();
    let headings: String = headings
        .map(|heading| format!("<th scope=\"col\">{heading}</th>"))
        .collect();
    let mut html = format!(
        "<div class=\"table-wrapper\"><table>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n"
    );
    for (name, cells) in rows {
        let cells: String = cells
            .iter()
            .map(|cell| format!("<td>{cell}</td>"))
            .collect();
        html.push_str(&format!("<tr><th scope=\"row\">{name}</th>{cells}</tr>\n"));
    }
    html + "</tbody>\n</table></div>"
}
