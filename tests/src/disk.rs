//! Files of the tests themselves: unit files, marks, damage done on purpose.
//!
//! What is tested reaches the disk through `session_storage::Fs`; the hand that breaks it must not.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The bytes of a file.
///
/// # Errors
/// As the system says.
#[expect(
    clippy::disallowed_methods,
    reason = "tests look at files from outside"
)]
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
}

/// The text of a file; an absent file is empty.
///
/// # Errors
/// As the system says.
pub fn read_text_or_empty(path: &Path) -> io::Result<String> {
    match read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// Makes or replaces a file.
///
/// # Errors
/// As the system says.
#[expect(
    clippy::disallowed_methods,
    reason = "tests look at files from outside"
)]
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)
}

/// Makes a folder and those above it.
///
/// # Errors
/// As the system says.
#[expect(
    clippy::disallowed_methods,
    reason = "tests look at files from outside"
)]
pub fn create_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Removes a file.
///
/// # Errors
/// As the system says.
#[expect(
    clippy::disallowed_methods,
    reason = "tests look at files from outside"
)]
pub fn remove_file(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

/// Removes a folder and all in it.
///
/// # Errors
/// As the system says.
#[expect(
    clippy::disallowed_methods,
    reason = "tests look at files from outside"
)]
pub fn remove_folder(path: &Path) -> io::Result<()> {
    fs::remove_dir_all(path)
}

/// The paths in a folder, sorted; an absent folder is empty.
///
/// # Errors
/// As the system says.
#[expect(
    clippy::disallowed_methods,
    reason = "tests look at files from outside"
)]
pub fn entries(path: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Copies a folder with everything in it; links and the like are left out.
///
/// # Errors
/// As the system says.
pub fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    create_folder(to)?;
    for path in entries(from)? {
        let Some(name) = path.file_name() else {
            continue;
        };
        if path.is_dir() {
            copy_folder(&path, &to.join(name))?;
        } else if path.is_file() {
            write(&to.join(name), &read(&path)?)?;
        }
    }
    Ok(())
}

/// A file opened for writing, such as a device that is always full.
///
/// # Errors
/// As the system says.
#[expect(
    clippy::disallowed_methods,
    reason = "tests look at files from outside"
)]
pub fn open_to_write(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().write(true).open(path)
}

/// A file made anew or emptied, for writing.
///
/// # Errors
/// As the system says.
#[expect(
    clippy::disallowed_methods,
    reason = "tests look at files from outside"
)]
pub fn create(path: &Path) -> io::Result<fs::File> {
    fs::File::create(path)
}
