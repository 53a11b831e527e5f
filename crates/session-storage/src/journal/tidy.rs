//! Removing what is no longer needed, after what replaces it is durable.
//!
//! Failures are left for the next time: a file too many costs room, never a state.

use std::ffi::OsString;
use std::iter;

use super::writer::Writer;
use crate::fs::OpenMode;
use crate::recovery::{Found, NativeName};

/// So many damaged snapshots of one generation are kept; one more stays under its own name.
const ASIDE_MAX: u32 = 100;

impl Writer {
    /// Removes generations older than the one before the current, and what unfinished steps left.
    ///
    /// Never the generation before (invariant J2), never a damaged file kept aside, and of names with the
    /// greatest number only the contents, so that the number stays taken (invariant J6).
    pub(crate) fn tidy(&mut self) {
        let current = self.generation();
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
                NativeName::SnapshotDamaged(_) | NativeName::Spare => {}
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
