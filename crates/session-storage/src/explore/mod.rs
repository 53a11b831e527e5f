//! Crash exploration: workloads on a simulated disk, a power cut or a kill at every operation, every
//! disk image the model allows, and the promise checked on each (feature `simulation`).
//!
//! The promise is architecture §3's contract: what opens is the last acknowledged state or the one being
//! written, never another and never a mixture; it opens for writing, and what is acknowledged after that
//! survives the next power cut. [`run`] explores power cuts, kills and failed syncs; [`inject`] lets every
//! call fail in every way.

mod crashes;
mod driver;
mod figures;
mod injection;
mod media;
mod model;
mod verify;
mod workload;

pub use crashes::{hunt, replay, run, run_with_fault};
pub use figures::{Figures, Finding};
pub use injection::{inject, inject_with_fault};
pub use workload::{Step, Workload};

#[cfg(test)]
mod tests;
