//! The only door to the disk: the [`Fs`] trait and its implementations.

mod error;
mod filesystem;
mod name;
mod real;
#[cfg(feature = "simulation")]
mod simulation;

pub use error::{FsError, Operation};
pub use filesystem::{Dir, Entry, EntryKind, File, Fs, LockGuard, Metadata, OpenMode};
pub use real::RealFs;
#[cfg(feature = "simulation")]
pub use simulation::{
    Call, CrashFs, CrashImage, CrashImages, Exploration, FailFs, FailedSync, Failure, Repeat,
    Schedule,
};

#[cfg(test)]
mod tests;
