//! Sessions kept in one of Checkbox's formats: one file, replaced whole by each checkpoint.

use session_state::{Change, IoLog, JobId, JobState, SessionState};
use session_storage::{SessionId, SessionLock, SessionStorage};
use suspend_resume::{
    CheckboxEncoder, EarlyCallback, Obstacle, ResumeOptions, Resumed, SuspendError, SuspendOptions,
    resume_whole,
};
use xxhash_rust::xxh3::xxh3_128;

use crate::error::{CheckpointError, ReadError};
use crate::known::KnownUnits;
use crate::options::ManagerOptions;
use crate::own_logs::OwnLogs;

/// The right to write to such a session, and what its state does not hold of it.
#[derive(Debug)]
pub(crate) struct CheckboxFile {
    pub(crate) lock: SessionLock,
    encoder: CheckboxEncoder,
    kept: SuspendOptions,
    /// Whether the file says what the state says, save for the recorded changes.
    is_saved: bool,
}

impl CheckboxFile {
    /// A session that was not saved yet.
    pub(crate) fn new(lock: SessionLock, version: u8) -> Result<Self, SuspendError> {
        let mut kept = SuspendOptions::default();
        kept.session_dir = Some(lock.storage().location().to_string());
        Ok(Self {
            lock,
            encoder: CheckboxEncoder::new(version, kept.clone())?,
            kept,
            is_saved: false,
        })
    }

    /// A session that was read.
    pub(crate) fn of_read(
        lock: SessionLock,
        read: &mut Resumed,
        version: u8,
    ) -> Result<Self, SuspendError> {
        let mut file = Self::new(lock, version)?;
        file.kept.system_information = read.system_information.take();
        file.kept.unknown_fields = std::mem::take(&mut read.unknown_fields);
        file.encoder = CheckboxEncoder::new(version, file.kept.clone())?;
        file.is_saved = true;
        Ok(file)
    }

    pub(crate) fn version(&self) -> u8 {
        self.encoder.version()
    }

    /// Has every further checkpoint written in that version.
    pub(crate) fn set_version(&mut self, version: u8) -> Result<(), SuspendError> {
        if self.version() != version {
            self.encoder = CheckboxEncoder::new(version, self.kept.clone())?;
            self.is_saved = false;
        }
        Ok(())
    }

    /// Replaces the file, durably, at a cost that follows what changed; nothing is written when nothing changed.
    pub(crate) fn save(&mut self, state: &SessionState) -> Result<(), CheckpointError> {
        if self.is_saved && state.pending_changes().is_empty() {
            return Ok(());
        }
        let id = self.lock.storage().id().clone();
        if let Some(obstacle) = obstacle(state, self.version()) {
            return Err(CheckpointError::Obstacle { id, obstacle });
        }
        let encoded = self.encoder.encode(state);
        let bytes = encoded.map_err(|source| CheckpointError::Encode {
            id: id.clone(),
            source,
        })?;
        self.lock
            .save_checkpoint(&bytes)
            .map_err(|source| CheckpointError::File { id, source })?;
        self.is_saved = true;
        Ok(())
    }
}

/// What a state holds that the format writes and then refuses to read, if there is such a thing. Of results only those
/// are looked at that are new.
fn obstacle(state: &SessionState, version: u8) -> Option<Obstacle> {
    if version >= 4 {
        let unlisted = |job: &&JobState| {
            job.result().is_hollow() && !job.history().is_empty() && !state.is_on_run_list(job.id())
        };
        if let Some(job) = state.jobs().find(unlisted) {
            return Some(Obstacle::UnlistedResults(job.id().clone()));
        }
    }
    if version >= 6 {
        let unknown = |job: &&JobId| state.job_state(job).is_none();
        if let Some(job) = state.metadata().rejected_jobs.iter().find(unknown) {
            return Some(Obstacle::UnknownRejectedJob(job.clone()));
        }
        if let Some(job) = state.mandatory_jobs().find(unknown) {
            return Some(Obstacle::UnknownMandatoryJob(job.clone()));
        }
    }
    state.pending_changes().iter().find_map(|change| {
        let Change::ResultRecorded { job, result } = change else {
            return None;
        };
        let IoLog::Memory(records) = &result.io_log else {
            return None;
        };
        let is_negative = records.iter().any(|record| record.delay < 0.0);
        is_negative.then(|| Obstacle::NegativeDelay(job.clone()))
    })
}

/// Reads the one file; `None` when nothing was ever saved.
pub(crate) fn read_file(storage: &SessionStorage) -> Result<Option<Vec<u8>>, ReadError> {
    Ok(storage.load_checkpoint()?)
}

/// Decodes the one file.
pub(crate) fn decode_file(
    storage: &SessionStorage,
    bytes: &[u8],
    known: &KnownUnits,
    manager: &ManagerOptions,
    early_callback: Option<EarlyCallback<'_>>,
) -> Result<Resumed, ReadError> {
    let files = OwnLogs::of(storage);
    let mut options = ResumeOptions::default();
    options.limits = manager.limits.clone();
    options.engines = manager.engines.clone();
    options.ignore_job_checksums = known.ignore_job_checksums;
    options.check_file_references = known.check_file_references;
    options.rewrite_log_pathnames = known.rewrite_log_pathnames;
    options.location = Some(storage.location().to_string());
    options.files = Some(&files);
    options.templates = &known.templates;
    resume_whole(bytes, &known.jobs, &options, early_callback).map_err(ReadError::Decode)
}

/// The identity of a session whose format has none: that of its id. A copy of the session has the same.
pub(crate) fn uuid_of(id: &SessionId) -> [u8; 16] {
    xxh3_128(format!("session in a Checkbox format\0{id}").as_bytes()).to_le_bytes()
}
