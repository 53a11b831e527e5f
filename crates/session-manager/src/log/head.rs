//! The first two lines of a running log: whose it is, and which process.
//!
//! Both are JSON, written field by field: that takes a third of the instructions that serde's way takes, for each job.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The layout of a running log: since 2 every line has a check.
pub(super) const LAYOUT: u32 = 2;

/// The first line of the log of a running job.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(Serialize))]
pub(super) struct PartHead<'a> {
    /// The layout of this file.
    pub(super) part: u32,
    /// Which attempt in this file it is, counted from 1: no two heads of one file are the same.
    #[serde(default)]
    pub(super) run: u64,
    /// The session.
    pub(super) session: Cow<'a, str>,
    /// The job.
    pub(super) job: Cow<'a, str>,
    /// The attempt, counted from 1.
    pub(super) attempt: u32,
}

/// A process, as the kernel knows it: enough not to take another for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessRecord {
    /// Its number.
    pub pid: u32,
    /// When it was started, in clock ticks since boot.
    pub start_time: u64,
    /// The pid namespace the number belongs to.
    pub pid_namespace: u64,
    /// The boot of the machine.
    pub boot_id: Box<str>,
}

impl PartHead<'_> {
    /// Writes it behind what is there.
    pub(super) fn put(&self, line: &mut Vec<u8>) -> serde_json::Result<()> {
        put(line, "{\"part\":", &self.part)?;
        put(line, ",\"run\":", &self.run)?;
        put(line, ",\"session\":", &self.session)?;
        put(line, ",\"job\":", &self.job)?;
        put(line, ",\"attempt\":", &self.attempt)?;
        line.push(b'}');
        Ok(())
    }
}

impl ProcessRecord {
    /// Writes it behind what is there.
    pub(super) fn put(&self, line: &mut Vec<u8>) -> serde_json::Result<()> {
        put(line, "{\"pid\":", &self.pid)?;
        put(line, ",\"start_time\":", &self.start_time)?;
        put(line, ",\"pid_namespace\":", &self.pid_namespace)?;
        put(line, ",\"boot_id\":", &self.boot_id)?;
        line.push(b'}');
        Ok(())
    }
}

/// Writes what stands before a value, and the value.
fn put(line: &mut Vec<u8>, before: &str, value: &impl Serialize) -> serde_json::Result<()> {
    line.extend_from_slice(before.as_bytes());
    serde_json::to_writer(line, value)
}
