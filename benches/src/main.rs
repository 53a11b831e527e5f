//! `session-bench`: what `cargo xtask bench` starts.

use std::process::ExitCode;

fn main() -> ExitCode {
    session_bench::cli::main()
}
