//! A session that another process holds while its resume is planned and applied: real processes, on a real disk.
//! This test program starts itself again as the other one.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use camino::Utf8Path;
use session_state::JobId;
use session_storage::{LockError, LockState, RealFs, Repository, SessionStorage, Trust};
use tempfile::TempDir;

use super::kit::job;
use super::resuming::action;
use crate::{
    ApplyError, CauseOfDeath, DormantSession, FlightAction, JobAction, Lifecycle, LoadError,
    ManagerOptions, Refusal, ResumeEnvironment, ResumePlan, ResumePolicy, Resumed, SessionManager,
    find_session, plan_resume,
};

/// Tells the other process in which repository its session is.
const PLACE: &str = "SESSION_MANAGER_HOLDER_TEST";
/// What the other process does with it.
const DEED: &str = "SESSION_MANAGER_HOLDER_DEED";

/// What the other process does, and holds until it is killed or told to let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// Makes the session and begins a job.
    Begin,
    /// Loads the session that is there.
    Load,
    /// Takes the lock, and writes nothing.
    Lock,
}

fn options() -> ManagerOptions {
    ManagerOptions::system().unwrap()
}

fn repository(place: &Utf8Path) -> Repository {
    Repository::create(Arc::new(RealFs), place, Trust::OwnDirectories).unwrap()
}

fn storage(place: &Utf8Path) -> SessionStorage {
    find_session(&repository(place), "latest", &options()).unwrap()
}

fn plan(storage: &SessionStorage) -> ResumePlan {
    let options = options();
    let environment = ResumeEnvironment::of(&options, ResumePolicy::default());
    let dormant = DormantSession::read(storage, &options).unwrap();
    plan_resume(&dormant, None, &environment)
}

fn apply(plan: &ResumePlan, storage: &SessionStorage) -> Result<Resumed, ApplyError> {
    plan.apply(storage, &options(), &mut |_| Ok(()))
}

/// Makes a session with a job in flight.
fn begin(place: &Utf8Path) -> SessionManager {
    let jobs = vec![job("flying", &[("plugin", "shell"), ("command", "true")])];
    let mut session = SessionManager::builder(repository(place), options())
        .create_with_job_list(jobs)
        .unwrap();
    let flying = JobId::from("flying");
    session
        .state_mut()
        .update_desired_jobs(std::slice::from_ref(&flying));
    session.enter(Lifecycle::Running).unwrap();
    session.checkpoint().unwrap();
    session.begin_job(&flying).unwrap();
    drop(session.open_log(&flying).unwrap());
    session
}

/// The other process: does its deed, says so, and lets go when it is told to.
fn hold(place: &Utf8Path, deed: &str) {
    let say = |word: &str| writeln!(std::io::stdout(), "\n{word}").unwrap();
    let wait = || {
        let mut nothing = String::new();
        std::io::stdin().read_line(&mut nothing).unwrap();
    };
    if deed == format!("{:?}", Deed::Lock) {
        let held = storage(place).lock(&options().holder, options().lock);
        say("held");
        wait();
        drop(held.unwrap());
        return;
    }
    let session = if deed == format!("{:?}", Deed::Begin) {
        begin(place)
    } else {
        SessionManager::load_session(storage(place), options(), None).unwrap()
    };
    say("held");
    wait();
    session.close().unwrap();
}

/// Another process that holds the session.
struct Other {
    child: Child,
    /// Open until it has ended: it says more at its end.
    said: BufReader<ChildStdout>,
}

impl Other {
    /// Starts it, and returns when it has done its deed.
    fn start(test: &str, place: &Utf8Path, deed: Deed) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg(format!("tests::holders::{test}"))
            .env(PLACE, place)
            .env(DEED, format!("{deed:?}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let held = said.by_ref().lines().any(|line| line.unwrap() == "held");
        assert!(held, "the other process did not get the session");
        Self { child, said }
    }

    fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it, and looks at nothing else until it is gone.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Kills it, and does not wait: it may be dying while the answer is made, and its number stays until it is
    /// waited for.
    fn while_it_dies<T>(mut self, answer: impl FnOnce() -> T) -> T {
        self.child.kill().unwrap();
        let answer = answer();
        self.child.wait().unwrap();
        answer
    }

    /// Lets it close the session and end.
    fn release(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
        drop(self.said);
    }
}

/// Runs a test, or in the other process its deed.
fn with_place(test: impl FnOnce(&Utf8Path)) {
    if let Ok(place) = std::env::var(PLACE) {
        return hold(Utf8Path::new(&place), &std::env::var(DEED).unwrap());
    }
    let folder = TempDir::new().unwrap();
    test(&Utf8Path::from_path(folder.path()).unwrap().join("sessions"));
}

fn assert_held_by(answer: Result<Resumed, ApplyError>, pid: u32) {
    let error = answer.unwrap_err();
    assert!(error.is_held(), "{error}");
    let ApplyError::Load(LoadError::Lock {
        source: LockError::Held {
            holder: Some(holder),
            ..
        },
        ..
    }) = error
    else {
        panic!("{error}");
    };
    assert_eq!(holder.pid, pid);
}

/// Who the lock file names.
fn named(storage: &SessionStorage) -> Option<u32> {
    match storage.lock_state(&options().holder).unwrap() {
        LockState::Recorded { holder, .. } => Some(holder.pid),
        LockState::Free => None,
    }
}

fn assert_resumes(plan: &ResumePlan, storage: &SessionStorage, death: CauseOfDeath) {
    assert_eq!(plan.death, death);
    let again = JobAction::InFlight(FlightAction::RunAgain);
    assert_eq!(action(plan, "flying"), again);
    let resumed = apply(plan, storage).unwrap();
    let report = resumed.manager.load_report().unwrap();
    assert_eq!(report.death, death);
}

#[test]
fn a_plan_made_beside_a_living_holder_is_replaced_when_that_one_was_killed() {
    with_place(|place| {
        let test = "a_plan_made_beside_a_living_holder_is_replaced_when_that_one_was_killed";
        let other = Other::start(test, place, Deed::Begin);
        let pid = other.pid();
        let storage = storage(place);
        let seen = plan(&storage);
        assert_eq!(seen.refusals, [Refusal::StillRunning]);
        assert_held_by(apply(&seen, &storage), pid);
        other.kill();
        let newer = apply(&seen, &storage).unwrap_err().new_plan().unwrap();
        assert_eq!(named(&storage), Some(pid), "nothing was decided yet");
        assert_eq!(plan(&storage).death, CauseOfDeath::Killed);
        assert_resumes(&newer, &storage, CauseOfDeath::Killed);
    });
}

#[test]
fn a_holder_is_gone_from_the_moment_in_which_it_is_killed() {
    with_place(|place| {
        let test = "a_holder_is_gone_from_the_moment_in_which_it_is_killed";
        let other = Other::start(test, place, Deed::Begin);
        let storage = storage(place);
        other.while_it_dies(|| {
            let seen = plan(&storage);
            assert_eq!(seen.refusals, []);
            assert_resumes(&seen, &storage, CauseOfDeath::Killed);
        });
    });
}

#[test]
fn a_plan_made_beside_a_living_holder_is_replaced_when_that_one_has_closed() {
    with_place(|place| {
        let test = "a_plan_made_beside_a_living_holder_is_replaced_when_that_one_has_closed";
        let other = Other::start(test, place, Deed::Begin);
        let storage = storage(place);
        let seen = plan(&storage);
        other.release();
        let newer = apply(&seen, &storage).unwrap_err().new_plan().unwrap();
        assert_eq!(named(&storage), None);
        assert_resumes(&newer, &storage, CauseOfDeath::CleanClose);
    });
}

#[test]
fn who_took_the_session_after_it_was_planned_is_named_and_its_death_told() {
    with_place(|place| {
        let test = "who_took_the_session_after_it_was_planned_is_named_and_its_death_told";
        Other::start(test, place, Deed::Begin).kill();
        let storage = storage(place);
        let first = plan(&storage);
        assert_eq!(first.death, CauseOfDeath::Killed);

        let other = Other::start(test, place, Deed::Load);
        assert_held_by(apply(&first, &storage), other.pid());
        let newer = other.while_it_dies(|| apply(&first, &storage).unwrap_err().new_plan());
        assert_resumes(&newer.unwrap(), &storage, CauseOfDeath::Killed);
    });
}

#[test]
fn who_only_took_the_lock_meanwhile_changes_nothing_of_the_plan() {
    with_place(|place| {
        let test = "who_only_took_the_lock_meanwhile_changes_nothing_of_the_plan";
        Other::start(test, place, Deed::Begin).kill();
        let storage = storage(place);
        let dead = named(&storage);
        let first = plan(&storage);

        let other = Other::start(test, place, Deed::Lock);
        assert_held_by(apply(&first, &storage), other.pid());
        other.release();
        assert_eq!(named(&storage), dead, "it wrote nothing");
        Other::start(test, place, Deed::Lock).kill();
        assert_resumes(&first, &storage, CauseOfDeath::Killed);
    });
}
