//! Memory, as a counting allocator says. Only the program `session-bench-memory` has that allocator, so that
//! counting costs nobody time where time is taken.

use std::alloc::System;
use std::path::Path;
use std::process::Command;

use stats_alloc::{Region, StatsAlloc};

use crate::error::{BenchError, Doing as _};

/// What some work left allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Bytes taken and not given back while the answer of the work is alive.
    pub bytes: i64,
    /// Allocations made on the way, growing ones included.
    pub allocations: u64,
}

/// Does some work and counts what its answer holds; the answer is kept until that is done.
pub fn allocated_by<T>(allocator: &StatsAlloc<System>, work: impl FnOnce() -> T) -> (T, Measured) {
    let region = Region::new(allocator);
    let answer = work();
    let change = region.change();
    let taken = change.bytes_allocated as i64;
    let given_back = change.bytes_deallocated as i64;
    let measured = Measured {
        bytes: taken - given_back,
        allocations: (change.allocations + change.reallocations) as u64,
    };
    (answer, measured)
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
