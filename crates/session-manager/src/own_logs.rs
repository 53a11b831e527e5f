//! The logs a session names, as far as they lie in its directory.

use std::ffi::OsStr;
use std::io;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use session_storage::{Dir, File, FsError, OpenMode, SessionStorage};
use suspend_resume::LogFiles;

/// Logs longer than this are not read, in bytes.
const LOG_BYTES_MAX: u64 = 1 << 30;

/// The files of one session, for names that lead into its directory. A name that leads elsewhere is that of no file:
/// what a session says is not followed out of it.
#[derive(Clone, Debug)]
pub struct OwnLogs {
    location: Utf8PathBuf,
    dir: Arc<dyn Dir>,
}

impl OwnLogs {
    /// Those of a session.
    pub fn of(storage: &SessionStorage) -> Self {
        Self::new(storage.location().to_owned(), Arc::clone(storage.dir()))
    }

    /// Those in a directory, by its path and as it was opened.
    pub fn new(location: Utf8PathBuf, dir: Arc<dyn Dir>) -> Self {
        Self { location, dir }
    }

    /// The path of the directory.
    pub fn location(&self) -> &Utf8Path {
        &self.location
    }

    fn open(&self, path: &str) -> Option<Box<dyn File>> {
        let inside = Utf8Path::new(path).strip_prefix(&self.location).ok()?;
        open_inside(&self.dir, inside).ok()
    }
}

/// Opens a file by its path inside a directory, one directory after the other: no step leads out.
pub(crate) fn open_inside(dir: &Arc<dyn Dir>, path: &Utf8Path) -> Result<Box<dyn File>, FsError> {
    let mut dir = Arc::clone(dir);
    for name in path.parent().into_iter().flat_map(Utf8Path::components) {
        dir = dir.open_dir(OsStr::new(name.as_str()))?;
    }
    dir.open_file(
        OsStr::new(path.file_name().unwrap_or_default()),
        OpenMode::Read,
    )
}

impl LogFiles for OwnLogs {
    fn exists(&self, path: &str) -> bool {
        self.open(path).is_some()
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let file = self
            .open(path)
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let length = file.metadata().map_err(of_fs)?.len;
        let length = usize::try_from(length)
            .ok()
            .filter(|length| *length as u64 <= LOG_BYTES_MAX)
            .ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        let mut bytes = vec![0; length];
        let count = file.read_full_at(&mut bytes, 0).map_err(of_fs)?;
        bytes.truncate(count);
        Ok(bytes)
    }
}

fn of_fs(error: FsError) -> io::Error {
    io::Error::new(error.kind(), error)
}
