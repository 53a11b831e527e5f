//! Sessions of two generations, ways to damage them, and their files.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::sync::Arc;

use camino::Utf8Path;

use crate::fs::{CrashFs, Dir, EntryKind, OpenMode};
use crate::journal::Journal;
use crate::journal::tests::kit::{PLACE, create, dir, disk, look, options, writes};
use crate::recovery::Found;
use crate::repair::{RepairError, RepairPlan, Repaired, repair_directory};

/// A session whose second generation holds two frames, killed; everything is durable.
pub(super) fn session() -> CrashFs {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"zero");
    journal.append(&[b"one"], false).expect("nothing fails");
    journal.fold(&mut writes(b"one")).expect("nothing fails");
    append(&mut journal, b"two");
    append(&mut journal, b"three");
    drop(journal);
    dir(&fs).sync_filesystem().expect("nothing fails");
    fs.after_power_cut()
}

pub(super) fn append(journal: &mut Journal, text: &[u8]) {
    journal.append(&[text], false).expect("nothing fails");
}

/// A way to damage a session.
#[derive(Clone, Copy, Debug)]
pub(super) enum Harm {
    LastFrame,
    InnerFrame,
    Cut,
    Head,
    NoJournal,
    NoSnapshot,
    BothSnapshots,
}

impl Harm {
    pub(super) const ALL: [Self; 6] = [
        Self::LastFrame,
        Self::InnerFrame,
        Self::Cut,
        Self::Head,
        Self::NoJournal,
        Self::NoSnapshot,
    ];

    pub(super) fn befall(self, fs: &CrashFs) {
        let flip = |name: &str, offset| {
            fs.plant_damage(Utf8Path::new(PLACE), OsStr::new(name), offset)
                .expect("the file is there");
        };
        let remove = |name: &str| dir(fs).remove_file(OsStr::new(name)).expect("it is there");
        match self {
            Self::InnerFrame => flip("journal.2", 512 + 125),
            Self::LastFrame => flip("journal.2", 1024 + 125),
            Self::Cut => {
                let journal = OsStr::new("journal.2");
                let file = dir(fs).open_file(journal, OpenMode::ReadWrite);
                file.and_then(|file| file.set_len(1536))
                    .expect("it is there");
            }
            Self::Head => flip("journal.2", 40),
            Self::NoJournal => remove("journal.2"),
            Self::NoSnapshot => remove("snapshot.2"),
            Self::BothSnapshots => {
                flip("snapshot.1", 0);
                flip("snapshot.2", 0);
            }
        }
        dir(fs).sync_filesystem().expect("nothing fails");
    }
}

pub(super) fn found(fs: &CrashFs) -> Found {
    look(fs).expect("something can be read")
}

pub(super) fn plan(fs: &CrashFs) -> Option<RepairPlan> {
    RepairPlan::of(&found(fs))
}

pub(super) fn apply(fs: &CrashFs, plan: &RepairPlan) -> Result<Repaired, RepairError> {
    repair_directory(&dir(fs), plan, &options())
}

/// The files of the session as they are, wherever a repair may have put them: name to bytes.
pub(super) fn files(fs: &CrashFs) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let top = dir(fs);
    for entry in top.entries().expect("it lists") {
        match entry.kind {
            EntryKind::Dir => {
                let inside = top.open_dir(&entry.name).expect("it is a directory");
                for entry in inside.entries().expect("it lists") {
                    found.insert(entry.name.display().to_string(), read(&inside, &entry.name));
                }
            }
            EntryKind::File | EntryKind::Symlink | EntryKind::Other => {
                found.insert(entry.name.display().to_string(), read(&top, &entry.name));
            }
        }
    }
    found
}

fn read(dir: &Arc<dyn Dir>, name: &OsStr) -> Vec<u8> {
    let file = dir.open_file(name, OpenMode::Read).expect("it is a file");
    let length = file.metadata().expect("it is open").len;
    let mut bytes = vec![0; usize::try_from(length).expect("it is small")];
    file.read_full_at(&mut bytes, 0).expect("nothing fails");
    bytes
}

/// The bytes of the files that a plan puts aside.
pub(super) fn originals(fs: &CrashFs, plan: &RepairPlan) -> BTreeMap<String, Vec<u8>> {
    let mut all = files(fs);
    all.retain(|name, _| plan.files_aside.contains(name));
    all
}
