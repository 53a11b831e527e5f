//! Durable session directories for any bytes: repository, locks, snapshots, journal, recovery.

mod fs;

pub use fs::{Dir, Entry, EntryKind, File, Fs, FsError, LockGuard, Metadata, OpenMode, Operation};
