//! Writing a session: what [`SessionLock`] offers.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use super::error::{CreateError, OpenError};
use super::handle::Journal;
use super::options::{CreateOptions, JournalOptions};
use crate::lock::SessionLock;
use crate::recovery::Recovered;

/// A call that would have used the lock up failed: the lock comes back with the reason.
#[derive(Debug)]
pub struct JournalRefused<E> {
    /// The lock, still held.
    pub lock: Box<SessionLock>,
    /// Why there is no journal.
    pub error: E,
}

impl<E: fmt::Display> fmt::Display for JournalRefused<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<E: Error> Error for JournalRefused<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

impl SessionLock {
    /// Makes the first generation: the snapshot the function writes, and an empty journal.
    ///
    /// Durable when this returns. A crash midway leaves a session without a native snapshot, and making
    /// it again is possible.
    ///
    /// # Errors
    /// See [`CreateError`]; the lock comes back. When the very last sync failed, the session may be there
    /// already: then a second call answers [`CreateError::Exists`], and opening it works.
    pub fn create_journal(
        self,
        options: &CreateOptions,
        write_snapshot: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<Journal, JournalRefused<CreateError>> {
        self.note_writing();
        match Journal::create(Arc::clone(self.storage().dir()), options, write_snapshot) {
            Ok(journal) => Ok(journal.owning(self)),
            Err(error) => Err(JournalRefused {
                lock: Box::new(self),
                error,
            }),
        }
    }

    /// Recovers the session and makes a journal of this process' own, into which every recovered frame is
    /// copied: when this returns, what was read is durable.
    ///
    /// A crash midway leaves the session as it was.
    ///
    /// # Errors
    /// [`OpenError::ReadOnly`] when something acknowledged is damaged or missing: it is not overwritten.
    /// The lock comes back.
    pub fn open_journal(
        self,
        options: &JournalOptions,
    ) -> Result<(Journal, Recovered), JournalRefused<OpenError>> {
        match Journal::open(Arc::clone(self.storage().dir()), options) {
            Ok((journal, recovered)) => Ok((journal.owning(self), recovered)),
            Err(error) => Err(JournalRefused {
                lock: Box::new(self),
                error,
            }),
        }
    }

    /// As [`open_journal`](Self::open_journal), with `read` at work on what was recovered while it is copied.
    ///
    /// `read` sees what is not durable yet, and nothing may leave it but its answer: that comes out only with `Ok`,
    /// when all it was made from is durable. A disk that is slow to flush is waited for in the time that decoding
    /// takes anyway.
    ///
    /// # Errors
    /// As for [`open_journal`](Self::open_journal); the answer of `read` is dropped.
    pub fn open_journal_while<T>(
        self,
        options: &JournalOptions,
        read: impl FnOnce(&Recovered) -> T,
    ) -> Result<(Journal, Recovered, T), JournalRefused<OpenError>> {
        match Journal::open_while(self.storage().dir(), options, read) {
            Ok((journal, recovered, answer)) => Ok((journal.owning(self), recovered, answer)),
            Err(error) => Err(JournalRefused {
                lock: Box::new(self),
                error,
            }),
        }
    }
}
