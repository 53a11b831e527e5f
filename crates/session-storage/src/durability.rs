//! How much a state survives, by the failure it survives.

/// What becomes of a state when something goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Durability {
    /// It survives the death of the process that wrote it. A crash of the kernel or a power cut may take it back to an
    /// older acknowledged state: what a reader sees may still be on its way to the disk.
    Buffered,
    /// It survives a kill, a crash of the kernel and a power cut, on a disk that honours flushes.
    Synced,
}
