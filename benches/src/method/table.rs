//! The answer as a table for people.

use std::fmt::Write as _;

use super::row::{Row, Verdict};

/// All rows, one under the other: the work and its bar first, then ours and the others.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let head = ["work", "ours", "floor / peers", "ratio", "bar", ""].map(str::to_owned);
    let mut lines = vec![head];
    for row in rows {
        lines.extend(lines_of(row));
    }
    let mut widths = [0; 6];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
        if number == 0 {
            let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            let _ = writeln!(text, "{}", rule.join("  ").trim_end());
        }
    }
    text
}

/// One line for the work, one more for each further other.
fn lines_of(row: &Row) -> Vec<[String; 6]> {
    let mut others = row
        .others
        .iter()
        .map(|(name, figure)| format!("{name} {figure}"));
    let verdict = match &row.verdict {
        Verdict::Reached => "reached".to_owned(),
        Verdict::Missed => "MISSED".to_owned(),
        Verdict::Told => String::new(),
        Verdict::NotMeasured(why) => format!("NOT MEASURED: {why}"),
    };
    let mut lines = vec![[
        row.work.clone(),
        row.ours.map_or_else(String::new, |ours| ours.to_string()),
        others.next().unwrap_or_default(),
        row.ratio
            .map_or_else(String::new, |ratio| ratio.to_string()),
        row.bar.clone(),
        verdict,
    ]];
    for other in others {
        let mut line: [String; 6] = Default::default();
        line[2] = other;
        lines.push(line);
    }
    lines
}
