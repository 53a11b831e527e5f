//! How much a reader takes into memory, whatever the files claim (invariant J15).

/// Upper bounds, checked before any memory is taken and before anything is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Largest payload of one frame, in bytes. Default: 64 MiB.
    pub frame_bytes_max: u64,
    /// Largest snapshot, in bytes. Default: 8 GiB.
    pub snapshot_bytes_max: u64,
    /// Largest journal file, in bytes. Default: 32 GiB.
    pub journal_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes_max: 64 << 20,
            snapshot_bytes_max: 8 << 30,
            journal_bytes_max: 32 << 30,
        }
    }
}
