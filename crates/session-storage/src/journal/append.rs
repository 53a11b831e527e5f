//! Appending: one write, one sync, and only then the answer.

use super::error::{AppendError, CloseError};
use super::files::write_zeros;
use super::handle::{Appended, Space};
use super::writer::{Health, Writer};
use crate::faults::Fault;
use crate::frame::{
    FrameBuffer, FrameFields, FrameKind, FrameTooLarge, Position, SummaryAt, merkle_root,
    next_chain,
};
use crate::fs::FsError;
use crate::recovery::NativeName;

/// The epoch of writers on one machine.
const EPOCH: u64 = 0;

impl Writer {
    /// Appends a payload; see [`super::Journal::append`].
    pub(crate) fn append(
        &mut self,
        parts: &[&[u8]],
        summary: bool,
    ) -> Result<Appended, AppendError> {
        let seq = self
            .last
            .seq
            .checked_add(1)
            .ok_or(AppendError::NumbersUsedUp)?;
        let generation = self.generation_for_frames()?;
        let root = merkle_root(parts.iter().copied());
        let head = &self.current.head;
        let chain = next_chain(head.uuid, generation, seq, EPOCH, self.last.chain, root);
        let next = Position {
            generation,
            seq,
            chain,
        };
        self.write_frame(FrameKind::Data, next, parts, summary)?;
        self.last = next;
        let payload: usize = parts.iter().map(|part| part.len()).sum();
        self.payload = self.payload.saturating_add(payload as u64);
        if self.disk_full {
            self.fill_spare();
        }
        Ok(Appended {
            seq,
            chain,
            disk: self.space(),
        })
    }

    pub(crate) fn space(&self) -> Space {
        if self.disk_full {
            Space::DiskFull {
                frames_left: self.frames_left(),
                frames_aside: self.frames_aside(),
            }
        } else {
            Space::Plenty
        }
    }

    /// The generation a frame will belong to: renewing may begin a new one.
    fn generation_for_frames(&mut self) -> Result<u64, AppendError> {
        if matches!(self.health, Health::Closed) {
            return Err(AppendError::Closed);
        }
        self.renew().map_err(AppendError::Renew)?;
        Ok(self.generation())
    }

    fn write_frame(
        &mut self,
        kind: FrameKind,
        next: Position,
        parts: &[&[u8]],
        summary: bool,
    ) -> Result<(), AppendError> {
        let limit = self.options.limits.frame_bytes_max;
        let align = self.current.head.align;
        let length = FrameBuffer::padded_length(parts, align, limit).map_err(too_large)?;
        if length > self.current.space.saturating_sub(self.current.offset) {
            self.make_room(length, next.seq)?;
        }
        let offset = self.current.offset;
        let summary_at = if summary {
            Some(SummaryAt {
                segment: self.current.head.segment,
                offset,
            })
        } else {
            self.current.summary_at
        };
        let fields = FrameFields {
            kind,
            summary,
            summary_at,
            generation: next.generation,
            seq: next.seq,
            epoch: EPOCH,
            space: self.current.space,
            chain: next.chain,
        };
        let rules = self.options.rules(crate::recovery::Depth::Checksums);
        let key = crate::recovery::key(&self.current.head, &self.last, &rules);
        let bytes = self.buffer.encode(&fields, parts, key, align);
        let file = self.current.file.as_ref();
        let written = if self.options.faults().has(Fault::ShortWriteTaken) {
            file.write_at(bytes, offset).map(drop)
        } else {
            file.write_sectors_at(bytes, offset)
        };
        let synced = written.and_then(|()| file.sync_data());
        let synced = match synced {
            Err(_) if self.options.faults().has(Fault::ResyncAfterFailure) => file.sync_data(),
            other => other,
        };
        if let Err(source) = synced {
            return Err(self.failed(next.seq, source));
        }
        self.current.offset = offset.saturating_add(length);
        self.current.summary_at = summary_at;
        self.frame_bytes = length;
        Ok(())
    }

    /// Zeros for at least one more frame, written and synced; from the spare when the disk is full.
    fn make_room(&mut self, length: u64, seq: u64) -> Result<(), AppendError> {
        let step = u64::from(self.options.step_bytes);
        let need = self.current.offset.saturating_add(length);
        let align = self.current.head.align;
        let target = self.current.space.saturating_add(step).max(need);
        let target = align.round_up(target).ok_or(AppendError::NumbersUsedUp)?;
        let limit = self.options.limits.journal_bytes_max;
        if target > limit {
            return Err(AppendError::Unfolded { limit });
        }
        let file = self.current.file.as_ref();
        match write_zeros(file, self.current.space, target) {
            Ok(()) => {}
            Err(error) if error.is_disk_full() => return self.use_spare(length, seq, error),
            Err(source) => return Err(self.failed(seq, source)),
        }
        if let Err(source) = file.sync_data() {
            return Err(self.failed(seq, source));
        }
        self.current.space = target;
        Ok(())
    }

    /// The spare becomes the next segment. Nothing of the frame was written yet.
    fn use_spare(&mut self, length: u64, seq: u64, full: FsError) -> Result<(), AppendError> {
        self.disk_full = true;
        // What of the step did fit is given back: logs of running jobs need it, this file does not any more.
        let _ = self.current.file.set_len(self.current.space);
        let room = u64::from(self.options.spare_bytes)
            .saturating_sub(self.current.head.align.first_frame());
        if !self.spare || length > room {
            return Err(AppendError::DiskFull { seq, source: full });
        }
        let head = self.current.head.clone();
        let segment = self
            .inventory
            .unused_segment(head.generation)
            .ok_or(AppendError::NumbersUsedUp)?;
        let (start, summary_at) = (self.last, self.current.summary_at);
        self.spare = false;
        let made = self.maker().spare_segment(&head, segment, start, &[]);
        match made {
            Ok(current) => {
                self.current = current;
                self.current.summary_at = summary_at;
                Ok(())
            }
            Err(source) => Err(self.failed(seq, source)),
        }
    }

    /// What the file holds is unknown from here on: the next call begins with a new one.
    fn failed(&mut self, seq: u64, source: FsError) -> AppendError {
        self.health = Health::NewSegment;
        self.disk_full |= source.is_disk_full();
        AppendError::NotDurable { seq, source }
    }

    /// Marks a clean close and gives back what is not used.
    pub(crate) fn close(&mut self) -> Result<(), CloseError> {
        self.generation_for_frames().map_err(CloseError::Mark)?;
        self.write_frame(FrameKind::Close, self.last, &[], false)
            .map_err(CloseError::Mark)?;
        self.health = Health::Closed;
        self.current.file.set_len(self.current.offset)?;
        self.current.file.sync_data()?;
        match self.dir.remove_file(&NativeName::Spare.os()) {
            Err(error) if !error.is_not_found() => return Err(error.into()),
            _ => self.inventory.remove(NativeName::Spare),
        }
        self.spare = false;
        self.dir.sync()?;
        Ok(())
    }
}

fn too_large(error: FrameTooLarge) -> AppendError {
    AppendError::TooLarge {
        bytes: error.bytes,
        parts: error.parts,
        limit: error.limit,
    }
}
