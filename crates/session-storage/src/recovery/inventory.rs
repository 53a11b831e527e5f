//! Which files of the native format a directory holds.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;

use super::names::{NativeName, Reading, read_name};
use crate::fs::{Dir, FsError};

/// One listing of a session directory, as far as the native format goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inventory {
    /// Every name that is exactly ours.
    pub(crate) names: BTreeSet<NativeName>,
    /// The greatest generation in any name, whatever stands there.
    greatest: u64,
    /// The greatest segment per generation in any name.
    segments: BTreeMap<u64, u32>,
}

impl Inventory {
    /// Lists a directory.
    pub(crate) fn list(dir: &dyn Dir) -> Result<Self, FsError> {
        let entries = dir.entries()?;
        Ok(Self::of(entries.iter().map(|entry| entry.name.as_os_str())))
    }

    /// Reads names that were listed.
    pub(crate) fn of<'a>(names: impl IntoIterator<Item = &'a OsStr>) -> Self {
        let mut inventory = Self::default();
        for name in names {
            match read_name(name) {
                Some(Reading::Ours(name)) => inventory.add(name),
                Some(Reading::Carries(generation, segment)) => inventory.take(generation, segment),
                None => {}
            }
        }
        inventory
    }

    /// Notes a name that was made.
    pub(crate) fn add(&mut self, name: NativeName) {
        self.names.insert(name);
        match name {
            NativeName::Snapshot(generation)
            | NativeName::SnapshotTemp(generation)
            | NativeName::SnapshotDamaged(generation)
            | NativeName::Aside(generation) => self.take(generation, 0),
            NativeName::Journal(generation, segment)
            | NativeName::JournalTemp(generation, segment) => self.take(generation, segment),
            NativeName::Spare | NativeName::SpareTemp => {}
        }
    }

    /// Lists again; numbers once taken stay taken.
    pub(crate) fn refresh(&mut self, dir: &dyn Dir) -> Result<(), FsError> {
        let now = Self::list(dir)?;
        self.names = now.names;
        self.greatest = self.greatest.max(now.greatest);
        for (generation, segment) in now.segments {
            self.take(generation, segment);
        }
        Ok(())
    }

    /// Notes that a name is gone; its numbers stay taken.
    pub(crate) fn remove(&mut self, name: NativeName) {
        self.names.remove(&name);
    }

    fn take(&mut self, generation: u64, segment: u32) {
        self.greatest = self.greatest.max(generation);
        let greatest = self.segments.entry(generation).or_default();
        *greatest = segment.max(*greatest);
    }

    /// Whether any snapshot or journal stands here.
    pub(crate) fn has_native(&self) -> bool {
        self.names.iter().any(|name| {
            matches!(name, NativeName::Snapshot(_)) || matches!(name, NativeName::Journal(_, _))
        })
    }

    /// Generations with a snapshot, the greatest first.
    pub(crate) fn snapshots(&self) -> impl Iterator<Item = u64> + '_ {
        self.names.iter().rev().filter_map(|name| match name {
            NativeName::Snapshot(generation) => Some(*generation),
            NativeName::Journal(..)
            | NativeName::SnapshotTemp(_)
            | NativeName::JournalTemp(..)
            | NativeName::SnapshotDamaged(_)
            | NativeName::Aside(_)
            | NativeName::Spare
            | NativeName::SpareTemp => None,
        })
    }

    /// Journals, as (generation, segment) in rising order.
    pub(crate) fn journals(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.names.iter().filter_map(|name| match name {
            NativeName::Journal(generation, segment) => Some((*generation, *segment)),
            NativeName::Snapshot(_)
            | NativeName::SnapshotTemp(_)
            | NativeName::JournalTemp(..)
            | NativeName::SnapshotDamaged(_)
            | NativeName::Aside(_)
            | NativeName::Spare
            | NativeName::SpareTemp => None,
        })
    }

    /// A generation number no name ever carried (invariant J6); `None` when the numbers are used up.
    pub(crate) fn unused_generation(&self) -> Option<u64> {
        self.greatest.checked_add(1)
    }

    /// A segment number of a generation that no name carries.
    pub(crate) fn unused_segment(&self, generation: u64) -> Option<u32> {
        self.segments
            .get(&generation)
            .map_or(Some(0), |greatest| greatest.checked_add(1))
    }
}
