//! Reading and writing files of the workspace, and where the workspace lies.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// A file of the workspace that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DiskError {
    /// Reading failed.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Writing failed.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The root of the workspace: the folder above this package.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The bytes of a file.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask uses none of our crates, so not their Fs either"
)]
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, DiskError> {
    std::fs::read(path).map_err(|source| DiskError::Read {
        path: path.display().to_string(),
        source,
    })
}

/// The text of a file; bytes that are not UTF-8 become the replacement character.
pub(crate) fn read_text(path: &Path) -> Result<String, DiskError> {
    read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Replaces the text of a file.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask uses none of our crates, so not their Fs either"
)]
pub(crate) fn write_text(path: &Path, text: &str) -> Result<(), DiskError> {
    std::fs::write(path, text).map_err(|source| DiskError::Write {
        path: path.display().to_string(),
        source,
    })
}

/// Makes or empties a file for the output of a program.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask uses none of our crates, so not their Fs either"
)]
pub(crate) fn create(path: &Path) -> io::Result<File> {
    File::create(path)
}

/// Makes a folder and those above it.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask uses none of our crates, so not their Fs either"
)]
pub(crate) fn create_folder(path: &Path) -> Result<(), DiskError> {
    std::fs::create_dir_all(path).map_err(|source| DiskError::Write {
        path: path.display().to_string(),
        source,
    })
}

/// The paths in a folder, sorted.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask uses none of our crates, so not their Fs either"
)]
pub(crate) fn entries(path: &Path) -> Result<Vec<PathBuf>, DiskError> {
    let read = || -> io::Result<Vec<PathBuf>> {
        let mut paths = std::fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        Ok(paths)
    };
    read().map_err(|source| DiskError::Read {
        path: path.display().to_string(),
        source,
    })
}
