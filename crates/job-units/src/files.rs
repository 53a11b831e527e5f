//! Finding unit files and taking their text: the one place of this crate that touches the disk.

use std::fs::File;
use std::io::{self, Read as _};

use camino::{Utf8Path, Utf8PathBuf};
use walkdir::{DirEntry, WalkDir};

use crate::error::{UnitError, UnitErrorKind};

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The greatest size of one file in bytes, 256 MiB unless set; also of what aliases in YAML repeat.
    pub file_bytes: u64,
    /// How deep lists and maps may stand in each other in YAML, 100 unless set.
    pub nesting: usize,
    /// The greatest number of files below one folder, 10,000 unless set.
    pub files: usize,
    /// The greatest number of errors that are collected, 100 unless set.
    pub errors: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 256 << 20,
            nesting: 100,
            files: 10_000,
            errors: 100,
        }
    }
}

/// The unit files a path stands for: the file itself, or those below the folder, sorted by name.
pub(crate) fn find(path: &Utf8Path, limits: &Limits) -> Result<Vec<Utf8PathBuf>, UnitError> {
    let fail = |kind| UnitError::of_file(path.as_str(), kind);
    let metadata = path.metadata().map_err(|error| fail(unreadable(error)))?;
    if !metadata.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let walk = WalkDir::new(path)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry));
    for entry in walk {
        let entry = entry.map_err(|error| cannot_walk(path, error))?;
        if !entry.file_type().is_file() || !has_unit_name(&entry) {
            continue;
        }
        if found.len() == limits.files {
            return Err(fail(UnitErrorKind::TooManyFiles {
                limit: limits.files,
            }));
        }
        let file = Utf8PathBuf::from_path_buf(entry.into_path()).map_err(|file| {
            UnitError::of_file(file.to_string_lossy(), UnitErrorKind::NameNotUnicode)
        })?;
        found.push(file);
    }
    if found.is_empty() {
        return Err(fail(UnitErrorKind::NothingInFolder));
    }
    Ok(found)
}

/// The text of one unit file.
pub(crate) fn text_of(path: &Utf8Path, limits: &Limits) -> Result<String, UnitError> {
    let fail = |kind| UnitError::of_file(path.as_str(), kind);
    if path.is_dir() {
        return Err(fail(UnitErrorKind::IsFolder));
    }
    let bytes = read_at_most(path, limits.file_bytes).map_err(|error| fail(unreadable(error)))?;
    if bytes.len() as u64 > limits.file_bytes {
        return Err(fail(UnitErrorKind::TooLarge {
            limit: limits.file_bytes,
        }));
    }
    into_text(bytes).map_err(fail)
}

/// The bytes as text, unless they are none: not UTF-8, or with a NUL in them.
pub(crate) fn into_text(bytes: Vec<u8>) -> Result<String, UnitErrorKind> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(offset).copied().unwrap_or_default();
        UnitErrorKind::NotText { offset, byte }
    })?;
    match text.find('\0') {
        Some(offset) => Err(UnitErrorKind::NotText { offset, byte: 0 }),
        None => Ok(text),
    }
}

/// Reads one byte more than the limit at most, so that the length tells when it is passed.
fn read_at_most(path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this crate reads unit files and knows no other files"
    )]
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(error: io::Error) -> UnitErrorKind {
    if error.kind() == io::ErrorKind::NotFound {
        UnitErrorKind::NotFound
    } else {
        UnitErrorKind::Unreadable(error)
    }
}

fn cannot_walk(folder: &Utf8Path, error: walkdir::Error) -> UnitError {
    let place = error
        .path()
        .map_or_else(|| folder.to_string(), |path| path.display().to_string());
    UnitError::of_file(place, UnitErrorKind::Unreadable(error.into()))
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn has_unit_name(entry: &DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    [&b".pxu"[..], b".txt", b".in", b".yaml", b".yml", b".json"]
        .iter()
        .any(|ending| name.ends_with(ending))
}
