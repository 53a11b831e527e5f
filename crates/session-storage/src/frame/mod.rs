//! The bytes of a journal: its head, its frames, their checksums and the chain of hashes through them.
//!
//! A journal file is a head (one sector, padded to the alignment), then frames at multiples of the
//! alignment, then zeros. `docs/formats-journal.md` has the tables; the golden test pins the bytes.
//! Nothing here touches a disk.

mod bytes;
mod chain;
mod checksum;
mod decode;
mod encode;
mod head;
mod header;
mod position;

pub use chain::ChainValue;
pub use head::Align;
pub use position::Position;

pub(crate) use chain::{merkle_root, next_chain};
pub(crate) use checksum::{ContentHash, Key, StreamHash};
pub(crate) use decode::FrameView;
pub(crate) use encode::{FrameBuffer, FrameFields, FrameTooLarge};
pub(crate) use head::{BadHead, JournalHead, SnapshotStamp, VERSION};
pub(crate) use header::{FrameHeader, FrameKind, SummaryAt};

/// The unit a disk writes whole or not at all (assumption A1 of `docs/durability.md`).
pub(crate) const SECTOR: usize = 512;

#[cfg(test)]
mod tests;
