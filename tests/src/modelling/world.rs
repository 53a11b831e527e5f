//! A disk that crashes and fails, and one session on it.

use std::sync::Arc;

use camino::Utf8Path;
use session_manager::{KnownUnits, ManagerOptions, ManualClock, SessionManager};
use session_state::{FieldValue, JobDefinition, JobId, SessionState};
use session_storage::{
    CrashFs, Exploration, FailFs, Faults, Fs, Holder, Repository, SeededEntropy, SessionStorage,
    Trust,
};
use suspend_resume::Format;

use super::model::id;
use super::operation::JOBS;

const PLACE: &str = "/sessions";

/// Whatever went wrong.
pub(super) type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// A disk, and the calls that fail on it.
#[derive(Debug)]
pub(super) struct World {
    pub(super) disk: CrashFs,
    pub(super) calls: FailFs,
    /// The number of the boot.
    boot: u32,
    pub(super) is_checkbox: bool,
    /// Mistakes switched on, to see that they are found.
    faults: Faults,
}

impl World {
    pub(super) fn new(is_checkbox: bool, faults: Faults) -> Result<Self, AnyError> {
        let disk = CrashFs::new();
        let shared: Arc<dyn Fs> = Arc::new(disk.clone());
        drop(Repository::create(
            shared,
            Utf8Path::new(PLACE),
            Trust::OwnDirectories,
        )?);
        Ok(Self {
            calls: FailFs::new(Arc::new(disk.clone())),
            disk,
            boot: 1,
            is_checkbox,
            faults,
        })
    }

    /// An empty disk with the same rules.
    pub(super) fn anew(&self) -> Result<Self, AnyError> {
        Self::new(self.is_checkbox, self.faults)
    }

    /// The same session on another disk.
    fn on(&self, disk: CrashFs, boot: u32) -> Self {
        let (is_checkbox, faults) = (self.is_checkbox, self.faults);
        Self {
            calls: FailFs::new(Arc::new(disk.clone())),
            disk,
            boot,
            is_checkbox,
            faults,
        }
    }

    /// What a kill leaves, or a power cut of that number.
    pub(super) fn after(&self, cut: Option<u8>) -> Self {
        let Some(number) = cut else {
            return self.on(self.disk.after_kill(), self.boot);
        };
        let exploration = Exploration {
            exhaustive_max: 3,
            samples: 4,
            ..Exploration::default()
        };
        let image = self
            .disk
            .crash_images(&exploration)
            .nth(usize::from(number % 8));
        let disk = image.map_or_else(|| self.disk.after_power_cut(), |image| image.fs);
        self.on(disk, self.boot + 1)
    }

    pub(super) fn options(&self) -> ManagerOptions {
        let holder = Holder {
            pid: 7,
            start_time: Some(1),
            pid_namespace: Some(1),
            boot_id: Some(format!("boot-{}", self.boot)),
            host: Some("simulated".to_owned()),
            command: "a model test".to_owned(),
            since_us: 0,
        };
        let clock = Arc::new(ManualClock::at(1_700_000_000_000_000));
        let entropy = Arc::new(SeededEntropy::new(u64::from(self.boot)));
        let mut options = ManagerOptions::new(clock, entropy, holder);
        options.inline_log_bytes_max = 64;
        options.journal.step_bytes = 4096;
        options.journal.spare_bytes = 4096;
        options.journal.fold_bytes_min = 1500;
        options.journal.faults = self.faults;
        options
    }

    fn repository(&self, fs: Arc<dyn Fs>) -> Result<Repository, AnyError> {
        Ok(Repository::open(fs, Utf8Path::new(PLACE))?)
    }

    /// Makes the session.
    pub(super) fn create(&self) -> Result<SessionManager, AnyError> {
        let repository = self.repository(Arc::new(self.calls.clone()))?;
        let format = if self.is_checkbox {
            Format::Checkbox(11)
        } else {
            Format::Native
        };
        let builder = SessionManager::builder(repository, self.options()).format(format);
        Ok(builder
            .create_with_job_list(definitions(&std::array::from_fn(|_| "true".to_owned())))?)
    }

    /// The session's directory, as another process reaches it, or ours.
    pub(super) fn storage(&self, beside: bool) -> Result<SessionStorage, AnyError> {
        let fs: Arc<dyn Fs> = if beside {
            Arc::new(self.disk.new_process())
        } else {
            Arc::new(self.calls.clone())
        };
        let entries = self.repository(fs)?.entries()?;
        let entry = entries.first().ok_or("there is no session")?;
        Ok(entry.open()?)
    }

    /// What is known of the jobs beside the session.
    pub(super) fn known(&self, commands: &[String; JOBS]) -> KnownUnits {
        let mut known = KnownUnits::new(definitions(commands), Vec::new());
        known.ignore_job_checksums = true;
        known
    }

    /// Opens the session.
    pub(super) fn load(&self, commands: &[String; JOBS]) -> Result<SessionManager, AnyError> {
        let storage = self.storage(false)?;
        let known = self.known(commands);
        let loaded = SessionManager::load_session_with(storage, self.options(), &known, None);
        Ok(loaded?)
    }
}

/// The definition of a job: the first is a resource job, the last may take the machine down.
pub(super) fn definition(number: usize, command: &str) -> Arc<JobDefinition> {
    let plugin = if number == 0 { "resource" } else { "shell" };
    let mut fields: Vec<(Arc<str>, FieldValue)> = vec![
        ("id".into(), FieldValue::Text(id(number).into())),
        ("plugin".into(), plugin.into()),
        ("command".into(), command.into()),
    ];
    if number == 2 {
        fields.push(("depends".into(), "job-1".into()));
    }
    if number == JOBS - 1 {
        fields.push(("flags".into(), "noreturn".into()));
    }
    Arc::new(JobDefinition::new(None, fields, None, None))
}

fn definitions(commands: &[String; JOBS]) -> Vec<Arc<JobDefinition>> {
    let numbered = commands.iter().enumerate();
    numbered
        .map(|(number, command)| definition(number, command))
        .collect()
}

pub(super) fn job(number: usize) -> JobId {
    JobId::new(id(number))
}

/// The commands of the jobs a state has.
pub(super) fn commands(state: &SessionState) -> [String; JOBS] {
    std::array::from_fn(|number| {
        let known = state.job_state(id(number));
        known.map_or_else(String::new, |job| {
            job.definition().command().unwrap_or_default().into_owned()
        })
    })
}
