//! Making a session: from a list of jobs, or around a state.

use std::sync::Arc;

use session_state::{DeviceContext, JobDefinition, SessionState};
use session_storage::{NewSession, Repository};
use suspend_resume::{CheckboxEncoder, Format, SuspendOptions};

use crate::checkbox::{CheckboxFile, uuid_of};
use crate::durable::DurableObservers;
use crate::error::CreateError;
use crate::home::{Home, note_home};
use crate::log::RunningLogs;
use crate::manager::{SessionManager, Writer};
use crate::options::ManagerOptions;
use crate::report::LeftOver;

impl SessionManager {
    /// Begins the making of a session.
    pub fn builder(repository: Repository, options: ManagerOptions) -> SessionManagerBuilder {
        SessionManagerBuilder::new(repository, options)
    }
}

/// The first version in which a new session has an empty application blob: that of today's Checkbox. Those of before
/// had none.
const EMPTY_BLOB_SINCE: u8 = 7;

/// Makes sessions in a repository.
#[derive(Clone, Debug)]
pub struct SessionManagerBuilder {
    repository: Repository,
    options: ManagerOptions,
    prefix: String,
    legacy_mode: bool,
    format: Format,
}

impl SessionManagerBuilder {
    pub(crate) fn new(repository: Repository, options: ManagerOptions) -> Self {
        Self {
            repository,
            options,
            prefix: "session-".to_owned(),
            legacy_mode: false,
            format: Format::Native,
        }
    }

    /// How ids begin. Default: `session-`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Whether the repository is to keep one session only, reached by the link `last-session`. Default: no.
    #[must_use]
    pub fn legacy_mode(mut self, legacy_mode: bool) -> Self {
        self.legacy_mode = legacy_mode;
        self
    }

    /// In which format the session is kept. Default: the native one. In a Checkbox format each checkpoint writes the whole
    /// session, and definitions are needed to load it again.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Makes a session of these jobs. Its directory is durable when this returns, its state after the first
    /// [`checkpoint`](SessionManager::checkpoint); a crash in between leaves a session without a checkpoint.
    ///
    /// # Errors
    /// See [`CreateError`].
    #[doc(alias = "create")]
    pub fn create_with_job_list(
        self,
        jobs: impl IntoIterator<Item = Arc<JobDefinition>>,
    ) -> Result<SessionManager, CreateError> {
        let state = SessionState::with_jobs(jobs)?;
        self.create_with_state(state)
    }

    /// Makes a session around a state, as [`create_with_job_list`](Self::create_with_job_list) does.
    ///
    /// # Errors
    /// See [`CreateError`].
    pub fn create_with_state(self, state: SessionState) -> Result<SessionManager, CreateError> {
        self.create_with_device_contexts([DeviceContext::new(state)])
    }

    /// Makes a session of a device, as [`create_with_job_list`](Self::create_with_job_list) does; of none when there is
    /// none yet, and then its device knows nothing.
    ///
    /// # Errors
    /// See [`CreateError`]. More than one device is refused, and nothing is made.
    #[doc(alias = "add_device_context")]
    pub fn create_with_device_contexts(
        self,
        devices: impl IntoIterator<Item = DeviceContext>,
    ) -> Result<SessionManager, CreateError> {
        let mut devices = devices.into_iter();
        let mut device = devices.next().unwrap_or_default();
        let further = devices.count();
        if further > 0 {
            let devices = further + 1;
            return Err(CreateError::SeveralDevices { devices });
        }
        let state = device.state_mut();
        if let Format::Checkbox(version) = self.format {
            CheckboxEncoder::new(version, SuspendOptions::default())?;
            if version >= EMPTY_BLOB_SINCE && state.metadata().app_blob.is_none() {
                state.set_app_blob(Some(Vec::new()));
            }
        }
        state.record_changes(true);
        let storage = self.repository.create_session(&NewSession {
            prefix: &self.prefix,
            now_us: self.options.clock.now_us(),
            legacy_mode: self.legacy_mode,
        })?;
        let lock = storage.lock(&self.options.holder, self.options.lock)?;
        note_home(&storage, &Home::of(&storage, &self.options));
        if !self.options.engines.is_empty() {
            state.set_engines(self.options.engines.clone());
        }
        let (writer, uuid) = match self.format {
            Format::Native => (
                Writer::Fresh(Box::new(lock)),
                self.options.entropy.next_u128().to_le_bytes(),
            ),
            Format::Checkbox(version) => (
                Writer::File(Box::new(CheckboxFile::new(lock, version)?)),
                uuid_of(storage.id()),
            ),
        };
        Ok(SessionManager {
            device,
            writer: Some(writer),
            uuid: uuid.into(),
            observers: DurableObservers::default(),
            summary: Vec::new(),
            logs: RunningLogs::default(),
            load_report: None,
            left_over: LeftOver::default(),
            announced: None,
            respawn_command: None,
            fold_problem: None,
            storage,
            options: self.options,
        })
    }
}
