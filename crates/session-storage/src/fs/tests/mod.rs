//! What every file system must answer, what the simulated disk may lose, and how planned failures strike.

mod behaviours;
mod conformance;
mod crash_model;
mod failures;
mod hostile;
mod sectors;

/// The name of an error number, as the kernel's headers have it.
fn errno_name(number: i32) -> &'static str {
    use rustix::io::Errno;
    let names = [
        (Errno::BADF, "EBADF"),
        (Errno::EXIST, "EEXIST"),
        (Errno::INVAL, "EINVAL"),
        (Errno::ISDIR, "EISDIR"),
        (Errno::LOOP, "ELOOP"),
        (Errno::NAMETOOLONG, "ENAMETOOLONG"),
        (Errno::NOENT, "ENOENT"),
        (Errno::NOTDIR, "ENOTDIR"),
        (Errno::NOTEMPTY, "ENOTEMPTY"),
    ];
    let found = names
        .iter()
        .find(|(errno, _)| errno.raw_os_error() == number);
    found.map_or("an error number not in this table", |(_, name)| name)
}
