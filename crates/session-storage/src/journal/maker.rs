//! Making new files of a journal: segments and generations, each in the one order that is safe.

use super::files::{Layout, create, frames_length, head_bytes, write_head_and_frames, write_zeros};
use super::options::JournalOptions;
use super::writer::Current;
use crate::faults::Fault;
use crate::frame::{FrameBuffer, JournalHead, Position, SnapshotStamp};
use crate::fs::{Dir, File, FsError, OpenMode};
use crate::recovery::{Depth, FrameBytes, Inventory, NativeName};
use crate::snapshot::SnapshotError;

/// Borrowed from a writer, or from an opening that has none yet.
pub(crate) struct Maker<'a> {
    pub(crate) dir: &'a dyn Dir,
    pub(crate) options: &'a JournalOptions,
    pub(crate) inventory: &'a mut Inventory,
    pub(crate) buffer: &'a mut FrameBuffer,
}

/// What a new generation is to hold.
pub(crate) struct Plan<'a> {
    pub(crate) generation: u64,
    pub(crate) uuid: [u8; 16],
    pub(crate) base: Position,
    pub(crate) frames: &'a [FrameBytes],
}

/// Writes a snapshot into the file it is given.
pub(crate) type Fill<'a> = &'a mut dyn FnMut(&dyn File) -> Result<SnapshotStamp, SnapshotError>;

/// A generation around a snapshot that was there before.
pub(crate) struct Moved {
    pub(crate) current: Current,
    pub(crate) spare_used: bool,
}

/// Why a generation was not made.
pub(crate) enum MakeError {
    /// Its snapshot has no final name: the generation before stands alone.
    Before(SnapshotError),
    /// Its snapshot has its name, which may not be durable: neither generation may be appended to.
    Doubtful {
        current: Box<Current>,
        source: FsError,
    },
}

impl Maker<'_> {
    /// A new segment that holds these frames, durable with its name (invariant J1).
    pub(crate) fn fresh_segment(
        &mut self,
        template: &JournalHead,
        segment: u32,
        frames: &[FrameBytes],
    ) -> Result<Current, FsError> {
        let step = self.step();
        let length =
            frames_length(frames, template.align).saturating_add(template.align.first_frame());
        let head = JournalHead {
            segment,
            nonce: self.options.entropy.next_u128(),
            start: template.base,
            space: length.saturating_add(step),
            ..template.clone()
        };
        let temp = NativeName::JournalTemp(head.generation, segment);
        self.inventory.add(temp);
        let file = create(self.dir, temp)?;
        let filled = self.fill(file.as_ref(), &head, frames);
        match filled.and_then(|layout| self.name_segment(&head).map(|()| layout)) {
            Ok(layout) => Ok(self.current(head, file, layout)),
            Err(error) => {
                // The name only takes room; a later segment has a greater number.
                if self.dir.remove_file(&temp.os()).is_ok() {
                    self.inventory.remove(temp);
                }
                Err(error)
            }
        }
    }

    /// The spare becomes a segment: allocates nothing. The caller knows that it exists and is large enough.
    pub(crate) fn spare_segment(
        &mut self,
        template: &JournalHead,
        segment: u32,
        start: Position,
        frames: &[FrameBytes],
    ) -> Result<Current, FsError> {
        let head = JournalHead {
            segment,
            nonce: self.options.entropy.next_u128(),
            start,
            space: u64::from(self.options.spare_bytes),
            ..template.clone()
        };
        let temp = NativeName::JournalTemp(head.generation, segment);
        self.inventory.add(temp);
        self.inventory.remove(NativeName::Spare);
        if self.options.faults().has(Fault::SpareUnlinkedFirst) {
            self.dir.remove_file(&NativeName::Spare.os())?;
            let file = create(self.dir, temp)?;
            write_zeros(file.as_ref(), 0, head.space)?;
        } else {
            self.dir.rename(&NativeName::Spare.os(), &temp.os())?;
        }
        let file = self.dir.open_file(&temp.os(), OpenMode::ReadWrite)?;
        let rules = self.options.rules(Depth::Checksums);
        let layout = write_head_and_frames(file.as_ref(), &head, frames, self.buffer, &rules)?;
        file.sync_data()?;
        self.name_segment(&head)?;
        Ok(self.current(head, file, layout))
    }

    /// A new generation around a snapshot that already stands here: its journal is made with the recovered
    /// frames, and only then the snapshot takes the new number, so that every name in use was made by this
    /// process (invariant J1). With `spare`, a full disk is met with the spare.
    pub(crate) fn moved_generation(
        &mut self,
        template: &JournalHead,
        from: NativeName,
        generation: u64,
        frames: &[FrameBytes],
        spare: bool,
    ) -> Result<Moved, FsError> {
        let plan = Plan {
            generation,
            uuid: template.uuid,
            base: template.base,
            frames,
        };
        let mut spare_used = false;
        let current = match self.first_segment(&plan, template.snapshot) {
            Ok(current) => current,
            Err(error)
                if error.is_disk_full()
                    && spare
                    && fits(frames, template, self.options.spare_bytes) =>
            {
                spare_used = true;
                let journal = NativeName::Journal(generation, 0);
                if self.dir.remove_file(&journal.os()).is_ok() {
                    self.inventory.remove(journal);
                }
                let head = JournalHead {
                    generation,
                    ..template.clone()
                };
                self.spare_segment(&head, 0, template.base, frames)?
            }
            Err(error) => return Err(error),
        };
        self.dir.sync()?;
        let name = NativeName::Snapshot(generation);
        self.dir.rename(&from.os(), &name.os())?;
        self.inventory.remove(from);
        self.inventory.add(name);
        self.dir.sync()?;
        Ok(Moved {
            current,
            spare_used,
        })
    }

    fn name_segment(&mut self, head: &JournalHead) -> Result<(), FsError> {
        let temp = NativeName::JournalTemp(head.generation, head.segment);
        let name = NativeName::Journal(head.generation, head.segment);
        self.dir.rename(&temp.os(), &name.os())?;
        self.inventory.remove(temp);
        self.inventory.add(name);
        self.dir.sync()
    }

    /// A new generation: snapshot written and synced under a temporary name; journal made and synced;
    /// directory synced, so that no crash shows the snapshot without its journal; rename; directory synced
    /// (invariant J2).
    pub(crate) fn generation(
        &mut self,
        plan: &Plan<'_>,
        fill: Fill<'_>,
    ) -> Result<Current, MakeError> {
        let before = |error: FsError| MakeError::Before(SnapshotError::Fs(error));
        let temp = NativeName::SnapshotTemp(plan.generation);
        if self.options.faults().has(Fault::ReuseGeneration) && self.inventory.names.contains(&temp)
        {
            self.dir.remove_file(&temp.os()).map_err(before)?;
        }
        self.inventory.add(temp);
        let snapshot = create(self.dir, temp).map_err(before)?;
        let stamp = fill(snapshot.as_ref()).map_err(MakeError::Before);
        let stamp = stamp.and_then(|stamp| {
            if !self.options.faults().has(Fault::SnapshotNotSynced) {
                snapshot.sync_data().map_err(before)?;
            }
            Ok(stamp)
        });
        let stamp = match stamp {
            Ok(stamp) => stamp,
            Err(error) => {
                self.discard(plan.generation, snapshot.as_ref());
                return Err(error);
            }
        };
        if self.options.faults().has(Fault::JournalAfterRename) {
            self.name_snapshot(plan.generation).map_err(before)?;
            let current = self.first_segment(plan, stamp).map_err(before)?;
            self.dir.sync().map_err(before)?;
            return Ok(current);
        }
        let made = self.first_segment(plan, stamp);
        let made = made.and_then(|current| self.dir.sync().map(|()| current));
        let current = match made {
            Ok(current) => current,
            Err(error) => {
                self.discard(plan.generation, snapshot.as_ref());
                return Err(before(error));
            }
        };
        let named = self.name_snapshot(plan.generation);
        if let Err(error) = named {
            let name = NativeName::Snapshot(plan.generation);
            if matches!(self.dir.metadata(&name.os()), Ok(None)) {
                self.discard(plan.generation, snapshot.as_ref());
                return Err(before(error));
            }
            return Err(MakeError::Doubtful {
                current: Box::new(current),
                source: error,
            });
        }
        if self.options.faults().has(Fault::FoldWithoutDirSync) {
            return Ok(current);
        }
        match self.dir.sync() {
            Ok(()) => Ok(current),
            Err(source) => Err(MakeError::Doubtful {
                current: Box::new(current),
                source,
            }),
        }
    }

    fn name_snapshot(&mut self, generation: u64) -> Result<(), FsError> {
        let temp = NativeName::SnapshotTemp(generation);
        let name = NativeName::Snapshot(generation);
        self.dir.rename(&temp.os(), &name.os())?;
        self.inventory.remove(temp);
        self.inventory.add(name);
        Ok(())
    }

    fn first_segment(
        &mut self,
        plan: &Plan<'_>,
        snapshot: SnapshotStamp,
    ) -> Result<Current, FsError> {
        let align = self.options.align;
        let length = frames_length(plan.frames, align).saturating_add(align.first_frame());
        let head = JournalHead {
            uuid: plan.uuid,
            generation: plan.generation,
            segment: 0,
            nonce: self.options.entropy.next_u128(),
            align,
            snapshot,
            base: plan.base,
            start: plan.base,
            space: length.saturating_add(self.step()),
        };
        let name = NativeName::Journal(plan.generation, 0);
        if self.options.faults().has(Fault::ReuseGeneration) && self.inventory.names.contains(&name)
        {
            self.dir.remove_file(&name.os())?;
        }
        self.inventory.add(name);
        let file = create(self.dir, name)?;
        let layout = self.fill(file.as_ref(), &head, plan.frames)?;
        Ok(self.current(head, file, layout))
    }

    /// Head, frames and zeros, synced.
    fn fill(
        &mut self,
        file: &dyn File,
        head: &JournalHead,
        frames: &[FrameBytes],
    ) -> Result<Layout, FsError> {
        let rules = self.options.rules(Depth::Checksums);
        let layout = write_head_and_frames(file, head, frames, self.buffer, &rules)?;
        write_zeros(file, layout.offset, head.space)?;
        file.sync_data()?;
        Ok(layout)
    }

    /// Takes back what an unfinished generation took, as far as that works; the temporary name stays,
    /// empty, so that the number stays taken (invariant J6).
    fn discard(&mut self, generation: u64, snapshot: &dyn File) {
        let journal = NativeName::Journal(generation, 0);
        if self.dir.remove_file(&journal.os()).is_ok() {
            self.inventory.remove(journal);
        }
        // Room that cannot be given back now is given back by the next fold.
        let _ = snapshot.set_len(0);
    }

    fn current(&self, head: JournalHead, file: Box<dyn File>, layout: Layout) -> Current {
        Current {
            space: head.space,
            head,
            file,
            offset: layout.offset,
            summary_at: layout.summary_at,
        }
    }

    fn step(&self) -> u64 {
        let align = u64::from(self.options.align.bytes());
        u64::from(self.options.step_bytes)
            .max(align)
            .next_multiple_of(align)
    }
}

/// Whether some frames fit into a spare of a length, with room for one more sector.
pub(crate) fn fits(frames: &[FrameBytes], head: &JournalHead, spare_bytes: u32) -> bool {
    let need = (head_bytes(head).len() as u64)
        .saturating_add(frames_length(frames, head.align))
        .saturating_add(u64::from(head.align.bytes()));
    need <= u64::from(spare_bytes)
}
