//! The steps of the scenarios, done with ours.

use std::ffi::OsStr;
use std::io;
use std::sync::Arc;

use camino::Utf8Path;
use serde_json::{Value, json};
use session_storage::{
    Dir, FsError, Holder, LoadCheckpointError, LockPolicy, LockState, NewSession, OpenMode,
    Repository, RepositoryError, SessionStorage, Trust,
};

use super::listing::listing;
use super::manager::Managed;
use super::place::{Place, Program, make_dirs};
use super::told;
use crate::conformance::bad::{Unanswered, bad};
use crate::conformance::wrapped::packed;

/// 2024-02-29T23:59:59.000007Z, at which the clock of one scenario stands.
pub(super) const NOW_US: i64 = 1_709_251_199_000_007;

/// One scenario being replayed.
pub(super) struct Replay {
    pub(super) place: Place,
    storages: Vec<SessionStorage>,
    managed: Managed,
    umask_before: Option<String>,
}

impl Replay {
    pub(super) fn new(place: Place) -> Self {
        Self {
            umask_before: umask(&place).ok(),
            place,
            storages: Vec::new(),
            managed: Managed::default(),
        }
    }

    /// Does one step, and tells what can be seen afterwards.
    pub(super) fn answer(&mut self, words: &str, umask: &str) -> Result<Value, Unanswered> {
        let result = match Managed::step(self, words)? {
            Some(result) => result,
            None => self.step(words, umask)?,
        };
        let mut answer = json!({ "result": result, "listing": listing(&self.place)? });
        if self.place.program == Program::PlainBox054 {
            let last = told(self.place.repository()?.last_storage())?;
            let last = last.map(|storage| self.place.recorded_path(storage.location()));
            answer["last_storage"] = json!({ "ok": last });
        }
        answer["storage_list"] = json!({ "ok": self.storage_list()? });
        Ok(answer)
    }

    fn storage_list(&self) -> Result<Vec<String>, Unanswered> {
        let entries = told(self.place.repository()?.entries())?;
        let storages = entries.iter().filter_map(|entry| entry.open().ok());
        Ok(storages
            .map(|storage| self.place.recorded_path(storage.location()))
            .collect())
    }

    fn last(&self) -> Result<&SessionStorage, Unanswered> {
        let last = self.storages.last();
        last.ok_or_else(|| bad("there is no session yet"))
    }

    pub(super) fn session_dir(&self) -> Result<Arc<dyn Dir>, Unanswered> {
        match self.managed.dir() {
            Some(dir) => Ok(Arc::clone(dir)),
            None => Ok(Arc::clone(self.last()?.dir())),
        }
    }

    pub(super) fn managed(&mut self) -> &mut Managed {
        &mut self.managed
    }

    fn step(&mut self, words: &str, umask_recorded: &str) -> Result<Value, Unanswered> {
        match words {
            "nothing" => {}
            "mkdir base 0700" => {
                let above = self.place.location();
                let base = above.parent().unwrap_or(&above);
                let base = base.file_name().unwrap_or_default();
                make_dirs(&self.place.dir(&self.place.root)?, base)?;
            }
            "create(legacy_mode=False)" | "SessionStorage.create()" => {
                return self.create(false, true);
            }
            "create" => return self.create(false, false),
            "create(legacy_mode=True)" => return self.create(true, true),
            "save_checkpoint" | "save" | "save b'one'" => return self.save(b"one"),
            "save b'two'" => return self.save(b"two"),
            "save b''" => return self.save(b""),
            "save 'text'" | "save bytearray" | "save None" => return Err(Unanswered::RuledOut),
            "load" => return self.load(),
            "session_file" => return Err(Unanswered::RuledOut),
            "leave session.next" => write(&self.session_dir()?, "session.next")?,
            "break_lock()" | "break_lock() without lock" => {
                let state = told(self.last()?.lock_state(&holder()))?;
                if state != LockState::Free {
                    return Err(bad("the lock is held"));
                }
            }
            "mkdir session" => drop(make_dirs(self.last()?.dir(), "session")?),
            "symlink" => {
                let dir = self.last()?.dir();
                told(dir.make_symlink(OsStr::new("../elsewhere"), OsStr::new("session")))?;
            }
            "remove" | "remove again" => return self.remove(),
            "rmtree of the session" => self.remove_tree()?,
            "umask afterwards" => {
                let same = umask(&self.place).ok() == self.umask_before;
                let umask = if same { umask_recorded } else { "changed" };
                return Ok(json!({ "ok": umask }));
            }
            "make outside dir" => drop(make_dirs(&self.place.dir(&self.place.root)?, "outside")?),
            "outside still there?" => return Ok(self.is_there("outside")),
            "make REPO/rel.session and CWD/rel.session, chdir CWD" => {
                make_dirs(&self.place.dir(&self.place.root)?, "cwd/rel.session")?;
                make_dirs(&self.place.repository_dir()?, "rel.session")?;
            }
            "REPO/rel.session still there?" => return Ok(self.is_there("repo/rel.session")),
            "CWD/rel.session still there?" => return Ok(self.is_there("cwd/rel.session")),
            "broken symlink" => self.symlink("broken -> nowhere")?,
            other => self.make(other)?,
        }
        Ok(json!({ "ok": null }))
    }

    /// Steps that carry the names of what is made.
    fn make(&self, words: &str) -> Result<(), Unanswered> {
        let file = words.strip_prefix("write file ");
        let file = file.or_else(|| words.strip_prefix("file "));
        if let Some(name) = words.strip_prefix("mkdir ") {
            make_dirs(&self.place.repository_dir()?, name)?;
            Ok(())
        } else if let Some(name) = file {
            write(&self.place.repository_dir()?, name)
        } else if let Some(words) = words.strip_prefix("symlink ") {
            self.symlink(words)
        } else {
            Err(bad(format!("no step is called {words:?}")))
        }
    }

    fn symlink(&self, words: &str) -> Result<(), Unanswered> {
        let (name, target) = words
            .split_once(" -> ")
            .ok_or_else(|| bad("a link has a target"))?;
        let target = target.replace("/tmp/ROOT", self.place.root.as_str());
        let dir = self.place.repository_dir()?;
        told(dir.make_symlink(OsStr::new(&target), OsStr::new(name)))
    }

    fn is_there(&self, path: &str) -> Value {
        let there = self.place.fs.open_dir(&self.place.root.join(path)).is_ok();
        json!({ "ok": there })
    }

    fn create(&mut self, legacy_mode: bool, whole_path: bool) -> Result<Value, Unanswered> {
        let moved = match self.place.frozen_clock {
            true => 0,
            false => self.place.made(),
        };
        let new = NewSession {
            prefix: "pbox-",
            now_us: NOW_US + moved,
            legacy_mode,
        };
        let fs = Arc::clone(&self.place.fs);
        let made = Repository::create(fs, &self.place.location(), Trust::OwnDirectories)
            .and_then(|repository| repository.create_session(&new));
        let storage = match made {
            Ok(storage) => storage,
            Err(error) => return Ok(failed(&error.to_string(), io::ErrorKind::Other)),
        };
        let name = storage.location().file_name().unwrap_or_default();
        self.place.note(name);
        let told = match whole_path {
            true => self.place.recorded_path(storage.location()),
            false => storage.id().to_string(),
        };
        self.storages.push(storage);
        Ok(json!({ "ok": told }))
    }

    fn save(&self, text: &[u8]) -> Result<Value, Unanswered> {
        let Ok(last) = self.last() else {
            return Err(Unanswered::RuledOut);
        };
        let lock = told(last.lock(&holder(), LockPolicy::FailNow))?;
        Ok(match lock.save_checkpoint(text) {
            Ok(()) => json!({ "ok": null }),
            Err(error) => of_fs(&error.source),
        })
    }

    fn load(&self) -> Result<Value, Unanswered> {
        let Ok(last) = self.last() else {
            return Err(Unanswered::RuledOut);
        };
        Ok(match last.load_checkpoint() {
            Ok(text) => json!({ "ok": text.as_deref().map(packed) }),
            Err(LoadCheckpointError::Failed { source, .. }) => of_fs(&source),
            Err(error) => failed(&error.to_string(), io::ErrorKind::Other),
        })
    }

    fn remove(&self) -> Result<Value, Unanswered> {
        Ok(match self.place.repository()?.remove(self.last()?) {
            Ok(_) => json!({ "ok": null }),
            Err(error @ RepositoryError::NoSuchSession { .. }) => {
                let words = error.to_string();
                let place = self.place.location();
                let words = words.replace(place.as_str(), self.place.program.location());
                failed(&words, io::ErrorKind::NotFound)
            }
            Err(error) => failed(&error.to_string(), io::ErrorKind::Other),
        })
    }

    fn remove_tree(&self) -> Result<(), Unanswered> {
        let storage = self.last()?;
        for entry in told(storage.dir().entries())? {
            told(storage.dir().remove_dir(&entry.name))?;
        }
        let name = storage.location().file_name().unwrap_or_default();
        told(self.place.repository_dir()?.remove_dir(OsStr::new(name)))
    }
}

/// Who holds the locks of a replay.
pub(super) fn holder() -> Holder {
    Holder {
        pid: std::process::id(),
        start_time: None,
        pid_namespace: None,
        boot_id: None,
        host: None,
        command: "conformance".to_owned(),
        since_us: NOW_US,
    }
}

/// An empty file.
fn write(dir: &Arc<dyn Dir>, name: &str) -> Result<(), Unanswered> {
    told(dir.open_file(OsStr::new(name), OpenMode::CreateNew))?;
    Ok(())
}

/// Python's classes for errors of the system.
const CLASSES: [(io::ErrorKind, &str); 3] = [
    (io::ErrorKind::NotFound, "FileNotFoundError"),
    (io::ErrorKind::IsADirectory, "IsADirectoryError"),
    (io::ErrorKind::AlreadyExists, "FileExistsError"),
];

/// An error of ours, by the class Python has for it.
pub(super) fn failed(message: &str, kind: io::ErrorKind) -> Value {
    let class = CLASSES.iter().find(|(known, _)| *known == kind);
    let class = class.map_or("OSError", |(_, class)| class);
    json!({ "error": {
        "class": class,
        "errno": null,
        "message": message,
        "is_oserror": true,
    }})
}

fn of_fs(error: &FsError) -> Value {
    let mut value = failed(&error.source.to_string(), error.source.kind());
    value["error"]["errno"] = json!(error.source.raw_os_error());
    value
}

/// The umask of this process, which no call of ours ever changes.
fn umask(place: &Place) -> Result<String, Unanswered> {
    let dir = place.dir(Utf8Path::new("/proc/self"))?;
    let file = told(dir.open_file(OsStr::new("status"), OpenMode::Read))?;
    let mut text = [0; 4096];
    let count = told(file.read_full_at(&mut text, 0))?;
    let text = String::from_utf8_lossy(text.get(..count).unwrap_or_default());
    let line = text.lines().find(|line| line.starts_with("Umask:"));
    line.map(str::to_owned)
        .ok_or_else(|| bad("the umask cannot be told"))
}
