//! Files of the benchmarks themselves: results, plots, kernel counters, scratch folders.
//!
//! What is measured reaches the disk through `session_storage::Fs`; what stands beside it must not.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The text of a file, a counter of the kernel say.
#[expect(
    clippy::disallowed_methods,
    reason = "counters and peers' files are not ours"
)]
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    fs::read_to_string(path)
}

/// The bytes of a file.
#[expect(clippy::disallowed_methods, reason = "the floor reads by itself")]
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
}

/// Makes or replaces a file.
#[expect(clippy::disallowed_methods, reason = "results are no session")]
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)
}

/// Makes a folder and those above it.
#[expect(clippy::disallowed_methods, reason = "scratch is no session")]
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// The names in a folder.
#[expect(clippy::disallowed_methods, reason = "the floor walks by itself")]
pub(crate) fn names(path: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect()
}

/// Opens an existing file to read.
#[expect(clippy::disallowed_methods, reason = "the floor reads by itself")]
pub(crate) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Makes a file that must not exist yet, to read and write.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

/// The folder all results and scratch files go to: `bench` in the build folder this program stands in.
pub(crate) fn home() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let build = program
        .ancestors()
        .find(|folder| folder.ends_with("target"))
        .map_or_else(std::env::temp_dir, Path::to_path_buf);
    let home = build.join("bench");
    create_folder(&home)?;
    Ok(home)
}

/// A folder that goes away with the answer.
pub(crate) fn scratch() -> io::Result<tempfile::TempDir> {
    tempfile::Builder::new()
        .prefix("scratch-")
        .tempdir_in(home()?)
}
