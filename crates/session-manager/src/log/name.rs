//! The names of log files.

use std::ffi::OsString;

use session_state::JobId;
use xxhash_rust::xxh3::xxh3_64;

/// How much of an id stands in a file name, in bytes.
const SLUG_BYTES_MAX: usize = 120;

/// The name of the file that is kept for running jobs, one after the other; no stem makes it.
pub(super) const RUNNING: &str = "running.part";
/// The end of a name while the job runs, where it has a file of its own.
pub(super) const PART: &str = ".log.part";
/// The end of the name of an interrupted attempt's log.
pub(super) const KEPT: &str = ".log";

/// The common beginning of the names of one attempt's log files: the id with every byte outside `A-Za-z0-9-_.`
/// replaced, a hash of the id where that lost something, the attempt from the second on. No two attempts of a
/// session share it.
pub fn log_stem(job: &JobId, attempt: u32) -> String {
    let id = job.as_str();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let mut slug: String = id
        .chars()
        .map(|char| {
            if u8::try_from(char).is_ok_and(plain) {
                char
            } else {
                '_'
            }
        })
        .take(SLUG_BYTES_MAX)
        .collect();
    let ends_like_an_attempt = slug
        .rsplit_once('.')
        .is_some_and(|(_, end)| end.bytes().all(|byte| byte.is_ascii_digit()));
    if slug != id || slug.is_empty() || slug.starts_with('.') || ends_like_an_attempt {
        slug = format!("job-{slug}-{:016x}", xxh3_64(id.as_bytes()));
    }
    if attempt > 1 {
        slug = format!("{slug}.{attempt}");
    }
    slug
}

/// The name of a file of one attempt.
pub(super) fn file_name(stem: &str, end: &str) -> OsString {
    OsString::from(format!("{stem}{end}"))
}
