//! The crash explorer: every workload of `session_storage::explore` on a simulated disk, until time is up.

mod table;

mod explore;

pub use explore::{Broken, explore, replay};
pub use table::Table;

#[cfg(test)]
mod tests;
