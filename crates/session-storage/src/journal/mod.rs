//! The writer: durable frames one by one, folding, and what happens when a step fails.
//!
//! A journal appends only to a file it made itself (invariant J1). Whatever fails, the next call begins
//! with a new file into which the acknowledged frames are copied.

mod append;
mod at_once;
mod entry;
mod error;
mod files;
mod fold;
mod handle;
mod maker;
mod options;
mod renew;
mod spare;
mod tidy;
mod writer;

pub use entry::JournalRefused;
pub use error::{AppendError, CloseError, CreateError, FoldError, OpenError, RenewError};
pub(crate) use fold::generation_from;
pub use handle::{Appended, Journal, Space};
pub(crate) use maker::Maker;
pub use options::{CreateOptions, JournalOptions};

pub(crate) use tidy::put_aside;

#[cfg(test)]
pub(crate) mod tests;
