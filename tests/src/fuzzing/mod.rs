//! What every decoder must do with any bytes: the bodies of the fuzz targets.
//!
//! libFuzzer calls them from the workspace `fuzz/`; the tests here call them with the seeds, so that no body can
//! rot. A body returns when the promise holds, and panics with the broken promise when it does not.

mod corpus;
mod seal;

mod checkbox;
mod native;
mod recovery;
mod requirements;
mod units;

mod target;

pub use corpus::CorpusError;
pub use target::{TARGETS, Target, run, target};

#[cfg(test)]
mod tests;
