//! Snapshot files: streamed out under a hash, read back against it.
//!
//! The file holds the caller's bytes and nothing else; its length and hash stand in the head of the
//! journal of the same generation.

mod read;
mod write;

pub(crate) use read::{SnapshotRead, copy_snapshot, read_snapshot, read_start};
pub(crate) use write::{SnapshotError, WriteSnapshot, write_snapshot};
