//! `cargo xtask`: the chores of this workspace, one file or folder per command.
//!
//! Nothing of ours is used here, so that a broken crate never keeps its own checks from running.

mod say;

mod disk;
mod process;

mod flags;

mod bench;
mod ci;
mod conformance;
mod crash;
mod fuzz;
mod interop;
mod layers;
mod release;
mod tidy;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::Parser as _;

use crate::flags::{Command, Flags};

/// Parses the command line, runs the one command it names, and prints the chain of causes if that fails.
fn main() -> ExitCode {
    let flags = Flags::parse();
    let outcome: Result<(), Box<dyn std::error::Error>> = match flags.command {
        Command::Ci(flags) => ci::run(&flags).map_err(Into::into),
        Command::Layers => layers::run().map_err(Into::into),
        Command::Tidy(flags) => tidy::run(&flags).map_err(Into::into),
        Command::Conformance(flags) => conformance::run(&flags).map_err(Into::into),
        Command::Crash(flags) => crash::run(&flags).map_err(Into::into),
        Command::Bench(flags) => bench::run(&flags).map_err(Into::into),
        Command::Fuzz(flags) => fuzz::run(&flags).map_err(Into::into),
        Command::Interop(flags) => interop::run(&flags).map_err(Into::into),
        Command::Release(flags) => release::run(&flags).map_err(Into::into),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::complaint(&format!("xtask: {}", say::chain(error.as_ref())));
            ExitCode::FAILURE
        }
    }
}
