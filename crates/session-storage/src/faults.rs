//! Mistakes the crash exploration must catch, each behind a switch that exists for tests only.
//!
//! Without the feature `simulation` no switch can be set.

/// A mistake this crate must not make.
#[cfg_attr(
    not(feature = "simulation"),
    expect(unreachable_pub, reason = "only the simulation shows it")
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A fold counts as done before its directory is synced.
    FoldWithoutDirSync,
    /// A fold renames its snapshot before the journal exists.
    JournalAfterRename,
    /// A fold removes the generation it came from, not the one before.
    RemoveTooNew,
    /// A fold takes the current generation's number again.
    ReuseGeneration,
    /// A read error counts as proof that a snapshot is bad.
    FallbackOnError,
    /// The step back does without the older generation's journal.
    FallbackWithoutJournal,
    /// A new process goes on in the journal it found.
    AppendWithoutCopy,
    /// After a failed sync the journal is synced again and used on.
    ResyncAfterFailure,
    /// A frame's checksum is keyed with the frame before it only.
    ChainBySeed,
    /// Frames share sectors.
    PackedFrames,
    /// A damaged last frame is called torn.
    DamagedCalledTorn,
    /// A short write counts as a whole one.
    ShortWriteTaken,
    /// The spare is unlinked to make room, and the room is not there.
    SpareUnlinkedFirst,
    /// A reader takes a fold that happens meanwhile for damage.
    FoldTakenForDamage,
    /// The directories above a new repository are not synced.
    ParentsNotSynced,
    /// A lock counts although a power cut may take the entry of its session.
    EntryNotSynced,
    /// A lock counts although its directory was renamed meanwhile.
    RenamedTakenForLocked,
    /// A repair is applied to another session than it was planned for.
    PlanNotCompared,
    /// A snapshot gets its name before its bytes are synced.
    SnapshotNotSynced,
    /// A removal clears the files away before the session's new name is durable.
    ClearedBeforeDurable,
    /// A legacy switch removes the session before the link to the new one is durable.
    ReplacedBeforeDurable,
}

impl Fault {
    /// All of them.
    #[cfg(feature = "simulation")]
    pub const ALL: [Self; 21] = [
        Self::FoldWithoutDirSync,
        Self::JournalAfterRename,
        Self::RemoveTooNew,
        Self::ReuseGeneration,
        Self::FallbackOnError,
        Self::FallbackWithoutJournal,
        Self::AppendWithoutCopy,
        Self::ResyncAfterFailure,
        Self::ChainBySeed,
        Self::PackedFrames,
        Self::DamagedCalledTorn,
        Self::ShortWriteTaken,
        Self::SpareUnlinkedFirst,
        Self::FoldTakenForDamage,
        Self::ParentsNotSynced,
        Self::EntryNotSynced,
        Self::RenamedTakenForLocked,
        Self::PlanNotCompared,
        Self::SnapshotNotSynced,
        Self::ClearedBeforeDurable,
        Self::ReplacedBeforeDurable,
    ];
}

/// Which switches are on: none, unless a test asks.
#[cfg_attr(
    not(feature = "simulation"),
    expect(unreachable_pub, reason = "only the simulation shows it")
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    on: Option<Fault>,
}

impl Faults {
    /// Exactly one switch on.
    #[cfg(feature = "simulation")]
    pub fn only(fault: Fault) -> Self {
        Self { on: Some(fault) }
    }

    /// Whether a switch is on.
    pub(crate) fn has(self, fault: Fault) -> bool {
        cfg!(feature = "simulation") && self.on == Some(fault)
    }
}
