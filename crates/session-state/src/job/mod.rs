//! Jobs: definitions, results, states.

mod json;
mod json_read;

mod accessors;
mod checksum;
mod definition;
mod duration;
mod fields;
mod format;
mod known;
mod outcome;
mod plugin;
mod presentation;
mod renderings;
mod result;
mod return_code;
mod siblings;
mod words;

pub use checksum::{Checksum, IllegalChecksum};
pub use definition::{JobDefinition, Origin, Parameters};
pub use duration::parse_duration;
pub use fields::Fields;
pub use format::FormatError;
pub use json_read::{JsonError, JsonPlace, read_json};
pub(crate) use known::KnownField;
pub use outcome::{JobOutcome, UnknownOutcome};
pub use plugin::{PluginKind, UnknownPlugin};
pub use renderings::{EngineError, Renderings};
pub use result::{IoLog, IoLogRecord, IoStream, JobResult, StoredLog};
pub use return_code::{LargeNumber, ReturnCode};
pub(crate) use siblings::SUSPENDS;
pub use siblings::SiblingsError;
pub use words::{WordEntries, WordError, Words, is_space, word_entries, words};

#[cfg(test)]
mod tests;
