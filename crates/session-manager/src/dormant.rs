//! Looking at a session without taking it: nothing here ever writes.

use camino::Utf8PathBuf;
use session_state::{SessionMetadata, SessionState};
use session_storage::{
    Limits as StorageLimits, LockState, RecoverError, SessionId, SessionStorage, Verdict,
};
use suspend_resume::{Format, JobChecksums, Peek, Summary, job_checksums, peek, peek_native};

use crate::checkbox::{decode_file, read_file};
use crate::error::ReadError;
use crate::home::Home;
use crate::known::KnownUnits;
use crate::load::{is_closed, replay};
use crate::options::ManagerOptions;
use crate::resume::{CauseOfDeath, Flight, ResumeEnvironment, SessionMark, Traces};

/// A session as it stands on the disk. While another process writes to it, it may not be durable yet.
#[derive(Debug)]
#[non_exhaustive]
pub struct DormantSession {
    /// Its id.
    pub id: SessionId,
    /// Where it lies.
    pub location: Utf8PathBuf,
    /// In which format it is kept.
    pub kept_as: Format,
    /// Its exact content.
    pub mark: SessionMark,
    /// The state.
    pub state: SessionState,
    /// What was cut, damaged or lost; `None` for a session in a Checkbox format, whose file is whole or is refused.
    pub verdict: Option<Verdict>,
    pub(crate) traces: Traces,
    /// What the session was read with.
    pub(crate) known: KnownUnits,
    /// The checksums a session in a Checkbox format holds of its jobs.
    pub(crate) checksums: Option<JobChecksums>,
}

impl DormantSession {
    /// Reads a native session, also while another process writes to it.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn read(storage: &SessionStorage, options: &ManagerOptions) -> Result<Self, ReadError> {
        Self::read_with(storage, options, &KnownUnits::default())
    }

    /// Reads a session of any format, with what is known of jobs beside it. Checksums that differ are no error here:
    /// [`plan_resume`](crate::plan_resume) tells of them.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn read_with(
        storage: &SessionStorage,
        options: &ManagerOptions,
        known: &KnownUnits,
    ) -> Result<Self, ReadError> {
        let lock = storage.lock_state(&options.holder)?;
        Self::read_traced(storage, options, known, lock)
    }

    /// As [`read_with`](Self::read_with), with what the lock file said when somebody had the lock.
    pub(crate) fn read_traced(
        storage: &SessionStorage,
        options: &ManagerOptions,
        known: &KnownUnits,
        lock: LockState,
    ) -> Result<Self, ReadError> {
        let known = KnownUnits {
            ignore_job_checksums: true,
            ..known.clone()
        };
        let read = match storage.recover_beside(&options.holder, StorageLimits::default()) {
            Ok(recovered) => Read {
                state: replay(&recovered, &options.limits, None)?,
                kept_as: Format::Native,
                mark: SessionMark::of_recovered(&recovered),
                verdict: Some(recovered.verdict),
                checksums: None,
            },
            Err(RecoverError::NoSession) => {
                let bytes = read_file(storage)?.ok_or(ReadError::NoCheckpoint)?;
                let read = decode_file(storage, &bytes, &known, options, None)?;
                let checksums = job_checksums(&bytes, &options.limits);
                Read {
                    state: read.state,
                    kept_as: read.format,
                    mark: SessionMark::of_file(&bytes),
                    verdict: None,
                    checksums: Some(checksums.map_err(ReadError::Decode)?),
                }
            }
            Err(error) => return Err(error.into()),
        };
        let closed = is_closed(read.verdict.as_ref(), &lock, &read.state);
        Ok(Self {
            id: storage.id().clone(),
            location: storage.location().to_owned(),
            kept_as: read.kept_as,
            mark: read.mark,
            traces: Traces::read(storage, lock, closed, &read.state, options.faults())?,
            state: read.state,
            verdict: read.verdict,
            known,
            checksums: read.checksums,
        })
    }

    /// What ended the run before.
    pub fn death(&self, environment: &ResumeEnvironment) -> CauseOfDeath {
        self.traces.death(&self.state, environment)
    }

    /// The job in flight, and everything its fate depends on.
    pub fn flight(&self, environment: &ResumeEnvironment) -> Option<Flight> {
        self.traces.flight(&self.state, environment, self.kept_as)
    }

    /// Where the session was last opened for writing, when that was another path or another machine.
    pub fn moved_from(&self, environment: &ResumeEnvironment) -> Option<Home> {
        let here = Home {
            machine: environment.machine.clone(),
            location: self.location.clone(),
        };
        self.traces.moved_from(&here)
    }
}

/// What was read of a session, whatever its format.
struct Read {
    state: SessionState,
    kept_as: Format,
    mark: SessionMark,
    verdict: Option<Verdict>,
    checksums: Option<JobChecksums>,
}

/// Which format a session is kept in.
#[derive(Clone, Debug, PartialEq)]
pub enum PeekKind {
    /// The native one.
    Native(Box<Summary>),
    /// One of Checkbox's.
    Checkbox {
        /// The version in its file.
        version: u8,
        /// What it says of itself.
        metadata: Box<SessionMetadata>,
    },
}

/// What a session says of itself without being opened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SessionPeek {
    /// What it says.
    pub kind: PeekKind,
    /// Whether a newer release wrote it: it can be looked at in this way only.
    pub is_newer: bool,
    /// When it was last written, in nanoseconds since the epoch.
    pub modified_ns: i128,
}

/// Looks at a session, at a cost that does not depend on the number of its jobs (save for the Checkbox formats,
/// whose one file is read whole).
///
/// # Errors
/// See [`ReadError`].
pub fn peek_session(
    storage: &SessionStorage,
    options: &ManagerOptions,
) -> Result<SessionPeek, ReadError> {
    match storage.peek() {
        Ok(seen) => {
            let head = peek_native(&seen.snapshot_start, &options.limits);
            let is_newer = matches!(&head, Ok(head) if !head.readable);
            let summary = match &seen.summary {
                // What the snapshot of a newer release says of itself is in a form that we know; its frames are not.
                Some(summary) if !is_newer => Summary::decode(summary, &options.limits),
                Some(_) | None => head.map(|head| head.summary),
            };
            Ok(SessionPeek {
                kind: PeekKind::Native(Box::new(summary.map_err(ReadError::Decode)?)),
                is_newer,
                modified_ns: seen.modified_ns,
            })
        }
        Err(RecoverError::NoSession) => peek_single_file(storage, options),
        Err(error) => Err(error.into()),
    }
}

fn peek_single_file(
    storage: &SessionStorage,
    options: &ManagerOptions,
) -> Result<SessionPeek, ReadError> {
    let bytes = storage.load_checkpoint()?.ok_or(ReadError::NoCheckpoint)?;
    let modified_ns = storage
        .dir()
        .own_metadata()
        .map_or(0, |metadata| metadata.modified_ns);
    let (kind, is_newer) = match peek(&bytes, &options.limits).map_err(ReadError::Decode)? {
        Peek::Native(head) => (PeekKind::Native(Box::new(head.summary)), !head.readable),
        Peek::Checkbox(seen) => {
            let kind = PeekKind::Checkbox {
                version: seen.version,
                metadata: Box::new(seen.metadata),
            };
            (kind, false)
        }
        _ => return Err(ReadError::NoCheckpoint),
    };
    Ok(SessionPeek {
        kind,
        is_newer,
        modified_ns,
    })
}
