//! The directory that holds sessions: making it, making sessions in it, listing, legacy mode, removing.

mod create;
mod entries;
mod error;
mod legacy;
mod open;
mod remove;
mod trash;

pub use create::{CreatedSession, NewSession};
pub use entries::{EntryProblem, RepositoryEntry};
pub use error::{RepositoryError, RepositoryStep};
pub use legacy::LegacyOutcome;
pub use open::Repository;
pub use remove::PurgeReport;
pub use trash::RemovedSession;

#[cfg(test)]
mod tests;
