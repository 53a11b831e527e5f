//! `session-bench-memory`: prints what some work leaves allocated, as a counting allocator says.

use std::process::ExitCode;

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() -> ExitCode {
    session_bench::cli::memory_main(ALLOCATOR)
}
