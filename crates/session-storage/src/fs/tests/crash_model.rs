//! What the simulated disk may and may not lose.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::sync::Arc;

use camino::Utf8Path;

use crate::fs::{CrashFs, Dir, Exploration, FailedSync, File, Fs, FsError, OpenMode, Schedule};

fn os(name: &str) -> &OsStr {
    OsStr::new(name)
}

fn root(fs: &CrashFs) -> Arc<dyn Dir> {
    fs.open_dir(Utf8Path::new("/")).unwrap()
}

fn create(dir: &Arc<dyn Dir>, name: &str) -> Box<dyn File> {
    dir.open_file(os(name), OpenMode::CreateNew).unwrap()
}

fn text(fs: &CrashFs, name: &str) -> Option<Vec<u8>> {
    let file = match root(fs).open_file(os(name), OpenMode::Read) {
        Ok(file) => file,
        Err(error) if error.is_not_found() => return None,
        Err(error) => panic!("{error}"),
    };
    let mut text = vec![0; usize::try_from(file.metadata().unwrap().len).unwrap()];
    file.read_full_at(&mut text, 0).unwrap();
    Some(text)
}

/// Every different answer to a question, over all images.
fn answers<T: Ord>(fs: &CrashFs, question: impl Fn(&CrashFs) -> T) -> BTreeSet<T> {
    let mut images = fs.crash_images(&Exploration::default());
    assert!(images.is_exhaustive());
    (&mut images).map(|image| question(&image.fs)).collect()
}

#[test]
fn nothing_unsynced_is_sure_and_everything_synced_is() {
    let fs = CrashFs::new();
    let dir = root(&fs);
    let file = create(&dir, "a");
    file.write_all_at(b"one", 0).unwrap();
    // Entry, length and text are units of their own.
    let seen = answers(&fs, |fs| text(fs, "a"));
    let expected = [
        None,
        Some(b"".to_vec()),
        Some(b"\0\0\0".to_vec()),
        Some(b"one".to_vec()),
    ];
    assert_eq!(seen, expected.into());
    file.sync_data().unwrap();
    // Syncing a file does not make its entry durable.
    let seen = answers(&fs, |fs| text(fs, "a"));
    assert_eq!(seen, [None, Some(b"one".to_vec())].into());
    dir.sync().unwrap();
    assert_eq!(
        answers(&fs, |fs| text(fs, "a")),
        [Some(b"one".to_vec())].into()
    );
    assert_eq!(fs.unsynced(), Vec::<String>::new());
}

#[test]
fn syncing_a_directory_does_not_write_the_files() {
    let fs = CrashFs::new();
    let dir = root(&fs);
    create(&dir, "a").write_all_at(b"one", 0).unwrap();
    dir.sync().unwrap();
    let seen = answers(&fs, |fs| text(fs, "a"));
    assert_eq!(
        seen,
        [
            Some(b"".to_vec()),
            Some(b"\0\0\0".to_vec()),
            Some(b"one".to_vec())
        ]
        .into()
    );
}

#[test]
fn a_write_is_torn_between_sectors_never_within_one() {
    let fs = CrashFs::new();
    let dir = root(&fs);
    let file = create(&dir, "a");
    file.write_all_at(&[1; 1024], 0).unwrap();
    file.sync_data().unwrap();
    dir.sync().unwrap();
    file.write_all_at(&[2; 600], 100).unwrap();
    let seen = answers(&fs, |fs| {
        let text = text(fs, "a").unwrap();
        (text[100], text[511], text[512], text[699], text[700])
    });
    assert_eq!(
        seen,
        [
            (1, 1, 1, 1, 1),
            (1, 1, 2, 2, 1),
            (2, 2, 1, 1, 1),
            (2, 2, 2, 2, 1)
        ]
        .into()
    );
}

#[test]
fn a_rename_is_whole_or_not_at_all() {
    let fs = CrashFs::new();
    let dir = root(&fs);
    for (name, content) in [("old", b"old"), ("new", b"new")] {
        let file = create(&dir, name);
        file.write_all_at(content, 0).unwrap();
        file.sync_data().unwrap();
    }
    dir.sync().unwrap();
    dir.rename(os("new"), os("old")).unwrap();
    let seen = answers(&fs, |fs| (text(fs, "old"), text(fs, "new")));
    let before = (Some(b"old".to_vec()), Some(b"new".to_vec()));
    let after = (Some(b"new".to_vec()), None);
    assert_eq!(seen, [before, after.clone()].into());
    dir.sync().unwrap();
    assert_eq!(
        answers(&fs, |fs| (text(fs, "old"), text(fs, "new"))),
        [after].into()
    );
}

#[test]
fn a_move_between_directories_needs_both_syncs() {
    for first in [0, 1] {
        let fs = CrashFs::new();
        fs.plant_dir(Utf8Path::new("/one")).unwrap();
        fs.plant_dir(Utf8Path::new("/two")).unwrap();
        let dirs = ["/one", "/two"].map(|path| fs.open_dir(Utf8Path::new(path)).unwrap());
        create(&dirs[0], "a");
        dirs[0].sync().unwrap();
        dirs[0].move_to(os("a"), &*dirs[1], os("b")).unwrap();
        let places = |fs: &CrashFs| {
            let names = |path| {
                fs.open_dir(Utf8Path::new(path))
                    .unwrap()
                    .entries()
                    .unwrap()
                    .len()
            };
            (names("/one"), names("/two"))
        };
        dirs[first].sync().unwrap();
        assert_eq!(answers(&fs, places), [(1, 0), (0, 1)].into());
        dirs[1 - first].sync().unwrap();
        assert_eq!(answers(&fs, places), [(0, 1)].into());
    }
}

#[test]
fn entries_of_a_new_directory_are_lost_with_it() {
    let fs = CrashFs::new();
    root(&fs).make_dir(os("sub")).unwrap();
    let sub = root(&fs).open_dir(os("sub")).unwrap();
    create(&sub, "a");
    sub.sync().unwrap();
    let seen = answers(&fs, |fs| {
        let sub = root(fs).open_dir(os("sub"));
        sub.ok().map(|sub| sub.entries().unwrap().len())
    });
    assert_eq!(seen, [None, Some(1)].into());
}

#[test]
fn a_failed_sync_is_not_made_good_by_a_later_one() {
    for how in [FailedSync::KeepsCache, FailedSync::DropsCache] {
        let fs = CrashFs::new();
        let dir = root(&fs);
        let file = create(&dir, "a");
        file.write_all_at(b"old", 0).unwrap();
        file.sync_data().unwrap();
        dir.sync().unwrap();
        file.write_all_at(b"new", 0).unwrap();
        fs.fail_sync_at(fs.operations() + 1, how);
        let error = file.sync_data().unwrap_err();
        assert_eq!(
            error.source.raw_os_error(),
            Some(rustix::io::Errno::IO.raw_os_error())
        );
        file.sync_data().unwrap();
        let (cached, on_disk): (&[u8], BTreeSet<_>) = match how {
            FailedSync::KeepsCache => (
                b"new",
                [Some(b"old".to_vec()), Some(b"new".to_vec())].into(),
            ),
            FailedSync::DropsCache => (b"old", [Some(b"old".to_vec())].into()),
        };
        assert_eq!(text(&fs, "a").unwrap(), cached, "{how:?}");
        assert_eq!(answers(&fs, |fs| text(fs, "a")), on_disk, "{how:?}");
        // Text written anew is dirty again, and the next sync writes it.
        file.write_all_at(b"now", 0).unwrap();
        file.sync_data().unwrap();
        assert_eq!(
            answers(&fs, |fs| text(fs, "a")),
            [Some(b"now".to_vec())].into()
        );
    }
}

#[test]
fn the_planned_crash_ends_every_later_call() {
    let fs = CrashFs::new();
    let dir = root(&fs);
    fs.crash_after(2);
    let file = create(&dir, "a");
    file.write_all_at(b"x", 0).unwrap();
    let errors: Vec<FsError> = [file.sync_data(), dir.entries().map(drop), file.set_len(0)]
        .into_iter()
        .map(Result::unwrap_err)
        .collect();
    assert!(errors.iter().all(CrashFs::is_crash));
    assert!(fs.crashed());
    assert_eq!(fs.operations(), 2);
    assert_eq!(
        text(&fs.after_kill(), "a"),
        Some(b"x".to_vec()),
        "a killed program leaves its cache"
    );
    assert_eq!(
        text(&fs.after_power_cut(), "a"),
        None,
        "a power cut leaves what was synced"
    );
    // What was only in the cache stays unsynced for whoever comes next.
    let seen = answers(&fs.after_kill(), |fs| text(fs, "a").is_some());
    assert_eq!(seen, [false, true].into());
}

#[test]
fn killing_a_process_frees_its_locks_and_only_its() {
    let fs = CrashFs::new();
    create(&root(&fs), "lock");
    let other = fs.new_process();
    let mine = root(&fs)
        .open_file(os("lock"), OpenMode::ReadWrite)
        .unwrap();
    let theirs = root(&other)
        .open_file(os("lock"), OpenMode::ReadWrite)
        .unwrap();
    let guard = root(&other).try_lock().unwrap();
    assert!(guard.is_some());
    assert!(mine.try_lock().unwrap());
    assert!(!theirs.try_lock().unwrap());
    fs.kill();
    assert!(CrashFs::is_crash(&mine.try_lock().unwrap_err()));
    assert!(theirs.try_lock().unwrap());
    assert!(root(&fs.new_process()).try_lock().unwrap().is_none());
    other.kill();
    assert!(root(&fs.new_process()).try_lock().unwrap().is_some());
    drop(guard);
}

#[test]
fn a_full_disk_takes_what_fits_and_keeps_what_it_has() {
    let fs = CrashFs::new();
    let dir = root(&fs);
    let zeros = create(&dir, "zeros");
    zeros.write_all_at(&[0; 8192], 0).unwrap();
    fs.set_free_space(Some(4096));
    let file = create(&dir, "a");
    assert_eq!(file.write_at(&[1; 10_000], 0).unwrap(), 4096);
    assert!(file.write_at(&[1; 1], 4096).unwrap_err().is_disk_full());
    assert!(dir.make_dir(os("sub")).unwrap_err().is_disk_full());
    assert_eq!(
        zeros.write_at(&[2; 8192], 0).unwrap(),
        8192,
        "written space needs no more"
    );
    dir.rename(os("zeros"), os("journal")).unwrap();
    dir.remove_file(os("a")).unwrap();
    assert!(
        dir.make_dir(os("sub")).unwrap_err().is_disk_full(),
        "an open file keeps its space"
    );
    drop(file);
    dir.make_dir(os("sub")).unwrap();
    fs.set_free_space(None);
    fs.set_free_inodes(Some(1));
    create(&dir, "b");
    assert!(
        dir.open_file(os("c"), OpenMode::CreateNew)
            .unwrap_err()
            .is_disk_full()
    );
    assert!(
        dir.make_symlink(os("x"), os("c"))
            .unwrap_err()
            .is_disk_full()
    );
    dir.rename(os("b"), os("c")).unwrap();
}

#[test]
fn beyond_the_limit_images_are_sampled_the_same_way_each_time() {
    let fs = CrashFs::new();
    let dir = root(&fs);
    let file = create(&dir, "a");
    file.write_all_at(&[0; 512 * 40], 0).unwrap();
    file.sync_data().unwrap();
    dir.sync().unwrap();
    file.write_all_at(&[1; 512 * 40], 0).unwrap();
    let exploration = Exploration {
        samples: 60,
        ..Exploration::default()
    };
    let fingerprints = || -> Vec<u128> {
        let images = fs.crash_images(&exploration);
        assert!(!images.is_exhaustive());
        images.map(|image| image.fs.fingerprint()).collect()
    };
    let first = fingerprints();
    assert_eq!(first.len(), 62);
    assert_eq!(first, fingerprints());
    assert_eq!(first[0], fs.after_power_cut().fingerprint());
    assert_eq!(first[1], fs.after_kill().fingerprint());
    let distinct: BTreeSet<u128> = first.into_iter().collect();
    assert!(
        distinct.len() > 20,
        "only {} different images",
        distinct.len()
    );
}

#[test]
fn a_schedule_is_printed_and_replayed() {
    let work = |fs: &CrashFs| -> Result<(), FsError> {
        let dir = fs.open_dir(Utf8Path::new("/"))?;
        let file = dir.open_file(os("a"), OpenMode::CreateNew)?;
        file.write_all_at(&[1; 1024], 0)?;
        file.sync_data()?;
        dir.sync()
    };
    let fs = CrashFs::new();
    fs.crash_after(2);
    work(&fs).unwrap_err();
    let images: Vec<_> = fs.crash_images(&Exploration::default()).collect();
    assert_eq!(images.len(), 16);
    for image in images {
        let again = CrashFs::new();
        again.crash_after(image.schedule.crash_after);
        work(&again).unwrap_err();
        let replayed = Schedule::new(image.schedule.crash_after, image.schedule.kept.clone());
        assert_eq!(again.image(&replayed).fingerprint(), image.fs.fingerprint());
        if image.schedule.kept == [0, 2] {
            assert_eq!(
                image.schedule.to_string(),
                "power cut after operation 2, kept [0, 2]\n  \
                 [x] 0: operation 1: create '/a', entry\n  \
                 [ ] 1: operation 2: write '/a' (1024 bytes at 0), sector 0\n  \
                 [x] 2: operation 2: write '/a' (1024 bytes at 0), sector 1\n  \
                 [ ] 3: operation 2: write '/a' (1024 bytes at 0), length 1024"
            );
        }
    }
}

#[test]
fn writing_zeros_over_zeros_makes_no_images() {
    let fs = CrashFs::new();
    let dir = root(&fs);
    let file = create(&dir, "a");
    file.write_all_at(&[0; 512 * 100], 0).unwrap();
    let images = fs.crash_images(&Exploration::default());
    assert!(images.is_exhaustive());
    assert_eq!(images.count(), 4, "entry and length, each there or not");
}
