//! The pure model of a session: jobs, results, readiness, dependency order, resources.

mod change;
mod field;
mod id;
mod job;
mod metadata;
mod resource;

pub use change::{Change, MetadataChange};
pub use field::FieldValue;
pub use id::{CategoryId, JobId};
pub use job::{
    IoLog, IoLogRecord, IoStream, JobDefinition, JobOutcome, JobResult, Origin, Parameters,
    StoredLog,
};
pub use metadata::{JobIntent, SessionMetadata};
pub use resource::Resource;
