//! A session in a repository, for what is proven over all operations.

use std::sync::Arc;

use camino::Utf8Path;

use crate::entropy::SeededEntropy;
use crate::fs::{CrashFs, Fs};
use crate::journal::{CreateOptions, Journal, JournalOptions};
use crate::lock::SessionLock;
use crate::recovery::Recovered;
use crate::repository::Repository;
use crate::session_id::SessionId;
use crate::storage::SessionStorage;
use crate::test_kit::{REPOSITORY, lock, new_session, repository, settled};

pub(super) const ID: &str = "p-2024-02-29T23.59.59.000007";

pub(super) fn journal_options() -> JournalOptions {
    let mut options = JournalOptions::new(Arc::new(SeededEntropy::new(11)));
    options.step_bytes = 4096;
    options.spare_bytes = 4096;
    options
}

pub(super) fn create_options() -> CreateOptions {
    CreateOptions {
        uuid: [7; 16],
        journal: journal_options(),
    }
}

pub(super) fn storage(fs: &Arc<dyn Fs>) -> SessionStorage {
    let repository = Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY)).unwrap();
    repository.session(&SessionId::parse(ID).unwrap()).unwrap()
}

/// A repository with one session that was never saved.
pub(super) fn bare() -> CrashFs {
    settled(|fs| {
        repository(Arc::clone(fs))
            .create_session(&new_session("p-", false))
            .unwrap();
    })
}

/// A session of two generations with two frames, killed.
pub(super) fn session() -> CrashFs {
    settled(|fs| {
        repository(Arc::clone(fs))
            .create_session(&new_session("p-", false))
            .unwrap();
        let mut journal = lock(&storage(fs))
            .create_journal(&create_options(), &mut |sink| sink.write_all(b"zero"))
            .unwrap();
        journal.append(&[b"one"], false).unwrap();
        journal.fold(&mut |sink| sink.write_all(b"one")).unwrap();
        journal.append(&[&[2; 600]], false).unwrap();
    })
}

pub(super) fn open(lock: SessionLock) -> Journal {
    lock.open_journal(&journal_options()).unwrap().0
}

pub(super) fn recovered(fs: &Arc<dyn Fs>) -> Recovered {
    let recovered = storage(fs).recover().expect("it opens");
    assert!(recovered.verdict.is_writable(), "{}", recovered.verdict);
    recovered
}

/// What opens holds every acknowledged frame, and at most one more.
pub(super) fn check_acknowledged(fs: &Arc<dyn Fs>, acknowledged: u64) {
    let seq = recovered(fs).position.seq;
    assert!(
        (acknowledged..=acknowledged + 1).contains(&seq),
        "{acknowledged} acknowledged, {seq} found"
    );
}
