//! Does what a recorded scenario did, on ours, and tells what can be seen in the recording's words.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use crate::LoadCheckpointError;
use crate::fs::{Dir, EntryKind, Fs, OpenMode, RealFs};
use crate::lock::{LockPolicy, LockState};
use crate::repository::{NewSession, Repository, RepositoryError};
use crate::storage::SessionStorage;
use crate::test_kit::{NOW_US, holder, os};
use crate::trust::Trust;

/// What is made inside a session from the start, and is not part of the recordings of 0.5.4.
pub(super) const OUR_OWN: [&str; 3] = ["lock", "io-logs", "session-share"];

/// One scenario being replayed, in a place of its own.
pub(super) struct Replay {
    _root: tempfile::TempDir,
    fs: Arc<dyn Fs>,
    root: Utf8PathBuf,
    location: Utf8PathBuf,
    /// Recorded directory names in order of creation, and ours.
    names: Vec<(String, String)>,
    storages: Vec<SessionStorage>,
    suffix: &'static str,
    frozen_clock: bool,
    umask_before: String,
}

impl Replay {
    pub(super) fn new(scenario: &str, suffix: &'static str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(root.path().to_owned()).unwrap();
        Self {
            umask_before: umask(&RealFs),
            fs: Arc::new(RealFs),
            location: path.join("repo"),
            root: path,
            _root: root,
            names: Vec::new(),
            storages: Vec::new(),
            suffix,
            frozen_clock: scenario == "same-timestamp",
        }
    }

    fn dir(&self, path: &Utf8Path) -> Arc<dyn Dir> {
        self.fs.open_dir(path).unwrap()
    }

    /// The repository's directory, made when the step needs it.
    fn place(&self) -> Arc<dyn Dir> {
        let _ = self.dir(&self.root).make_dir(os("repo"));
        self.dir(&self.location)
    }

    fn repository(&self) -> Repository {
        Repository::open(Arc::clone(&self.fs), &self.location).unwrap()
    }

    fn last(&self) -> &SessionStorage {
        self.storages.last().unwrap()
    }

    fn create(&mut self, legacy_mode: bool) -> Result<Value, String> {
        let number = i64::try_from(self.storages.len()).unwrap();
        let new = NewSession {
            prefix: "pbox-",
            now_us: NOW_US + if self.frozen_clock { 0 } else { number },
            legacy_mode,
        };
        let fs = Arc::clone(&self.fs);
        let storage = Repository::create(fs, &self.location, Trust::OwnDirectories)
            .and_then(|repository| repository.create_session(&new))
            .map_err(|error| error.to_string())?;
        let ours = storage.location().file_name().unwrap().to_owned();
        let recorded = if self.frozen_clock {
            ours.clone()
        } else {
            format!("S{}{}", number + 1, self.suffix)
        };
        let answer = recorded.clone();
        self.names.push((recorded, ours));
        self.storages.push(storage);
        Ok(Value::String(answer))
    }

    fn save(&self, text: &[u8]) -> Result<Value, String> {
        let lock = self.last().lock(&holder(), LockPolicy::FailNow).unwrap();
        lock.save_checkpoint(text)
            .map(|()| Value::Null)
            .map_err(|error| error.source.source.kind().to_string())
    }

    fn load(&self) -> Result<Value, String> {
        let text = self.last().load_checkpoint().map_err(|error| match error {
            LoadCheckpointError::Failed { source, .. } => source.source.kind().to_string(),
            LoadCheckpointError::TooLong { .. } => error.to_string(),
        })?;
        Ok(match text.as_deref() {
            None => Value::String("never saved".to_owned()),
            Some(b"") => Value::String(String::new()),
            Some(b"one") => Value::String("b25l".to_owned()),
            Some(b"two") => Value::String("dHdv".to_owned()),
            Some(other) => panic!("{other:?}"),
        })
    }

    fn write(dir: &Arc<dyn Dir>, name: &str) -> Result<Value, String> {
        dir.open_file(os(name), OpenMode::CreateNew).unwrap();
        Ok(Value::Null)
    }

    fn mkdir(dir: &Arc<dyn Dir>, path: &str) -> Result<Value, String> {
        let mut dir = Arc::clone(dir);
        for name in path.split('/') {
            let _ = dir.make_dir(os(name));
            dir = dir.open_dir(os(name)).unwrap();
        }
        Ok(Value::Null)
    }

    fn symlink(&self, words: &str) -> Result<Value, String> {
        let (name, target) = words.split_once(" -> ").unwrap();
        let target = target.replace("/tmp/ROOT", self.root.as_str());
        self.place().make_symlink(os(&target), os(name)).unwrap();
        Ok(Value::Null)
    }

    fn is_there(&self, path: &str) -> Value {
        Value::Bool(self.fs.open_dir(&self.root.join(path)).is_ok())
    }

    /// Does one recorded step; every step of every scenario has its line here.
    pub(super) fn step(&mut self, words: &str) -> Result<Value, String> {
        match words {
            "nothing" | "mkdir base 0700" => Ok(Value::Null),
            "create(legacy_mode=False)" | "SessionStorage.create()" | "create" => {
                self.create(false)
            }
            "create(legacy_mode=True)" => self.create(true),
            "save_checkpoint" | "save b'one'" | "save" => self.save(b"one"),
            "save b'two'" => self.save(b"two"),
            "save b''" => self.save(b""),
            "load" => self.load(),
            "leave session.next" => Self::write(self.last().dir(), "session.next"),
            "break_lock()" | "break_lock() without lock" => {
                assert_eq!(self.last().lock_state(&holder()).unwrap(), LockState::Free);
                Ok(Value::Null)
            }
            "mkdir session" => Self::mkdir(self.last().dir(), "session"),
            "symlink" => {
                let dir = self.last().dir();
                dir.make_symlink(os("../elsewhere"), os("session")).unwrap();
                Ok(Value::Null)
            }
            "remove" | "remove again" => match self.repository().remove(self.last()) {
                Ok(_) => Ok(Value::Null),
                Err(RepositoryError::NoSuchSession { .. }) => Err("no such session".to_owned()),
                Err(error) => panic!("{error}"),
            },
            "rmtree of the session" => {
                let dir = self.last().dir();
                for entry in dir.entries().unwrap() {
                    dir.remove_dir(&entry.name).unwrap();
                }
                let name = self.last().directory_name();
                self.place().remove_dir(&name).unwrap();
                Ok(Value::Null)
            }
            "umask afterwards" => {
                assert_eq!(umask(&*self.fs), self.umask_before);
                Ok(Value::Null)
            }
            "make outside dir" => Self::mkdir(&self.dir(&self.root), "outside"),
            "outside still there?" => Ok(self.is_there("outside")),
            "make REPO/rel.session and CWD/rel.session, chdir CWD" => {
                self.place();
                Self::mkdir(&self.dir(&self.root), "cwd/rel.session").unwrap();
                Self::mkdir(&self.dir(&self.root), "repo/rel.session")
            }
            "REPO/rel.session still there?" => Ok(self.is_there("repo/rel.session")),
            "CWD/rel.session still there?" => Ok(self.is_there("cwd/rel.session")),
            "broken symlink" => self.symlink("broken -> nowhere"),
            other => self.making_step(other),
        }
    }

    /// Steps that carry the names of what is made.
    fn making_step(&mut self, words: &str) -> Result<Value, String> {
        let file = words.strip_prefix("write file ");
        let file = file.or_else(|| words.strip_prefix("file "));
        if let Some(name) = words.strip_prefix("mkdir ") {
            Self::mkdir(&self.place(), name)
        } else if let Some(name) = file {
            Self::write(&self.place(), name)
        } else if let Some(words) = words.strip_prefix("symlink ") {
            self.symlink(words)
        } else {
            panic!("a step that is not known: {words}");
        }
    }

    /// Our name in the words of the recording.
    fn recorded_name(&self, ours: &str) -> String {
        let known = self.names.iter().find(|(_, name)| name == ours);
        known.map_or_else(|| ours.to_owned(), |(recorded, _)| recorded.clone())
    }

    fn recorded_name_of(&self, storage: &SessionStorage) -> String {
        self.recorded_name(storage.location().file_name().unwrap())
    }

    /// The repository in the words of the recording: path to kind and mode, or target.
    pub(super) fn listing(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        if let Ok(dir) = self.fs.open_dir(&self.location) {
            self.list(&dir, "", &mut found);
        }
        found
    }

    fn list(&self, dir: &Arc<dyn Dir>, above: &str, found: &mut BTreeMap<String, String>) {
        for entry in dir.entries().unwrap() {
            let name = entry.name.to_str().unwrap();
            if !above.is_empty() && OUR_OWN.contains(&name) {
                continue;
            }
            let path = format!("{above}{}", self.recorded_name(name));
            let mode = dir.metadata(&entry.name).unwrap().unwrap().mode;
            let told = match entry.kind {
                EntryKind::Dir => format!("dir {mode:04o}"),
                EntryKind::File => format!("file {mode:04o}"),
                EntryKind::Symlink => {
                    let target = dir.read_symlink(&entry.name).unwrap();
                    let target = Utf8Path::new(target.to_str().unwrap());
                    let name = target.file_name().map(|name| self.recorded_name(name));
                    format!("symlink {}", name.unwrap_or_default())
                }
                EntryKind::Other => "other".to_owned(),
            };
            if entry.kind == EntryKind::Dir {
                let inside = dir.open_dir(&entry.name).unwrap();
                self.list(&inside, &format!("{path}/"), found);
            }
            found.insert(path, told);
        }
    }

    pub(super) fn last_storage(&self) -> Option<String> {
        let last = self.repository().last_storage().unwrap()?;
        Some(self.recorded_name_of(&last))
    }

    pub(super) fn storage_list(&self) -> Vec<String> {
        let entries = self.repository().entries().unwrap();
        entries
            .iter()
            .filter_map(|entry| entry.open().ok())
            .map(|storage| self.recorded_name_of(&storage))
            .collect()
    }
}

/// The umask of this process, which no call of ours ever changes.
fn umask(fs: &dyn Fs) -> String {
    let dir = format!("/proc/{}", std::process::id());
    let dir = fs.open_dir(Utf8Path::new(&dir)).unwrap();
    let file = dir.open_file(os("status"), OpenMode::Read).unwrap();
    let mut text = [0; 4096];
    let count = file.read_full_at(&mut text, 0).unwrap();
    let text = String::from_utf8_lossy(&text[..count]);
    let line = text.lines().find(|line| line.starts_with("Umask:"));
    line.unwrap().to_owned()
}
