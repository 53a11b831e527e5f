//! The journal as its users hold it.

use std::io;
use std::sync::Arc;

use super::at_once::at_once;
use super::error::{AppendError, CloseError, CreateError, FoldError, OpenError};
use super::options::{CreateOptions, JournalOptions};
use super::writer::Writer;
use crate::durability::Durability;
use crate::frame::{ChainValue, Position};
use crate::fs::Dir;
use crate::lock::SessionLock;
use crate::recovery::{Found, Recovered};

/// What stands between us and a full disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// The disk is not full.
    Plenty,
    /// The disk is full: frames go into what was put aside.
    DiskFull {
        /// How many frames of the last one's size still fit.
        frames_left: u64,
        /// How many of that size what is put aside takes as long as nothing of it is used.
        frames_aside: u64,
    },
}

impl Space {
    /// Whether the disk is full and at most a quarter is left of what was put aside: the time to stop while
    /// everything can still be made durable.
    pub const fn is_running_out(self) -> bool {
        match self {
            Self::Plenty => false,
            Self::DiskFull {
                frames_left,
                frames_aside,
            } => frames_left <= frames_aside / 4,
        }
    }
}

/// A frame that is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Its sequence number.
    pub seq: u64,
    /// Its chain value.
    pub chain: ChainValue,
    /// The state of the disk.
    pub disk: Space,
}

/// The writer of a session's journal.
///
/// It appends only to files it made itself. A call that fails leaves the last acknowledged state or the
/// one being written (invariant J10), and the next call begins by copying the acknowledged frames into a new file.
#[derive(Debug)]
#[must_use = "dropping a journal leaves it without the mark of a clean close"]
pub struct Journal {
    writer: Writer,
    /// Given back when the journal is dropped; none where a test goes below the lock.
    lock: Option<SessionLock>,
}

impl Journal {
    pub(crate) fn create(
        dir: Arc<dyn Dir>,
        options: &CreateOptions,
        write_snapshot: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<Self, CreateError> {
        let writer = Writer::create(dir, options, write_snapshot)?;
        Ok(Self { writer, lock: None })
    }

    pub(crate) fn open(
        dir: Arc<dyn Dir>,
        options: &JournalOptions,
    ) -> Result<(Self, Recovered), OpenError> {
        let found = Writer::recover(dir.as_ref(), options)?;
        let writer = Writer::take_over(dir, options, &found)?;
        Ok(Self::opened(writer, found))
    }

    /// As [`open`](Self::open), reading what was recovered while it is copied.
    pub(crate) fn open_while<T>(
        dir: &Arc<dyn Dir>,
        options: &JournalOptions,
        read: impl FnOnce(&Recovered) -> T,
    ) -> Result<(Self, Recovered, T), OpenError> {
        let found = Writer::recover(dir.as_ref(), options)?;
        let (writer, answer) = at_once(
            || Writer::take_over(Arc::clone(dir), options, &found),
            || read(&found.recovered),
        );
        let (journal, recovered) = Self::opened(writer?, found);
        Ok((journal, recovered, answer))
    }

    /// What was recovered is durable now, in the generation of the writer.
    fn opened(writer: Writer, found: Found) -> (Self, Recovered) {
        let mut recovered = found.recovered;
        recovered.generation = writer.generation();
        recovered.position.generation = writer.generation();
        recovered.durability = Durability::Synced;
        (Self { writer, lock: None }, recovered)
    }

    pub(crate) fn owning(self, lock: SessionLock) -> Self {
        Self {
            writer: self.writer,
            lock: Some(lock),
        }
    }

    /// From now on the holder of the lock is the last one who had the session.
    fn note_writing(&self) {
        if let Some(lock) = &self.lock {
            lock.note_writing();
        }
    }

    /// The lock the journal holds.
    pub fn lock(&self) -> Option<&SessionLock> {
        self.lock.as_ref()
    }

    /// Lets go of the journal without the mark of a clean close, and gives the lock back: to remove the
    /// session, say.
    pub fn into_lock(self) -> Option<SessionLock> {
        self.lock
    }

    /// Appends one frame made of parts; with `summary`, the first part is the summary that
    /// [`crate::StoragePeek`] shows.
    ///
    /// One write and one sync, whatever the size of the session; now and then another pair for room
    /// ahead. `Ok` means [`Durability::Synced`](crate::Durability): this frame or a later one is there after a kill, a kernel crash or a
    /// power cut.
    ///
    /// # Errors
    /// The frame is not acknowledged. What opens after a crash is the last acknowledged state or this
    /// one. The next call first copies the acknowledged frames into a new file, and until that succeeds
    /// every call answers [`AppendError::Renew`].
    pub fn append(&mut self, parts: &[&[u8]], summary: bool) -> Result<Appended, AppendError> {
        self.note_writing();
        self.writer.append(parts, summary)
    }

    /// Whether the payload since the last fold reached twice the snapshot and 256 KiB (settable), and the
    /// disk has room.
    pub fn should_fold(&self) -> bool {
        self.writer.should_fold()
    }

    /// Begins a new generation from a snapshot of the state after the last acknowledged frame.
    ///
    /// The function writes the snapshot in pieces; no second copy is held in memory. When this returns,
    /// the new generation is durable and the one before is kept. A crash midway leaves the old one.
    ///
    /// # Errors
    /// Every acknowledged frame stands, and appending goes on.
    pub fn fold(
        &mut self,
        write_snapshot: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), FoldError> {
        self.note_writing();
        self.writer.fold(write_snapshot)
    }

    /// Marks a clean close and gives back room that was put aside, then the lock.
    ///
    /// # Errors
    /// Every acknowledged frame stands; at worst the journal looks as if the program had been killed.
    pub fn close(mut self) -> Result<(), CloseError> {
        self.note_writing();
        self.writer.close()
    }

    /// The place of the last acknowledged frame.
    pub fn position(&self) -> Position {
        Position {
            generation: self.writer.generation(),
            ..self.writer.last
        }
    }

    /// The state of the disk, as the last call found it.
    pub fn space(&self) -> Space {
        self.writer.space()
    }

    /// Tries to put room aside again after a full disk; answers how it stands now.
    pub fn refill(&mut self) -> Space {
        self.writer.fill_spare();
        self.writer.space()
    }

    /// The session's identity.
    pub fn uuid(&self) -> [u8; 16] {
        self.writer.current.head.uuid
    }
}
