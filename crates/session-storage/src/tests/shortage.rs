//! Space, a quota or inodes run out in the middle of every operation: the answer says so and names step, path and
//! cause, nothing acknowledged is lost, and the operation succeeds when there is room again (invariant J17).

use std::cell::Cell;
use std::error::Error;
use std::sync::Arc;

use camino::Utf8Path;
use rustix::io::Errno;

use super::kit::{
    ID, bare, check_acknowledged, create_options, journal_options, open, recovered, session,
    storage,
};
use crate::fs::{CrashFs, Fs};
use crate::recovery::{Limits, Tail};
use crate::repository::Repository;
use crate::test_kit::{REPOSITORY, chain, holder, lock, new_session, repository, settled};
use crate::trust::Trust;
use crate::well_known::WellKnownDirs;
use crate::{LockPolicy, Space};

/// Every operation fits into so many blocks or inodes.
const LEFT_MAX: u64 = 12;
const BLOCK: u64 = 4096;

/// What runs out.
#[derive(Clone, Copy, Debug)]
enum Shortage {
    Space,
    Inodes,
    Quota,
}

impl Shortage {
    const ALL: [Self; 3] = [Self::Space, Self::Inodes, Self::Quota];

    /// Leaves room for so many blocks, files and directories.
    fn begin(self, fs: &CrashFs, left: u64) {
        match self {
            Self::Space => fs.set_free_space(Some(left * BLOCK)),
            Self::Inodes => fs.set_free_inodes(Some(left)),
            Self::Quota => {
                fs.refuse_by_quota(true);
                fs.set_free_space(Some(left * BLOCK));
                fs.set_free_inodes(Some(left));
            }
        }
    }

    fn errno(self) -> Errno {
        match self {
            Self::Space | Self::Inodes => Errno::NOSPC,
            Self::Quota => Errno::DQUOT,
        }
    }
}

/// An error, and what its own `is_disk_full` says of it.
struct Told {
    error: Box<dyn Error>,
    is_disk_full: bool,
}

macro_rules! told {
    () => {
        |error| Told {
            is_disk_full: error.is_disk_full(),
            error: error.into(),
        }
    };
}

/// Begins the shortage.
type Begin<'a> = &'a dyn Fn();

/// Lets each kind of shortage begin in the middle of `work`, with room left for nothing, one block or inode, two, and
/// so on. `check` looks at what is left by a kill and by a power cut, and is told whether the work was done.
///
/// Answers how often the work was refused.
fn run_short(
    start: &CrashFs,
    work: impl Fn(Arc<dyn Fs>, Begin<'_>) -> Result<(), Told>,
    check: impl Fn(&Arc<dyn Fs>, bool),
) -> u32 {
    let mut refused = 0;
    for shortage in Shortage::ALL {
        for left in 0..LEFT_MAX {
            let disk = start.after_kill();
            let fs: Arc<dyn Fs> = Arc::new(disk.clone());
            let begin = || shortage.begin(&disk, left);
            let result = work(Arc::clone(&fs), &begin);
            let look = |done| {
                for image in [disk.after_kill(), disk.after_power_cut()] {
                    image.give_room_back();
                    let image: Arc<dyn Fs> = Arc::new(image);
                    check(&image, done);
                }
            };
            look(result.is_ok());
            let Err(told) = result else {
                continue;
            };
            refused += 1;
            let text = format!("{shortage:?}, {left} left: {}", chain(told.error.as_ref()));
            assert!(told.is_disk_full, "{text}");
            let cause = std::io::Error::from(shortage.errno()).to_string();
            assert!(
                text.contains("cannot ") && text.contains("'/home"),
                "{text}"
            );
            assert!(text.ends_with(&cause), "{text}");
            disk.give_room_back();
            if let Err(told) = work(fs, &|| ()) {
                panic!("{text}\nthen, with room: {}", chain(told.error.as_ref()));
            }
            look(true);
        }
    }
    refused
}

#[test]
fn making_the_repository_and_its_first_session() {
    let refused = run_short(
        &settled(|_| ()),
        |fs, begin| {
            begin();
            Repository::create(fs, Utf8Path::new(REPOSITORY), Trust::OwnDirectories)
                .and_then(|repository| repository.create_session(&new_session("p-", false)))
                .map(drop)
                .map_err(told!())
        },
        |fs, done| {
            if done {
                let storage = storage(fs);
                assert!(WellKnownDirs::new(&storage).session_share().is_ok());
            }
        },
    );
    assert!(refused >= 15, "{refused}");
}

#[test]
fn putting_a_session_in_the_place_of_the_last() {
    let start = settled(|fs| {
        let storage = repository(Arc::clone(fs))
            .create_session(&new_session("old-", true))
            .unwrap();
        lock(&storage).save_checkpoint(b"old").unwrap();
    });
    let refused = run_short(
        &start,
        |fs, begin| {
            let repository = repository(fs);
            begin();
            let created = repository.create_session(&new_session("new-", true));
            created.map(drop).map_err(told!())
        },
        |fs, done| {
            let repository = Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY)).unwrap();
            let last = repository
                .last_storage()
                .unwrap()
                .expect("it leads somewhere");
            assert_eq!(last.id().as_str().starts_with("new-"), done);
            if !done {
                assert_eq!(last.load_checkpoint().unwrap().unwrap(), b"old");
                assert_eq!(repository.entries().unwrap().len(), 1, "no half session");
            }
        },
    );
    assert!(refused >= 9, "{refused}");
}

#[test]
fn filling_up_the_well_known_directories() {
    let start = settled(|fs| {
        let storage = repository(Arc::clone(fs))
            .create_session(&new_session("p-", false))
            .unwrap();
        for name in ["io-logs", "session-share"] {
            storage.dir().remove_dir(name.as_ref()).unwrap();
        }
    });
    let refused = run_short(
        &start,
        |fs, begin| {
            let storage = storage(&fs);
            begin();
            WellKnownDirs::new(&storage).populate().map_err(told!())
        },
        |fs, done| {
            let storage = storage(fs);
            assert!(!done || WellKnownDirs::new(&storage).io_logs().is_ok());
        },
    );
    assert!(refused >= 6, "{refused}");
}

#[test]
fn taking_the_first_lock() {
    let problems = Cell::new(0);
    let refused = run_short(
        &bare(),
        |fs, begin| {
            let storage = storage(&fs);
            begin();
            let lock = storage
                .lock(&holder(), LockPolicy::FailNow)
                .map_err(told!())?;
            if let Some(problem) = lock.record_problem() {
                assert!(problem.is_disk_full(), "{problem}");
                problems.set(problems.get() + 1);
            }
            Ok(())
        },
        |fs, _| assert!(storage(fs).load_checkpoint().unwrap().is_none()),
    );
    assert!(refused >= 2, "an inode is needed: {refused}");
    assert!(
        problems.get() > 0,
        "a record that does not fit fails no lock"
    );
}

#[test]
fn saving_the_one_file() {
    let start = settled(|fs| {
        let storage = repository(Arc::clone(fs))
            .create_session(&new_session("p-", false))
            .unwrap();
        lock(&storage).save_checkpoint(b"old").unwrap();
    });
    let new = [b'n'; 9000];
    let refused = run_short(
        &start,
        |fs, begin| {
            let lock = lock(&storage(&fs));
            begin();
            lock.save_checkpoint(&new).map_err(told!())
        },
        |fs, done| {
            let saved = storage(fs).load_checkpoint().unwrap().unwrap();
            assert!(saved == new || !done && saved == b"old");
        },
    );
    assert!(refused >= 7, "{refused}");
}

#[test]
fn making_the_first_generation() {
    let refused = run_short(
        &bare(),
        |fs, begin| {
            let lock = lock(&storage(&fs));
            begin();
            let made = lock.create_journal(&create_options(), &mut |sink| sink.write_all(b"zero"));
            let mut journal = made.map_err(|refused| refused.error).map_err(told!())?;
            // That the spare finds no room keeps no frame away that fits without it.
            journal.append(&[b"one"], false).map(drop).map_err(told!())
        },
        |fs, done| {
            if done {
                check_acknowledged(fs, 1);
            }
        },
    );
    assert!(refused >= 8, "{refused}");
}

#[test]
fn opening_for_writing() {
    run_short(
        &session(),
        |fs, begin| {
            let lock = lock(&storage(&fs));
            begin();
            let opened = lock.open_journal(&journal_options());
            opened
                .map(drop)
                .map_err(|refused| refused.error)
                .map_err(told!())
        },
        |fs, _| check_acknowledged(fs, 2),
    );
}

#[test]
fn appending() {
    let acknowledged = Cell::new(0);
    let refused = run_short(
        &session(),
        |fs, begin| {
            let mut journal = open(lock(&storage(&fs)));
            acknowledged.set(journal.position().seq);
            begin();
            let mut most = None;
            for step in 0..24 {
                let done = journal.append(&[&[step; 700]], false).map_err(told!())?;
                acknowledged.set(done.seq);
                if let Space::DiskFull { frames_left, .. } = done.disk {
                    assert!(most.is_none_or(|most| frames_left < most));
                    most = Some(frames_left);
                }
            }
            Ok(())
        },
        |fs, _| check_acknowledged(fs, acknowledged.get()),
    );
    assert!(refused >= 6, "{refused}");
}

#[test]
fn folding() {
    let refused = run_short(
        &session(),
        |fs, begin| {
            let mut journal = open(lock(&storage(&fs)));
            begin();
            let folded = journal.fold(&mut |sink| sink.write_all(&[3; 5000]));
            let after = journal.append(&[b"three"], false);
            after.expect("a fold that does not fit keeps nobody from appending");
            folded.map_err(told!())
        },
        |fs, _| assert!(recovered(fs).position.seq >= 3),
    );
    assert!(refused >= 9, "{refused}");
}

#[test]
fn closing() {
    run_short(
        &session(),
        |fs, begin| {
            let journal = open(lock(&storage(&fs)));
            begin();
            journal.close().map_err(told!())
        },
        |fs, done| {
            check_acknowledged(fs, 2);
            if done {
                assert_eq!(recovered(fs).verdict.tail, Tail::Closed);
            }
        },
    );
}

#[test]
fn closing_with_the_journal_filled_to_the_brim() {
    run_short(
        &session(),
        |fs, begin| {
            let mut journal = open(lock(&storage(&fs)));
            begin();
            while let Ok(done) = journal.append(&[&[4; 200]], false) {
                if done.seq > 100 {
                    break;
                }
            }
            journal.close().map_err(told!())
        },
        |fs, _| assert!(recovered(fs).position.seq > 2),
    );
}

#[test]
fn repairing() {
    let start = session();
    let path = Utf8Path::new(REPOSITORY).join(format!("{ID}.session"));
    start
        .plant_damage(&path, "journal.2".as_ref(), 512 + 125)
        .expect("the frame is there");
    let refused = run_short(
        &start,
        |fs, begin| {
            let storage = storage(&fs);
            let lock = lock(&storage);
            // Where a try made the new generation all the same, nothing is left to plan.
            let Some(plan) = storage.plan_repair(Limits::default()).unwrap() else {
                return Ok(());
            };
            begin();
            let repaired = lock.apply_repair(&plan, &journal_options());
            repaired.map(drop).map_err(told!())
        },
        |fs, done| {
            let recovered = storage(fs).recover().expect("it can be read");
            assert_eq!(recovered.position.seq, 1, "what a repair keeps");
            assert!(!done || recovered.verdict.is_writable());
        },
    );
    assert!(refused >= 6, "{refused}");
}

#[test]
fn removing_and_clearing_away_need_no_room() {
    let refused = run_short(
        &session(),
        |fs, begin| {
            let repository = repository(Arc::clone(&fs));
            let storage = storage(&fs);
            begin();
            repository.remove(&storage).map(drop).map_err(told!())?;
            repository.purge_leftovers().map(drop).map_err(told!())
        },
        |fs, _| {
            let repository = Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY)).unwrap();
            assert!(repository.entries().unwrap().is_empty());
        },
    );
    assert_eq!(refused, 0);
}
