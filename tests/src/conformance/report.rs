//! What came out: per row how many passed, deviated and failed, and every failure.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use super::compare::Difference;
use super::deviation::judge;
use super::entry::Entry;

/// What came out of one list of entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// How many entries there are.
    pub entries: usize,
    /// How many have an answer like the recorded one.
    pub passed: usize,
    /// How many of these obey the rules instead, because the recorded one depends on a hash seed.
    pub by_rule: usize,
    /// How many deviate and do not fail.
    pub deviated: usize,
    /// How many deviate, by deviation; an entry may in several.
    pub deviations: BTreeMap<&'static str, usize>,
    /// How many fail.
    pub failed: usize,
    /// How many have no recorded answer.
    pub unrecorded: usize,
}

impl Row {
    /// The row of the table in `docs/checkbox-compatibility.md`, without its last cell.
    pub fn markdown(&self, name: &str) -> String {
        let by_rule = match self.by_rule {
            0 => String::new(),
            count => format!(", {count} of them by the rules"),
        };
        format!(
            "| {name} | {} | {}{by_rule} | {} |",
            thousands(self.entries),
            thousands(self.passed),
            self.deviated_cell()
        )
    }

    fn deviated_cell(&self) -> String {
        if self.deviated == 0 {
            return "–".to_owned();
        }
        let each: Vec<String> = self
            .deviations
            .iter()
            .map(|(id, count)| format!("{id}: {count}"))
            .collect();
        format!("{} ({})", thousands(self.deviated), each.join(", "))
    }

    fn add(&mut self, entry: &Entry) -> Vec<Difference> {
        let (ids, failures) = judge(entry);
        self.entries += 1;
        if !failures.is_empty() {
            self.failed += 1;
        } else if entry.compared.is_none() {
            self.unrecorded += 1;
        } else if ids.is_empty() {
            self.passed += 1;
            let by_rule = entry
                .compared
                .as_ref()
                .is_some_and(|compared| compared.by_rule);
            self.by_rule += usize::from(by_rule);
        } else {
            self.deviated += 1;
            for id in ids {
                *self.deviations.entry(id).or_default() += 1;
            }
        }
        failures
    }
}

fn thousands(number: usize) -> String {
    match (number / 1_000, number % 1_000) {
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{thousands},{rest:03}"),
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} entries, {} passed", self.entries, self.passed)?;
        if self.by_rule > 0 {
            write!(f, " ({} by the rules)", self.by_rule)?;
        }
        write!(f, ", deviated {}", self.deviated_cell())?;
        write!(f, ", {} failed", self.failed)?;
        if self.unrecorded > 0 {
            write!(f, ", {} without a recorded answer", self.unrecorded)?;
        }
        Ok(())
    }
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The list the entry stands in; of a file that cannot be read, its table.
    pub row: String,
    /// The entry.
    pub name: String,
    /// Where its answer differs, and in what.
    pub difference: Difference,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}: {}", self.row, self.name, self.difference)
    }
}

/// What came out of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The rows, in the order they came.
    pub rows: Vec<(&'static str, Row)>,
    /// Everything that is not as it should be.
    pub failures: Vec<Failure>,
    /// The files that are not there.
    pub missing: Vec<&'static str>,
    /// How many files cannot be read.
    pub unread: usize,
}

impl Report {
    pub(super) fn add(&mut self, entry: &Entry) {
        let at = self.rows.iter().position(|(name, _)| *name == entry.row);
        let at = at.unwrap_or_else(|| {
            self.rows.push((entry.row, Row::default()));
            self.rows.len() - 1
        });
        let Some((_, row)) = self.rows.get_mut(at) else {
            return;
        };
        let failures = row.add(entry).into_iter().map(|difference| Failure {
            row: entry.row.to_owned(),
            name: entry.name.clone(),
            difference,
        });
        self.failures.extend(failures);
    }

    pub(super) fn add_unread(&mut self, table: &str, why: String) {
        self.unread += 1;
        self.failures.push(Failure {
            row: table.to_owned(),
            name: "(the file)".to_owned(),
            difference: Difference {
                path: "(no table)".to_owned(),
                expected: None,
                actual: Some(why.into()),
            },
        });
    }

    /// How many entries passed.
    pub fn passed(&self) -> usize {
        self.rows.iter().map(|(_, row)| row.passed).sum()
    }

    /// How many entries and files failed.
    pub fn failed(&self) -> usize {
        self.unread + self.rows.iter().map(|(_, row)| row.failed).sum::<usize>()
    }

    /// The report for programs.
    pub fn as_json(&self) -> Value {
        let rows = self.rows.iter().map(|(name, row)| {
            json!({
                "row": name,
                "entries": row.entries,
                "passed": row.passed,
                "by_rule": row.by_rule,
                "deviated": row.deviated,
                "deviations": row.deviations,
                "failed": row.failed,
                "unrecorded": row.unrecorded,
            })
        });
        let failures = self.failures.iter().map(|failure| {
            json!({
                "row": failure.row,
                "name": failure.name,
                "path": failure.difference.path,
                "expected": failure.difference.expected,
                "actual": failure.difference.actual,
            })
        });
        json!({
            "version": 1,
            "rows": rows.collect::<Vec<_>>(),
            "failures": failures.collect::<Vec<_>>(),
            "missing": self.missing,
            "passed": self.passed(),
            "failed": self.failed(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(f, "failed: {failure}")?;
        }
        for file in &self.missing {
            writeln!(f, "{file}: not there")?;
        }
        for (name, row) in &self.rows {
            writeln!(f, "{name}: {row}")?;
        }
        write!(f, "{} passed, {} failed", self.passed(), self.failed())
    }
}
