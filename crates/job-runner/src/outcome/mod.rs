//! From the end of a process to the verdict on a job.

mod verdict;

pub use verdict::{Judge, outcome};

#[cfg(test)]
mod tests;
