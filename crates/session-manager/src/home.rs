//! Where a session lay when it was last opened for writing, so that a copy is known as one.

use std::ffi::OsStr;

use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};
use session_storage::{Dir, FsError, OpenMode, SessionStorage};

use crate::options::ManagerOptions;

const NAME: &str = "home";
const NAME_NEXT: &str = "home.tmp";
/// How much of the file is read, in bytes.
const BYTES_MAX: usize = 16 << 10;

/// A place where a session lay, and the machine it was on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The machine, by a digest of its identity; `None` where it has none.
    pub machine: Option<String>,
    /// The path of the session's directory.
    pub location: Utf8PathBuf,
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
struct HomeFile {
    machine: Option<String>,
    location: String,
}

impl Home {
    /// Where a session lies now.
    pub(crate) fn of(storage: &SessionStorage, options: &ManagerOptions) -> Self {
        Self {
            machine: options.machine.clone(),
            location: storage.location().to_owned(),
        }
    }

    /// Whether both are known to be on different machines.
    pub(crate) fn is_on_another_machine(&self, other: &Self) -> bool {
        self.machine.is_some() && other.machine.is_some() && self.machine != other.machine
    }
}

/// Reads where a session lay; `None` when it does not say.
pub(crate) fn read_home(storage: &SessionStorage) -> Result<Option<Home>, FsError> {
    let file = match storage.dir().open_file(OsStr::new(NAME), OpenMode::Read) {
        Ok(file) => file,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = vec![0; BYTES_MAX];
    let count = file.read_full_at(&mut bytes, 0)?;
    bytes.truncate(count);
    let home = serde_json::from_slice::<HomeFile>(&bytes).ok();
    Ok(home.map(|home| Home {
        machine: home.machine,
        location: home.location.into(),
    }))
}

/// Notes where the session lies. A courtesy: without the note a later copy is not known as one, so a failure
/// (a full disk, say) keeps nobody from working.
pub(crate) fn note_home(storage: &SessionStorage, home: &Home) {
    if read_home(storage).ok().flatten().as_ref() == Some(home) {
        return;
    }
    let _ = write_home(&**storage.dir(), home);
}

fn write_home(dir: &dyn Dir, home: &Home) -> Result<(), FsError> {
    let file = HomeFile {
        machine: home.machine.clone(),
        location: home.location.to_string(),
    };
    let Ok(text) = serde_json::to_vec(&file) else {
        return Ok(());
    };
    match dir.remove_file(OsStr::new(NAME_NEXT)) {
        Err(error) if !error.is_not_found() => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let file = dir.open_file(OsStr::new(NAME_NEXT), OpenMode::CreateNew)?;
    file.write_all_at(&text, 0)?;
    file.sync_data()?;
    dir.rename(OsStr::new(NAME_NEXT), OsStr::new(NAME))
}
