//! The record grammar of unit files and of the output of resource jobs: `key: value` lines,
//! continuation lines that begin with a space, records separated by blank lines.
//!
//! [`parse`] reads a whole text, [`RecordParser`] takes one line after the other,
//! [`parse_log_output`] reads what a resource job printed, and [`dump`] writes a record.
//! What was complete before a syntax error is always kept.

mod dump;
mod error;
mod lines;
mod normalise;
mod parser;
mod repr;
#[cfg(test)]
mod tests;
mod types;

pub use dump::dump;
pub use error::{RecordError, RecordErrorKind};
pub use lines::{LineRule, text_lines, universal_newlines};
pub use normalise::{is_space, normalise, trim};
pub use parser::{RecordParser, Records, parse, parse_chunks, parse_log_output};
pub use repr::quoted;
pub use types::{Record, RecordField};
