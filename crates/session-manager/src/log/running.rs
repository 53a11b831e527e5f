//! Where the logs of running jobs are written: one file kept from job to job, and others where that one is needed.

use std::ffi::{OsStr, OsString};
use std::io;
use std::sync::Arc;

use session_storage::{Dir, File, FsError, OpenMode, SessionStorage, WellKnownDirs};

use super::left::{keep, of_job, remove_part};
use super::name::RUNNING;
use super::part::{Attempt, JobLog, Place, own_name};
use crate::error::LogError;
use crate::faults::Faults;

/// A file that grew beyond this is not kept for the next job, in bytes.
pub(super) const KEPT_BYTES_MAX: u64 = 64 << 10;

/// The logs of running jobs.
#[derive(Debug, Default)]
pub(crate) struct RunningLogs {
    kept: Option<KeptFile>,
    /// Names of other files whose results wait for the next checkpoint.
    ended: Vec<OsString>,
}

/// The file that is kept from job to job.
///
/// Nothing asks the kernel about it while jobs run: where it keeps fine times, the write behind such a question costs
/// an update of the inode.
#[derive(Debug)]
struct KeptFile {
    dir: Arc<dyn Dir>,
    file: Arc<dyn File>,
    /// How many attempts were written to it.
    runs: u64,
    holds: Holds,
}

/// What the kept file is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// The attempt in it has no result.
    Attempt,
    /// Its result waits for the next checkpoint.
    Ended {
        /// How long the file is, in bytes.
        length: u64,
    },
    /// Its result is durable: the next one may be written over it.
    Nothing,
}

impl RunningLogs {
    /// Begins the log of an attempt. When this fails, nothing says that it was started.
    pub(crate) fn begin(
        &mut self,
        storage: &SessionStorage,
        attempt: Attempt<'_>,
    ) -> Result<JobLog, LogError> {
        if self.kept.is_none() {
            let dir = io_logs(storage)?;
            self.kept = KeptFile::make(dir).map_err(|source| of_job(&attempt.job, source))?;
        }
        match self.kept.take_if(|kept| kept.is_free()) {
            Some(kept) => {
                let (kept, log) = kept.begin(attempt)?;
                self.kept = Some(kept);
                Ok(log)
            }
            None => begin_own(&io_logs(storage)?, attempt),
        }
    }

    /// The result of an attempt is recorded; its log is needed until that is durable.
    pub(crate) fn ended(&mut self, log: &JobLog) {
        match &mut self.kept {
            Some(kept) if log.place.is_kept => kept.holds = Holds::Ended { length: log.end },
            Some(_) | None => self.ended.push(log.name()),
        }
    }

    /// Keeps the log of an attempt that was stopped, under its final name.
    pub(crate) fn stopped(&mut self, log: JobLog, faults: Faults) -> Result<(), LogError> {
        let name = log.name();
        let JobLog {
            place,
            job,
            attempt,
            ..
        } = log;
        keep(&*place.dir, &name, &job, attempt, faults)?;
        if place.is_kept {
            self.kept = None;
        }
        Ok(())
    }

    /// Every recorded result is durable: their logs are not needed any more. One that cannot be removed is removed by
    /// the next load.
    pub(crate) fn saved(&mut self, storage: &SessionStorage) {
        if let Some(kept) = &mut self.kept
            && let Holds::Ended { length } = kept.holds
        {
            kept.holds = Holds::Nothing;
            if length > KEPT_BYTES_MAX {
                self.remove_kept();
            }
        }
        if self.ended.is_empty() {
            return;
        }
        if let Ok(dir) = io_logs(storage) {
            self.ended.retain(|name| remove_part(&*dir, name).is_err());
        }
    }

    /// No further job runs: removes the kept file, unless something in it is still needed.
    pub(crate) fn closed(&mut self) {
        if self.kept.as_ref().is_some_and(KeptFile::is_free) {
            self.remove_kept();
        }
    }

    /// Whether the kept file is one that this process made.
    pub(crate) fn has_kept(&self) -> bool {
        self.kept.is_some()
    }

    fn remove_kept(&mut self) {
        if let Some(kept) = self.kept.take() {
            // One that stays is removed by the next load.
            let _ = remove_part(&*kept.dir, OsStr::new(RUNNING));
        }
    }
}

impl KeptFile {
    /// Whether nothing in it is needed any more.
    fn is_free(&self) -> bool {
        self.holds == Holds::Nothing
    }

    /// Makes the file; `None` when there is one already, which is not ours to write to: an earlier run left it, and
    /// nobody looked after it yet.
    fn make(dir: Arc<dyn Dir>) -> Result<Option<Self>, FsError> {
        match dir.open_file(OsStr::new(RUNNING), OpenMode::CreateNew) {
            Ok(file) => Ok(Some(Self {
                dir,
                file: file.into(),
                runs: 0,
                holds: Holds::Nothing,
            })),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Begins an attempt in it. Where that fails, the file is given up: it may say that the attempt was started.
    fn begin(mut self, attempt: Attempt<'_>) -> Result<(Self, JobLog), LogError> {
        self.runs += 1;
        let place = Place {
            dir: Arc::clone(&self.dir),
            file: Arc::clone(&self.file),
            is_kept: true,
        };
        match JobLog::begin(place, attempt, self.runs) {
            Ok(log) => {
                self.holds = Holds::Attempt;
                Ok((self, log))
            }
            Err(error) => {
                // If it stays all the same, one attempt is counted too many.
                let _ = self.dir.remove_file(OsStr::new(RUNNING));
                Err(error)
            }
        }
    }
}

/// Begins an attempt in a file of its own.
fn begin_own(dir: &Arc<dyn Dir>, attempt: Attempt<'_>) -> Result<JobLog, LogError> {
    let name = own_name(&attempt.job, attempt.number);
    let file = dir
        .open_file(&name, OpenMode::CreateNew)
        .map_err(|source| of_job(&attempt.job, source))?;
    let place = Place {
        dir: Arc::clone(dir),
        file: file.into(),
        is_kept: false,
    };
    JobLog::begin(place, attempt, 1).inspect_err(|_| {
        // Nothing was started: a name that stays would say that it was.
        let _ = dir.remove_file(&name);
    })
}

/// The directory of the logs of a session.
pub(crate) fn io_logs(storage: &SessionStorage) -> Result<Arc<dyn Dir>, LogError> {
    WellKnownDirs::new(storage)
        .io_logs()
        .map_err(LogError::Directory)
}
