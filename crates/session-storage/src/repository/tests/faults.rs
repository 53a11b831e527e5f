//! Every call of every operation on a repository fails in every way: the error says what and why, nothing is
//! lost, and the operation succeeds when the fault is gone.

use std::sync::Arc;

use camino::Utf8Path;

use crate::fs::Fs;
use crate::repository::{Repository, RepositoryError};
use crate::session_id::SessionId;
use crate::test_kit::{REPOSITORY, inject, lock, new_session, repository, settled};
use crate::trust::Trust;
use crate::well_known::WellKnownDirs;

const KEPT: &str = "kept-2024-02-29T23.59.59.000007";
const LAST: &str = "last-2024-02-29T23.59.59.000007";

/// Two sessions with checkpoints, one of them the last session.
fn start() -> crate::CrashFs {
    settled(|fs| {
        let repository = repository(Arc::clone(fs));
        for (prefix, legacy_mode) in [("last-", true), ("kept-", false)] {
            let storage = repository
                .create_session(&new_session(prefix, legacy_mode))
                .unwrap();
            lock(&storage).save_checkpoint(prefix.as_bytes()).unwrap();
        }
    })
}

fn open(fs: Arc<dyn Fs>) -> Result<Repository, RepositoryError> {
    Repository::create(fs, Utf8Path::new(REPOSITORY), Trust::OwnDirectories)
}

fn checkpoint(fs: &Arc<dyn Fs>, id: &str) -> Option<Vec<u8>> {
    let repository = Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY)).unwrap();
    match repository.session(&SessionId::parse(id).unwrap()) {
        Ok(storage) => storage.load_checkpoint().unwrap(),
        Err(RepositoryError::NoSuchSession { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

fn last(fs: &Arc<dyn Fs>) -> Option<String> {
    let repository = Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY)).unwrap();
    let last = repository.last_storage().unwrap();
    last.map(|last| last.id().to_string())
}

#[test]
fn making_a_repository() {
    let start = settled(|_| ());
    let faults = inject(&start, open, |fs, done| {
        if done {
            assert!(fs.open_dir(Utf8Path::new(REPOSITORY)).is_ok());
        }
    });
    assert!(faults > 400, "{faults}");
}

#[test]
fn creating_a_session() {
    let faults = inject(
        &start(),
        |fs| open(fs)?.create_session(&new_session("new-", false)),
        |fs, done| {
            assert_eq!(checkpoint(fs, KEPT).unwrap(), b"kept-");
            assert_eq!(checkpoint(fs, LAST).unwrap(), b"last-");
            assert_eq!(last(fs).as_deref(), Some(LAST));
            if done {
                let repository =
                    Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY)).unwrap();
                let entries = repository.entries().unwrap();
                let complete = entries.iter().filter(|entry| {
                    let new = entry.id().unwrap().as_str().starts_with("new-");
                    let storage = entry.open().unwrap();
                    new && WellKnownDirs::new(&storage).session_share().is_ok()
                });
                assert!(complete.count() >= 1);
            }
        },
    );
    assert!(faults > 400, "{faults}");
}

/// Invariant P4.
#[test]
fn switching_the_last_session() {
    let faults = inject(
        &start(),
        |fs| open(fs)?.create_session(&new_session("new-", true)),
        |fs, done| {
            assert_eq!(checkpoint(fs, KEPT).unwrap(), b"kept-");
            let last = last(fs).expect("last-session always leads somewhere");
            if last == LAST {
                assert!(!done);
                assert_eq!(checkpoint(fs, LAST).unwrap(), b"last-");
            } else {
                assert!(last.starts_with("new-"), "{last}");
            }
        },
    );
    assert!(faults > 600, "{faults}");
}

/// Invariant P3.
#[test]
fn removing_a_session() {
    let gone = SessionId::parse(LAST).unwrap();
    let faults = inject(
        &start(),
        |fs| {
            let repository = open(fs)?;
            match repository.session(&gone) {
                Ok(storage) => repository.remove(&storage).map(drop),
                Err(RepositoryError::NoSuchSession { .. }) => Ok(()),
                Err(error) => Err(error),
            }
        },
        |fs, done| {
            assert_eq!(checkpoint(fs, KEPT).unwrap(), b"kept-");
            let left = checkpoint(fs, LAST);
            if done {
                assert_eq!(left, None);
                let report = repository(Arc::clone(fs)).purge_leftovers().unwrap();
                assert_eq!((report.left, report.problems.len()), (0, 0));
            } else {
                assert!(left.is_none_or(|text| text == b"last-"));
            }
        },
    );
    assert!(faults > 400, "{faults}");
}

#[test]
fn listing_and_opening() {
    let faults = inject(
        &start(),
        |fs| -> Result<(), RepositoryError> {
            let repository = Repository::open(fs, Utf8Path::new(REPOSITORY))?;
            repository.entries()?;
            repository.session(&SessionId::parse(KEPT).unwrap())?;
            repository.last_storage()?.expect("the last session");
            Ok(())
        },
        |fs, _| {
            assert_eq!(checkpoint(fs, KEPT).unwrap(), b"kept-");
            assert_eq!(last(fs).as_deref(), Some(LAST));
        },
    );
    assert!(faults > 150, "{faults}");
}
