//! The file names of the native format, and what a name found in a directory means.

use std::ffi::{OsStr, OsString};
use std::fmt;

/// A file of the native format, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum NativeName {
    /// `snapshot.<generation>`
    Snapshot(u64),
    /// `journal.<generation>`, or `journal.<generation>.<segment>` from the second file on.
    Journal(u64, u32),
    /// `snapshot.<generation>.tmp`
    SnapshotTemp(u64),
    /// `journal.<generation>.<segment>.tmp`
    JournalTemp(u64, u32),
    /// `snapshot.<generation>.damaged`: proven bad, kept aside, never touched again.
    SnapshotDamaged(u64),
    /// `damaged.<generation>`: a directory with the files as they were before a repair made this generation.
    Aside(u64),
    /// `spare`: zeros, written and synced.
    Spare,
    /// `spare.tmp`: zeros being written.
    SpareTemp,
}

impl NativeName {
    /// The name as the file system takes it.
    pub(crate) fn os(&self) -> OsString {
        OsString::from(self.to_string())
    }

    /// The generation of a file that generations are made of; `None` for what is kept aside, and for the spare.
    pub(crate) fn generation(&self) -> Option<u64> {
        match self {
            Self::Snapshot(generation)
            | Self::SnapshotTemp(generation)
            | Self::Journal(generation, _)
            | Self::JournalTemp(generation, _) => Some(*generation),
            Self::SnapshotDamaged(_) | Self::Aside(_) | Self::Spare | Self::SpareTemp => None,
        }
    }
}

impl fmt::Display for NativeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Snapshot(generation) => write!(f, "snapshot.{generation}"),
            Self::Journal(generation, 0) => write!(f, "journal.{generation}"),
            Self::Journal(generation, segment) => write!(f, "journal.{generation}.{segment}"),
            Self::SnapshotTemp(generation) => write!(f, "snapshot.{generation}.tmp"),
            Self::JournalTemp(generation, segment) => {
                write!(f, "journal.{generation}.{segment}.tmp")
            }
            Self::SnapshotDamaged(generation) => write!(f, "snapshot.{generation}.damaged"),
            Self::Aside(generation) => write!(f, "damaged.{generation}"),
            Self::Spare => f.write_str("spare"),
            Self::SpareTemp => f.write_str("spare.tmp"),
        }
    }
}

/// What a name says: exactly one of ours, or at least which numbers it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Exactly a name this crate writes.
    Ours(NativeName),
    /// Some other name that carries a generation, and perhaps a segment: the numbers are taken.
    Carries(u64, u32),
}

/// Reads a directory entry's name; `None` when it is not about the native format.
pub(crate) fn read_name(name: &OsStr) -> Option<Reading> {
    let text = name.to_str()?;
    let (candidates, carries) = if let Some(rest) = text.strip_prefix("snapshot.") {
        let (generation, _) = leading_number(rest)?;
        let candidates = [
            NativeName::Snapshot(generation),
            NativeName::SnapshotTemp(generation),
            NativeName::SnapshotDamaged(generation),
        ];
        (candidates, Reading::Carries(generation, 0))
    } else if let Some(rest) = text.strip_prefix("journal.") {
        let (generation, rest) = leading_number(rest)?;
        let segment = rest
            .strip_prefix('.')
            .and_then(leading_number)
            .and_then(|(segment, _)| u32::try_from(segment).ok())
            .unwrap_or(0);
        let candidates = [
            NativeName::Journal(generation, segment),
            NativeName::JournalTemp(generation, segment),
            NativeName::Journal(generation, 0),
        ];
        (candidates, Reading::Carries(generation, segment))
    } else if let Some(rest) = text.strip_prefix("damaged.") {
        let (generation, _) = leading_number(rest)?;
        let aside = NativeName::Aside(generation);
        ([aside; 3], Reading::Carries(generation, 0))
    } else {
        return [NativeName::Spare, NativeName::SpareTemp]
            .into_iter()
            .find(|known| known.to_string() == text)
            .map(Reading::Ours);
    };
    Some(
        candidates
            .into_iter()
            .find(|known| known.to_string() == text)
            .map_or(carries, Reading::Ours),
    )
}

fn leading_number(text: &str) -> Option<(u64, &str)> {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    Some((digits.parse().ok()?, rest))
}
