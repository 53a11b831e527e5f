//! The same calls get the same answers from the real file system and from the simulated one: those of the table of
//! behaviours, and those of any sequence of calls.

use std::sync::Arc;

use camino::Utf8Path;
use proptest::prelude::*;

use super::behaviours::{BEHAVIOURS, Transcript, create, names, os, text_of};
use super::errno_name;
use crate::fs::{CrashFs, Dir, EntryKind, Fs, OpenMode, RealFs};

#[test]
fn both_file_systems_answer_alike() {
    for behaviour in BEHAVIOURS {
        let real_root = tempfile::tempdir().unwrap();
        let real_path = Utf8Path::from_path(real_root.path()).unwrap();
        let crash = CrashFs::new();
        crash.plant_dir(Utf8Path::new("/place")).unwrap();
        let places = [
            ("real", RealFs.open_dir(real_path).unwrap()),
            (
                "simulated",
                crash.open_dir(Utf8Path::new("/place")).unwrap(),
            ),
        ];
        for (which, dir) in places {
            let mut transcript = Transcript::default();
            (behaviour.script)(&dir, &mut transcript);
            assert_eq!(
                transcript.0, behaviour.expected,
                "{which} file system: {}",
                behaviour.name
            );
        }
    }
    assert_eq!(BEHAVIOURS.len(), 19, "every behaviour of the table is run");
}

/// Paths from the root: links on the way are followed, the last component must be a directory itself.
#[test]
fn both_file_systems_walk_paths_alike() {
    let real_root = tempfile::tempdir().unwrap();
    let real_path = Utf8Path::from_path(real_root.path()).unwrap();
    let crash = CrashFs::new();
    crash.plant_dir(Utf8Path::new("/place")).unwrap();
    let both: [(&dyn Fs, &Utf8Path); 2] = [(&RealFs, real_path), (&crash, Utf8Path::new("/place"))];
    for (fs, place) in both {
        let dir = fs.open_dir(place).unwrap();
        dir.make_dir(os("a")).unwrap();
        dir.open_dir(os("a")).unwrap().make_dir(os("b")).unwrap();
        dir.make_symlink(os("a"), os("link")).unwrap();
        dir.make_symlink(os("loop"), os("loop")).unwrap();
        create(&dir, "file", b"");
        let answers: Vec<String> = [
            "a", "a/b", "link", "link/", "link/.", "link/b", "a/../a/b", "file", "file/x", "none",
            "loop/x",
        ]
        .iter()
        .map(|path| match fs.open_dir(&place.join(path)) {
            Ok(_) => format!("{path}: ok"),
            Err(error) => {
                let number = error.source.raw_os_error().unwrap();
                format!("{path}: {}", errno_name(number))
            }
        })
        .collect();
        assert_eq!(
            answers,
            [
                "a: ok",
                "a/b: ok",
                "link: ENOTDIR",
                "link/: ok",
                "link/.: ok",
                "link/b: ok",
                "a/../a/b: ok",
                "file: ENOTDIR",
                "file/x: ENOTDIR",
                "none: ENOENT",
                "loop/x: ELOOP"
            ],
            "below {place}"
        );
    }
}

/// One call of a random sequence, on few names, so that calls meet each other.
#[derive(Clone, Debug)]
enum Step {
    Create(u8, Vec<u8>),
    Write(u8, u16, Vec<u8>),
    SetLen(u8, u16),
    Read(u8),
    MakeDir(u8),
    MakeSymlink(u8, u8),
    Rename(u8, u8),
    MoveTo(u8, u8, u8),
    RemoveFile(u8),
    RemoveDir(u8),
    OpenDir(u8),
    Metadata(u8),
    Sync,
}

fn any_step() -> impl Strategy<Value = Step> {
    let name = || 0_u8..4;
    let text = || proptest::collection::vec(any::<u8>(), 0..700);
    prop_oneof![
        (name(), text()).prop_map(|(name, text)| Step::Create(name, text)),
        (name(), 0_u16..2000, text()).prop_map(|(name, at, text)| Step::Write(name, at, text)),
        (name(), 0_u16..2000).prop_map(|(name, len)| Step::SetLen(name, len)),
        name().prop_map(Step::Read),
        name().prop_map(Step::MakeDir),
        (name(), name()).prop_map(|(target, name)| Step::MakeSymlink(target, name)),
        (name(), name()).prop_map(|(from, to)| Step::Rename(from, to)),
        (name(), name(), name()).prop_map(|(from, dir, to)| Step::MoveTo(from, dir, to)),
        name().prop_map(Step::RemoveFile),
        name().prop_map(Step::RemoveDir),
        name().prop_map(Step::OpenDir),
        name().prop_map(Step::Metadata),
        Just(Step::Sync),
    ]
}

fn name(number: u8) -> String {
    format!("n{number}")
}

fn run(step: &Step, dir: &Arc<dyn Dir>, log: &mut Transcript) {
    let open = |number: u8, mode| dir.open_file(os(&name(number)), mode);
    match step {
        Step::Create(a, text) => {
            log.done(open(*a, OpenMode::CreateNew).and_then(|file| file.write_all_at(text, 0)));
        }
        Step::Write(a, at, text) => {
            let file = open(*a, OpenMode::ReadWrite);
            log.done(file.and_then(|file| file.write_all_at(text, u64::from(*at))));
        }
        Step::SetLen(a, len) => {
            let file = open(*a, OpenMode::ReadWrite);
            log.done(file.and_then(|file| file.set_len(u64::from(*len))));
        }
        Step::Read(a) => {
            log.told(text_of(dir, &name(*a)));
        }
        Step::MakeDir(a) => {
            log.told(dir.make_dir(os(&name(*a))));
        }
        Step::MakeSymlink(target, a) => {
            log.told(dir.make_symlink(os(&name(*target)), os(&name(*a))));
        }
        Step::Rename(from, to) => {
            log.told(dir.rename(os(&name(*from)), os(&name(*to))));
        }
        Step::MoveTo(from, into, to) if from != into => {
            let moved = dir
                .open_dir(os(&name(*into)))
                .and_then(|target| dir.move_to(os(&name(*from)), &*target, os(&name(*to))));
            log.told(moved);
        }
        Step::MoveTo(from, _, to) => {
            log.told(dir.move_to(os(&name(*from)), &**dir, os(&name(*to))));
        }
        Step::RemoveFile(a) => {
            log.told(dir.remove_file(os(&name(*a))));
        }
        Step::RemoveDir(a) => {
            log.told(dir.remove_dir(os(&name(*a))));
        }
        Step::OpenDir(a) => {
            let inside = dir.open_dir(os(&name(*a)));
            log.told(inside.and_then(|inside| names(&inside)));
        }
        Step::Metadata(a) => {
            let metadata = dir.metadata(os(&name(*a)));
            log.told(metadata.map(|found| {
                found.map(|found| match found.kind {
                    EntryKind::Dir => (found.kind, 0, found.mode),
                    EntryKind::File | EntryKind::Symlink | EntryKind::Other => {
                        (found.kind, found.len, found.mode)
                    }
                })
            }));
        }
        Step::Sync => {
            log.told(dir.sync());
        }
    }
    log.told(names(dir));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_sequence_of_calls_is_answered_alike(steps in proptest::collection::vec(any_step(), 1..40)) {
        let real_root = tempfile::tempdir().unwrap();
        let real = RealFs.open_dir(Utf8Path::from_path(real_root.path()).unwrap()).unwrap();
        let simulated = CrashFs::new().open_dir(Utf8Path::new("/")).unwrap();
        for step in &steps {
            let answers = [&real, &simulated].map(|dir| {
                let mut log = Transcript::default();
                run(step, dir, &mut log);
                log.0
            });
            prop_assert_eq!(&answers[0], &answers[1], "{:?}", step);
        }
    }
}
