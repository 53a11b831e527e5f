//! Whether a job can start, and what keeps it from starting.

mod inhibitor;

pub(crate) use inhibitor::UNDESIRED;
pub use inhibitor::{InhibitionCause, Inhibitor};
