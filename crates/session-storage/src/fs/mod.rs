//! The only door to the disk: the [`Fs`] trait and its implementations.

mod error;
mod filesystem;

pub use error::{FsError, Operation};
pub use filesystem::{Dir, Entry, EntryKind, File, Fs, LockGuard, Metadata, OpenMode};
