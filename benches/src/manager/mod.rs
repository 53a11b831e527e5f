//! Whole sessions: a run job by job, loading, a checkpoint in Checkbox's format, and memory.

mod kit;

mod checkbox;
mod loading;
mod memory;
mod original;
mod running;

mod rows;

pub(crate) use memory::memory_probe;
pub(crate) use rows::{probe, rows};
