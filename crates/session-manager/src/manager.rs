//! One session: its state, its directory, the right to write there.

use session_state::{DeviceContext, JobIntent, SessionState};
use session_storage::{Journal, PurgeReport, Repository, SessionId, SessionLock, SessionStorage};
use suspend_resume::{Format, SuspendError};

use crate::checkbox::CheckboxFile;
use crate::durable::{DurableObserver, DurableObservers};
use crate::error::DestroyError;
use crate::lifecycle::{Lifecycle, WrongTransition};
use crate::log::RunningLogs;
use crate::options::ManagerOptions;
use crate::report::{LeftOver, LoadReport};
use crate::uuid::SessionUuid;

/// How the session is open for writing.
#[derive(Debug)]
pub(crate) enum Writer {
    /// Locked, and nothing was saved yet.
    Fresh(Box<SessionLock>),
    /// Saved at least once.
    Open(Box<Journal>),
    /// Kept in one of Checkbox's formats, saved or not.
    File(Box<CheckboxFile>),
}

/// One session: its state, its directory, the right to write there.
///
/// Dropping it is like being killed: what the last [`checkpoint`](Self::checkpoint) made durable stays.
#[derive(Debug)]
pub struct SessionManager {
    pub(crate) device: DeviceContext,
    pub(crate) storage: SessionStorage,
    /// `None` after a failure that used the right to write up.
    pub(crate) writer: Option<Writer>,
    pub(crate) options: ManagerOptions,
    pub(crate) uuid: SessionUuid,
    /// The summary the last frame or snapshot carried.
    pub(crate) summary: Vec<u8>,
    /// The logs of running jobs.
    pub(crate) logs: RunningLogs,
    pub(crate) load_report: Option<LoadReport>,
    pub(crate) left_over: LeftOver,
    /// An attempt that was announced and not started: beginning its job announces nothing new.
    pub(crate) announced: Option<JobIntent>,
    /// How the session is gone on with after a job took the machine down.
    pub(crate) respawn_command: Option<String>,
    /// Those who want to hear what became durable.
    pub(crate) observers: DurableObservers,
    /// Why the last fold failed; everything acknowledged stands all the same.
    pub(crate) fold_problem: Option<String>,
}

impl SessionManager {
    /// The state.
    pub fn state(&self) -> &SessionState {
        self.device.state()
    }

    /// The state, to be changed. What is changed is durable after the next [`checkpoint`](Self::checkpoint).
    pub fn state_mut(&mut self) -> &mut SessionState {
        self.device.state_mut()
    }

    /// The device of the session: the state, with the providers and the units that are known. There is one.
    #[doc(alias = "device_context_list")]
    #[doc(alias = "default_device_context")]
    pub fn device_context(&self) -> &DeviceContext {
        &self.device
    }

    /// The device of the session, to be changed. Of what is changed the state is durable after the next
    /// [`checkpoint`](Self::checkpoint); providers, shared values and the rules of test plans belong to the program.
    pub fn device_context_mut(&mut self) -> &mut DeviceContext {
        &mut self.device
    }

    /// The directory.
    pub fn storage(&self) -> &SessionStorage {
        &self.storage
    }

    /// The id of the session.
    pub fn id(&self) -> &SessionId {
        self.storage.id()
    }

    /// The identity of the session, as hexadecimal digits; processes of its jobs are marked with it.
    pub fn uuid_text(&self) -> &str {
        self.uuid.as_str()
    }

    /// Where the session stands in its life.
    pub fn lifecycle(&self) -> Lifecycle {
        Lifecycle::of_state(self.device.state())
    }

    /// Takes a step in the life of the session; durable with the next [`checkpoint`](Self::checkpoint).
    ///
    /// # Errors
    /// The life of a session does not have this step; nothing was changed.
    pub fn enter(&mut self, next: Lifecycle) -> Result<(), WrongTransition> {
        next.enter(self.device.state_mut())
    }

    /// In which format the session is kept.
    pub fn kept_as(&self) -> Format {
        match &self.writer {
            Some(Writer::File(file)) => Format::Checkbox(file.version()),
            Some(Writer::Fresh(_) | Writer::Open(_)) | None => Format::Native,
        }
    }

    /// Has a session in one of Checkbox's formats written in another version of it from the next
    /// [`checkpoint`](Self::checkpoint) on; without this a session is written in the version it was read in. What the
    /// other version cannot carry, [`losses`](suspend_resume::losses) tells beforehand.
    ///
    /// Answers whether the session is kept in such a format; a native one stays as it is.
    ///
    /// # Errors
    /// [`SuspendError::NoSuchFormat`].
    pub fn set_checkbox_version(&mut self, version: u8) -> Result<bool, SuspendError> {
        match &mut self.writer {
            Some(Writer::File(file)) => file.set_version(version).map(|()| true),
            Some(Writer::Fresh(_) | Writer::Open(_)) | None => Ok(false),
        }
    }

    /// Has an observer told what changed each time it is durable. Those of the state
    /// ([`SessionState::subscribe`]) are told when it happens.
    pub fn on_durable(&mut self, observer: DurableObserver) {
        self.observers.add(observer);
    }

    /// What loading found; `None` for a session that was created here.
    pub fn load_report(&self) -> Option<&LoadReport> {
        self.load_report.as_ref()
    }

    /// What the run before left behind.
    pub fn left_over(&self) -> &LeftOver {
        &self.left_over
    }

    /// Why the last attempt to fold the journal failed, if it did. Nothing is lost by that.
    pub fn fold_problem(&self) -> Option<&str> {
        self.fold_problem.as_deref()
    }

    /// Removes the session from its repository: put aside under another name, which is made durable, then purged.
    /// A crash midway leaves a session that is gone from the listing, or whole.
    ///
    /// # Errors
    /// See [`DestroyError`].
    pub fn destroy(mut self, repository: &Repository) -> Result<PurgeReport, DestroyError> {
        let id = self.id().clone();
        let lock = match self.writer.take() {
            Some(Writer::Fresh(lock)) => Some(*lock),
            Some(Writer::Open(journal)) => journal.into_lock(),
            Some(Writer::File(file)) => Some(file.lock),
            None => None,
        };
        let lock = lock.ok_or(DestroyError::NotOpen { id })?;
        Ok(repository.remove_locked(lock)?)
    }
}
