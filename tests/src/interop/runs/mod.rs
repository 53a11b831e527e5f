//! One run of a plan by two programs: begun by plainbox 0.38's own runner and continued by ours after each job, and
//! the other way round.
//!
//! The plan is `tests/interop/plan.pxu`, the other side `tests/interop/runs.py`. Whoever ends the run, both sides
//! must read the same results, and those of a run that nobody interrupted.

mod ours;
mod plan;
mod told;

mod play;

pub use play::{RunsError, RunsFigures, run_plans};

#[cfg(test)]
mod tests;
