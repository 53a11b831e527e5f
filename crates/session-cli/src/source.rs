//! What a person names: a session by its id, a session directory, or a checkpoint file.

use std::env;
use std::ffi::OsStr;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use session_manager::{ManagerOptions, OwnLogs, find_session};
use session_storage::{
    Dir, EntryKind, File, Fs as _, FsError, OpenMode, RealFs, Repository, SessionStorage,
};

use crate::config::Place;
use crate::error::Failure;

/// The one file of a session kept in a Checkbox format.
const SINGLE_FILE: &str = "session";

/// No checkpoint file is longer, in bytes.
const FILE_BYTES_MAX: u64 = 4 << 30;

/// What was named.
#[derive(Debug)]
pub(crate) enum Source {
    /// A session.
    Session(SessionStorage),
    /// A file with a checkpoint, in no session directory we keep.
    File(CheckpointFile),
}

/// A file with a checkpoint.
#[derive(Debug)]
pub(crate) struct CheckpointFile {
    /// Where it lies.
    pub(crate) path: Utf8PathBuf,
    /// What it holds.
    pub(crate) bytes: Vec<u8>,
    /// When it was last written, in nanoseconds since the epoch.
    pub(crate) modified_ns: i128,
    /// The files beside it.
    pub(crate) beside: OwnLogs,
}

/// Finds what was named. A text with a slash, or with the name of something that is there, is a path; any other is an
/// id, a beginning of one, or `latest`.
///
/// # Errors
/// There is no such session or file, or it cannot be read.
pub(crate) fn find(
    text: &str,
    repository: Option<&Utf8Path>,
    options: &ManagerOptions,
) -> Result<Source, Failure> {
    let path = absolute(Utf8Path::new(text))?;
    if text.contains('/') || metadata_at(&path)?.is_some() {
        return at_path(&path, options);
    }
    let repository = Place::choose(repository)?.open()?;
    Ok(Source::Session(find_session(&repository, text, options)?))
}

/// A path from the root of the file system, without what leads nowhere.
pub(crate) fn absolute(path: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let current = env::current_dir().map_err(Failure::CurrentDirectory)?;
    let current = Utf8PathBuf::from_path_buf(current).map_err(Failure::NotUnicode)?;
    Ok(current.join(path).components().collect())
}

/// The directory of a path, opened, and the name in it.
pub(crate) fn parent(path: &Utf8Path) -> Result<(Arc<dyn Dir>, &OsStr), Failure> {
    let no_file = || Failure::NoFile {
        path: path.to_owned(),
    };
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(no_file());
    };
    // A link to the directory is followed: it is a person's own choice.
    match RealFs.open_dir(&parent.join(".")) {
        Ok(dir) => Ok((dir, OsStr::new(name))),
        Err(error) if error.is_not_found() => Err(no_file()),
        Err(error) => Err(Failure::File(error)),
    }
}

fn metadata_at(path: &Utf8Path) -> Result<Option<EntryKind>, Failure> {
    match parent(path) {
        Ok((dir, name)) => {
            let metadata = dir.metadata(name).map_err(Failure::File)?;
            Ok(metadata.map(|metadata| metadata.kind))
        }
        Err(Failure::NoFile { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn at_path(path: &Utf8Path, options: &ManagerOptions) -> Result<Source, Failure> {
    let (dir, name) = parent(path)?;
    let no_file = || Failure::NoFile {
        path: path.to_owned(),
    };
    match dir.metadata(name).map_err(Failure::File)? {
        None => Err(no_file()),
        Some(found) if found.kind == EntryKind::Dir => {
            let inside = dir.open_dir(name).map_err(Failure::File)?;
            if let (Some("session"), Some(parent)) = (path.extension(), path.parent()) {
                let repository = Repository::open(Arc::new(RealFs), parent)?;
                let storage = find_session(&repository, &name.to_string_lossy(), options)?;
                return Ok(Source::Session(storage));
            }
            let file = path.join(SINGLE_FILE);
            read(&file, &inside, OsStr::new(SINGLE_FILE)).map(Source::File)
        }
        Some(_) => read(path, &dir, name).map(Source::File),
    }
}

/// Reads a checkpoint file.
pub(crate) fn read(
    path: &Utf8Path,
    dir: &Arc<dyn Dir>,
    name: &OsStr,
) -> Result<CheckpointFile, Failure> {
    let file = match dir.open_file(name, OpenMode::Read) {
        Ok(file) => file,
        Err(error) if error.is_not_found() => {
            return Err(Failure::NoFile {
                path: path.to_owned(),
            });
        }
        Err(error) => return Err(Failure::File(error)),
    };
    let modified_ns = file.metadata().map_err(Failure::File)?.modified_ns;
    let bytes = read_whole(&*file)
        .map_err(Failure::File)?
        .ok_or_else(|| Failure::TooLong {
            path: path.to_owned(),
        })?;
    Ok(CheckpointFile {
        path: path.to_owned(),
        bytes,
        modified_ns,
        beside: OwnLogs::new(path.parent().unwrap_or(path).to_owned(), Arc::clone(dir)),
    })
}

/// All bytes of a file; `None` when they are too many.
fn read_whole(file: &dyn File) -> Result<Option<Vec<u8>>, FsError> {
    let length = file.metadata()?.len;
    let Some(length) = usize::try_from(length)
        .ok()
        .filter(|length| *length as u64 <= FILE_BYTES_MAX)
    else {
        return Ok(None);
    };
    let mut bytes = vec![0; length];
    let count = file.read_full_at(&mut bytes, 0)?;
    bytes.truncate(count);
    Ok(Some(bytes))
}
