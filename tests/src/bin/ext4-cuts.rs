//! `ext4-cuts`: power cuts below a real ext4 on a loop device. Needs root, `mkfs.ext4` and `xfs_io`.
//!
//! `--rounds N` (100), `--seed S` (1). Exit code 0: nothing acknowledged was lost; 1: something was, or the tools are
//! not there; 2: wrong arguments. Started with `--write`, it is the writer under which the power is cut.

use std::process::ExitCode;

use session_tests::cutting::{cut, write_until_cut};
use session_tests::{numbers, say};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [role, place, seed] = arguments.as_slice()
        && role == "--write"
    {
        return match write_until_cut(place.as_str().into(), seed.parse().unwrap_or(1)) {
            Ok(()) => ExitCode::SUCCESS,
            // How it always ends: the power is cut.
            Err(_) => ExitCode::FAILURE,
        };
    }
    let given = match numbers(arguments, &["--rounds", "--seed"]) {
        Ok(given) => given,
        Err(error) => {
            say::complaint(&format!("ext4-cuts: {error}"));
            return ExitCode::from(2);
        }
    };
    let number = |name: &str, default: u64| given.get(name).copied().unwrap_or(default);
    match cut(number("--rounds", 100), number("--seed", 1)) {
        Ok(cuts) => {
            say::line(&cuts.to_string());
            ExitCode::SUCCESS
        }
        Err(error) => {
            say::complaint(&format!("ext4-cuts: {}", say::chain(&error)));
            ExitCode::FAILURE
        }
    }
}
