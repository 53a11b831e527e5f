//! Test kit for what crosses crates: the real program, generated sessions, the kill loop, the crash explorer, the
//! manager beside its model, the fuzz targets.

pub mod say;

pub mod disk;

mod arguments;
mod program;
mod random;
mod tools;

pub mod killing;

pub mod cutting;

pub mod rebooting;

pub mod conformance;

mod exploring;

pub mod modelling;

pub mod fuzzing;

pub mod interop;

#[cfg(doctest)]
mod readmes;

pub use arguments::{ArgumentError, numbers};
pub use exploring::{Broken, Table, explore, replay};
pub use program::{Ended, Program, ProgramError};
pub use random::Random;
pub use tools::ToolError;
