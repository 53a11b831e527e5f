//! The tables: one file each, with how it is read, answered and compared.

mod cases;
mod mutations;
mod units;
mod writers;

pub(super) mod solver;

mod checksums;
mod expressions;
mod legacy;
mod pxu;
mod small;

use serde_json::{Map, Value};

use super::corpus::{Corpus, CorpusError};
use super::entry::Entry;

/// Takes the entries of a table one by one.
pub(super) type Sink<'s> = &'s mut dyn FnMut(Entry);

/// One table of the corpus.
pub(super) struct Table {
    /// Its name, as `--only` takes it.
    pub(super) name: &'static str,
    /// Its file below the directory of the corpus.
    pub(super) file: &'static str,
    /// Answers and compares each of its entries. The answer is `false` when there is no such file.
    pub(super) run: fn(&Corpus, Sink<'_>) -> Result<bool, CorpusError>,
}

/// All tables, in the order of their reports.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "cases",
        file: "cases.jsonl",
        run: cases::run,
    },
    Table {
        name: "units",
        file: "cases.jsonl",
        run: units::run,
    },
    Table {
        name: "writers",
        file: "cases.jsonl",
        run: writers::run,
    },
    Table {
        name: "mutations",
        file: "mutations.json",
        run: mutations::run,
    },
    Table {
        name: "solver",
        file: "solver.json",
        run: solver::run,
    },
    Table {
        name: "expressions",
        file: "expressions.json",
        run: expressions::run,
    },
    Table {
        name: "pxu",
        file: "pxu.json",
        run: pxu::run,
    },
    Table {
        name: "checksums",
        file: "checksums.json",
        run: checksums::run,
    },
    Table {
        name: "tables",
        file: "tables.json",
        run: small::run,
    },
    Table {
        name: "legacy",
        file: "legacy/*.json",
        run: legacy::run,
    },
];

/// Those of an entry's members that are recorded answers, as one value; `None` where all were taken out.
fn recorded(entry: &Value, keys: &[&str]) -> Option<Value> {
    let known = keys.iter().filter_map(|key| {
        let value = entry.get(*key)?;
        Some(((*key).to_owned(), value.clone()))
    });
    let known: Map<String, Value> = known.collect();
    (!known.is_empty()).then_some(Value::Object(known))
}

/// Each entry of a list in a table.
fn each(table: &Value, list: &str, mut visit: impl FnMut(usize, &Value)) {
    let entries = table.get(list).and_then(Value::as_array);
    for (index, entry) in entries.into_iter().flatten().enumerate() {
        visit(index, entry);
    }
}
