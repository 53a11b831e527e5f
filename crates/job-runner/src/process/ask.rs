//! Asking one process to end, and waiting for it.

use std::io;
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::Signal;

use super::handle::{ProcessHandle, wait_readable};
use super::identity::{Host, ProcessIdentity};

/// Sends SIGTERM to exactly this process and waits until it has ended, at most this long; tells whether it has. One
/// that is gone already, or whose number means nothing here, has ended as far as can be told.
///
/// # Errors
/// `/proc` does not answer, or the kernel refuses the signal (another user's process).
pub fn ask_to_end(process: &ProcessIdentity, longest: Duration) -> io::Result<bool> {
    let host = Host::current().map_err(|error| error.source)?;
    if !host.shares_numbers_with(process) {
        return Ok(true);
    }
    let handle = match ProcessHandle::of(process.pid, process.start_time) {
        Ok(handle) => handle,
        Err(error) if error.raw_os_error() == Some(Errno::SRCH.raw_os_error()) => return Ok(true),
        Err(error) => return Err(error),
    };
    handle.send(Signal::TERM)?;
    let until = Instant::now().checked_add(longest);
    loop {
        if handle.has_ended()? {
            return Ok(true);
        }
        let left = until.map_or(longest, |until| {
            until.saturating_duration_since(Instant::now())
        });
        if left.is_zero() {
            return Ok(false);
        }
        // A signal to ourselves ends one wait early; the next goes on.
        wait_readable(&[handle.as_fd()], left)?;
    }
}
