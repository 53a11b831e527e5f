//! Creating, folding and opening: everything that begins a generation.

use std::sync::Arc;

use super::error::{CreateError, FoldError, OpenError, RenewError};
use super::maker::{MakeError, Maker, Plan};
use super::options::{CreateOptions, JournalOptions};
use super::renew::make_copy;
use super::writer::{Current, Health, Writer};
use crate::faults::Fault;
use crate::frame::{FrameBuffer, JournalHead, Position};
use crate::fs::{Dir, OpenMode};
use crate::recovery::{
    Depth, Found, FrameBytes, Inventory, NativeName, recover_for_writing, refuse_other_versions,
};
use crate::snapshot::{SnapshotError, WriteSnapshot, write_snapshot};

impl Writer {
    /// Makes the first generation of a session.
    pub(crate) fn create(
        dir: Arc<dyn Dir>,
        options: &CreateOptions,
        produce: WriteSnapshot<'_>,
    ) -> Result<Self, CreateError> {
        let mut inventory = Inventory::list(dir.as_ref())?;
        if let Some(generation) = inventory.snapshots().next() {
            return Err(CreateError::Exists { generation });
        }
        refuse_other_versions(dir.as_ref(), &inventory, 0).map_err(CreateError::Others)?;
        let generation = inventory
            .unused_generation()
            .ok_or(CreateError::First(FoldError::NumbersUsedUp))?;
        let journal = options.journal.clone();
        let base = Position::origin(options.uuid);
        let plan = Plan {
            generation,
            uuid: options.uuid,
            base,
            frames: &[],
        };
        let limit = journal.limits.snapshot_bytes_max;
        let mut buffer = FrameBuffer::default();
        let mut maker = Maker {
            dir: dir.as_ref(),
            options: &journal,
            inventory: &mut inventory,
            buffer: &mut buffer,
        };
        let current = maker
            .generation(&plan, &mut |file| write_snapshot(file, limit, produce))
            .map_err(|error| CreateError::First(fold_error(generation, error).0))?;
        Ok(Self::with(dir, journal, inventory, current, base))
    }

    fn with(
        dir: Arc<dyn Dir>,
        options: JournalOptions,
        inventory: Inventory,
        current: Current,
        last: Position,
    ) -> Self {
        let mut writer = Self::bare(dir, options, inventory, current, last);
        writer.fill_spare();
        writer
    }

    /// Recovers. What is damaged is refused before anything is changed (invariant J14).
    pub(crate) fn recover(dir: &dyn Dir, options: &JournalOptions) -> Result<Found, OpenError> {
        let rules = options.rules(Depth::Chain);
        let found = recover_for_writing(dir, &rules).map_err(OpenError::Recover)?;
        if !found.recovered.verdict.is_writable() {
            return Err(OpenError::ReadOnly {
                recovered: Box::new(found.recovered),
            });
        }
        Ok(found)
    }

    /// Copies what was recovered into a file of its own, before anything is decided.
    pub(crate) fn take_over(
        dir: Arc<dyn Dir>,
        options: &JournalOptions,
        found: &Found,
    ) -> Result<Self, OpenError> {
        let mut inventory = found.inventory.clone();
        // The alignment is the session's, not the caller's.
        let mut options = options.clone();
        options.align = found.head.align;
        let spare = spare_is_ready(dir.as_ref(), &inventory, &options);
        let mut buffer = FrameBuffer::default();
        let mut maker = Maker {
            dir: dir.as_ref(),
            options: &options,
            inventory: &mut inventory,
            buffer: &mut buffer,
        };
        let current = if options.faults().has(Fault::AppendWithoutCopy) {
            go_on(dir.as_ref(), found)
        } else if found.recovered.verdict.fallback.is_some() {
            generation_from(&mut maker, found)
        } else {
            generation_around(&mut maker, found, spare)
        };
        let (current, spare_used) = current.map_err(OpenError::Renew)?;
        let last = Position {
            generation: current.head.generation,
            ..found.recovered.position
        };
        let mut writer = Self {
            payload: payload(&found.recovered.frames),
            spare: spare && !spare_used,
            disk_full: spare_used,
            ..Self::bare(dir, options, inventory, current, last)
        };
        writer.set_aside(found);
        writer.tidy();
        if !writer.spare {
            writer.fill_spare();
        }
        Ok(writer)
    }

    fn bare(
        dir: Arc<dyn Dir>,
        options: JournalOptions,
        inventory: Inventory,
        current: Current,
        last: Position,
    ) -> Self {
        Self {
            dir,
            options,
            inventory,
            current,
            last,
            payload: 0,
            frame_bytes: 0,
            buffer: FrameBuffer::default(),
            health: Health::Sound,
            spare: false,
            disk_full: false,
        }
    }

    /// Whether a fold is due: enough was appended, and the disk is not full.
    pub(crate) fn should_fold(&self) -> bool {
        let snapshot = self.current.head.snapshot.length;
        let due = snapshot.saturating_mul(2).max(self.options.fold_bytes_min);
        !self.disk_full && self.payload >= due
    }

    /// Folds; see [`super::Journal::fold`].
    pub(crate) fn fold(&mut self, produce: WriteSnapshot<'_>) -> Result<(), FoldError> {
        if matches!(self.health, Health::Closed) {
            return Err(FoldError::Closed);
        }
        self.renew().map_err(FoldError::Renew)?;
        let before = self.generation();
        let generation = if self.options.faults().has(Fault::ReuseGeneration) {
            before
        } else {
            self.inventory
                .unused_generation()
                .ok_or(FoldError::NumbersUsedUp)?
        };
        let plan = Plan {
            generation,
            uuid: self.current.head.uuid,
            base: self.last,
            frames: &[],
        };
        let limit = self.options.limits.snapshot_bytes_max;
        let made = self
            .maker()
            .generation(&plan, &mut |file| write_snapshot(file, limit, produce));
        match made {
            Ok(current) => self.current = current,
            Err(error) => {
                let (error, doubtful) = fold_error(generation, error);
                self.disk_full |= error.is_disk_full();
                if let Some(current) = doubtful {
                    self.current = *current;
                    self.last.generation = generation;
                    self.payload = 0;
                    self.health = Health::NewGeneration;
                }
                return Err(error);
            }
        }
        self.payload = 0;
        self.tidy();
        if self.options.faults().has(Fault::RemoveTooNew) && before != generation {
            let _ = self.dir.remove_file(&NativeName::Snapshot(before).os());
            let _ = self.dir.remove_file(&NativeName::Journal(before, 0).os());
        }
        if !self.spare {
            self.fill_spare();
        }
        Ok(())
    }
}

fn fold_error(generation: u64, error: MakeError) -> (FoldError, Option<Box<Current>>) {
    match error {
        MakeError::Before(SnapshotError::Fs(source)) => {
            (FoldError::Step { generation, source }, None)
        }
        MakeError::Before(SnapshotError::Producer(error)) => (FoldError::Producer(error), None),
        MakeError::Before(SnapshotError::TooLarge(limit)) => (FoldError::TooLarge { limit }, None),
        MakeError::Doubtful { current, source } => {
            (FoldError::Step { generation, source }, Some(current))
        }
    }
}

/// A new generation around the recovered snapshot, its journal holding the recovered frames.
fn generation_around(
    maker: &mut Maker<'_>,
    found: &Found,
    spare: bool,
) -> Result<(Current, bool), RenewError> {
    let head = &found.head;
    let generation = maker
        .inventory
        .unused_generation()
        .ok_or(RenewError::NumbersUsedUp)?;
    let from = NativeName::Snapshot(head.generation);
    let frames = &found.recovered.frames;
    let moved = maker.moved_generation(head, from, generation, frames, spare)?;
    Ok((moved.current, moved.spare_used))
}

/// A new generation from a copy of the snapshot that was read and all frames on top of it: after a step back,
/// and for a repair.
pub(crate) fn generation_from(
    maker: &mut Maker<'_>,
    found: &Found,
) -> Result<(Current, bool), RenewError> {
    let from: &JournalHead = &found.snapshot_head;
    let name = NativeName::Snapshot(from.generation);
    let snapshot = maker.dir.open_file(&name.os(), OpenMode::Read)?;
    let plan = Plan {
        generation: maker
            .inventory
            .unused_generation()
            .ok_or(RenewError::NumbersUsedUp)?,
        uuid: from.uuid,
        base: from.base,
        frames: &found.recovered.frames,
    };
    let current = make_copy(maker, &plan, snapshot.as_ref(), from.snapshot)?;
    Ok((current, false))
}

/// What a mistaken writer would do: go on in the file it found.
fn go_on(dir: &dyn Dir, found: &Found) -> Result<(Current, bool), RenewError> {
    let name = NativeName::Journal(found.head.generation, found.head.segment);
    let file = dir.open_file(&name.os(), OpenMode::ReadWrite)?;
    let space = file.metadata()?.len;
    let current = Current {
        head: found.head.clone(),
        file,
        offset: found.walk.offset,
        space,
        summary_at: found.walk.summary_at,
    };
    Ok((current, false))
}

/// Whether the spare is what its name promises: zeros of the right length.
fn spare_is_ready(dir: &dyn Dir, inventory: &Inventory, options: &JournalOptions) -> bool {
    inventory.names.contains(&NativeName::Spare)
        && dir
            .open_file(&NativeName::Spare.os(), OpenMode::Read)
            .and_then(|file| super::spare::is_zero(file.as_ref(), options.spare_bytes))
            .unwrap_or(false)
}

fn payload(frames: &[FrameBytes]) -> u64 {
    frames
        .iter()
        .flat_map(|frame| frame.parts.iter())
        .fold(0u64, |sum, part| sum.saturating_add(part.len() as u64))
}
