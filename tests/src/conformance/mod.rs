//! Conformance: what this project says of every entry of a corpus of recorded answers, and how that compares.
//!
//! A directory laid out like `tests/corpus` is read table by table. Each entry is answered in the shape of its
//! recorded answer, whether that is there or not; where it is, the two are compared, and each difference either
//! belongs to a listed deviation or is a failure. No entry stops the run.

mod bad;
mod corpus;
mod guard;

mod wrapped;

mod python;

mod compare;
mod entry;

mod deviation;

mod files;
mod units;

mod failure;
mod session;

mod resumed;

mod peculiar;

mod tables;

mod report;
mod run;

#[cfg(test)]
mod tests;

pub use compare::Difference;
pub(crate) use compare::differences;
pub use corpus::{Corpus, CorpusError};
pub use report::{Report, Row};
pub(crate) use resumed::inflate;
pub(crate) use session::described;

pub use run::{RunError, Settings, run, table_names};
