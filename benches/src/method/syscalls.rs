//! System calls, as strace counts them in a probe of this program.

use std::path::Path;
use std::process::Command;

use crate::error::{BenchError, Doing as _};

/// Whether strace can be used here.
#[must_use]
pub fn strace_is_there() -> bool {
    let found = Command::new("strace")
        .args(["-c", "-o", "/dev/null", "true"])
        .output();
    found.is_ok_and(|output| output.status.success())
}

/// How many system calls a probe makes in all, those of starting the program included.
///
/// # Errors
/// strace or the probe failed, or the total cannot be read.
pub fn system_calls(program: &Path, probe: &[&str]) -> Result<u64, BenchError> {
    let report = tempfile::NamedTempFile::new().doing("make a file for strace")?;
    let line = format!("strace -f -c session-bench probe {}", probe.join(" "));
    let output = Command::new("strace")
        .args(["-f", "-c", "-o"])
        .arg(report.path())
        .arg(program)
        .arg("probe")
        .args(probe)
        .output()
        .doing(format!("start `{line}`"))?;
    let text = crate::disk::read_text(report.path()).doing("read what strace counted")?;
    // The last line: percent, seconds, microseconds a call, calls, errors, "total".
    let total = text
        .lines()
        .rfind(|line| line.trim_end().ends_with("total"))
        .and_then(|line| line.split_whitespace().nth(3))
        .and_then(|number| number.parse::<u64>().ok());
    match total {
        Some(total) if output.status.success() => Ok(total),
        Some(_) | None => Err(BenchError::Tool {
            line,
            said: format!(
                "ended with {}: {}",
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            ),
        }),
    }
}
