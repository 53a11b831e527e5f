//! The answer as JSON, version 1.

use serde_json::{Value, json as object};

use super::figure::Figure;
use super::row::{Row, Verdict};

/// The version of the shape below; it rises when a key changes its meaning or goes away.
const VERSION: u32 = 1;

/// All rows of a run with where they were measured.
#[must_use]
pub fn json(area: &str, quick: bool, rounds: usize, machine: &str, rows: &[Row]) -> Value {
    object!({
        "version": VERSION,
        "area": area,
        "quick": quick,
        "rounds": rounds,
        "machine": machine,
        "reached": rows.iter().all(Row::holds),
        "rows": rows.iter().map(of_row).collect::<Vec<_>>(),
    })
}

fn of_row(row: &Row) -> Value {
    let (verdict, why) = match &row.verdict {
        Verdict::Reached => ("reached", None),
        Verdict::Missed => ("missed", None),
        Verdict::Told => ("told", None),
        Verdict::NotMeasured(why) => ("not measured", Some(why)),
    };
    object!({
        "work": row.work,
        "ours": row.ours.map(of_figure),
        "others": row.others.iter().map(|(name, figure)| {
            let mut other = of_figure(*figure);
            other["name"] = Value::from(name.as_str());
            other
        }).collect::<Vec<_>>(),
        "ratio": row.ratio.map(|ratio| object!({
            "median": ratio.median,
            "low": ratio.low,
            "high": ratio.high,
        })),
        "bar": row.bar,
        "verdict": verdict,
        "why": why,
    })
}

fn of_figure(figure: Figure) -> Value {
    object!({ "value": figure.value, "unit": figure.unit.name() })
}
