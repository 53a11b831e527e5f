//! Making the state durable, at the cost of what changed.

use std::error::Error;

use session_storage::{
    CreateError as CreateJournalError, CreateOptions, Journal, JournalRefused, SessionLock, Space,
};
use suspend_resume::{Summary, encode_changes, suspend_native_to};

use crate::error::CheckpointError;
use crate::manager::{SessionManager, Writer};

impl SessionManager {
    /// Makes everything that was changed durable; answers how much room the disk has left.
    ///
    /// `Ok` means that this state or a later one opens after a kill, a kernel crash or a power cut, on a disk
    /// that honours flushes. The first one writes a snapshot, every other appends one frame that holds the changes,
    /// by one write and one flush. Then, when enough has come together, the journal is folded into a new
    /// snapshot. A session kept in a Checkbox format is written whole, its one file replaced, if anything changed.
    ///
    /// # Errors
    /// See [`CheckpointError`]. After a crash the last acknowledged state opens or the one being written, never
    /// another. In memory the changes count as unsaved: the next checkpoint carries them again.
    pub fn checkpoint(&mut self) -> Result<Space, CheckpointError> {
        let space = match self.writer.take() {
            Some(Writer::Fresh(lock)) => self.first_checkpoint(*lock)?,
            Some(Writer::Open(mut journal)) => {
                let appended = self.append(&mut journal);
                if appended.is_ok() {
                    self.fold_when_due(&mut journal);
                }
                self.writer = Some(Writer::Open(journal));
                appended?
            }
            Some(Writer::File(mut file)) => {
                let saved = file.save(self.device.state());
                self.writer = Some(Writer::File(file));
                saved?;
                self.forget_saved();
                Space::Plenty
            }
            None => {
                return Err(CheckpointError::NotOpen {
                    id: self.id().clone(),
                });
            }
        };
        self.logs.saved(&self.storage);
        Ok(space)
    }

    /// Saves and closes: a later [`load_session`](Self::load_session) knows that nothing was cut short.
    ///
    /// # Errors
    /// See [`CheckpointError`].
    pub fn close(mut self) -> Result<(), CheckpointError> {
        self.checkpoint()?;
        self.logs.closed();
        match self.writer.take() {
            Some(Writer::Open(journal)) => {
                journal.close().map_err(|source| CheckpointError::Close {
                    id: self.id().clone(),
                    source,
                })
            }
            Some(Writer::Fresh(_) | Writer::File(_)) | None => Ok(()),
        }
    }

    fn first_checkpoint(&mut self, lock: SessionLock) -> Result<Space, CheckpointError> {
        let id = self.id().clone();
        let mut options = CreateOptions::new(self.uuid.bytes(), self.options.entropy.clone());
        options.journal = self.options.journal.clone();
        let state = self.device.state();
        let made = lock.create_journal(&options, &mut |out| suspend_native_to(state, out));
        let journal = match made {
            Ok(journal) => journal,
            Err(JournalRefused {
                lock,
                error: CreateJournalError::Exists { .. },
            }) => match self.take_over(*lock) {
                Ok(journal) => journal,
                Err(source) => return Err(CheckpointError::TakeOver { id, source }),
            },
            Err(JournalRefused { lock, error }) => {
                self.writer = Some(Writer::Fresh(lock));
                return Err(CheckpointError::First { id, source: error });
            }
        };
        let space = journal.space();
        self.writer = Some(Writer::Open(Box::new(journal)));
        self.forget_saved();
        self.summary = self.encode_summary()?;
        Ok(space)
    }

    /// Continues after a first checkpoint whose very last step failed: the snapshot is there, and may be older
    /// than the state by now.
    fn take_over(&mut self, lock: SessionLock) -> Result<Journal, Box<dyn Error + Send + Sync>> {
        let (mut journal, _) = match lock.open_journal(&self.options.journal) {
            Ok(opened) => opened,
            Err(JournalRefused { lock, error }) => {
                self.writer = Some(Writer::Fresh(lock));
                return Err(error.into());
            }
        };
        let state = self.device.state();
        journal.fold(&mut |out| suspend_native_to(state, out))?;
        self.uuid = journal.uuid().into();
        Ok(journal)
    }

    fn append(&mut self, journal: &mut Journal) -> Result<Space, CheckpointError> {
        let changes = self.device.state().pending_changes();
        if changes.is_empty() {
            return Ok(journal.space());
        }
        let encoded = encode_changes(changes).map_err(|source| CheckpointError::Encode {
            id: self.storage.id().clone(),
            source,
        })?;
        let summary = self.encode_summary()?;
        let appended = if summary == self.summary {
            journal.append(&[&encoded], false)
        } else {
            journal.append(&[&summary, &encoded], true)
        };
        let appended = appended.map_err(|source| CheckpointError::Append {
            id: self.storage.id().clone(),
            source,
        })?;
        self.summary = summary;
        self.forget_saved();
        Ok(appended.disk)
    }

    /// Begins a new generation when it is worth it; the state is what was acknowledged just now. A failure is
    /// remembered and costs nothing but space.
    fn fold_when_due(&mut self, journal: &mut Journal) {
        if !journal.should_fold() {
            return;
        }
        let state = self.device.state();
        let folded = journal.fold(&mut |out| suspend_native_to(state, out));
        self.fold_problem = folded.err().map(|error| error.to_string());
    }

    fn encode_summary(&self) -> Result<Vec<u8>, CheckpointError> {
        Summary::of(self.device.state())
            .encode()
            .map_err(|source| CheckpointError::Encode {
                id: self.id().clone(),
                source,
            })
    }

    fn forget_saved(&mut self) {
        let saved = self.device.state().pending_changes().len();
        self.observers.tell(self.device.state());
        self.device.state_mut().forget_changes(saved);
    }
}
