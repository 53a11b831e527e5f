//! Crashed after every operation: what opens is the acknowledged state or one that was being written.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use camino::Utf8Path;
use session_state::IoLog;
use session_storage::{CrashFs, Dir, Exploration, Fs, OpenMode, WellKnownDirs};

use super::kit::{
    FOLDING, Journey, empty_fs, options, options_of_boot, repository, stopped_after_each,
    undisturbed,
};
use crate::{Fate, Fault, Faults, FlightAction, LoadError, SessionManager, find_session};

/// Loads the only session of an image and holds it against what was written.
fn check(image: &CrashFs, journey: &Journey, boot: &str, schedule: &str) {
    let fs: Arc<dyn Fs> = Arc::new(image.clone());
    let repository = repository(fs).expect("the repository is durable");
    let found = find_session(&repository, "session-", &options());
    let storage = match found {
        Ok(storage) => storage,
        Err(error) => {
            assert_eq!(journey.acknowledged, 0, "{schedule}: {error}");
            return;
        }
    };
    let loaded = SessionManager::load_session(storage, options_of_boot(boot), None);
    let mut session = match loaded {
        Ok(session) => session,
        Err(LoadError::NoCheckpoint { .. }) => {
            assert_eq!(journey.acknowledged, 0, "{schedule}: nothing opens");
            return;
        }
        Err(error) => panic!("{schedule}: {error:?}"),
    };
    let from = journey.acknowledged.saturating_sub(1);
    let allowed = journey.written.get(from..).unwrap_or_default();
    assert!(
        allowed.iter().any(|state| state == session.state()),
        "{schedule}: what opens is neither the acknowledged state nor a later one",
    );
    // Every log that a durable result names is whole.
    let logs = WellKnownDirs::new(session.storage())
        .io_logs()
        .expect("logs");
    for job in session.state().jobs() {
        if let IoLog::Stored(log) = &job.result().io_log {
            let (length, hash) = log.identity.expect("logs of ours are known by hash");
            assert_eq!(
                hash_of(&*logs, &log.path),
                (length, hash),
                "{schedule}: {}",
                log.path
            );
        }
    }
    // The session goes on: what was in flight is settled, and settling is durable.
    let fate = session.settle_flight().expect("settles");
    session.checkpoint().expect("goes on");
    if let Fate::Decided { action, .. } = fate {
        let runs = matches!(action, FlightAction::RunNow | FlightAction::RunAgain);
        assert!(runs, "{schedule}: one attempt is not three");
    }
}

fn generation(fs: &CrashFs) -> u64 {
    let repository = repository(Arc::new(fs.clone())).expect("a repository");
    let storage = find_session(&repository, "session-", &options()).expect("a session");
    storage
        .peek()
        .expect("a native session")
        .position
        .generation
}

fn hash_of(logs: &dyn Dir, path: &str) -> (u64, [u8; 16]) {
    let name = Utf8Path::new(path).file_name().expect("a name");
    let file = logs
        .open_file(name.as_ref(), OpenMode::Read)
        .expect("the log is there");
    let mut bytes = vec![0; 1 << 16];
    let count = file.read_full_at(&mut bytes, 0).expect("reads");
    bytes.truncate(count);
    (
        count as u64,
        xxhash_rust::xxh3::xxh3_128(&bytes).to_le_bytes(),
    )
}

#[test]
fn what_was_acknowledged_opens_after_a_crash_at_any_operation() {
    let start = empty_fs();
    let (whole, journey, operations) = undisturbed(&start);
    assert!(operations > 60, "{operations} operations");
    assert!(generation(&whole) > 1, "the journal was folded on the way");
    let expected = 6 + usize::from(FOLDING);
    assert_eq!(
        journey.acknowledged, expected,
        "a snapshot, four notes, changes, a close"
    );

    let exploration = Exploration {
        exhaustive_max: 4,
        samples: 6,
        ..Exploration::default()
    };
    let mut images = 0;
    stopped_after_each(&start, operations, |fs, journey, crash_after| {
        let killed = fs.after_kill();
        check(
            &killed,
            journey,
            "boot-1",
            &format!("killed after {crash_after}"),
        );
        for image in fs.crash_images(&exploration) {
            images += 1;
            check(&image.fs, journey, "boot-2", &image.schedule.to_string());
        }
    });
    assert!(images > 500, "{images} images");
}

/// The check is worth something: a log that is not synced before the frame that names it is found missing or torn.
#[test]
fn finds_a_log_that_is_not_synced_before_the_frame_that_names_it() {
    let mut mistaken = options();
    mistaken.faults = Faults::only(Fault::LogNotSynced);
    let start = empty_fs();
    let is_found = (0..).find_map(|crash_after| {
        let fs = start.after_power_cut();
        fs.crash_after(fs.operations() + crash_after);
        let mut journey = Journey::default();
        let ended = journey.run_with(Arc::new(fs.clone()), mistaken.clone());
        let cut = fs.after_power_cut();
        let checked = catch_unwind(AssertUnwindSafe(|| check(&cut, &journey, "boot-2", "cut")));
        if checked.is_err() {
            return Some(true);
        }
        ended.is_ok().then_some(false)
    });
    assert_eq!(is_found, Some(true));
}
