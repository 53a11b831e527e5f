//! The machine, in kind: enough to read the figures, not enough to find it.

use std::path::Path;

use crate::disk;

/// What the figures were measured on: processors, memory, kernel.
#[must_use]
pub fn machine() -> String {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = line_of("/proc/meminfo", "MemTotal:")
        .and_then(|value| {
            value
                .split_whitespace()
                .next()
                .and_then(|number| number.parse::<u64>().ok())
        })
        .map_or_else(
            || "unknown".to_owned(),
            |kib| format!("{} GiB", kib.div_ceil(1 << 20)),
        );
    let flags = line_of("/proc/cpuinfo", "flags").unwrap_or_default();
    let kind = if flags.split_whitespace().any(|flag| flag == "hypervisor") {
        "virtual machine"
    } else {
        "machine"
    };
    let kernel = disk::read_text(Path::new("/proc/sys/kernel/osrelease")).unwrap_or_default();
    let kernel = kernel
        .split(['-', '\n'])
        .next()
        .unwrap_or_default()
        .to_owned();
    format!(
        "{kind}, {processors} processors ({}), {memory} memory, {} {kernel}",
        std::env::consts::ARCH,
        std::env::consts::OS,
    )
}

fn line_of(path: &str, name: &str) -> Option<String> {
    let text = disk::read_text(Path::new(path)).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(
        line.trim_start_matches(name)
            .trim_start_matches([' ', '\t', ':'])
            .to_owned(),
    )
}
