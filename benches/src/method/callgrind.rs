//! Machine instructions, as callgrind counts them in a probe of this program.

use std::path::Path;
use std::process::Command;

use crate::error::{BenchError, Doing as _};

/// Does the work whose instructions count. Callgrind switches its counting on at the entry of this function and
/// off at its end, so whatever a probe prepares before does not enter.
#[inline(never)]
pub fn measured<T>(work: impl FnOnce() -> T) -> T {
    std::hint::black_box(work())
}

/// The instructions of everything a probe put through [`measured`]; `None` when there is no valgrind here.
///
/// # Errors
/// The probe failed, or nothing of it was measured.
pub fn instructions(program: &Path, probe: &[&str]) -> Result<Option<u64>, BenchError> {
    let found = Command::new("valgrind").arg("--version").output();
    if !found.is_ok_and(|output| output.status.success()) {
        return Ok(None);
    }
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args([
            "--collect-atstart=no",
            "--toggle-collect=*callgrind*measured*",
        ])
        .arg(program)
        .arg("probe")
        .args(probe);
    let line = format!(
        "valgrind --tool=callgrind session-bench probe {}",
        probe.join(" ")
    );
    let output = command.output().doing(format!("start `{line}`"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said
        .lines()
        .find_map(|line| line.split("Collected : ").nth(1))
        .and_then(|number| number.trim().parse::<u64>().ok());
    match collected {
        Some(count) if output.status.success() && count > 0 => Ok(Some(count)),
        Some(_) | None => Err(BenchError::Tool {
            line,
            said: format!(
                "ended with {} and counted nothing: {}",
                output.status,
                said.trim()
            ),
        }),
    }
}
