//! Who holds a lock, as text in the lock file, and whether that one lives.

use std::ffi::OsStr;
use std::fmt;
use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};

use crate::fs::{Fs, FsError, OpenMode};

/// Records longer than this are not read.
pub(super) const RECORD_BYTES_MAX: usize = 4096;
const TEXT_BYTES_MAX: usize = 1024;

/// A process that holds a lock, or wants to. What could not be found out is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The process number.
    pub pid: u32,
    /// When the process began, in clock ticks since the machine started: tells it from a later one of the number.
    pub start_time: Option<u64>,
    /// The inode of the namespace in which the number means this process.
    pub pid_namespace: Option<u64>,
    /// The identity of the machine's run since it was started.
    pub boot_id: Option<String>,
    /// The name of the machine.
    pub host: Option<String>,
    /// What the process is doing.
    pub command: String,
    /// Since when it holds the lock, microseconds since the epoch.
    pub since_us: i64,
}

/// Whether a holder lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Liveness {
    /// The process lives on this machine.
    Alive,
    /// It has ended, or was killed and is ending, so that nothing of its program runs any more; the number may be
    /// used by another process by now.
    Gone,
    /// It was last seen before this machine was started anew.
    EarlierBoot,
    /// It is on another machine.
    OtherHost,
    /// It is in another pid namespace, so its number says nothing here.
    OtherNamespace,
    /// The record, or this machine, does not tell.
    Unknown,
}

impl fmt::Display for Liveness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Alive => "which is running",
            Self::Gone => "which has ended",
            Self::EarlierBoot => "which ended before this machine was last started",
            Self::OtherHost => "which is on another machine",
            Self::OtherNamespace => "which is in another container",
            Self::Unknown => "of which nothing more is known",
        })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.pid)?;
        if let Some(host) = &self.host {
            write!(f, " on {host}")?;
        }
        if !self.command.is_empty() {
            write!(f, " ({})", self.command)?;
        }
        Ok(())
    }
}

impl Holder {
    /// Describes the process with this number, from what `/proc` tells; what it does not tell stays open.
    pub fn of_process(fs: &dyn Fs, pid: u32, command: &str, since_us: i64) -> Self {
        let kernel = Utf8Path::new("/proc/sys/kernel");
        Self {
            pid,
            start_time: Seen::of(fs, pid).ok().flatten().map(|seen| seen.start_time),
            pid_namespace: pid_namespace(fs, pid),
            boot_id: first_line(fs, &kernel.join("random"), "boot_id"),
            host: first_line(fs, kernel, "hostname"),
            command: command.to_owned(),
            since_us,
        }
    }

    /// Whether this holder lives, as `observer` (a description of the asking process) can tell.
    pub fn liveness(&self, fs: &dyn Fs, observer: &Self) -> Liveness {
        match (&self.boot_id, &observer.boot_id) {
            (Some(there), Some(here)) if there == here => {}
            (Some(_), Some(_)) if self.host.is_some() && self.host == observer.host => {
                return Liveness::EarlierBoot;
            }
            (Some(_), Some(_)) => return Liveness::OtherHost,
            (None, _) | (_, None) => return Liveness::Unknown,
        }
        if self.pid_namespace.is_some() && self.pid_namespace != observer.pid_namespace {
            return Liveness::OtherNamespace;
        }
        // In this order: a signal that is no longer waiting has left its mark.
        let is_killed = is_killed(fs, self.pid);
        match (Seen::of(fs, self.pid), self.start_time) {
            (Ok(Some(now)), Some(then)) if now.start_time == then => {
                if is_killed || now.is_ending {
                    Liveness::Gone
                } else {
                    Liveness::Alive
                }
            }
            // Where even the one who asks cannot be seen, not seeing another proves nothing.
            (Ok(None), _) if fs.open_dir(&proc_dir(observer.pid)).is_err() => Liveness::Unknown,
            (Ok(Some(_)), Some(_)) | (Ok(None), _) => Liveness::Gone,
            (Ok(Some(_)), None) | (Err(_), _) => Liveness::Unknown,
        }
    }

    /// The record as text: one `name: value` per line, closed by `end`, so that a cut one is not believed.
    pub(super) fn to_record(&self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                let _ = writeln!(text, "{name}: {}", one_line(&value));
            }
        };
        line("pid", Some(self.pid.to_string()));
        line("start-time", self.start_time.map(|ticks| ticks.to_string()));
        line(
            "pid-namespace",
            self.pid_namespace.map(|inode| inode.to_string()),
        );
        line("boot-id", self.boot_id.clone());
        line("host", self.host.clone());
        line("command", Some(self.command.clone()));
        line("since-us", Some(self.since_us.to_string()));
        text.push_str("end\n");
        text
    }

    /// Reads a record; `None` for anything that is not a whole one.
    pub(super) fn from_record(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (body, _) = text.split_once("\nend\n")?;
        let value = |name: &str| {
            body.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        Some(Self {
            pid: value("pid")?.parse().ok()?,
            start_time: value("start-time").and_then(|text| text.parse().ok()),
            pid_namespace: value("pid-namespace").and_then(|text| text.parse().ok()),
            boot_id: value("boot-id").map(ToOwned::to_owned),
            host: value("host").map(ToOwned::to_owned),
            command: value("command").unwrap_or_default().to_owned(),
            since_us: value("since-us")?.parse().ok()?,
        })
    }
}

/// Keeps a value on one line and within bounds.
fn one_line(value: &str) -> String {
    let mut line = String::new();
    for character in value.chars() {
        if line.len() >= TEXT_BYTES_MAX {
            break;
        }
        line.push(if character.is_control() {
            ' '
        } else {
            character
        });
    }
    line
}

fn read_small(fs: &dyn Fs, dir: &Utf8Path, name: &str) -> Result<Vec<u8>, FsError> {
    let file = fs
        .open_dir(dir)?
        .open_file(OsStr::new(name), OpenMode::Read)?;
    let mut buffer = vec![0; RECORD_BYTES_MAX];
    let count = file.read_full_at(&mut buffer, 0)?;
    buffer.truncate(count);
    Ok(buffer)
}

fn first_line(fs: &dyn Fs, dir: &Utf8Path, name: &str) -> Option<String> {
    let bytes = read_small(fs, dir, name).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let line = text.lines().next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

fn pid_namespace(fs: &dyn Fs, pid: u32) -> Option<u64> {
    let dir = fs.open_dir(&proc_dir(pid).join("ns")).ok()?;
    let link = dir.read_symlink(OsStr::new("pid")).ok()?;
    let inode = link.to_str()?.strip_prefix("pid:[")?.strip_suffix(']')?;
    inode.parse().ok()
}

/// What the kernel shows of a process.
struct Seen {
    /// When it began, in clock ticks.
    start_time: u64,
    /// Whether it has ended and only waits for its parent to notice, or is ending right now. A process whose first
    /// thread alone has ended lives on, unless a signal did that.
    is_ending: bool,
}

impl Seen {
    /// Where the fields stand in `/proc/PID/stat`, counted from the one after the program's name.
    const STATE: usize = 0;
    const FLAGS: usize = 6;
    const THREADS: usize = 17;
    const START_TIME: usize = 19;
    /// The flag of a thread that is ending.
    const FLAG_EXITING: u64 = 0x4;
    /// The flag of a thread that is ended by a signal, which ends all threads.
    const FLAG_SIGNALED: u64 = 0x400;

    /// Looks at a process; `Ok(None)` when there is none of that number, or the kernel tells something else.
    fn of(fs: &dyn Fs, pid: u32) -> Result<Option<Self>, FsError> {
        let stat = match read_small(fs, &proc_dir(pid), "stat") {
            Ok(stat) => stat,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Self::parse(&String::from_utf8_lossy(&stat)))
    }

    /// Reads the line. The second field is the program's name in parentheses, which may hold anything.
    fn parse(stat: &str) -> Option<Self> {
        let (_, rest) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
        let has_ended = matches!(*fields.get(Self::STATE)?, "Z" | "X" | "x");
        let flags = number(Self::FLAGS)?;
        let has_left = has_ended || flags & Self::FLAG_EXITING != 0;
        let was_last = has_left && number(Self::THREADS)? <= 1;
        Some(Self {
            start_time: number(Self::START_TIME)?,
            is_ending: was_last || flags & Self::FLAG_SIGNALED != 0,
        })
    }
}

/// Whether the signal that nothing survives waits for a process: it has not begun to end, and will.
fn is_killed(fs: &dyn Fs, pid: u32) -> bool {
    const SIGKILL: u64 = 1 << 8;
    let Ok(status) = read_small(fs, &proc_dir(pid), "status") else {
        return false;
    };
    let status = String::from_utf8_lossy(&status);
    let pending = status.lines().filter_map(|line| {
        let signals = line
            .strip_prefix("SigPnd:")
            .or(line.strip_prefix("ShdPnd:"))?;
        u64::from_str_radix(signals.trim(), 16).ok()
    });
    pending.into_iter().any(|signals| signals & SIGKILL != 0)
}

/// Where the kernel tells about a process.
fn proc_dir(pid: u32) -> Utf8PathBuf {
    format!("/proc/{pid}").into()
}
