//! A session's directory on a disk in memory, and the hand that changes it.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use camino::Utf8Path;
use session_storage::{
    CrashFs, Dir, EntryKind, Fs, Holder, LockPolicy, OpenMode, Repository, SessionId, SessionLock,
    SessionStorage,
};

/// Where the repository lies, and the session in it.
const REPOSITORY: &str = "/r";
const SESSION: &str = "fuzzed-2024-02-29T23.59.59.000007";

/// No file of a script grows beyond this.
const FILE_BYTES_MAX: usize = 1 << 16;

/// The files of a directory by name.
pub(super) type Files = BTreeMap<OsString, Vec<u8>>;

/// A disk with one session directory.
pub(super) struct Place {
    machine: CrashFs,
}

impl Place {
    /// An empty directory.
    pub(super) fn new() -> Self {
        let machine = CrashFs::new();
        let folder = format!("{REPOSITORY}/{SESSION}.session");
        machine
            .plant_dir(Utf8Path::new(&folder))
            .expect("a fresh disk takes a directory");
        Self { machine }
    }

    /// The same disk after a power cut.
    pub(super) fn after_power_cut(&self) -> Self {
        Self {
            machine: self.machine.after_power_cut(),
        }
    }

    /// How many operations that change something were begun.
    pub(super) fn operations(&self) -> u64 {
        self.machine.operations()
    }

    /// The session as a program opens it.
    pub(super) fn storage(&self) -> SessionStorage {
        let fs: Arc<dyn Fs> = Arc::new(self.machine.clone());
        let repository =
            Repository::open(fs, Utf8Path::new(REPOSITORY)).expect("the repository is sound");
        let id = SessionId::parse(SESSION).expect("an id");
        repository.session(&id).expect("the directory is sound")
    }

    /// The right to write; none where what stands under the name of the lock is no file.
    pub(super) fn lock(&self) -> Option<SessionLock> {
        self.storage()
            .lock(&self.holder(), LockPolicy::FailNow)
            .ok()
    }

    /// Who we are.
    pub(super) fn holder(&self) -> Holder {
        Holder::of_process(&self.machine, 1, "fuzz", 0)
    }

    /// The directory, below every rule of the storage.
    pub(super) fn dir(&self) -> Arc<dyn Dir> {
        let folder = format!("{REPOSITORY}/{SESSION}.session");
        self.machine
            .open_dir(Utf8Path::new(&folder))
            .expect("it was planted")
    }

    /// Every file with its bytes.
    pub(super) fn files(&self) -> Files {
        files_of(self.dir().as_ref())
    }

    /// The files in a directory inside the session; none where there is no such directory.
    pub(super) fn files_in(&self, name: &str) -> Files {
        let dir = self.dir().open_dir(OsStr::new(name));
        dir.map_or_else(|_| Files::new(), |dir| files_of(dir.as_ref()))
    }

    /// Whether something that is no file stands here, which may be in the way of a writer.
    pub(super) fn has_odd_entries(&self) -> bool {
        let entries = self.dir().entries().expect("a directory lists");
        entries.iter().any(|entry| entry.kind != EntryKind::File)
    }

    /// Makes or replaces a file, durable; names the file system refuses are passed over.
    pub(super) fn put(&self, name: &OsString, bytes: &[u8]) {
        let dir = self.dir();
        // What stands there may be no file, or nothing.
        let _ = dir.remove_file(name);
        let Ok(file) = dir.open_file(name, OpenMode::CreateNew) else {
            return;
        };
        let bytes = bytes.get(..FILE_BYTES_MAX).unwrap_or(bytes);
        file.write_all_at(bytes, 0).expect("memory takes it");
        file.sync_data().expect("memory takes it");
        dir.sync().expect("memory takes it");
    }
}

fn files_of(dir: &dyn Dir) -> Files {
    let entries = dir.entries().expect("a directory lists");
    let files = entries
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::File);
    files
        .map(|entry| {
            let file = dir
                .open_file(&entry.name, OpenMode::Read)
                .expect("it was listed");
            let length = file.metadata().expect("it is open").len;
            let mut bytes = vec![0; usize::try_from(length).expect("it is in memory")];
            file.read_full_at(&mut bytes, 0).expect("it is in memory");
            (entry.name, bytes)
        })
        .collect()
}
