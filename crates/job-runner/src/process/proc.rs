//! All reading of `/proc`. Processes vanish while one looks, and some cannot be looked into: both
//! read as nothing.
#![expect(
    clippy::disallowed_methods,
    reason = "/proc is not the disk: it is how the kernel answers questions about processes"
)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use super::stat::Stat;
use crate::command::MARK_VARIABLE;

/// A living process, as it was when it was looked at.
pub(crate) type Process = Stat;

/// How often, and with what pauses, a process without an environment is looked at again: half a second.
const ENVIRONMENT_LOOKS_MAX: u32 = 500;
const ENVIRONMENT_WAIT: Duration = Duration::from_millis(1);

/// The longest command line that is kept, in characters.
const COMMAND_CHARS_MAX: usize = 200;

/// Every living process that can be seen; neither parts of the kernel nor those that have ended and
/// wait for their parent.
pub(crate) fn processes() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| number(&entry.file_name()))
        .filter_map(read_stat)
        .filter(|process| !process.ended && !process.kernel)
        .collect()
}

/// What is known of one process, ended or not; `None` when there is none of that number.
pub(crate) fn read_stat(pid: u32) -> Option<Stat> {
    Stat::parse(&std::fs::read(format!("/proc/{pid}/stat")).ok()?)
}

/// Whether the process was started with this mark in its environment. One that is just changing its
/// program shows no environment; it is waited for, as long as such a change may take on a busy machine.
pub(crate) fn marked(process: &Process, mark: &str) -> bool {
    let mut settled_before = process.settled;
    for _ in 0..ENVIRONMENT_LOOKS_MAX {
        let Ok(environment) = std::fs::read(format!("/proc/{}/environ", process.pid)) else {
            return false;
        };
        if !environment.is_empty() {
            return environment
                .split(|byte| *byte == 0)
                .any(|variable| is_mark(variable, mark));
        }
        let Some(now) = read_stat(process.pid)
            .filter(|now| now.start_time == process.start_time && !now.ended && !now.kernel)
        else {
            return false;
        };
        if now.settled && settled_before {
            return false;
        }
        if !now.settled {
            std::thread::sleep(ENVIRONMENT_WAIT);
        }
        settled_before = now.settled;
    }
    false
}

fn is_mark(variable: &[u8], mark: &str) -> bool {
    variable
        .strip_prefix(MARK_VARIABLE.as_bytes())
        .and_then(|rest| rest.strip_prefix(b"="))
        == Some(mark.as_bytes())
}

/// The command line of a process for people, cut at a bound; empty when there is none.
pub(crate) fn command_line(pid: u32) -> String {
    let Ok(bytes) = std::fs::read(format!("/proc/{pid}/cmdline")) else {
        return String::new();
    };
    String::from_utf8_lossy(&bytes)
        .trim_end_matches('\0')
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(COMMAND_CHARS_MAX)
        .collect()
}

/// The id of this boot; `None` when the kernel does not tell.
pub(super) fn boot_id() -> Option<Box<str>> {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let id = text.trim();
    (!id.is_empty()).then(|| id.into())
}

fn number(name: &OsStr) -> Option<u32> {
    std::str::from_utf8(name.as_bytes()).ok()?.parse().ok()
}
