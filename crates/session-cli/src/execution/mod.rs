//! Running the jobs of a session, one flush per job.

mod ending;
mod job;
mod walk;

pub(crate) use ending::tell_summary;
pub(crate) use walk::{Execution, Step};
