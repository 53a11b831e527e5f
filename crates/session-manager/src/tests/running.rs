//! The file of running jobs, kept from job to job: wherever a run is cut, no output and no process is taken for that of
//! another job, and a job counts as started exactly when its log was begun.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use camino::Utf8Path;
use session_state::{IoLog, IoStream, JobId, JobOutcome, JobResult};
use session_storage::{CrashFs, Exploration, Fs, OpenMode, Repository, WellKnownDirs};

use super::kit::{PLACE, empty_fs, job, options, options_of_boot, repository};
use crate::log::{left_parts, read_part};
use crate::{
    DormantSession, Fate, Fault, Faults, ManagerOptions, ProcessRecord, ResumeEnvironment,
    ResumePolicy, SessionManager, find_session,
};

type AnyError = Box<dyn std::error::Error>;

/// A job that prints so many lines of that length.
struct Printing {
    id: String,
    lines: usize,
    length: usize,
}

/// With and without output, one behind the other; a head longer than a sector; a line longer than one; and output
/// that is too much for a result, whose sync puts on the disk what the file held until then.
fn jobs() -> Vec<Printing> {
    let printing = |id: &str, lines, length| Printing {
        id: id.to_owned(),
        lines,
        length,
    };
    vec![
        printing("some", 3, 9),
        printing("large", 2, 700),
        printing("none", 0, 0),
        printing(&"n".repeat(700), 2, 9),
        printing("last", 1, 9),
        printing("fine", 0, 0),
    ]
}

impl Printing {
    fn id(&self) -> JobId {
        JobId::from(self.id.as_str())
    }

    fn process(&self) -> ProcessRecord {
        ProcessRecord {
            pid: u32::try_from(self.id.len()).unwrap(),
            start_time: u64::from(self.id.as_bytes()[0]),
            pid_namespace: 1,
            boot_id: "boot-1".into(),
        }
    }

    fn line(&self, number: usize) -> Vec<u8> {
        let text = format!("{}{number}", &self.id[..1]);
        text.repeat(self.length).into_bytes()
    }
}

/// How far a run came.
#[derive(Default)]
struct Progress {
    /// The job whose log was asked for, and the one for which it was given.
    asked: Option<JobId>,
    given: Option<JobId>,
}

fn run(fs: Arc<dyn Fs>, options: ManagerOptions, progress: &mut Progress) -> Result<(), AnyError> {
    let definitions = jobs()
        .into_iter()
        .map(|printing| job(&printing.id, &[("command", "true")]));
    let mut session =
        SessionManager::builder(repository(fs)?, options).create_with_job_list(definitions)?;
    let ids: Vec<JobId> = jobs().iter().map(Printing::id).collect();
    session.state_mut().update_desired_jobs(&ids);
    session.checkpoint()?;
    for printing in jobs() {
        let id = printing.id();
        session.begin_job(&id)?;
        progress.asked = Some(id.clone());
        let mut log = session.open_log(&id)?;
        progress.given = Some(id.clone());
        log.started(&printing.process())?;
        for number in 0..printing.lines {
            log.record(IoStream::Stdout, 0.5, &printing.line(number))?;
        }
        session.finish_job(log, JobResult::of(JobOutcome::Pass))?;
    }
    session.close()?;
    Ok(())
}

/// Holds what is left against what the jobs did; `progress` is given when the machine stayed up.
fn check(image: &CrashFs, faults: Faults, progress: Option<&Progress>) {
    let shared: Arc<dyn Fs> = Arc::new(image.clone());
    let place = Repository::open(shared, Utf8Path::new(PLACE)).expect("the repository is durable");
    let boot = progress.map_or("boot-2", |_| "boot-1");
    let mut options = options_of_boot(boot);
    options.faults = faults;
    let Ok(storage) = find_session(&place, "session-", &options) else {
        return;
    };
    let Ok(dormant) = DormantSession::read(&storage, &options) else {
        return;
    };
    check_logs(&storage, faults);
    let environment = ResumeEnvironment::of(&options, ResumePolicy::default());
    if let (Some(flight), Some(progress)) = (dormant.flight(&environment), progress) {
        let job = Some(&flight.job);
        if progress.given.as_ref() == job {
            assert!(flight.facts.started, "a job that ran does not count");
        } else if progress.asked.as_ref() != job {
            assert!(!flight.facts.started, "a job that never ran counts");
        }
    }
    let mut session = SessionManager::load_session(storage, options, None).expect("it opens");
    let flight = dormant.flight(&environment);
    let fate = session.settle_flight().expect("settles");
    assert_eq!(flight.is_some(), matches!(fate, Fate::Decided { .. }));
    session.checkpoint().expect("saves");
    // What was cut short is kept under the name of its job, and nothing else is left.
    check_logs(session.storage(), faults);
    let logs = WellKnownDirs::new(session.storage()).io_logs().unwrap();
    for entry in logs.entries().unwrap() {
        let name = entry.name.to_str().unwrap();
        assert!(!name.ends_with(".part"), "{name} is left");
        if name.ends_with(".log") {
            let flight = flight.as_ref().expect("only a job in flight has one");
            let stem = crate::log_stem(&flight.job, flight.attempt);
            assert_eq!(name, format!("{stem}.log"));
            let file = logs.open_file(&entry.name, OpenMode::Read).unwrap();
            assert_own(&flight.job, &*file, faults);
        }
    }
    // The results are those of their jobs, too.
    for printing in jobs() {
        let job = session.state().job_state(printing.id()).unwrap();
        if let IoLog::Memory(records) = &job.result().io_log {
            let lines: Vec<&[u8]> = records.iter().map(|record| &*record.data).collect();
            assert_prefix(&printing, &lines);
        }
    }
    session.close().expect("goes on");
}

fn check_logs(storage: &session_storage::SessionStorage, faults: Faults) {
    let logs = WellKnownDirs::new(storage).io_logs().unwrap();
    for part in left_parts(&*logs, faults).unwrap() {
        let printing = printing(&part.job);
        let own = printing.process();
        assert!(
            part.process.is_none_or(|process| process == own),
            "a process of another job"
        );
        let file = logs.open_file(&part.name, OpenMode::Read).unwrap();
        assert_own(&part.job, &*file, faults);
    }
}

fn assert_own(job: &JobId, file: &dyn session_storage::File, faults: Faults) {
    let limits = suspend_resume::Limits::default();
    let records = read_part(file, job, &limits, faults).unwrap();
    let lines: Vec<&[u8]> = records.iter().map(|record| &*record.data).collect();
    assert_prefix(&printing(job), &lines);
}

fn assert_prefix(printing: &Printing, lines: &[&[u8]]) {
    assert!(lines.len() <= printing.lines, "more than it printed");
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(*line, printing.line(number), "output of another job");
    }
}

fn printing(job: &JobId) -> Printing {
    let found = jobs().into_iter().find(|printing| printing.id() == *job);
    found.expect("a job of the session")
}

fn options_with(faults: Faults) -> ManagerOptions {
    let mut options = options();
    options.faults = faults;
    options
}

/// Cuts the run after every operation, by a kill and by power cuts of every kind; answers in how many places.
fn cut_everywhere(faults: Faults) -> usize {
    let start = empty_fs();
    let exploration = Exploration {
        exhaustive_max: 4,
        samples: 6,
        ..Exploration::default()
    };
    let mut cuts = 0;
    for crash_after in 0.. {
        let fs = start.after_power_cut();
        fs.crash_after(fs.operations() + crash_after);
        let mut progress = Progress::default();
        let ended = run(Arc::new(fs.clone()), options_with(faults), &mut progress);
        check(&fs.after_kill(), faults, Some(&progress));
        for image in fs.crash_images(&exploration) {
            check(&image.fs, faults, None);
            cuts += 1;
        }
        if ended.is_ok() {
            break;
        }
    }
    cuts
}

#[test]
fn wherever_a_run_is_cut_nothing_is_taken_for_another_jobs() {
    let cuts = cut_everywhere(Faults::default());
    assert!(cuts > 500, "{cuts} power cuts");
}

/// The walk is worth something: it finds a line of the job before that is taken for one of this job.
#[test]
fn finds_lines_of_the_job_before() {
    let faults = Faults::only(Fault::LinesOfAnyHead);
    let walk = catch_unwind(AssertUnwindSafe(|| cut_everywhere(faults)));
    assert!(walk.is_err());
}
