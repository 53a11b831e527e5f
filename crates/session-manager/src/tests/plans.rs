//! Plans of a resume: what they say, that they are done to the letter, and that a stale one is refused.

use std::sync::Arc;

use camino::Utf8Path;
use session_state::{JobId, JobOutcome, JobResult};
use session_storage::{CrashFs, FailFs, Fs, OpenMode, Operation, SessionStorage, WellKnownDirs};

use super::kit::{PLACE, empty_fs, process, repository};
use super::resuming::{
    action, apply, definitions, drifted, flying, killed, options, plan, plan_with, storage,
    storage_at,
};
use crate::{
    ApplyError, AtLimit, CauseOfDeath, DormantSession, Fate, FateRow, FlightAction, JobAction,
    Lifecycle, Refusal, ResumePolicy, SessionManager,
};

/// Leaves a result as a job does.
fn leave_result(storage: &SessionStorage, text: &str) {
    let share = WellKnownDirs::new(storage).session_share().unwrap();
    let file = share
        .open_file("__result".as_ref(), OpenMode::CreateNew)
        .unwrap();
    file.write_all_at(text.as_bytes(), 0).unwrap();
}

#[test]
fn the_cause_of_death_is_told_from_what_is_left() {
    let death = |fs: &CrashFs, boot: &str| {
        // Who asks sees itself, so it would see the one who died.
        fs.plant_dir(Utf8Path::new("/proc/7")).unwrap();
        plan(&storage(fs), boot).death
    };
    let fs = killed(&[]);
    assert_eq!(death(&fs, "boot-1"), CauseOfDeath::Killed);
    assert_eq!(death(&fs, "boot-2"), CauseOfDeath::RebootUnasked);
    for flag in ["noreturn", "autorestart", "simple, noreturn"] {
        let fs = killed(&[("flags", flag)]);
        assert_eq!(death(&fs, "boot-2"), CauseOfDeath::RebootAsked, "{flag}");
        assert_eq!(death(&fs, "boot-1"), CauseOfDeath::Killed, "{flag}");
    }
    let mut elsewhere = options("boot-7");
    elsewhere.machine = Some("machine-2".to_owned());
    let there = plan_with(&storage(&fs), &elsewhere, None, ResumePolicy::default());
    assert_eq!(there.death, CauseOfDeath::OtherMachine);
    assert!(there.moved_from.is_some());

    let fs = empty_fs();
    drop(flying(&fs, &[]));
    assert_eq!(death(&fs.after_kill(), "boot-1"), CauseOfDeath::ProcessDied);
    let fs = empty_fs();
    flying(&fs, &[]).close().unwrap();
    assert_eq!(death(&fs, "boot-1"), CauseOfDeath::CleanClose);
    assert_eq!(death(&fs, "boot-2"), CauseOfDeath::CleanClose);

    let fs = empty_fs();
    let living = flying(&fs, &[]);
    let stat = format!("7 (a test) S {}1 0", "0 ".repeat(18));
    let process = Utf8Path::new("/proc/7");
    fs.plant_dir(process).unwrap();
    let file = fs.open_dir(process).unwrap();
    let file = file
        .open_file("stat".as_ref(), OpenMode::CreateNew)
        .unwrap();
    file.write_all_at(stat.as_bytes(), 0).unwrap();
    let beside = fs.new_process();
    let seen = plan(&storage(&beside), "boot-1");
    assert_eq!(seen.death, CauseOfDeath::StillRunning);
    assert_eq!(seen.refusals, [Refusal::StillRunning]);
    let held = apply(&seen, &storage(&beside), "boot-1").unwrap_err();
    assert!(held.is_held(), "{held}");
    drop(living);
    // Of what is seen of it nothing counts but that its lock could be taken.
    let stale = apply(&seen, &storage(&beside), "boot-1").unwrap_err();
    assert_eq!(stale.new_plan().unwrap().death, CauseOfDeath::ProcessDied);
}

#[test]
fn a_plan_says_what_becomes_of_every_job_and_is_done_to_the_letter() {
    let fs = killed(&[]);
    let place = storage(&fs);
    let plan = plan(&place, "boot-1");
    assert_eq!(action(&plan, "done"), JobAction::Keep);
    assert_eq!(
        action(&plan, "flying"),
        JobAction::InFlight(FlightAction::RunAgain)
    );
    assert_eq!(action(&plan, "next"), JobAction::Run);
    assert_eq!(plan.processes, [process()]);
    let before = fs.operations();
    let again = super::plans::plan(&place, "boot-1");
    assert_eq!(
        (again, fs.operations()),
        (plan.clone(), before),
        "planning changes nothing"
    );

    let resumed = apply(&plan, &place, "boot-1").unwrap();
    let (row, action) = (FateRow::CutShort, FlightAction::RunAgain);
    let (job, attempt) = (JobId::from("flying"), 1);
    assert_eq!(
        resumed.fate,
        Fate::Decided {
            job,
            attempt,
            row,
            action
        }
    );
    assert_eq!(resumed.manager.lifecycle(), Lifecycle::Running);
    assert!(resumed.recorded.is_empty() && !resumed.paused);
}

#[test]
fn what_a_plan_says_is_durable_when_it_was_applied() {
    let fs = killed(&[("flags", "noreturn")]);
    let place = storage(&fs);
    let plan = plan(&place, "boot-2");
    let resumed = apply(&plan, &place, "boot-2").unwrap();
    assert_eq!(resumed.recorded, [JobId::from("flying")]);
    let after = fs.after_power_cut();
    let dormant = DormantSession::read(&storage(&after), &options("boot-3")).unwrap();
    assert_eq!(&dormant.state, resumed.manager.state());
    let flying = dormant.state.job_state("flying").unwrap();
    assert_eq!(flying.outcome(), Some(JobOutcome::Pass));
}

#[test]
fn a_plan_for_a_session_that_went_on_is_stale_and_brings_a_new_one() {
    let fs = killed(&[]);
    let place = storage(&fs);
    let old = plan(&place, "boot-1");
    let mut other = apply(&old, &place, "boot-1").unwrap().manager;
    other
        .state_mut()
        .update_job_result(&"flying".into(), JobResult::of(JobOutcome::Fail), None)
        .unwrap();
    other.close().unwrap();
    let before = DormantSession::read(&place, &options("boot-1")).unwrap();
    let error = apply(&old, &place, "boot-1").unwrap_err();
    let new = error.new_plan().unwrap();
    let after = DormantSession::read(&place, &options("boot-1")).unwrap();
    assert_eq!(before.mark, after.mark, "a stale plan changes nothing");
    assert_ne!(new.mark, old.mark);
    assert_eq!(action(&new, "flying"), JobAction::Keep);
    apply(&new, &place, "boot-1").unwrap();
}

/// A process of the run before may leave a result until it is ended: the plan was made before that.
#[test]
fn a_result_that_an_orphan_leaves_at_the_last_moment_makes_the_plan_stale() {
    let fs = killed(&[]);
    let place = storage(&fs);
    let old = plan(&place, "boot-1");
    let mut leave = |manager: &SessionManager| {
        leave_result(
            manager.storage(),
            r#"{"outcome": "fail", "comments": "at last"}"#,
        );
        Ok(())
    };
    let error = old
        .apply(&place, &options("boot-1"), &mut leave)
        .unwrap_err();
    let new = error.new_plan().unwrap();
    let record = FlightAction::Record(JobOutcome::Fail);
    assert_eq!(action(&new, "flying"), JobAction::InFlight(record));
    let resumed = apply(&new, &place, "boot-1").unwrap();
    let result = resumed
        .manager
        .state()
        .job_state("flying")
        .unwrap()
        .result();
    assert_eq!(result.outcome, Some(JobOutcome::Fail));
    assert!(result.comments.as_deref().unwrap().starts_with("at last\n"));
}

#[test]
fn an_error_while_orphans_are_ended_decides_nothing() {
    let fs = killed(&[]);
    // Who asks sees itself, so it would see the one who died.
    fs.plant_dir(Utf8Path::new("/proc/7")).unwrap();
    let place = storage(&fs);
    let plan = plan(&place, "boot-1");
    assert_eq!(plan.death, CauseOfDeath::Killed);
    let mut refuse = |_: &SessionManager| Err("still there".into());
    let error = plan
        .apply(&place, &options("boot-1"), &mut refuse)
        .unwrap_err();
    assert!(matches!(error, ApplyError::Orphans(_)), "{error}");
    let dormant = DormantSession::read(&place, &options("boot-1")).unwrap();
    assert!(dormant.state.metadata().intent.is_some());
    let again = self::plan(&place, "boot-1");
    assert_eq!(again.death, plan.death, "who died is named still");
}

/// The result file is of the job in flight only: one that an earlier job left is gone before the next begins.
#[test]
fn a_result_that_an_earlier_job_left_is_not_that_of_the_next() {
    let fs = empty_fs();
    let mut session = flying(&fs, &[]);
    leave_result(session.storage(), r#"{"outcome": "pass"}"#);
    session
        .state_mut()
        .update_job_result(&"flying".into(), JobResult::of(JobOutcome::Pass), None)
        .unwrap();
    session.begin_job(&"next".into()).unwrap();
    let log = session.open_log(&"next".into()).unwrap();
    for next in [fs.after_kill(), fs.after_power_cut()] {
        let (flight, row, _) = plan(&storage(&next), "boot-2")
            .fate()
            .map(|(flight, row, action)| (flight.clone(), row, action))
            .unwrap();
        assert_eq!((flight.job.as_str(), row), ("next", FateRow::CutShort));
    }
    drop(log);
}

#[test]
fn the_machine_going_down_is_the_pass_of_a_job_that_does_not_return() {
    let fs = killed(&[("flags", "noreturn")]);
    assert_eq!(
        plan(&storage(&fs), "boot-2").fate().unwrap().1,
        FateRow::WentDown
    );
    // Killed while the machine stayed up, it did not do what it is for.
    assert_eq!(
        plan(&storage(&fs), "boot-1").fate().unwrap().1,
        FateRow::CutShort
    );
}

#[test]
fn at_the_limit_the_session_goes_on_or_pauses() {
    for at_limit in [AtLimit::GoOn, AtLimit::Pause] {
        let fs = killed(&[]);
        let mut options = options("boot-1");
        options.attempts_max = 1;
        let policy = ResumePolicy {
            at_limit,
            ..ResumePolicy::default()
        };
        let place = storage(&fs);
        let plan = plan_with(&place, &options, None, policy);
        let resumed = plan.apply(&place, &options, &mut |_| Ok(())).unwrap();
        assert_eq!(resumed.paused, at_limit == AtLimit::Pause);
        let expected = match at_limit {
            AtLimit::GoOn => Lifecycle::Running,
            AtLimit::Pause => Lifecycle::Paused,
        };
        assert_eq!(resumed.manager.lifecycle(), expected);
        let flying = resumed.manager.state().job_state("flying").unwrap();
        assert_eq!(flying.outcome(), Some(JobOutcome::Crash));
    }
}

#[test]
fn a_moved_session_opens_there_and_says_so() {
    let fs = killed(&[]);
    fs.open_dir(Utf8Path::new("/"))
        .unwrap()
        .rename("sessions".as_ref(), "elsewhere".as_ref())
        .unwrap();
    let place = storage_at(&fs, "/elsewhere");
    let moved = plan(&place, "boot-1");
    let home = moved.moved_from.clone().expect("it lay elsewhere");
    assert!(home.location.starts_with(PLACE), "{}", home.location);
    let resumed = apply(&moved, &place, "boot-1").unwrap();
    let report = resumed.manager.load_report().unwrap();
    assert_eq!(report.moved_from.as_ref(), Some(&home));
    drop(resumed);
    assert_eq!(
        plan(&place, "boot-1").moved_from,
        None,
        "it is at home here now"
    );
}

#[test]
fn a_plan_reads_well() {
    let fs = killed(&[("flags", "noreturn")]);
    let text = plan_with(
        &storage(&fs),
        &options("boot-2"),
        Some(&drifted()),
        ResumePolicy::default(),
    )
    .to_string();
    for line in [
        "ended    the machine was started anew, as the running job asks for",
        "record pass      flying: its definition changed; done jobs stay as they are, others take the new one",
        "keep             done: its definition changed; done jobs stay as they are, others take the new one",
        "    command: 'true' -> 'date'",
        "    summary: (absent) -> 'new'",
        "run              last: it has no definition any more; the session keeps its own",
        "pass over        brand-new: it is not in the session",
    ] {
        assert!(
            text.lines().any(|known| known == line),
            "{line:?} is not in\n{text}"
        );
    }
}

#[test]
fn before_a_job_that_may_take_the_machine_down_everything_is_durable() {
    for (flags, is_synced) in [("noreturn", true), ("autorestart", true), ("simple", false)] {
        let failing = FailFs::new(Arc::new(empty_fs()));
        let fs: Arc<dyn Fs> = Arc::new(failing.clone());
        let mut session = SessionManager::builder(repository(fs).unwrap(), options("boot-1"))
            .create_with_job_list(definitions(&[("flags", flags)]))
            .unwrap();
        session.set_respawn_command(Some("session resume x".to_owned()));
        let id = JobId::from("flying");
        session
            .state_mut()
            .update_desired_jobs(std::slice::from_ref(&id));
        session.checkpoint().unwrap();
        let before = failing.calls().len();
        session.begin_job(&id).unwrap();
        let calls: Vec<Operation> = failing.calls()[before..]
            .iter()
            .map(|call| call.operation)
            .collect();
        let last = calls.last().copied();
        assert_eq!(
            last == Some(Operation::SyncFilesystem),
            is_synced,
            "{flags}: {calls:?}"
        );
        let share = WellKnownDirs::new(session.storage())
            .session_share()
            .unwrap();
        let respawn = share.metadata("__respawn_checkbox".as_ref()).unwrap();
        assert_eq!(respawn.is_some(), flags == "noreturn");
        if is_synced {
            let text = share.open_file("__respawn_checkbox".as_ref(), OpenMode::Read);
            assert_eq!(text.is_ok(), flags == "noreturn");
        }
    }
}
