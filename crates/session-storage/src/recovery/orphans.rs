//! Journals without a snapshot: what a fold or an opening left, or what is left of a lost generation.

use super::end::{Rules, beginning, walk};
use super::generation::open_journal;
use super::inventory::Inventory;
use super::reader::RecoverError;
use super::recover::Found;
use super::verdict::Damage;
use super::window::Window;
use crate::frame::JournalHead;
use crate::fs::Dir;

/// A journal newer than any snapshot that holds frames.
pub(super) struct Orphan {
    head: JournalHead,
    /// Whether a frame in it was first written there, and not copied.
    native: bool,
}

impl Orphan {
    pub(super) fn damage(&self) -> Damage {
        Damage::SnapshotMissing {
            generation: self.head.generation,
        }
    }

    /// Whether it is what an opening left that never came to its rename: copies only, made around a
    /// snapshot that still stands (invariant J8).
    pub(super) fn is_left_over(&self, found: &Found) -> bool {
        let around = |head: &JournalHead| {
            head.snapshot == self.head.snapshot && head.base.same_frame(&self.head.base)
        };
        !self.native && (around(&found.head) || around(&found.snapshot_head))
    }
}

/// Refuses journals newer than any snapshot that another release made: it may have died before its snapshot got its
/// name, and what it wrote is not for this one to clear away.
pub(crate) fn refuse_other_versions(
    dir: &dyn Dir,
    inventory: &Inventory,
    newest: u64,
) -> Result<(), RecoverError> {
    for (generation, segment) in inventory.journals().filter(|(of, _)| *of > newest) {
        drop(open_journal(dir, generation, segment)?);
    }
    Ok(())
}

/// Journals newer than any snapshot that hold frames. Without frames they are what a fold left that
/// never came to its rename.
///
/// # Errors
/// [`RecoverError::OtherVersion`], as for [`refuse_other_versions`].
pub(super) fn orphaned_journals(
    dir: &dyn Dir,
    inventory: &Inventory,
    newest: u64,
    rules: &Rules,
) -> Result<Vec<Orphan>, RecoverError> {
    let mut orphans = Vec::new();
    for (generation, segment) in inventory.journals().filter(|(of, _)| *of > newest) {
        let journal = open_journal(dir, generation, segment)?;
        let Ok(head) = journal.head else {
            continue;
        };
        let mut window = Window::new(journal.file.as_ref())?;
        let (mut any, mut native) = (false, false);
        let from = beginning(&head);
        walk(&mut window, &head, from, None, rules, &mut |frame, _| {
            any = true;
            native |= frame.header().generation == generation;
        })?;
        if any {
            orphans.push(Orphan { head, native });
        }
    }
    Ok(orphans)
}
