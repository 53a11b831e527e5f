//! Reading while a writer may be at work: look again until two looks agree, and not for ever
//! (invariant J11).

use std::io;

use super::end::Rules;
use super::inventory::Inventory;
use super::recover::{Found, recover_once};
use super::verdict::{Damage, Tail};
use crate::faults::Fault;
use crate::fs::{Dir, FsError};

/// How often a reader begins again before it takes what it sees.
pub(super) const LOOKS_MAX: u32 = 16;

/// Why a session could not be recovered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecoverError {
    /// Nothing was ever saved in the native format here.
    #[error("the session holds no native snapshot")]
    NoSession,
    /// No generation can be read.
    #[error("the session cannot be read: {}", list(damage))]
    Damaged {
        /// What is wrong with which file.
        damage: Vec<Damage>,
    },
    /// A journal is whole and was written in a layout that this release does not read, by a newer one or by a
    /// development version. The session is not damaged, and nothing here writes to it, repairs it or clears anything
    /// of it away (invariant J18).
    #[error("{file} is of layout version {found}; this release reads {supported}")]
    OtherVersion {
        /// Which file.
        file: String,
        /// Its version.
        found: u32,
        /// The version this release reads.
        supported: u32,
    },
    /// A file claims to be larger than the limit.
    #[error("a {what} of {bytes} bytes is above the limit of {limit}")]
    TooLarge {
        /// Which kind of file.
        what: &'static str,
        /// The length it claims.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The file system said no; nothing was decided from it.
    #[error(transparent)]
    Fs(#[from] FsError),
}

impl RecoverError {
    /// Whether the session was written by another release, and is not damaged.
    pub const fn is_of_other_release(&self) -> bool {
        matches!(self, Self::OtherVersion { .. })
    }

    /// Whether that was a newer one.
    pub const fn is_newer(&self) -> bool {
        matches!(self, Self::OtherVersion { found, supported, .. } if *found > *supported)
    }

    /// What a person can do about it, where the bytes tell.
    pub const fn advice(&self) -> Option<&'static str> {
        match self {
            Self::OtherVersion { .. } if self.is_newer() => Some(
                "it was written by a newer release: open it with that release or a later one; nothing here will overwrite it",
            ),
            Self::OtherVersion { .. } => Some(
                "it was written before the layout was frozen: open it with the program that wrote it; nothing here will overwrite it",
            ),
            Self::NoSession | Self::Damaged { .. } | Self::TooLarge { .. } | Self::Fs(_) => None,
        }
    }
}

fn list(damage: &[Damage]) -> String {
    let words: Vec<String> = damage.iter().map(ToString::to_string).collect();
    words.join("; ")
}

/// Reads for reading: never writes, and steps over a fold or an append that happens meanwhile.
pub(crate) fn read_directory(
    dir: &dyn Dir,
    rules: &Rules,
    writer_lives: &dyn Fn() -> bool,
) -> Result<Found, RecoverError> {
    let mut before: Option<Look> = None;
    let mut looks = 0;
    loop {
        let lived = writer_lives();
        let inventory = Inventory::list(dir)?;
        let outcome = recover_once(dir, &inventory, rules);
        looks += 1;
        let look = Look::of(&outcome, inventory);
        let settled = look.is_good()
            || before.as_ref() == Some(&look)
            || looks >= LOOKS_MAX
            || rules.faults.has(Fault::FoldTakenForDamage);
        if settled {
            return outcome.map(|found| in_progress(found, lived));
        }
        before = Some(look);
    }
}

/// Reads for the one process that holds the lock: nobody else writes.
pub(crate) fn recover_for_writing(dir: &dyn Dir, rules: &Rules) -> Result<Found, RecoverError> {
    let inventory = Inventory::list(dir)?;
    recover_once(dir, &inventory, rules)
}

/// A bad last frame beside a living writer is the one it is writing.
fn in_progress(mut found: Found, writer_lives: bool) -> Found {
    if writer_lives
        && let Tail::Torn { seq } | Tail::DamagedLast { seq } = found.recovered.verdict.tail
    {
        found.recovered.verdict.tail = Tail::InProgress { seq };
        if found.recovered.verdict.damage.is_empty() {
            found.recovered.verdict.lost = None;
        }
    }
    found
}

/// What two looks are compared by.
#[derive(Debug, PartialEq, Eq)]
struct Look {
    inventory: Inventory,
    /// Last frame, where it ends, and how; none when nothing could be read.
    end: Option<(u64, u64, Tail)>,
    damage: Vec<Damage>,
    error: Option<io::ErrorKind>,
}

impl Look {
    fn of(outcome: &Result<Found, RecoverError>, inventory: Inventory) -> Self {
        let mut look = Self {
            inventory,
            end: None,
            damage: Vec::new(),
            error: None,
        };
        match outcome {
            Ok(found) => {
                let verdict = &found.recovered.verdict;
                let seq = found.recovered.position.seq;
                look.end = Some((seq, found.walk.offset, verdict.tail));
                look.damage.clone_from(&verdict.damage);
            }
            Err(RecoverError::Fs(error)) => look.error = Some(error.kind()),
            Err(RecoverError::Damaged { damage }) => look.damage.clone_from(damage),
            Err(
                RecoverError::NoSession
                | RecoverError::OtherVersion { .. }
                | RecoverError::TooLarge { .. },
            ) => {}
        }
        look
    }

    /// Whether one look is enough: nothing in it could come from a writer at work.
    fn is_good(&self) -> bool {
        let ends_well =
            |(_, _, tail): &(u64, u64, Tail)| matches!(tail, Tail::Clean | Tail::Closed);
        match self.error {
            Some(kind) => kind != io::ErrorKind::NotFound,
            None => self.end.as_ref().is_some_and(ends_well) && self.damage.is_empty(),
        }
    }
}
