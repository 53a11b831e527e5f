//! `session-bench-memory`: prints what some work leaves allocated, as a counting allocator says.

use std::alloc::System;
use std::process::ExitCode;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> ExitCode {
    session_bench::cli::memory_main(ALLOCATOR)
}
