//! Repair in two steps: a plan that says what is kept and what is given up, and its application under the lock.
//!
//! A repair never guesses: it keeps exactly what recovery reads, gives up what recovery calls lost, and puts the
//! files as they were into a directory of their own (invariants R1 to R4 of `docs/invariants.md`).

mod apply;
mod error;
mod plan;

pub use apply::Repaired;
pub use error::RepairError;
pub use plan::RepairPlan;

#[cfg(feature = "simulation")]
pub(crate) use apply::repair_directory;

#[cfg(test)]
mod tests;
