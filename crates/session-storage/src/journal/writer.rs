//! The state of a writer: the file it made, where the next frame goes, and whether it is trusted.

use std::sync::Arc;

use super::options::JournalOptions;
use crate::frame::{FrameBuffer, JournalHead, Position, SummaryAt};
use crate::fs::{Dir, File};
use crate::recovery::Inventory;

/// Whether the next frame may simply be written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Health {
    /// Every byte up to the next frame is durable and was written by this writer.
    Sound,
    /// A write or sync failed: a new segment comes first.
    NewSegment,
    /// A fold's names may not be durable: its snapshot takes a new number first.
    NewGeneration,
    /// Closed for good.
    Closed,
}

/// The file in use.
#[derive(Debug)]
pub(crate) struct Current {
    pub(crate) head: JournalHead,
    pub(crate) file: Box<dyn File>,
    /// Where the next frame goes.
    pub(crate) offset: u64,
    /// Up to where zeros were written and synced.
    pub(crate) space: u64,
    /// The last frame with a summary.
    pub(crate) summary_at: Option<SummaryAt>,
}

/// What a journal knows and owns, apart from the lock.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) dir: Arc<dyn Dir>,
    pub(crate) options: JournalOptions,
    pub(crate) inventory: Inventory,
    pub(crate) current: Current,
    /// The last acknowledged frame.
    pub(crate) last: Position,
    /// Payload bytes appended since the last fold.
    pub(crate) payload: u64,
    /// What the last frame took on disk: the measure of how many more fit.
    pub(crate) frame_bytes: u64,
    pub(crate) buffer: FrameBuffer,
    pub(crate) health: Health,
    pub(crate) spare: bool,
    pub(crate) disk_full: bool,
}

impl Writer {
    /// The generation in use.
    pub(crate) fn generation(&self) -> u64 {
        self.current.head.generation
    }

    /// How many more frames of the last one's size fit into what is already ours.
    pub(crate) fn frames_left(&self) -> u64 {
        let here = self.current.space.saturating_sub(self.current.offset);
        let spare = if self.spare { self.frames_aside() } else { 0 };
        here / self.frame_size() + spare
    }

    /// How many frames of the last one's size the spare takes.
    pub(crate) fn frames_aside(&self) -> u64 {
        let head = self.current.head.align.first_frame();
        u64::from(self.options.spare_bytes).saturating_sub(head) / self.frame_size()
    }

    fn frame_size(&self) -> u64 {
        let least = u64::from(self.current.head.align.bytes());
        self.frame_bytes.max(least)
    }
}
