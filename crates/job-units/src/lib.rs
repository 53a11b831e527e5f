//! Unit files (PXU, YAML, JSON) into jobs, templates and test plans, with exact places.
//!
//! [`read_units`] reads files and folders, [`read_unit_file`] one file, [`parse_units`] a text that
//! is at hand already. All of a set of files is read before an answer is given, so that one look
//! shows everything that is wrong; nothing here writes, and nothing here knows of sessions.
//!
//! ```
//! use job_units::{ReadOptions, parse_units};
//!
//! let text = "id: kernel\nplugin: shell\ncommand: uname -r\n";
//! let units = parse_units(text, "check.pxu", &ReadOptions::default()).expect("one good job");
//! assert_eq!(units.jobs[0].id().as_str(), "kernel");
//!
//! let wrong = parse_units("id: kernel\nplugin: shel\n", "check.pxu", &ReadOptions::default());
//! let errors = wrong.expect_err("no such kind of job");
//! assert!(errors[0].to_string().starts_with("check.pxu:2:9: 'shel' is not a kind of job"));
//! ```

mod error;
mod kind;
mod units;

mod check;
mod collect;
mod files;
mod format;
mod jinja2;
pub mod plan;
mod read;
mod spelling;
#[cfg(test)]
mod tests;

pub use error::{UnitError, UnitErrorKind};
pub use files::Limits;
pub use jinja2::Jinja2;
pub use kind::{UnitKind, UnknownKind};
pub use read::{ReadOptions, engines, parse_units, read_unit_file, read_units};
pub use units::{Place, UnitNote, Units};
