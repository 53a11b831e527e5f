//! Durable session directories for any bytes: repository, locks, snapshots, journal, recovery.
//!
//! A [`Repository`] is a directory of sessions, a [`SessionStorage`] one session's directory, a [`SessionLock`] the
//! right to write to it. What the bytes mean is the caller's matter: a session keeps a snapshot and a [`Journal`]
//! of what came after, or the single file of a Checkbox format.
//!
//! ```
//! use std::sync::Arc;
//!
//! use session_storage::{Holder, LockPolicy, NewSession, RealFs, Repository, Trust};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let temporary = tempfile::tempdir()?;
//! # let place = camino::Utf8Path::from_path(temporary.path()).ok_or("UTF-8")?;
//! let location = place.join("sessions");
//! let repository = Repository::create(Arc::new(RealFs), &location, Trust::OwnDirectories)?;
//! let now_us = 1_709_251_199_000_007;
//! let new = NewSession { prefix: "check-", now_us, legacy_mode: false };
//! let storage = repository.create_session(&new)?;
//! assert_eq!(storage.id().as_str(), "check-2024-02-29T23.59.59.000007");
//!
//! let me = Holder::of_process(&RealFs, std::process::id(), "an example", now_us);
//! let lock = storage.lock(&me, LockPolicy::FailNow)?;
//! lock.save_checkpoint(b"state")?; // durable when this returns
//! assert_eq!(storage.load_checkpoint()?.as_deref(), Some(&b"state"[..]));
//! # Ok(())
//! # }
//! ```
//!
//! # What holds
//!
//! * A call that makes something durable says so; when it answers `Ok`, a power cut does not take it back, on a
//!   disk that honours flushes. When it answers an error, what was there before opens, or what was being written.
//! * Nothing a reader does ever writes. Every error names the step, the path and the true cause.
//! * Every file is 0600 and every directory 0700 whatever the umask, which is never changed. No symbolic link, FIFO or
//!   hard link inside a session is followed, waited for or written through.
//! * The lock is the kernel's: freed by death, never broken.
//!
//! All of it goes through the [`Fs`] trait; the feature `simulation` brings one that crashes and one that fails, for
//! the tests of this crate and of its users.

mod checkpoint_file;
mod durability;
mod entropy;
#[cfg(feature = "simulation")]
pub mod explore;
mod faults;
mod frame;
mod fs;
mod journal;
mod layout;
mod locations;
mod lock;
mod recovery;
mod repair;
mod repository;
mod session_id;
mod snapshot;
mod storage;
mod trust;
mod way;
mod well_known;

#[cfg(feature = "simulation")]
pub use fs::{
    Call, CrashFs, CrashImage, CrashImages, Exploration, FailFs, FailedSync, Failure, Repeat,
    Schedule,
};
pub use fs::{
    Dir, Entry, EntryKind, File, Fs, FsError, LockGuard, Metadata, OpenMode, Operation, RealFs,
};

pub use checkpoint_file::{LoadCheckpointError, SaveCheckpointError};
pub use durability::Durability;
#[cfg(feature = "simulation")]
pub use entropy::SeededEntropy;
pub use entropy::{Entropy, SystemEntropy};
#[cfg(feature = "simulation")]
pub use faults::{Fault, Faults};
pub use frame::{Align, ChainValue, Position};
pub use journal::{
    AppendError, Appended, CloseError, CreateError, CreateOptions, FoldError, Journal,
    JournalOptions, JournalRefused, OpenError, RenewError, Space,
};
pub use locations::{
    Environment, LocationError, checkbox_038_location, checkbox_location, plainbox_location,
    repository_location,
};
pub use lock::{Holder, Liveness, LockError, LockPolicy, LockState, SessionLock};
pub use recovery::{
    Damage, Fallback, FrameBytes, Limits, Lost, RecoverError, Recovered, StoragePeek, Tail, Verdict,
};
pub use repair::{RepairError, RepairPlan, Repaired};
pub use repository::{
    CreatedSession, EntryProblem, LegacyOutcome, NewSession, PurgeReport, RemovedSession,
    Repository, RepositoryEntry, RepositoryError, RepositoryStep,
};
pub use session_id::{CreationTime, InvalidSessionId, SessionId};
pub use storage::SessionStorage;
pub use trust::{Trust, TrustFinding, TrustProblem};
pub use well_known::WellKnownDirs;

#[cfg(test)]
mod test_kit;
#[cfg(test)]
mod tests;
