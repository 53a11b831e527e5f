//! Which process it is, beyond its number.

use std::io;

use super::proc::{boot_id, read_stat};

/// A process beyond doubt: numbers are given again, these four together are not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProcessIdentity {
    /// The number of the process in its namespace.
    pub pid: u32,
    /// When it started: clock ticks since boot, from `/proc/PID/stat`.
    pub start_time: u64,
    /// The inode of the pid namespace.
    pub pid_namespace: u64,
    /// The id of the boot; empty when the kernel does not tell, and then equal to no other.
    pub boot_id: Box<str>,
}

/// What this process shares with every other one it can see by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// The inode of the pid namespace.
    pub pid_namespace: u64,
    /// The id of the boot; empty when the kernel does not tell.
    pub boot_id: Box<str>,
}

/// `/proc` does not answer.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {path}: is /proc mounted?")]
pub struct HostError {
    /// What was looked at.
    pub path: &'static str,
    /// Why it failed.
    #[source]
    pub source: io::Error,
}

impl Host {
    /// Asks the kernel where we are.
    pub fn current() -> Result<Self, HostError> {
        let path = "/proc/self/ns/pid";
        let namespace = rustix::fs::stat(path).map_err(|error| HostError {
            path,
            source: error.into(),
        })?;
        Ok(Self {
            pid_namespace: namespace.st_ino,
            boot_id: boot_id().unwrap_or_default(),
        })
    }

    /// The identity of the process that has this number now, ended but not yet waited for included;
    /// `None` when there is none.
    pub fn identify(&self, pid: u32) -> Option<ProcessIdentity> {
        Some(ProcessIdentity {
            pid,
            start_time: read_stat(pid)?.start_time,
            pid_namespace: self.pid_namespace,
            boot_id: self.boot_id.clone(),
        })
    }

    /// Whether the numbers of that process mean here what they meant when it was recorded.
    pub fn shares_numbers_with(&self, process: &ProcessIdentity) -> bool {
        !self.boot_id.is_empty()
            && self.boot_id == process.boot_id
            && self.pid_namespace == process.pid_namespace
    }
}
