//! Making repositories and sessions: places, modes, names, refusals.

use std::sync::Arc;

use camino::Utf8Path;

use crate::fs::{CrashFs, Fs, RealFs};
use crate::lock::{LockError, LockPolicy};
use crate::repository::{NewSession, Repository, RepositoryError, RepositoryStep};
use crate::test_kit::{NOW_US, chain, holder, new_session, os, repository};
use crate::trust::{Trust, TrustProblem};
use crate::well_known::WellKnownDirs;

fn real() -> (tempfile::TempDir, Arc<dyn Fs>, camino::Utf8PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let location = Utf8Path::from_path(root.path())
        .unwrap()
        .join("a/b/sessions");
    (root, Arc::new(RealFs), location)
}

/// Invariant P6.
#[test]
fn everything_made_belongs_to_the_user_alone() {
    let (_root, fs, location) = real();
    let repository = Repository::create(Arc::clone(&fs), &location, Trust::OwnDirectories).unwrap();
    let storage = repository
        .create_session(&new_session("My title/ż-", false))
        .unwrap();
    assert_eq!(
        storage.id().as_str(),
        "My_title__-2024-02-29T23.59.59.000007"
    );
    assert_eq!(
        storage.location(),
        location.join(format!("{}.session", storage.id()))
    );
    let modes = [
        location.parent().unwrap().parent().unwrap().to_owned(),
        location.parent().unwrap().to_owned(),
        location.clone(),
        storage.location().to_owned(),
        storage.location().join("io-logs"),
        storage.location().join("session-share"),
    ]
    .map(|path| fs.open_dir(&path).unwrap().own_metadata().unwrap().mode & 0o777);
    assert_eq!(modes, [0o700; 6]);
    assert_eq!(storage.load_checkpoint().unwrap(), None);
    assert!(storage.findings().unwrap().is_empty());
}

/// Invariant P2.
#[test]
fn equal_times_are_told_apart_and_a_clock_gone_back_is_stepped_over() {
    let fs: Arc<dyn Fs> = Arc::new(CrashFs::new());
    let repository = Repository::create(fs, Utf8Path::new("/r"), Trust::OwnDirectories).unwrap();
    let create = |now_us| {
        let new = NewSession {
            prefix: "p-",
            now_us,
            legacy_mode: false,
        };
        repository.create_session(&new).unwrap().id().to_string()
    };
    let day_us = 86_400_000_000;
    assert_eq!(create(NOW_US), "p-2024-02-29T23.59.59.000007");
    assert_eq!(create(NOW_US), "p-2024-02-29T23.59.59.000007_(1)");
    assert_eq!(create(NOW_US), "p-2024-02-29T23.59.59.000007_(2)");
    assert_eq!(create(NOW_US - day_us), "p-2024-02-29T23.59.59.000008");
    assert_eq!(create(NOW_US - day_us), "p-2024-02-29T23.59.59.000009");
    assert_eq!(create(NOW_US + day_us), "p-2024-03-01T23.59.59.000007");
    let listed: Vec<_> = repository
        .entries()
        .unwrap()
        .iter()
        .map(|entry| entry.id().unwrap().to_string())
        .collect();
    let newest_first = [
        "p-2024-03-01T23.59.59.000007",
        "p-2024-02-29T23.59.59.000009",
        "p-2024-02-29T23.59.59.000008",
        "p-2024-02-29T23.59.59.000007_(2)",
        "p-2024-02-29T23.59.59.000007_(1)",
        "p-2024-02-29T23.59.59.000007",
    ];
    assert_eq!(listed, newest_first);
}

#[test]
fn names_that_cannot_be_are_refused_before_anything_is_made() {
    let fs = CrashFs::new();
    let repository = Repository::create(
        Arc::new(fs.clone()),
        Utf8Path::new("/r"),
        Trust::OwnDirectories,
    )
    .unwrap();
    let long = "x".repeat(300);
    for (prefix, now_us) in [
        (".hidden-", NOW_US),
        (&long, NOW_US),
        ("p-", i64::MAX),
        ("p-", i64::MIN),
    ] {
        let new = NewSession {
            prefix,
            now_us,
            legacy_mode: false,
        };
        let error = repository.create_session(&new).unwrap_err();
        assert!(matches!(error, RepositoryError::Name(_)), "{error}");
    }
    assert!(repository.entries().unwrap().is_empty());
    let slashes = NewSession {
        prefix: "../../etc/",
        now_us: NOW_US,
        legacy_mode: false,
    };
    let error = repository.create_session(&slashes).unwrap_err();
    assert!(
        chain(&error).contains("begins with a dot"),
        "{}",
        chain(&error)
    );
}

#[test]
fn a_location_is_absolute_and_a_directory() {
    let fs: Arc<dyn Fs> = Arc::new(CrashFs::new());
    for path in ["relative", "./x", ""] {
        let path = Utf8Path::new(path);
        for result in [
            Repository::open(Arc::clone(&fs), path),
            Repository::create(Arc::clone(&fs), path, Trust::OwnDirectories),
        ] {
            assert!(matches!(
                result,
                Err(RepositoryError::RelativeLocation { .. })
            ));
        }
    }
    let root = fs.open_dir(Utf8Path::new("/")).unwrap();
    root.open_file(os("file"), crate::OpenMode::CreateNew)
        .unwrap();
    root.make_symlink(os("/"), os("link")).unwrap();
    for (path, wanted) in [
        (
            "/file",
            "cannot make the session repository '/file': cannot open directory '/file'",
        ),
        (
            "/link",
            "cannot make the session repository '/link': cannot open directory '/link'",
        ),
        (
            "/file/r",
            "cannot make the session repository '/file/r': cannot open directory '/file/r'",
        ),
    ] {
        let error = Repository::create(Arc::clone(&fs), Utf8Path::new(path), Trust::AnyLocation)
            .unwrap_err();
        assert!(chain(&error).starts_with(wanted), "{}", chain(&error));
    }
    // A link on the way is the user's own choice.
    Repository::create(fs, Utf8Path::new("/link/r/s"), Trust::OwnDirectories).unwrap();
}

#[test]
fn a_missing_repository_lists_as_empty_and_is_not_made_by_reading() {
    let fs = CrashFs::new();
    let repository = Repository::open(Arc::new(fs.clone()), Utf8Path::new("/none")).unwrap();
    assert!(!repository.exists());
    assert!(repository.entries().unwrap().is_empty());
    assert!(repository.last_storage().unwrap().is_none());
    let error = repository
        .create_session(&new_session("p-", false))
        .unwrap_err();
    assert!(matches!(error, RepositoryError::Missing { .. }), "{error}");
    assert_eq!(fs.operations(), 0, "nothing was written");
}

/// Invariant P7.
#[test]
fn writing_where_others_interfere_needs_trust_reading_does_not() {
    let location = "/shared/sessions";
    let cases = [
        (
            "/shared/sessions",
            1000,
            0o777,
            Some(TrustProblem::WritableByAll { mode: 0o777 }),
        ),
        (
            "/shared/sessions",
            1000,
            0o1777,
            Some(TrustProblem::WritableByAll { mode: 0o1777 }),
        ),
        (
            "/shared/sessions",
            1001,
            0o700,
            Some(TrustProblem::ForeignOwner { uid: 1001 }),
        ),
        (
            "/shared/sessions",
            0,
            0o700,
            Some(TrustProblem::ForeignOwner { uid: 0 }),
        ),
        ("/shared/sessions", 1000, 0o775, None),
        (
            "/shared",
            1000,
            0o777,
            Some(TrustProblem::WritableByAll { mode: 0o777 }),
        ),
        (
            "/shared",
            1001,
            0o755,
            Some(TrustProblem::ForeignOwner { uid: 1001 }),
        ),
        ("/shared", 0, 0o1777, None),
        ("/shared", 0, 0o755, None),
        (
            "/shared",
            0,
            0o777,
            Some(TrustProblem::WritableByAll { mode: 0o777 }),
        ),
    ];
    for (path, uid, mode, problem) in cases {
        let fs = CrashFs::new();
        let shared: Arc<dyn Fs> = Arc::new(fs.clone());
        fs.plant_dir(Utf8Path::new(location)).unwrap();
        let location = Utf8Path::new(location);
        let before =
            Repository::create(Arc::clone(&shared), location, Trust::OwnDirectories).unwrap();
        let id = before
            .create_session(&new_session("p-", false))
            .unwrap()
            .id()
            .clone();
        fs.plant_owner(Utf8Path::new(path), uid, mode).unwrap();

        let reading = Repository::open(Arc::clone(&shared), location).unwrap();
        let found: Vec<_> = reading
            .findings()
            .iter()
            .map(|finding| finding.problem)
            .collect();
        assert_eq!(found, Vec::from_iter(problem), "{path} {uid} {mode:o}");
        assert_eq!(reading.entries().unwrap().len(), 1);
        let storage = reading.session(&id).unwrap();
        storage.load_checkpoint().unwrap();

        let writes = [
            Repository::create(Arc::clone(&shared), location, Trust::OwnDirectories).map(drop),
            reading.create_session(&new_session("q-", false)).map(drop),
            reading.purge_leftovers().map(drop),
        ];
        let locked = storage.lock(&holder(), LockPolicy::FailNow);
        let removed = reading.remove(&storage);
        if problem.is_none() {
            for write in writes {
                write.unwrap();
            }
            drop(locked.unwrap());
            continue;
        }
        for write in writes.into_iter().chain([removed.map(drop)]) {
            let error = write.unwrap_err();
            assert!(
                matches!(error, RepositoryError::Untrusted { .. }),
                "{error}"
            );
        }
        assert!(matches!(locked, Err(LockError::Untrusted { .. })));
        let trusted = Repository::create(shared, location, Trust::AnyLocation).unwrap();
        let storage = trusted.session(&id).unwrap();
        drop(storage.lock(&holder(), LockPolicy::FailNow).unwrap());
        trusted.remove(&storage).unwrap();
    }
}

/// Invariant P7.
#[test]
fn a_session_directory_of_somebody_else_is_not_written_to() {
    let fs = CrashFs::new();
    let repository = repository(Arc::new(fs.clone()));
    let storage = repository
        .create_session(&new_session("p-", false))
        .unwrap();
    fs.plant_owner(storage.location(), 1001, 0o700).unwrap();
    let error = storage.lock(&holder(), LockPolicy::FailNow).unwrap_err();
    let wanted = format!(
        "writing is refused where others could interfere: '{}' belongs to user 1001",
        storage.location()
    );
    assert_eq!(chain(&error), wanted);
}

#[test]
fn a_full_disk_leaves_no_half_session() {
    let fs = CrashFs::new();
    let repository = repository(Arc::new(fs.clone()));
    for left in 0..3 {
        fs.set_free_inodes(Some(left));
        let error = repository
            .create_session(&new_session("p-", false))
            .unwrap_err();
        let RepositoryError::Failed { step, source, .. } = &error else {
            panic!("{error}");
        };
        assert_eq!(*step, RepositoryStep::CreateSession);
        assert!(source.is_disk_full(), "{}", chain(&error));
        assert!(repository.entries().unwrap().is_empty());
    }
    fs.set_free_inodes(Some(3));
    repository
        .create_session(&new_session("p-", false))
        .unwrap();
}

#[test]
fn well_known_directories_are_made_where_they_are_missing() {
    let fs = CrashFs::new();
    let repository = repository(Arc::new(fs.clone()));
    let storage = repository
        .create_session(&new_session("p-", false))
        .unwrap();
    let dirs = WellKnownDirs::new(&storage);
    assert_eq!(dirs.storage().id(), storage.id());
    assert_eq!(dirs.all(), [dirs.io_logs_path(), dirs.session_share_path()]);
    storage.dir().remove_dir(os("io-logs")).unwrap();
    assert!(dirs.io_logs().unwrap_err().is_not_found());
    dirs.populate().unwrap();
    dirs.io_logs().unwrap();
    storage.dir().remove_dir(os("io-logs")).unwrap();
    storage.dir().make_symlink(os("/"), os("io-logs")).unwrap();
    let error = dirs.populate().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotADirectory, "{error}");
    dirs.io_logs().unwrap_err();
}

/// Invariant P2.
#[test]
fn sessions_created_at_once_never_share_a_directory() {
    const WRITERS: usize = 8;
    const EACH: usize = 12;
    let (_root, fs, location) = real();
    let ids = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (fs, location) = (Arc::clone(&fs), &location);
                scope.spawn(move || {
                    let repository =
                        Repository::create(fs, location, Trust::OwnDirectories).unwrap();
                    let create = || {
                        repository
                            .create_session(&new_session("p-", false))
                            .unwrap()
                    };
                    (0..EACH).map(|_| create().id().clone()).collect::<Vec<_>>()
                })
            })
            .collect();
        let made = writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap());
        made.collect::<std::collections::BTreeSet<_>>()
    });
    assert_eq!(ids.len(), WRITERS * EACH);
}
