//! Benchmarks: ours beside the floor and the peers, in one run, against bars.
//!
//! `method` says how anything is measured, each other folder what: the rows of one area. What is exact (bytes,
//! requests, flushes, calls, instructions, allocated memory) has a hard bar; time is judged only as a ratio of
//! interleaved rounds, by the lower end of its interval. `docs/benchmarks.md` has the figures.

mod disk;
mod error;
pub mod say;

pub mod method;

mod jobs;
mod plainbox;
mod sessions;

mod codec;
mod manager;
mod state;
mod storage;

mod flat;
mod run;

pub mod cli;

pub use error::{BenchError, Doing};
pub use run::{Area, RunOptions, Scale, run};

#[cfg(test)]
mod tests;
