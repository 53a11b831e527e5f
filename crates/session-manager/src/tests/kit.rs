//! A small session on any file system, and one run of it.

use std::sync::{Arc, Mutex};

use camino::Utf8Path;
use session_state::{Change, IoStream, JobDefinition, JobId, JobOutcome, JobResult, SessionState};
use session_storage::{CrashFs, Fs, Holder, Repository, SeededEntropy, Trust};

use crate::{Lifecycle, ManagerOptions, ManualClock, ProcessRecord, SessionManager};

pub(super) const PLACE: &str = "/sessions";
/// How many large changes follow the jobs, so that the journal is folded.
pub(super) const FOLDING: u8 = 6;

pub(super) fn holder(boot: &str) -> Holder {
    Holder {
        pid: 7,
        start_time: Some(1),
        pid_namespace: Some(1),
        boot_id: Some(boot.into()),
        host: Some("simulated".into()),
        command: "a test".into(),
        since_us: 0,
    }
}

pub(super) fn options_of_boot(boot: &str) -> ManagerOptions {
    let clock = Arc::new(ManualClock::at(1_700_000_000_000_000));
    let mut options = ManagerOptions::new(clock, Arc::new(SeededEntropy::new(5)), holder(boot));
    options.inline_log_bytes_max = 64;
    options.journal.step_bytes = 4096;
    options.journal.spare_bytes = 4096;
    options.journal.fold_bytes_min = 1500;
    options
}

pub(super) fn options() -> ManagerOptions {
    options_of_boot("boot-1")
}

pub(super) fn job(id: &str, fields: &[(&str, &str)]) -> Arc<JobDefinition> {
    let fields = std::iter::once(("id", id))
        .chain(fields.iter().copied())
        .map(|(name, value)| (Arc::from(name), value.into()))
        .collect();
    Arc::new(JobDefinition::new(None, fields, None, None))
}

/// Jobs of every kind the manager treats in its own way.
pub(super) fn jobs() -> Vec<Arc<JobDefinition>> {
    vec![
        job("package", &[("plugin", "resource"), ("command", "list")]),
        job(
            "small",
            &[
                ("plugin", "shell"),
                ("command", "true"),
                ("requires", "package.name == 'a'"),
            ],
        ),
        job(
            "large",
            &[
                ("plugin", "shell"),
                ("command", "true"),
                ("depends", "small"),
            ],
        ),
        job(
            "after/large",
            &[("plugin", "shell"), ("command", "true"), ("after", "large")],
        ),
    ]
}

pub(super) fn repository(fs: Arc<dyn Fs>) -> Result<Repository, session_storage::RepositoryError> {
    Repository::create(fs, Utf8Path::new(PLACE), Trust::OwnDirectories)
}

/// What a run wrote and what was acknowledged of it, in order.
#[derive(Default)]
pub(super) struct Journey {
    /// The state of every checkpoint that was begun.
    pub(super) written: Vec<SessionState>,
    /// How many of them were acknowledged.
    pub(super) acknowledged: usize,
    /// What an observer was told to be durable.
    pub(super) heard: Heard,
}

/// What is told at once: the state, and what changed since the call before.
type Told = (SessionState, Vec<Change>);

/// What an observer of a session was told to be durable.
#[derive(Clone, Default)]
pub(super) struct Heard(Arc<Mutex<Vec<Told>>>);

impl Heard {
    /// Listens to a session from now on.
    pub(super) fn listen(&self, session: &mut SessionManager) {
        let heard = Arc::clone(&self.0);
        session.on_durable(Box::new(move |state, changes| {
            let mut heard = heard.lock().expect("no test panics while it listens");
            heard.push((state.clone(), changes.to_vec()));
        }));
    }

    /// Everything told so far, in order.
    pub(super) fn all(&self) -> Vec<Told> {
        let heard = self.0.lock().expect("no test panics while it listens");
        heard.clone()
    }
}

type AnyError = Box<dyn std::error::Error>;

impl Journey {
    fn checkpoint(&mut self, session: &mut SessionManager) -> Result<(), AnyError> {
        self.written.push(session.state().clone());
        session.checkpoint()?;
        self.acknowledged = self.written.len();
        Ok(())
    }

    /// Begins a job, as a run does: the note before it is a checkpoint.
    fn begin(&mut self, session: &mut SessionManager, job: &JobId) -> Result<(), AnyError> {
        let mut noted = session.state().clone();
        noted.start_job(job, Some("boot-1"), 1_700_000_000.0)?;
        self.written.push(noted);
        session.begin_job(job)?;
        self.acknowledged = self.written.len();
        Ok(())
    }

    /// Creates the session and runs every job of it.
    pub(super) fn run(&mut self, fs: Arc<dyn Fs>) -> Result<(), AnyError> {
        self.run_with(fs, options())
    }

    /// As above, with options of the caller's.
    pub(super) fn run_with(
        &mut self,
        fs: Arc<dyn Fs>,
        options: ManagerOptions,
    ) -> Result<(), AnyError> {
        let builder = SessionManager::builder(repository(fs)?, options);
        let mut session = builder.create_with_job_list(jobs())?;
        self.heard.listen(&mut session);
        session.state_mut().set_title(Some("journey".into()));
        let ids: Vec<JobId> = jobs().iter().map(|job| job.id().clone()).collect();
        assert!(session.state_mut().update_desired_jobs(&ids).is_empty());
        self.checkpoint(&mut session)?;
        for id in &ids {
            self.begin(&mut session, id)?;
            let mut log = session.open_log(id)?;
            log.started(&process())?;
            log.record(IoStream::Stdout, 0.5, b"name: a\n")?;
            if id.as_str() == "large" {
                log.record(IoStream::Stderr, 0.5, &[b'x'; 900])?;
            }
            session.finish_job(log, JobResult::of(JobOutcome::Pass))?;
        }
        for step in 0..FOLDING {
            session.state_mut().set_app_blob(Some(vec![step; 700]));
            self.checkpoint(&mut session)?;
        }
        self.written.push(session.state().clone());
        session.close()?;
        self.acknowledged = self.written.len();
        Ok(())
    }
}

/// The journey on a disk that nothing disturbs: the disk afterwards, what was written, and how many of the disk's
/// operations it took.
pub(super) fn undisturbed(start: &CrashFs) -> (CrashFs, Journey, u64) {
    let fs = start.after_power_cut();
    let before = fs.operations();
    let mut journey = Journey::default();
    let ended = journey.run(Arc::new(fs.clone()));
    ended.expect("nothing disturbs it");
    let operations = fs.operations() - before;
    (fs, journey, operations)
}

/// Stops the journey after each number of the disk's operations, and has a look at what is there then.
pub(super) fn stopped_after_each(
    start: &CrashFs,
    operations: u64,
    mut look: impl FnMut(&CrashFs, &Journey, u64),
) {
    for crash_after in 0..=operations {
        let fs = start.after_power_cut();
        fs.crash_after(fs.operations() + crash_after);
        let mut journey = Journey::default();
        drop(journey.run(Arc::new(fs.clone())));
        look(&fs, &journey, crash_after);
    }
}

/// A session of these jobs, all of them selected: the first is done, the second in flight.
pub(super) fn in_flight(
    fs: &CrashFs,
    options: ManagerOptions,
    jobs: Vec<Arc<JobDefinition>>,
) -> SessionManager {
    let ids: Vec<JobId> = jobs.iter().map(|job| job.id().clone()).collect();
    let repository = repository(Arc::new(fs.clone())).expect("an empty disk takes a repository");
    let mut session = SessionManager::builder(repository, options)
        .create_with_job_list(jobs)
        .expect("no id twice");
    assert!(session.state_mut().update_desired_jobs(&ids).is_empty());
    session.enter(Lifecycle::Running).expect("it is fresh");
    session.checkpoint().expect("saves");
    session.begin_job(&ids[0]).expect("begins");
    let log = session.open_log(&ids[0]).expect("a log");
    session
        .finish_job(log, JobResult::of(JobOutcome::Pass))
        .expect("a result");
    session.begin_job(&ids[1]).expect("begins");
    let mut log = session.open_log(&ids[1]).expect("a log");
    log.started(&process()).expect("noted");
    drop(log);
    session
}

pub(super) fn process() -> ProcessRecord {
    ProcessRecord {
        pid: 99,
        start_time: 12,
        pid_namespace: 1,
        boot_id: "boot-1".into(),
    }
}

/// A file system with the place for a repository, all of it durable.
pub(super) fn empty_fs() -> CrashFs {
    let fs = CrashFs::new();
    drop(repository(Arc::new(fs.clone())).expect("an empty disk takes a repository"));
    fs.after_power_cut()
}
