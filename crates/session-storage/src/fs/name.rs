//! What counts as the name of one directory entry, and the causes the kernel has no number for.

use std::ffi::OsStr;
use std::io;

/// Refuses everything that is not exactly one component: the empty name, `.`, `..`, a name with `/` or NUL.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`].
pub(super) fn check_name(name: &OsStr) -> io::Result<()> {
    let bytes = name.as_encoded_bytes();
    if bytes.is_empty()
        || bytes == b"."
        || bytes == b".."
        || bytes.contains(&b'/')
        || bytes.contains(&0)
    {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not the name of one directory entry",
        ));
    }
    Ok(())
}

/// The cause when something under a name is neither a regular file nor a directory nor a link.
pub(super) fn not_a_regular_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")
}

/// The cause when a file to be written has further names, so that writing would reach outside.
pub(super) fn hard_linked() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        "the file has more than one name (hard link)",
    )
}

/// The cause when directories of two different file-system implementations are mixed.
pub(super) fn foreign_directory() -> io::Error {
    io::Error::new(
        io::ErrorKind::CrossesDevices,
        "the target directory belongs to another file system",
    )
}
