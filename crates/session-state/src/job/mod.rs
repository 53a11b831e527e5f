//! Jobs: definitions, results, states.

mod definition;
mod outcome;
mod result;

pub use definition::{JobDefinition, Origin, Parameters};
pub use outcome::JobOutcome;
pub use result::{IoLog, IoLogRecord, IoStream, JobResult, StoredLog};
