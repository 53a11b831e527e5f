//! Removing what is no longer needed, after what replaces it is durable.
//!
//! Failures are left for the next time: a file too many costs room, never a state.

use std::ffi::OsString;
use std::iter;

use super::writer::Writer;
use crate::fs::{Dir, FsError, OpenMode};
use crate::recovery::{Found, NativeName};

/// So many damaged snapshots of one generation are kept; one more stays under its own name.
const ASIDE_MAX: u32 = 100;

impl Writer {
    /// Removes generations older than the one before the current, and what unfinished steps left.
    ///
    /// Never the generation before (invariant J2), never a damaged file kept aside, and of names with the
    /// greatest number only the contents, so that the number stays taken (invariant J6). What stood here before a
    /// repair is moved to where that repair keeps it (invariant R3).
    pub(crate) fn tidy(&mut self) {
        let current = self.generation();
        self.finish_repair(current);
        let before = self.inventory.snapshots().find(|other| *other < current);
        let greatest = self.inventory.unused_generation().unwrap_or(u64::MAX) - 1;
        let names: Vec<NativeName> = self.inventory.names.iter().copied().collect();
        for name in names {
            match name {
                NativeName::Snapshot(generation) => {
                    if generation < current && Some(generation) != before {
                        self.remove(name);
                    }
                }
                NativeName::Journal(generation, _) => {
                    if generation < current && Some(generation) != before {
                        self.remove(name);
                    } else if generation > current {
                        self.leftover(name, generation == greatest);
                    }
                }
                NativeName::SnapshotTemp(generation) => {
                    self.leftover(name, generation == greatest && generation > current);
                }
                NativeName::JournalTemp(generation, _) => {
                    if generation != current {
                        self.remove(name);
                    }
                }
                NativeName::SpareTemp => self.remove(name),
                NativeName::SnapshotDamaged(_) | NativeName::Aside(_) | NativeName::Spare => {}
            }
        }
        self.tidy_segments();
    }

    /// Removes segments of the current generation that a newer one, which holds all their frames, replaced.
    pub(crate) fn tidy_segments(&mut self) {
        let (current, newest) = (self.generation(), self.current.head.segment);
        if !self.current.head.is_whole() {
            return;
        }
        let mut older: Vec<NativeName> = Vec::new();
        for name in &self.inventory.names {
            match name {
                NativeName::Journal(generation, segment)
                | NativeName::JournalTemp(generation, segment)
                    if *generation == current && *segment < newest =>
                {
                    older.push(*name);
                }
                NativeName::Journal(..)
                | NativeName::JournalTemp(..)
                | NativeName::Snapshot(_)
                | NativeName::SnapshotTemp(_)
                | NativeName::SnapshotDamaged(_)
                | NativeName::Aside(_)
                | NativeName::Spare
                | NativeName::SpareTemp => {}
            }
        }
        for name in older {
            self.remove(name);
        }
    }

    /// Keeps a snapshot that is proven bad under a name nothing touches again, also when an earlier one of that
    /// generation was kept: `snapshot.<g>.damaged`, `snapshot.<g>.damaged.1` and so on.
    pub(crate) fn set_aside(&mut self, found: &Found) {
        let Some(fallback) = found.recovered.verdict.fallback else {
            return;
        };
        let bad = NativeName::Snapshot(fallback.bad);
        let aside = NativeName::SnapshotDamaged(fallback.bad);
        let further = (1..ASIDE_MAX).map(|number| OsString::from(format!("{aside}.{number}")));
        let free = iter::once(aside.os())
            .chain(further)
            .find(|name| matches!(self.dir.metadata(name), Ok(None)));
        if let Some(free) = free
            && self.dir.rename(&bad.os(), &free).is_ok()
        {
            self.inventory.remove(bad);
            self.inventory.add(aside);
        }
    }

    /// Puts aside what a repair that was cut short did not come to.
    fn finish_repair(&mut self, current: u64) {
        let asides = self.inventory.names.iter().filter_map(|name| match name {
            NativeName::Aside(generation) if *generation <= current => Some(*generation),
            NativeName::Aside(_)
            | NativeName::Snapshot(_)
            | NativeName::Journal(..)
            | NativeName::SnapshotTemp(_)
            | NativeName::JournalTemp(..)
            | NativeName::SnapshotDamaged(_)
            | NativeName::Spare
            | NativeName::SpareTemp => None,
        });
        let Some(newest) = asides.max() else {
            return;
        };
        let names: Vec<NativeName> = self.inventory.names.iter().copied().collect();
        for name in put_aside(self.dir.as_ref(), newest, &names).done {
            self.inventory.remove(name);
        }
    }

    fn leftover(&mut self, name: NativeName, keep_the_name: bool) {
        if !keep_the_name {
            self.remove(name);
        } else if let Ok(file) = self.dir.open_file(&name.os(), OpenMode::ReadWrite) {
            let _ = file.set_len(0);
        }
    }

    fn remove(&mut self, name: NativeName) {
        match self.dir.remove_file(&name.os()) {
            Err(error) if !error.is_not_found() => {}
            _ => self.inventory.remove(name),
        }
    }
}

/// What became of files that were to be put aside.
#[derive(Debug, Default)]
pub(crate) struct PutAside {
    pub(crate) done: Vec<NativeName>,
    pub(crate) problems: Vec<FsError>,
}

/// Moves what is older than a repaired generation into the directory that keeps it, and makes that durable.
pub(crate) fn put_aside(dir: &dyn Dir, repaired: u64, names: &[NativeName]) -> PutAside {
    let is_older = |name: &&NativeName| name.generation().is_some_and(|other| other < repaired);
    let older: Vec<NativeName> = names.iter().filter(is_older).copied().collect();
    let mut moved = PutAside::default();
    if older.is_empty() {
        return moved;
    }
    let target = match dir.open_dir(&NativeName::Aside(repaired).os()) {
        Ok(target) => target,
        Err(error) => {
            moved.problems.push(error);
            return moved;
        }
    };
    for name in older {
        match dir.move_to(&name.os(), target.as_ref(), &name.os()) {
            Ok(()) => moved.done.push(name),
            Err(error) => moved.problems.push(error),
        }
    }
    for synced in [target.sync(), dir.sync()] {
        moved.problems.extend(synced.err());
    }
    moved
}
