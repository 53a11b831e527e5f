//! Observers hear of a change when it survives a power cut: not sooner, once, and never of what a failed call lost.

use std::sync::Arc;

use camino::Utf8Path;
use session_state::{Change, SessionState};
use session_storage::{CrashFs, Exploration, FailFs, Failure, Fs, Operation, Repeat, Repository};

use super::kit::{
    Heard, Journey, PLACE, empty_fs, job, options, repository, stopped_after_each, undisturbed,
};
use crate::{CheckpointError, DormantSession, SessionManager, find_session};

/// The state that is there; `None` when no session was ever saved.
fn opened(image: &CrashFs) -> Option<SessionState> {
    let fs: Arc<dyn Fs> = Arc::new(image.clone());
    let repository = Repository::open(fs, Utf8Path::new(PLACE)).expect("the repository is durable");
    let storage = find_session(&repository, "session-", &options()).ok()?;
    let read = DormantSession::read(&storage, &options()).ok()?;
    Some(read.state)
}

/// What was told must be what is there, or something older.
fn assert_durable(image: &CrashFs, journey: &Journey, schedule: &str) {
    let heard = journey.heard.all();
    let Some((last, _)) = heard.last() else {
        return;
    };
    let state = opened(image).unwrap_or_else(|| panic!("{schedule}: told, and nothing is there"));
    let told = journey.written.iter().position(|written| written == last);
    let told = told.unwrap_or_else(|| panic!("{schedule}: told of a state that never was"));
    let later = journey.written.get(told..).unwrap_or_default();
    assert!(
        later.contains(&state),
        "{schedule}: what was told to be durable is lost"
    );
}

#[test]
fn what_observers_hear_survives_a_crash_at_any_operation() {
    let start = empty_fs();
    let (_, journey, operations) = undisturbed(&start);
    let told: Vec<SessionState> = journey
        .heard
        .all()
        .into_iter()
        .map(|heard| heard.0)
        .collect();
    // The close changes nothing.
    let acknowledged = journey.written.get(..journey.acknowledged - 1);
    assert_eq!(Some(&*told), acknowledged);

    let exploration = Exploration {
        exhaustive_max: 3,
        samples: 4,
        ..Exploration::default()
    };
    let mut images = 0;
    stopped_after_each(&start, operations, |fs, journey, _| {
        for image in fs.crash_images(&exploration) {
            images += 1;
            assert_durable(&image.fs, journey, &image.schedule.to_string());
        }
    });
    assert!(images > 300, "{images} images");
}

#[test]
fn observers_hear_nothing_of_a_call_that_failed() {
    let counting = FailFs::new(Arc::new(empty_fs()));
    Journey::default()
        .run(Arc::new(counting.clone()))
        .expect("no fault yet");
    let mut silent = 0;
    for number in (1..=counting.call_count()).step_by(3) {
        for failure in Failure::ALL {
            let failing = FailFs::new(Arc::new(empty_fs()));
            failing.fail_call(number, failure, Repeat::FromThenOn);
            let mut journey = Journey::default();
            let failed = journey.run(Arc::new(failing.clone())).is_err();
            let what = format!("call {number}, {failure:?}");
            let heard = journey.heard.all();
            let told: Vec<&SessionState> = heard.iter().map(|(state, _)| state).collect();
            let acknowledged: Vec<&SessionState> =
                journey.written.iter().take(journey.acknowledged).collect();
            let tail = acknowledged.get(told.len()..);
            assert!(
                acknowledged.starts_with(&told),
                "{what}: told of something else"
            );
            let is_close =
                |rest: &&[&SessionState]| rest.iter().all(|state| told.last() == Some(state));
            assert!(tail.as_ref().is_some_and(is_close), "{what}: not told");
            silent += usize::from(failed && journey.written.len() > told.len());
        }
    }
    assert!(silent > 50, "{silent} failed calls nobody was told of");
}

/// A session that is listened to, and a change that cannot be saved as long as that operation fails.
fn refused(operation: Operation) -> (SessionManager, FailFs, Heard) {
    let fs = FailFs::new(Arc::new(empty_fs()));
    let repository = repository(Arc::new(fs.clone())).unwrap();
    let mut session = SessionManager::builder(repository, options())
        .create_with_job_list([job("a", &[("command", "true")])])
        .unwrap();
    session.checkpoint().unwrap();
    let heard = Heard::default();
    heard.listen(&mut session);
    session.state_mut().set_title(Some("first".into()));
    fs.fail_operation(operation, Failure::Errno(5));
    let error = session.checkpoint().unwrap_err();
    assert!(matches!(error, CheckpointError::Append { .. }), "{error}");
    assert!(heard.all().is_empty(), "told of what was not saved");
    (session, fs, heard)
}

#[test]
fn what_failed_is_told_once_when_it_is_durable_after_all() {
    for operation in [Operation::Write, Operation::SyncFile] {
        let (mut session, fs, heard) = refused(operation);
        fs.heal();
        session.state_mut().set_title(Some("second".into()));
        session.checkpoint().unwrap();
        session.checkpoint().unwrap();
        let heard = heard.all();
        let changes: Vec<&[Change]> = heard.iter().map(|(_, changes)| &changes[..]).collect();
        assert_eq!(changes.len(), 1, "{operation:?}: once");
        assert_eq!(changes[0].len(), 2, "{operation:?}: both changes");
        assert_eq!(&heard[0].0, session.state());
    }
}

#[test]
fn the_changes_that_are_told_make_the_state_that_is_told() {
    let mut journey = Journey::default();
    journey.run(Arc::new(empty_fs())).expect("undisturbed");
    let heard = journey.heard.all();
    let (mut copy, _) = heard.first().expect("the first checkpoint is told").clone();
    for (state, changes) in heard.iter().skip(1) {
        assert!(!changes.is_empty());
        for change in changes {
            copy.apply(change).expect("it applies");
        }
        assert_eq!(&copy, state);
    }
}
