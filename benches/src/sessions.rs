//! Real sessions on disk, through the door their users have.

use std::io;
use std::path::Path;
use std::sync::Arc;

use camino::Utf8Path;
use session_storage::{
    CreateOptions, Fs, Holder, Journal, LockPolicy, NewSession, RealFs, Repository, SessionStorage,
    SystemEntropy, Trust,
};

use crate::error::{BenchError, Doing as _};

/// The moment every session here is created at; only ids hang on it.
const NOW_US: i64 = 1_750_000_000_000_000;

/// A repository in that folder.
pub(crate) fn repository(fs: Arc<dyn Fs>, folder: &Path) -> Result<Repository, BenchError> {
    let folder = Utf8Path::from_path(folder)
        .ok_or("its name is not UTF-8")
        .doing("use the scratch folder")?;
    Repository::create(fs, &folder.join("sessions"), Trust::OwnDirectories)
        .doing("create a repository")
}

/// A new session in a repository.
pub(crate) fn session(repository: &Repository, number: i64) -> Result<SessionStorage, BenchError> {
    let new = NewSession {
        prefix: "bench-",
        now_us: NOW_US + number,
        legacy_mode: false,
    };
    repository.create_session(&new).doing("create a session")
}

/// The one session of the repository in a folder, on the real file system.
pub(crate) fn only_session(folder: &Path) -> Result<SessionStorage, BenchError> {
    let repository = repository(Arc::new(RealFs), folder)?;
    let entries = repository.entries().doing("list the repository")?;
    let entry = entries
        .first()
        .ok_or("it is empty")
        .doing("list the repository")?;
    entry.open().doing("open the session")
}

/// The journal of a new session with the snapshot that is written.
pub(crate) fn journal(
    storage: &SessionStorage,
    write_snapshot: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>,
) -> Result<Journal, BenchError> {
    let holder = Holder::of_process(&RealFs, std::process::id(), "session-bench", NOW_US);
    let lock = storage
        .lock(&holder, LockPolicy::FailNow)
        .doing("lock a session")?;
    let entropy = SystemEntropy::new().doing("draw a key")?;
    let options = CreateOptions::new([7; 16], Arc::new(entropy));
    lock.create_journal(&options, write_snapshot)
        .doing("create a journal")
}
