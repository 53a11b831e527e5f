//! Our own journal.

use std::io;
use std::path::Path;
use std::sync::Arc;

use session_storage::{Journal, RealFs, SessionStorage};

use super::keeper::Keeper;
use crate::error::{BenchError, Doing as _};
use crate::sessions;

/// What the snapshot holds for a job that is done: its outcome, duration and the like.
const SNAPSHOT_BYTES_A_JOB: usize = 100;

/// The journal of a new session whose snapshot is that of so many jobs.
pub(super) fn journal(storage: &SessionStorage, jobs: usize) -> Result<Journal, BenchError> {
    sessions::journal(storage, &mut |out| write_snapshot(jobs, out))
}

/// A snapshot of so many jobs.
pub(super) fn write_snapshot(jobs: usize, out: &mut dyn io::Write) -> io::Result<()> {
    let job = [0x5A; SNAPSHOT_BYTES_A_JOB];
    (0..jobs).try_for_each(|_| out.write_all(&job))
}

struct Ours {
    journal: Journal,
}

impl Keeper for Ours {
    fn keep(&mut self, _: u64, change: &[u8]) -> Result<(), BenchError> {
        self.journal.append(&[change], false).doing("append")?;
        Ok(())
    }
}

/// Begins a session with an empty snapshot.
pub(super) fn begin(folder: &Path) -> Result<Box<dyn Keeper>, BenchError> {
    let repository = sessions::repository(Arc::new(RealFs), folder)?;
    let storage = sessions::session(&repository, 0)?;
    let journal = journal(&storage, 0)?;
    Ok(Box::new(Ours { journal }))
}
