//! Every disk that a power cut may leave while a repository is changed: old or new, never other.

use std::sync::Arc;

use camino::Utf8Path;

use crate::fs::{CrashFs, Fs, Operation};
use crate::repository::{LegacyOutcome, PurgeReport, RemovedSession, Repository, RepositoryError};
use crate::session_id::SessionId;
use crate::storage::SessionStorage;
use crate::test_kit::{
    REPOSITORY, explore, is_missed, lock, new_session, os, repository, settled, tree, write,
};
use crate::trust::Trust;
use crate::well_known::WellKnownDirs;

const OLD: &str = "old-2024-02-29T23.59.59.000007";
const OTHER: &str = "other-2024-02-29T23.59.59.000007";
const NEW: &str = "new-2024-02-29T23.59.59.000007";
const GONE: &str = "gone-2024-02-29T23.59.59.000007";
const KEPT: &str = "kept-2024-02-29T23.59.59.000007";

fn open(fs: Arc<dyn Fs>) -> Result<Repository, RepositoryError> {
    Repository::create(fs, Utf8Path::new(REPOSITORY), Trust::OwnDirectories)
}

fn ids(fs: &Arc<dyn Fs>) -> Vec<String> {
    let repository = Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY)).unwrap();
    let entries = repository.entries().unwrap();
    entries
        .iter()
        .map(|entry| entry.open().unwrap().id().to_string())
        .collect()
}

/// A session that holds a checkpoint and a log.
fn furnished(fs: &Arc<dyn Fs>, prefix: &str, legacy_mode: bool) -> SessionStorage {
    let storage = repository(Arc::clone(fs))
        .create_session(&new_session(prefix, legacy_mode))
        .unwrap();
    lock(&storage).save_checkpoint(b"checkpoint").unwrap();
    let logs = WellKnownDirs::new(&storage).io_logs().unwrap();
    write(&*logs, "job.log", b"output");
    logs.make_symlink(os("/outside/precious"), os("trap"))
        .unwrap();
    logs.sync().unwrap();
    storage
}

/// The session is there with all it held.
fn assert_whole(fs: &Arc<dyn Fs>, id: &str) {
    let repository = Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY)).unwrap();
    let storage = repository.session(&SessionId::parse(id).unwrap()).unwrap();
    assert_eq!(storage.load_checkpoint().unwrap().unwrap(), b"checkpoint");
    let held = tree(&**fs, storage.location().as_str());
    let at = |path: &str| held.get(&storage.location().join(path)).cloned();
    assert_eq!(at("io-logs/job.log").as_deref(), Some("file output"));
    assert_eq!(
        at("io-logs/trap").as_deref(),
        Some("link \"/outside/precious\"")
    );
}

fn create_first(fs: Arc<dyn Fs>) -> Result<SessionStorage, RepositoryError> {
    open(fs)?.create_session(&new_session("first-", false))
}

fn check_first(fs: &Arc<dyn Fs>, acknowledged: bool) {
    let expected = "first-2024-02-29T23.59.59.000007";
    let found = ids(fs);
    if acknowledged {
        assert_eq!(found, [expected], "an acknowledged session is there");
        let storage = Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY))
            .unwrap()
            .session(&SessionId::parse(expected).unwrap())
            .unwrap();
        WellKnownDirs::new(&storage).io_logs().unwrap();
        WellKnownDirs::new(&storage).session_share().unwrap();
        assert_eq!(storage.load_checkpoint().unwrap(), None);
    } else {
        assert!(found.is_empty() || found == [expected], "{found:?}");
        // Whatever is left, the next attempt succeeds, and what it makes is complete.
        let again = create_first(Arc::clone(fs)).unwrap();
        WellKnownDirs::new(&again).io_logs().unwrap();
    }
}

/// Invariant P1.
#[test]
fn creating_the_first_session() {
    let start = settled(|_| ());
    let figures = explore(&start, create_first, check_first);
    assert!(figures.crash_points >= 13, "{figures:?}");
    assert!(figures.distinct >= 8, "{figures:?}");
}

/// A repository whose making died between mkdir and sync is made durable by the next who uses it.
#[test]
fn a_repository_seen_but_not_durable_is_made_durable() {
    let start = settled(|_| ());
    for crash_after in 0..8 {
        let first = start.after_kill();
        first.crash_after(crash_after);
        drop(open(Arc::new(first.clone())));
        let second = first.after_kill();
        let storage = repository(Arc::new(second.clone()))
            .create_session(&new_session("s-", false))
            .unwrap();
        let left: Arc<dyn Fs> = Arc::new(second.after_power_cut());
        assert_eq!(
            ids(&left),
            [storage.id().as_str()],
            "after {crash_after} operations"
        );
    }
}

fn switch(fs: Arc<dyn Fs>) -> Result<SessionStorage, RepositoryError> {
    let created = open(fs)?.create_session_reporting(&new_session("new-", true))?;
    match created.legacy {
        Some(LegacyOutcome::PreviousKept { reason, .. }) => Err(reason),
        None
        | Some(
            LegacyOutcome::First | LegacyOutcome::Replaced { .. } | LegacyOutcome::Blocked { .. },
        ) => Ok(created.storage),
    }
}

fn check_switched(fs: &Arc<dyn Fs>, acknowledged: bool) {
    let repository = Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY)).unwrap();
    assert_whole(fs, OTHER);
    let last = repository
        .last_storage()
        .unwrap()
        .map(|last| last.id().to_string());
    let found = ids(fs);
    match last.as_deref() {
        Some(last) if last == NEW => assert!(found.iter().any(|id| id == NEW)),
        Some(last) if last == OLD && !acknowledged => assert_whole(fs, OLD),
        last => panic!("last-session leads to {last:?}"),
    }
    if acknowledged {
        assert_eq!(found, [OTHER, NEW], "the old one is gone for good");
    }
    // The switch goes on working, and one session of the two is left in the end.
    let again = switch(Arc::clone(fs)).unwrap();
    let last = repository.last_storage().unwrap().unwrap();
    assert_eq!(last.id(), again.id());
    assert_whole(fs, OTHER);
}

fn switchable() -> CrashFs {
    settled(|fs| {
        furnished(fs, "old-", true);
        furnished(fs, "other-", false);
    })
}

/// Invariant P4.
#[test]
fn switching_the_last_session() {
    let figures = explore(&switchable(), switch, check_switched);
    assert!(figures.crash_points >= 18, "{figures:?}");
    assert!(figures.distinct >= 40, "{figures:?}");
}

fn remove(fs: Arc<dyn Fs>) -> Result<PurgeReport, RepositoryError> {
    let repository = open(fs)?;
    let storage = repository.session(&SessionId::parse(GONE).unwrap())?;
    repository.remove(&storage)
}

fn check_removed(fs: &Arc<dyn Fs>, acknowledged: bool) {
    assert_whole(fs, KEPT);
    let found = ids(fs);
    if found == [KEPT, GONE] {
        assert!(!acknowledged, "a removed session came back");
        assert_whole(fs, GONE);
        remove(Arc::clone(fs)).unwrap();
    } else {
        assert_eq!(found, [KEPT]);
    }
    let report = repository(Arc::clone(fs)).purge_leftovers().unwrap();
    assert_eq!((report.left, report.problems.len()), (0, 0));
    let left = tree(&**fs, REPOSITORY);
    let foreign: Vec<_> = left
        .keys()
        .filter(|path| !path.as_str().contains("/kept-"))
        .collect();
    assert_eq!(foreign, Vec::<&camino::Utf8PathBuf>::new());
}

fn removable() -> CrashFs {
    settled(|fs| {
        let storage = furnished(fs, "gone-", false);
        let share = WellKnownDirs::new(&storage).session_share().unwrap();
        share.make_dir(os("a")).unwrap();
        let deep = share.open_dir(os("a")).unwrap();
        deep.make_dir(os("b")).unwrap();
        write(&*deep.open_dir(os("b")).unwrap(), "c", b"deep");
        furnished(fs, "kept-", false);
    })
}

/// Invariant P3.
#[test]
fn removing_a_session() {
    let figures = explore(&removable(), remove, check_removed);
    assert!(figures.crash_points >= 15, "{figures:?}");
    assert!(figures.distinct >= 100, "{figures:?}");
}

fn gone(fs: Arc<dyn Fs>) -> Result<(Repository, SessionId), RepositoryError> {
    Ok((open(fs)?, SessionId::parse(GONE).unwrap()))
}

fn discard(fs: Arc<dyn Fs>) -> Result<RemovedSession, RepositoryError> {
    let (repository, id) = gone(fs)?;
    repository.discard(&repository.session(&id)?, 7)
}

fn restore(fs: Arc<dyn Fs>) -> Result<SessionStorage, RepositoryError> {
    let (repository, id) = gone(fs)?;
    match repository.removed()?.first() {
        Some(removed) => repository.restore(removed),
        None => repository.session(&id),
    }
}

/// In its place or in the trash, and whole; where it was acknowledged to be, it is.
fn check_moved(fs: &Arc<dyn Fs>, acknowledged: bool, to_trash: bool) {
    assert_whole(fs, KEPT);
    let removed = repository(Arc::clone(fs)).removed().unwrap();
    let found = ids(fs);
    if removed.is_empty() {
        assert_eq!(found, [KEPT, GONE]);
        assert!(!(acknowledged && to_trash), "a removed session came back");
    } else {
        assert_eq!(
            (removed.len(), found.as_slice()),
            (1, &[KEPT.to_owned()][..])
        );
        assert!(!acknowledged || to_trash, "a restored session is gone");
        restore(Arc::clone(fs)).unwrap();
    }
    assert_whole(fs, GONE);
}

fn in_the_trash() -> CrashFs {
    let fs = removable();
    discard(Arc::new(fs.clone())).unwrap();
    fs.after_power_cut()
}

#[test]
fn no_crash_loses_a_session_on_its_way_to_the_trash_and_back() {
    let to_trash = explore(&removable(), discard, |fs, acknowledged| {
        check_moved(fs, acknowledged, true);
    });
    let back = explore(&in_the_trash(), restore, |fs, acknowledged| {
        check_moved(fs, acknowledged, false);
    });
    for figures in [to_trash, back] {
        assert!(figures.crash_points >= 6, "{figures:?}");
        assert!(figures.distinct >= 2, "{figures:?}");
    }
}

fn purge(fs: Arc<dyn Fs>) -> Result<PurgeReport, RepositoryError> {
    let repository = open(fs)?;
    let removed = repository.removed()?;
    repository.purge(removed.first().expect("it was discarded"))
}

/// Whole in the trash, or gone for good with at most a leftover to clear away.
fn check_purged(fs: &Arc<dyn Fs>, acknowledged: bool) {
    assert_eq!(ids(fs), [KEPT]);
    if repository(Arc::clone(fs)).removed().unwrap().is_empty() {
        check_removed(fs, acknowledged);
    } else {
        assert!(!acknowledged, "a purged session is in the trash again");
        restore(Arc::clone(fs)).unwrap();
        assert_whole(fs, GONE);
    }
}

#[test]
fn no_crash_of_a_purge_leaves_half_a_session_in_the_trash() {
    let figures = explore(&in_the_trash(), purge, check_purged);
    assert!(figures.crash_points >= 15, "{figures:?}");
    assert!(figures.distinct >= 100, "{figures:?}");
}

/// The exploration is worth something: leave out the syncs of any one directory, and it fails.
#[test]
fn no_sync_can_be_left_out_unnoticed() {
    let session = format!("{REPOSITORY}/first-2024-02-29T23.59.59.000007.session");
    let places = [
        "/home/user",
        "/home/user/.local",
        "/home/user/.local/state",
        REPOSITORY,
        &session,
    ];
    for place in places {
        let missed = is_missed(Operation::SyncDir, Utf8Path::new(place), |forgetful| {
            let start = settled(|_| ());
            explore(&start, |fs| create_first(forgetful(fs)), check_first);
        });
        assert!(missed, "creating a session without syncing {place}");
    }
    let repository = Utf8Path::new(REPOSITORY);
    assert!(is_missed(Operation::SyncDir, repository, |forgetful| {
        explore(&switchable(), |fs| switch(forgetful(fs)), check_switched);
    }));
    assert!(is_missed(Operation::SyncDir, repository, |forgetful| {
        explore(&removable(), |fs| remove(forgetful(fs)), check_removed);
    }));
    assert!(is_missed(Operation::SyncDir, repository, |forgetful| {
        explore(
            &removable(),
            |fs| discard(forgetful(fs)),
            |fs, acknowledged| check_moved(fs, acknowledged, true),
        );
    }));
    assert!(is_missed(Operation::SyncDir, repository, |forgetful| {
        explore(
            &in_the_trash(),
            |fs| restore(forgetful(fs)),
            |fs, acknowledged| check_moved(fs, acknowledged, false),
        );
    }));
    assert!(is_missed(Operation::SyncDir, repository, |forgetful| {
        explore(&in_the_trash(), |fs| purge(forgetful(fs)), check_purged);
    }));
}
