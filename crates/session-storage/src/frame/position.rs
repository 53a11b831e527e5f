//! A place in a session's history.

use super::chain::ChainValue;

/// A place in the history of a session: after which frame, and by which history it was reached.
///
/// Two positions are equal only when everything before them is; a plan made at one holds only there. Numbers and chain
/// run on through folds, segments and openings (invariant J16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The generation of the journal.
    pub generation: u64,
    /// The sequence number of the last frame; 0 before the first.
    pub seq: u64,
    /// The chain value of the last frame.
    pub chain: ChainValue,
}

impl Position {
    /// The place before the first frame of a session.
    pub(crate) fn origin(uuid: [u8; 16]) -> Self {
        Self {
            generation: 0,
            seq: 0,
            chain: ChainValue::origin(uuid),
        }
    }

    /// Whether both name the same frame, whatever journals it stands in.
    pub(crate) fn same_frame(&self, other: &Self) -> bool {
        self.seq == other.seq && self.chain == other.chain
    }
}
