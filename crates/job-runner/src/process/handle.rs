//! A hold on one process that no other process can slip into.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal};

use super::proc::read_stat;

/// A pidfd. It reads as ready when the process has ended, waited for or not.
#[derive(Debug)]
pub(crate) struct ProcessHandle(OwnedFd);

impl ProcessHandle {
    /// Takes hold of our own child, whose number is its own until it is waited for.
    pub(crate) fn of_child(pid: u32) -> io::Result<Self> {
        let pid = i32::try_from(pid)
            .ok()
            .and_then(Pid::from_raw)
            .ok_or_else(|| io::Error::from(Errno::SRCH))?;
        Ok(Self(rustix::process::pidfd_open(pid, PidfdFlags::empty())?))
    }

    /// Takes hold of any process, if it is still the one that started at `start_time`. Looking at the
    /// start time after the handle is open makes it certain that both mean the same process.
    pub(crate) fn of(pid: u32, start_time: u64) -> io::Result<Self> {
        let handle = Self::of_child(pid)?;
        match read_stat(pid) {
            Some(stat) if stat.start_time == start_time && !stat.ended => Ok(handle),
            _ => Err(Errno::SRCH.into()),
        }
    }

    /// Sends a signal. A process that has ended takes it without effect.
    pub(crate) fn send(&self, signal: Signal) -> io::Result<()> {
        match rustix::process::pidfd_send_signal(&self.0, signal) {
            Ok(()) | Err(Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the process has ended.
    pub(crate) fn has_ended(&self) -> io::Result<bool> {
        Ok(wait_readable(&[self.as_fd()], Duration::ZERO)?.contains(&true))
    }
}

impl AsFd for ProcessHandle {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Waits until one of the descriptors can be read, has ended or failed, at most this long; says which.
/// A signal to this process ends the wait early with none.
pub(crate) fn wait_readable(fds: &[BorrowedFd<'_>], longest: Duration) -> io::Result<Vec<bool>> {
    let mut polled: Vec<PollFd<'_>> = fds
        .iter()
        .map(|fd| PollFd::from_borrowed_fd(*fd, PollFlags::IN))
        .collect();
    let longest = Timespec::try_from(longest).map_err(|_| io::Error::from(Errno::INVAL))?;
    match rustix::event::poll(&mut polled, Some(&longest)) {
        Ok(_) => Ok(polled.iter().map(|fd| !fd.revents().is_empty()).collect()),
        Err(Errno::INTR) => Ok(vec![false; fds.len()]),
        Err(error) => Err(error.into()),
    }
}
