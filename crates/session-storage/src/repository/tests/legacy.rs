//! Legacy mode beyond the recorded scenarios: what is told, sessions in use, links in disguise.

use std::sync::Arc;

use camino::Utf8Path;

use crate::fs::{CrashFs, EntryKind, Fs};
use crate::repository::{LegacyOutcome, Repository, RepositoryError};
use crate::test_kit::{lock, new_session, os, repository};
use crate::trust::Trust;

#[test]
fn the_outcome_tells_what_became_of_the_session_before() {
    let repository = repository(Arc::new(CrashFs::new()));
    let create = |legacy_mode| {
        let new = new_session("p-", legacy_mode);
        repository.create_session_reporting(&new).unwrap()
    };
    assert!(create(false).legacy.is_none());
    let first = create(true);
    assert!(matches!(first.legacy, Some(LegacyOutcome::First)));
    let second = create(true);
    let Some(LegacyOutcome::Replaced { previous, purge }) = second.legacy else {
        panic!("{second:?}");
    };
    assert_eq!(previous, *first.storage.id());
    assert_eq!((purge.cleared, purge.left), (1, 0));
    assert_eq!(
        repository.last_storage().unwrap().unwrap().id(),
        second.storage.id()
    );
    assert_eq!(repository.entries().unwrap().len(), 2);
}

/// Found by the crash exploration: the link that is left of a removed session may carry the very id that a new one
/// is given, when no time has passed.
#[test]
fn a_link_that_led_nowhere_never_leads_to_the_removal_of_the_new_session() {
    let repository = repository(Arc::new(CrashFs::new()));
    let create = || {
        let new = new_session("p-", true);
        repository.create_session_reporting(&new).unwrap()
    };
    let first = create().storage;
    let id = first.id().clone();
    repository.remove(&first).unwrap();
    let second = create();
    assert_eq!(
        *second.storage.id(),
        id,
        "the same id, as no time has passed"
    );
    assert!(matches!(second.legacy, Some(LegacyOutcome::First)));
    assert_eq!(repository.last_storage().unwrap().unwrap().id(), &id);
}

#[test]
fn a_session_in_use_is_not_removed_by_the_next() {
    let repository = repository(Arc::new(CrashFs::new()));
    let busy = repository
        .create_session(&new_session("busy-", true))
        .unwrap();
    let held = lock(&busy);
    let next = repository
        .create_session_reporting(&new_session("next-", true))
        .unwrap();
    let Some(LegacyOutcome::PreviousKept { previous, reason }) = next.legacy else {
        panic!("{next:?}");
    };
    assert_eq!(previous, *busy.id());
    assert!(
        matches!(reason, RepositoryError::NotRemovable { .. }),
        "{reason}"
    );
    held.save_checkpoint(b"still here").unwrap();
    let last = repository.last_storage().unwrap().unwrap();
    assert_eq!(last.id(), next.storage.id());
    let kept = repository.session(busy.id()).unwrap();
    assert_eq!(kept.load_checkpoint().unwrap().unwrap(), b"still here");
}

#[test]
fn only_a_link_is_ever_replaced() {
    for kind in [EntryKind::File, EntryKind::Dir, EntryKind::Other] {
        let fs = CrashFs::new();
        let repository = repository(Arc::new(fs.clone()));
        let dir = fs.open_dir(repository.location()).unwrap();
        let name = os("last-session");
        match kind {
            EntryKind::File => drop(dir.open_file(name, crate::OpenMode::CreateNew).unwrap()),
            EntryKind::Dir => dir.make_dir(name).unwrap(),
            EntryKind::Other => fs.plant_fifo(repository.location(), name).unwrap(),
            EntryKind::Symlink => panic!("a link is replaced"),
        }
        let created = repository
            .create_session_reporting(&new_session("p-", true))
            .unwrap();
        let Some(LegacyOutcome::Blocked { kind: told }) = created.legacy else {
            panic!("{created:?}");
        };
        assert_eq!(told, kind);
        assert_eq!(
            dir.metadata(name).unwrap().unwrap().kind,
            kind,
            "left as it is"
        );
        assert!(repository.last_storage().unwrap().is_none());
    }
}

/// Invariant P4.
#[test]
fn a_link_counts_only_where_it_leads_right_into_this_repository() {
    let fs = CrashFs::new();
    let repository = repository(Arc::new(fs.clone()));
    let good = repository
        .create_session(&new_session("p-", false))
        .unwrap();
    let name = format!("{}.session", good.id());
    let shared: Arc<dyn Fs> = Arc::new(fs.clone());
    let twin = Utf8Path::new("/twin");
    let other = Repository::create(Arc::clone(&shared), twin, Trust::OwnDirectories).unwrap();
    other.create_session(&new_session("p-", false)).unwrap();
    let root = fs.open_dir(Utf8Path::new("/")).unwrap();
    root.make_symlink(repository.location().as_os_str(), os("alias"))
        .unwrap();
    let dir = fs.open_dir(repository.location()).unwrap();
    let location = repository.location();
    for (target, leads_here) in [
        (format!("{location}/{name}"), true),
        (name.clone(), true),
        (format!("/alias/{name}"), true),
        (format!("{location}/../sessions/{name}"), true),
        (format!("/twin/{name}"), false),
        (format!("./{name}"), false),
        (format!("../sessions/{name}"), false),
        (format!("{location}/sub/{name}"), false),
        (location.to_string(), false),
        ("/".to_owned(), false),
        ("..".to_owned(), false),
        ("last-session".to_owned(), false),
        ("gone.session".to_owned(), false),
    ] {
        dir.make_symlink(os(&target), os("last-session")).unwrap();
        let last = repository.last_storage().unwrap();
        assert_eq!(last.is_some(), leads_here, "{target}");
        dir.remove_file(os("last-session")).unwrap();
    }
}
