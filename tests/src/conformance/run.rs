//! A run over the tables of a corpus.

use std::io::{self, Write};

use super::corpus::Corpus;
use super::report::Report;
use super::tables::TABLES;
use crate::say;

/// What a run is about.
#[derive(Debug, Default)]
pub struct Settings<'w> {
    /// Only this table.
    pub only: Option<String>,
    /// Where our answers go, one JSON object a line.
    pub dump: Option<Box<dyn Dump + 'w>>,
}

/// Takes the lines of the dump.
pub trait Dump: Write + std::fmt::Debug {}

impl<W: Write + std::fmt::Debug> Dump for W {}

/// Why a run did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no such table.
    #[error("there is no table {name:?}; there are {known}")]
    NoSuchTable {
        /// The name that was given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The dump cannot be written.
    #[error("cannot write the dump")]
    Dump(#[source] io::Error),
}

/// The names of the tables.
pub fn table_names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.name)
}

/// Answers every entry of the tables, and compares where there is something to compare with.
///
/// # Errors
/// [`RunError`]. A file that cannot be read is a failure in the report and ends nothing.
pub fn run(corpus: &Corpus, mut settings: Settings<'_>) -> Result<Report, RunError> {
    let mut report = Report::default();
    let mut dumped = Ok(());
    let only = settings.only.as_deref();
    if let Some(name) = only.filter(|only| table_names().all(|name| name != *only)) {
        return Err(RunError::NoSuchTable {
            name: name.to_owned(),
            known: table_names().collect::<Vec<_>>().join(", "),
        });
    }
    let tables = TABLES.iter();
    for table in tables.filter(|table| only.is_none_or(|only| only == table.name)) {
        let ran = (table.run)(corpus, &mut |entry| {
            report.add(&entry);
            if let (Ok(()), Some(dump)) = (&dumped, &mut settings.dump) {
                dumped = writeln!(dump, "{}", entry.dumped());
            }
        });
        match ran {
            Ok(true) => {}
            Ok(false) => report.missing.push(table.file),
            Err(error) => report.add_unread(table.name, say::chain(&error)),
        }
    }
    if let Some(dump) = &mut settings.dump {
        dumped = dumped.and_then(|()| dump.flush());
    }
    dumped.map_err(RunError::Dump)?;
    Ok(report)
}
