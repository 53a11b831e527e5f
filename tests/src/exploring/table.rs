//! What was explored, as a table.

use std::collections::BTreeMap;
use std::fmt;

use session_storage::explore::Figures;

/// What was explored, by workload.
#[derive(Debug, Default)]
pub struct Table {
    rows: BTreeMap<String, Figures>,
}

impl Table {
    /// Adds what one task explored.
    pub(super) fn add(&mut self, name: &str, more: &Figures) {
        self.rows.entry(name.to_owned()).or_default().add(more);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<10} {:>9} {:>10} {:>10} {:>9} {:>9} {:>12} {:>7} {:>12}",
            "workload",
            "runs",
            "images",
            "distinct",
            "points",
            "exhausted",
            "second crash",
            "damages",
            "failed syncs"
        )?;
        let mut total = Figures::default();
        for (name, row) in &self.rows {
            line(f, name, row)?;
            total.add(row);
        }
        line(f, "all", &total)
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, row: &Figures) -> fmt::Result {
    writeln!(
        f,
        "{name:<10} {:>9} {:>10} {:>10} {:>9} {:>9} {:>12} {:>7} {:>12}",
        row.runs,
        row.images,
        row.distinct,
        row.points,
        row.exhausted,
        row.nested,
        row.damages,
        row.failed_syncs
    )
}
