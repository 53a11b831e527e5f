//! What was explored, as a table.

use std::collections::BTreeMap;
use std::fmt;

use session_storage::explore::Figures;

/// What was explored, by workload.
#[derive(Debug, Default)]
pub struct Table {
    rows: BTreeMap<&'static str, Figures>,
}

impl Table {
    /// Adds what one task explored.
    pub(super) fn add(&mut self, name: &'static str, more: &Figures) {
        let row = self.rows.entry(name).or_default();
        row.runs += more.runs;
        row.images += more.images;
        row.distinct += more.distinct;
        row.nested += more.nested;
        row.damages += more.damages;
        row.failed_syncs += more.failed_syncs;
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<10} {:>9} {:>10} {:>10} {:>14} {:>8} {:>13}",
            "workload", "runs", "images", "checked", "second crash", "damages", "failed syncs"
        )?;
        let mut total = Figures::default();
        for (name, row) in &self.rows {
            line(f, name, row)?;
            total.runs += row.runs;
            total.images += row.images;
            total.distinct += row.distinct;
            total.nested += row.nested;
            total.damages += row.damages;
            total.failed_syncs += row.failed_syncs;
        }
        line(f, "all", &total)
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, row: &Figures) -> fmt::Result {
    writeln!(
        f,
        "{name:<10} {:>9} {:>10} {:>10} {:>14} {:>8} {:>13}",
        row.runs, row.images, row.distinct, row.nested, row.damages, row.failed_syncs
    )
}
