//! The state of a session, and everything that may happen to it.
//!
//! Every mutation goes through one door per kind of [`Change`](crate::Change): the operation decides what
//! is to happen, the door lets it happen, and [`apply`](SessionState::apply) uses the same door.

mod counts;
mod past;

mod job_state;

mod entry;

mod observer;
mod session;

mod standing;

mod parting;
mod run_list;
mod selection;

mod apply;
mod blocked;
mod expansion;
mod jobs;
mod local;
mod metadata;
mod overriding;
mod ready;
mod restore;
mod results;
mod statistics;
mod templates;
mod units;

pub use apply::IllegalChange;
pub use counts::OutcomeCounts;
pub use entry::JobEntry;
pub use expansion::ExpansionFault;
pub use job_state::JobState;
pub use jobs::RemoveJobError;
pub use observer::{Observer, Signal, Subscription};
pub use restore::{IllegalParts, JobParts, SessionParts};
pub use session::SessionState;

#[cfg(test)]
pub(crate) mod tests;
