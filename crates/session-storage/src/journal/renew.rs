//! After a failure: a new file with the acknowledged frames, before anything else (invariant J3).

use super::error::RenewError;
use super::maker::{MakeError, Maker, Plan, fits};
use super::writer::{Current, Health, Writer};
use crate::frame::SnapshotStamp;
use crate::fs::File;
use crate::recovery::{Depth, FrameBytes, NativeName, RecoverError, Segments, replay};
use crate::snapshot::{SnapshotError, copy_snapshot};

impl Writer {
    /// Makes the writer sound again; until that succeeds nothing else is done.
    pub(crate) fn renew(&mut self) -> Result<(), RenewError> {
        match self.health {
            Health::Sound | Health::Closed => {}
            Health::NewSegment => {
                self.current = self.copied_segment()?;
                self.health = Health::Sound;
                self.tidy_segments();
            }
            Health::NewGeneration => {
                self.current = self.moved_generation()?;
                self.health = Health::Sound;
                self.last.generation = self.generation();
                self.tidy();
            }
        }
        Ok(())
    }

    pub(crate) fn maker(&mut self) -> Maker<'_> {
        Maker {
            dir: self.dir.as_ref(),
            options: &self.options,
            inventory: &mut self.inventory,
            buffer: &mut self.buffer,
        }
    }

    fn copied_segment(&mut self) -> Result<Current, RenewError> {
        let frames = self.read_back()?;
        let head = self.current.head.clone();
        let generation = head.generation;
        let number = |writer: &Self| {
            writer
                .inventory
                .unused_segment(generation)
                .ok_or(RenewError::NumbersUsedUp)
        };
        let segment = number(self)?;
        match self.maker().fresh_segment(&head, segment, &frames) {
            Ok(current) => Ok(current),
            Err(error) if error.is_disk_full() && self.spare => {
                self.disk_full = true;
                self.spare = false;
                let segment = number(self)?;
                let (last, spare_bytes) = (self.last, self.options.spare_bytes);
                // What this writer acknowledged is durable where it stands: when the copy does not fit,
                // the spare goes on from there.
                let (start, frames) = if fits(&frames, &head, spare_bytes) {
                    (head.base, frames.as_slice())
                } else {
                    (last, [].as_slice())
                };
                let summary_at = self.current.summary_at;
                let mut current = self.maker().spare_segment(&head, segment, start, frames)?;
                current.summary_at = current.summary_at.or(summary_at);
                Ok(current)
            }
            Err(error) => {
                self.disk_full |= error.is_disk_full();
                Err(error.into())
            }
        }
    }

    /// The acknowledged frames since the last fold, each checked, up to the last and no further.
    fn read_back(&self) -> Result<Vec<FrameBytes>, RenewError> {
        let rules = self.options.rules(Depth::Checksums);
        let generation = self.generation();
        let segments = Segments::open(self.dir.as_ref(), &self.inventory, generation)
            .map_err(RenewError::ReadBack)?
            .map_err(|damage| RenewError::ReadBack(RecoverError::Damaged { damage }))?;
        let mut frames = Vec::new();
        let replayed = replay(&segments, Some(&self.last), &mut frames, &rules)
            .map_err(RenewError::ReadBack)?;
        if replayed.walk.last.same_frame(&self.last) {
            Ok(frames)
        } else {
            Err(RenewError::Missing {
                expected: self.last.seq,
                found: replayed.walk.last.seq,
            })
        }
    }

    /// The snapshot of a doubtful fold takes a new number: every name that counts is made once more.
    fn moved_generation(&mut self) -> Result<Current, RenewError> {
        let doubtful = self.generation();
        // A rename that failed may have happened: what stands there now decides.
        self.inventory.refresh(self.dir.as_ref())?;
        let newest = self.inventory.snapshots().next();
        let from = match newest {
            Some(generation) if generation >= doubtful => NativeName::Snapshot(generation),
            _ => NativeName::SnapshotTemp(doubtful),
        };
        let generation = self
            .inventory
            .unused_generation()
            .ok_or(RenewError::NumbersUsedUp)?;
        let (head, spare) = (self.current.head.clone(), self.spare);
        let moved = self
            .maker()
            .moved_generation(&head, from, generation, &[], spare)
            .inspect_err(|error| self.disk_full |= error.is_disk_full())?;
        if moved.spare_used {
            self.spare = false;
            self.disk_full = true;
        }
        Ok(moved.current)
    }
}

/// A new generation whose snapshot is a copy of a file that is known by its hash.
pub(crate) fn make_copy(
    maker: &mut Maker<'_>,
    plan: &Plan<'_>,
    from: &dyn File,
    stamp: SnapshotStamp,
) -> Result<Current, RenewError> {
    let made = maker.generation(plan, &mut |to| {
        if copy_snapshot(from, stamp, to).map_err(SnapshotError::Fs)? {
            Ok(stamp)
        } else {
            Err(SnapshotError::TooLarge(stamp.length))
        }
    });
    made.map_err(|error| match error {
        MakeError::Before(SnapshotError::Fs(error)) | MakeError::Doubtful { source: error, .. } => {
            error.into()
        }
        MakeError::Before(SnapshotError::Producer(_) | SnapshotError::TooLarge(_)) => {
            RenewError::Snapshot {
                generation: plan.base.generation,
            }
        }
    })
}
