//! Memory, as a counting allocator says. Only the program `session-bench-memory` has that allocator, so that
//! counting costs nobody time where time is taken.

use std::path::Path;
use std::process::Command;

use peak_alloc::PeakAlloc;

use crate::error::{BenchError, Doing as _};

/// Does some work; answers with what its answer holds, in bytes, while it is alive.
pub fn allocated_by<T>(allocator: PeakAlloc, work: impl FnOnce() -> T) -> (T, usize) {
    let before = allocator.current_usage();
    let answer = work();
    let held = allocator.current_usage().saturating_sub(before);
    (answer, held)
}

/// Does some work; answers with the most that was allocated at any moment of it, in bytes, beyond `before`.
pub fn peak_of<T>(allocator: PeakAlloc, before: usize, work: impl FnOnce() -> T) -> (T, usize) {
    allocator.reset_peak_usage();
    let answer = work();
    let peak = allocator.peak_usage().saturating_sub(before);
    (answer, peak)
}

/// Runs a probe of the program with the counting allocator, which prints one figure.
///
/// # Errors
/// The program is not there, or failed.
pub fn measure_memory(program: &Path, probe: &[&str]) -> Result<f64, BenchError> {
    let program = program.with_file_name("session-bench-memory");
    let line = format!("session-bench-memory {}", probe.join(" "));
    let output = Command::new(&program)
        .args(probe)
        .output()
        .doing(format!("start `{line}`"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    match text.trim().parse() {
        Ok(figure) if output.status.success() => Ok(figure),
        Ok(_) | Err(_) => Err(BenchError::Tool {
            line,
            said: format!(
                "ended with {}: {}",
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            ),
        }),
    }
}
