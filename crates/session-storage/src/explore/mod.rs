//! Crash exploration: workloads on a simulated disk, a power cut or a kill at every operation, every
//! disk image the model allows, and the promise checked on each (feature `simulation`).
//!
//! The promise is the contract of the journal: what opens is the last acknowledged state or the one being
//! written, never another and never a mixture; it opens for writing, and what is acknowledged after that
//! survives the next power cut. [`run`] explores power cuts, kills and failed syncs; [`inject`] lets every
//! call fail in every way; [`beside`] lets a reader look while the writer goes on. What is found carries a
//! [`Replay`], by which [`replay`] shows it again.

mod attempt;
mod beside;
mod crashes;
mod driver;
mod figures;
mod hook;
mod hunt;
mod injection;
mod media;
mod mending;
mod model;
mod opening;
mod pairs;
mod place;
mod replay;
mod sessions;
mod verify;
mod workload;

pub use beside::beside;
pub use crashes::{run, run_with_fault};
pub use figures::{Figures, Finding};
#[cfg(test)]
pub(crate) use hook::Hook;
pub use hunt::{hunt, replay, story};
pub use injection::{inject, inject_with_fault};
pub use replay::{Course, Left, NoReplay, Replay};
pub use workload::{Place, Step, Workload};

#[cfg(test)]
mod tests;
