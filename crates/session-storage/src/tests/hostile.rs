//! Whatever stands at whichever name of a session: every operation answers, follows nothing, waits for nothing, and
//! changes nothing outside (invariant P6).

use std::error::Error;
use std::sync::Arc;

use super::kit::{journal_options, session, storage};
use crate::LockPolicy;
use crate::fs::{CrashFs, Fs, OpenMode};
use crate::recovery::Limits;
use crate::storage::SessionStorage;
use crate::test_kit::{chain, holder, os, repository, tree, write};
use crate::well_known::WellKnownDirs;

/// Every name that a session has or may be given.
const NAMES: [&str; 16] = [
    "lock",
    "session",
    "session.next",
    "io-logs",
    "session-share",
    "snapshot.2",
    "snapshot.3",
    "snapshot.3.tmp",
    "snapshot.2.damaged",
    "journal.2",
    "journal.3",
    "journal.3.tmp",
    "journal.2.1",
    "spare",
    "spare.tmp",
    "damaged.3",
];

/// What stands there instead of what belongs there.
#[derive(Clone, Copy, Debug)]
enum Trap {
    Fifo,
    Directory,
    LinkToFile,
    LinkToDirectory,
    DanglingLink,
    SecondName,
}

impl Trap {
    const ALL: [Self; 6] = [
        Self::Fifo,
        Self::Directory,
        Self::LinkToFile,
        Self::LinkToDirectory,
        Self::DanglingLink,
        Self::SecondName,
    ];

    fn set(self, fs: &CrashFs, storage: &SessionStorage, name: &str) {
        let dir = storage.dir();
        // One of these takes away what stands there, if anything does.
        let _ = dir.remove_file(os(name));
        let _ = dir.remove_dir(os(name));
        let link = |target: &str| dir.make_symlink(os(target), os(name));
        match self {
            Self::Fifo => fs.plant_fifo(storage.location(), os(name)).unwrap(),
            Self::Directory => dir.make_dir(os(name)).unwrap(),
            Self::LinkToFile => link("/outside/precious/file").unwrap(),
            Self::LinkToDirectory => link("/outside/precious").unwrap(),
            Self::DanglingLink => link("/outside/precious/none").unwrap(),
            Self::SecondName => {
                write(&**dir, "elsewhere", b"not ours to write");
                fs.plant_hard_link(storage.location(), os("elsewhere"), os(name))
                    .unwrap();
            }
        }
    }
}

/// Every operation on a session, one after the other, whatever the ones before answered. Answers what failed.
fn everything(storage: &SessionStorage) -> Vec<String> {
    let mut failed = Vec::new();
    let mut note = |result: Result<(), &dyn Error>| {
        if let Err(error) = result {
            failed.push(chain(error));
        }
    };
    macro_rules! done {
        ($call:expr) => {{
            let result = $call;
            note(
                result
                    .as_ref()
                    .map(drop)
                    .map_err(|error| error as &dyn Error),
            );
            result.ok()
        }};
    }
    done!(storage.recover());
    done!(storage.peek());
    done!(storage.verify(&holder(), Limits::default()));
    done!(storage.plan_repair(Limits::default()));
    done!(storage.load_checkpoint());
    done!(storage.lock_state(&holder()));
    done!(WellKnownDirs::new(storage).populate());
    done!(WellKnownDirs::new(storage).io_logs());
    done!(WellKnownDirs::new(storage).session_share());
    if let Some(lock) = done!(storage.lock(&holder(), LockPolicy::FailNow)) {
        done!(lock.save_checkpoint(b"one file"));
        if let Ok(Some(plan)) = storage.plan_repair(Limits::default()) {
            done!(lock.apply_repair(&plan, &journal_options()));
        }
        if let Some((mut journal, _)) = done!(lock.open_journal(&journal_options())) {
            for step in 0..20 {
                done!(journal.append(&[&[step; 700]], false));
            }
            done!(journal.fold(&mut |sink| sink.write_all(b"folded")));
            done!(journal.close());
        }
    }
    failed
}

fn elsewhere(storage: &SessionStorage) -> Option<Vec<u8>> {
    let file = storage
        .dir()
        .open_file(os("elsewhere"), OpenMode::Read)
        .ok()?;
    let mut bytes = vec![0; 64];
    let count = file.read_full_at(&mut bytes, 0).ok()?;
    bytes.truncate(count);
    Some(bytes)
}

#[test]
fn whatever_stands_at_any_name_of_a_session_nothing_outside_is_read_or_changed() {
    let mut refused = 0;
    for name in NAMES {
        for trap in Trap::ALL {
            let fs = session();
            let shared: Arc<dyn Fs> = Arc::new(fs.clone());
            let outside = tree(&fs, "/outside");
            let storage = storage(&shared);
            trap.set(&fs, &storage, name);
            let second = elsewhere(&storage);
            for failure in everything(&storage) {
                refused += 1;
                assert!(
                    failure.contains(storage.location().as_str())
                        || failure.contains(storage.id().as_str())
                        || NAMES.iter().any(|name| failure.contains(name)),
                    "{trap:?} at {name}: {failure} names nothing"
                );
            }
            assert_eq!(elsewhere(&storage), second, "{trap:?} at {name}");
            assert_eq!(tree(&fs, "/outside"), outside, "{trap:?} at {name}");
            let report = repository(Arc::clone(&shared)).remove(&storage);
            let report = report.unwrap_or_else(|error| panic!("{trap:?} at {name}: {error}"));
            assert_eq!(report.left, 0, "{trap:?} at {name}: {:?}", report.problems);
            assert_eq!(tree(&fs, "/outside"), outside, "{trap:?} at {name}");
        }
    }
    assert!(refused > 50, "{refused} refusals");
}
