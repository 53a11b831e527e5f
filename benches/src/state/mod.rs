//! The model: building and solving large sessions, their memory, and what single steps cost in them.

#[cfg(feature = "peers")]
mod peer;

mod memory;
mod selections;
mod solving;
mod steps;

mod rows;

pub(crate) use memory::memory_probe;
pub(crate) use rows::{probe, rows};
