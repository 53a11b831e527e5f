//! Journals without a snapshot: what a fold or an opening left, or what is left of a lost generation.

use super::end::{Rules, beginning, walk};
use super::generation::read_head;
use super::inventory::Inventory;
use super::names::NativeName;
use super::reader::RecoverError;
use super::recover::Found;
use super::verdict::Damage;
use super::window::Window;
use crate::frame::JournalHead;
use crate::fs::{Dir, OpenMode};

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

/// Journals newer than any snapshot that hold frames. Without frames they are what a fold left that
/// never came to its rename.
pub(super) fn orphaned_journals(
    dir: &dyn Dir,
    inventory: &Inventory,
    newest: u64,
    rules: &Rules,
) -> Result<Vec<Orphan>, RecoverError> {
    let mut orphans = Vec::new();
    for (generation, segment) in inventory.journals().filter(|(of, _)| *of > newest) {
        let name = NativeName::Journal(generation, segment).os();
        let file = dir.open_file(&name, OpenMode::Read)?;
        let Ok(head) = read_head(file.as_ref())? else {
            continue;
        };
        let mut window = Window::new(file.as_ref())?;
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
