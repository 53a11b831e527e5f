//! The line `/proc/PID/stat`, as far as it is needed.

/// Where a process stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stat {
    /// Its number.
    pub(crate) pid: u32,
    /// The number of its parent; 0 for none.
    pub(crate) parent: u32,
    /// The number of its process group.
    pub(crate) group: u32,
    /// Clock ticks since boot at its start.
    pub(crate) start_time: u64,
    /// Whether it has ended and only waits for its parent to notice.
    pub(crate) ended: bool,
    /// Whether it is a part of the kernel, and has no program.
    pub(crate) kernel: bool,
    /// Whether it has a program with an environment. A process that is just changing its program has
    /// none for a moment, and neither has one whose environment we may not read.
    pub(crate) settled: bool,
}

/// Fields between the closing parenthesis of the name and the start time, the state being 0.
const START_TIME: usize = 19;

/// Fields between the name and the flags.
const FLAGS: usize = 6;

/// The flag of a part of the kernel.
const FLAG_KERNEL: u64 = 0x0020_0000;

/// Fields between the name and the address where the environment ends.
const ENVIRONMENT_END: usize = 48;

impl Stat {
    /// Reads the line. The name stands in parentheses and may hold anything, parentheses and newlines
    /// included, so it ends at the last one. `None` when the line is not of this form.
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        let open = line.iter().position(|byte| *byte == b'(')?;
        let close = line.iter().rposition(|byte| *byte == b')')?;
        if close < open {
            return None;
        }
        let pid = std::str::from_utf8(line.get(..open)?)
            .ok()?
            .trim()
            .parse()
            .ok()?;
        let rest = std::str::from_utf8(line.get(close.checked_add(1)?..)?).ok()?;
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        Some(Self {
            pid,
            parent: fields.get(1)?.parse().ok()?,
            group: fields.get(2)?.parse().ok()?,
            start_time: fields.get(START_TIME)?.parse().ok()?,
            ended: matches!(*fields.first()?, "Z" | "X" | "x"),
            kernel: fields.get(FLAGS)?.parse::<u64>().ok()? & FLAG_KERNEL != 0,
            settled: fields.get(ENVIRONMENT_END).is_none_or(|end| *end != "0"),
        })
    }
}
