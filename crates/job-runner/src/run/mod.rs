//! Running one job from its start to the end of its last process.

mod end;

mod output;

mod start;

mod supervise;

pub use end::{EndCause, JobEnd};
pub use supervise::run;

#[cfg(test)]
mod tests;
