//! Our own journal, through the door its users have.

use std::io;
use std::path::Path;
use std::sync::Arc;

use camino::Utf8Path;
use session_storage::{
    CreateOptions, Fs, Holder, Journal, LockPolicy, NewSession, RealFs, Repository, SessionStorage,
    SystemEntropy, Trust,
};

use super::keeper::Keeper;
use crate::error::{BenchError, Doing as _};

/// The moment every session here is created at; only ids hang on it.
const NOW_US: i64 = 1_750_000_000_000_000;

/// What the snapshot holds for a job that is done: its outcome, duration and the like.
pub(super) const SNAPSHOT_BYTES_A_JOB: usize = 100;

/// A repository in that folder.
pub(super) fn repository(fs: Arc<dyn Fs>, folder: &Path) -> Result<Repository, BenchError> {
    let folder = Utf8Path::from_path(folder)
        .ok_or("its name is not UTF-8")
        .doing("use the scratch folder")?;
    Repository::create(fs, &folder.join("sessions"), Trust::OwnDirectories)
        .doing("create a repository")
}

/// A new session in a repository.
pub(super) fn session(repository: &Repository, number: i64) -> Result<SessionStorage, BenchError> {
    let new = NewSession {
        prefix: "bench-",
        now_us: NOW_US + number,
        legacy_mode: false,
    };
    repository.create_session(&new).doing("create a session")
}

/// The journal of a new session whose snapshot is that of so many jobs.
pub(super) fn journal(storage: &SessionStorage, jobs: usize) -> Result<Journal, BenchError> {
    let holder = Holder::of_process(&RealFs, std::process::id(), "session-bench", NOW_US);
    let lock = storage
        .lock(&holder, LockPolicy::FailNow)
        .doing("lock a session")?;
    let entropy = SystemEntropy::new().doing("draw a key")?;
    let options = CreateOptions::new([7; 16], Arc::new(entropy));
    lock.create_journal(&options, &mut |out| write_snapshot(jobs, out))
        .doing("create a journal")
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
    let repository = repository(Arc::new(RealFs), folder)?;
    let storage = session(&repository, 0)?;
    let journal = journal(&storage, 0)?;
    Ok(Box::new(Ours { journal }))
}
