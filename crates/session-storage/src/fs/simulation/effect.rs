//! One change that a call made to the disk's contents, and how far it is from being durable.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::sync::Arc;

use super::disk::{Disk, Ino, Sector};

/// What is changed. Each effect reaches the disk whole or not at all.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// The whole new text of one sector.
    Sector {
        ino: Ino,
        index: u64,
        content: Arc<Sector>,
    },
    /// A new length.
    Length { ino: Ino, len: u64 },
    /// Directory entries changed together: one for a create or unlink, two for a rename.
    Entries(Vec<EntryChange>),
}

#[derive(Clone, Debug)]
pub(super) struct EntryChange {
    pub(super) dir: Ino,
    pub(super) name: OsString,
    pub(super) target: Option<Ino>,
}

/// How far an effect has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// In the cache; the next sync of these directories, or of its file where none is named, writes it.
    Unsynced(BTreeSet<Ino>),
    /// A failed sync marked it clean: no later sync writes it; it may or may not be on the disk.
    Stranded,
    /// On the disk, but an older effect that is not stands before it.
    Durable,
}

/// An effect in the log.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    /// The number of the operation that made it.
    pub(super) operation: u64,
    pub(super) effect: Effect,
    pub(super) stage: Stage,
    /// In the words of a person.
    pub(super) text: Arc<str>,
}

impl Effect {
    pub(super) fn apply(&self, disk: &mut Disk) {
        match self {
            Self::Sector {
                ino,
                index,
                content,
            } => disk.put_sector(*ino, *index, Arc::clone(content)),
            Self::Length { ino, len } => disk.put_len(*ino, *len),
            Self::Entries(changes) => {
                for change in changes {
                    disk.put_entry(change.dir, &change.name, change.target);
                }
            }
        }
    }

    /// The file whose sync writes this effect; none for directory entries.
    pub(super) fn file(&self) -> Option<Ino> {
        match self {
            Self::Sector { ino, .. } | Self::Length { ino, .. } => Some(*ino),
            Self::Entries(_) => None,
        }
    }
}

impl Pending {
    pub(super) fn is_durable(&self) -> bool {
        match self.stage {
            Stage::Durable => true,
            Stage::Unsynced(_) | Stage::Stranded => false,
        }
    }

    pub(super) fn describe(&self) -> String {
        let what = match &self.effect {
            Effect::Sector { index, .. } => format!("sector {index}"),
            Effect::Length { len, .. } => format!("length {len}"),
            Effect::Entries(_) => "entry".to_owned(),
        };
        let stranded = match self.stage {
            Stage::Stranded => " (stranded by a failed sync)",
            Stage::Unsynced(_) | Stage::Durable => "",
        };
        format!(
            "operation {}: {}, {what}{stranded}",
            self.operation, self.text
        )
    }
}
