//! The command line of `session-bench`.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::{Args, Parser, Subcommand};
use peak_alloc::PeakAlloc;

use crate::error::{BenchError, Doing as _};
use crate::run::{Area, RunOptions, Scale, report, run};
use crate::{codec, manager, say, state, storage};

/// Set for the copy of this program that has a mount namespace of its own.
const INSIDE: &str = "SESSION_BENCH_INSIDE";

/// Measures ours beside the floor and the peers, in one run, against bars
///
/// Prints a table: work, ours, floor and peers, ratio with its 95 % interval, bar, reached or not.
/// Ends with 0 only when every bar of the run is reached. Progress goes to standard error.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask bench",
    bin_name = "cargo xtask bench",
    max_term_width = 100
)]
struct Flags {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// What a checkpoint costs, opening a long journal, listing many sessions
    Storage(AreaFlags),
    /// Building and solving a million jobs, their memory, and what single steps cost among them
    State(AreaFlags),
    /// States to bytes and back: native, Checkbox's formats, and what the original takes for the same
    Codec(AreaFlags),
    /// Whole sessions: a run job by job, loading, a checkpoint in Checkbox's format, memory
    Manager(AreaFlags),
    /// One piece of work, to be watched by valgrind or strace
    #[command(hide = true)]
    Probe {
        /// Which, and how large
        words: Vec<String>,
    },
}

#[derive(Debug, Args)]
struct AreaFlags {
    /// Smaller work and few rounds: a look, not a figure to quote
    #[arg(long)]
    quick: bool,
    /// Also write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only the groups of rows whose name holds this text
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// Parses the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    let flags = Flags::parse();
    let outcome = match &flags.what {
        What::Storage(flags) => area(Area::Storage, flags),
        What::State(flags) => area(Area::State, flags),
        What::Codec(flags) => area(Area::Codec, flags),
        What::Manager(flags) => area(Area::Manager, flags),
        What::Probe { words } => probe(words),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            say::progress(&format!("bench: {}", say::chain(&error)));
            ExitCode::from(2)
        }
    }
}

fn area(area: Area, flags: &AreaFlags) -> Result<ExitCode, BenchError> {
    let program = std::env::current_exe().doing("find this program")?;
    if std::env::var_os(INSIDE).is_none() {
        enter_own_mounts(&program);
    }
    let options = RunOptions {
        scale: if flags.quick {
            Scale::Quick
        } else {
            Scale::Full
        },
        program,
        only: flags.only.clone(),
    };
    say::progress(&format!("bench {}: measuring", area.name()));
    let rows = run(area, &options)?;
    let reached = report(area, &options, flags.json.as_deref(), &rows)?;
    Ok(if reached {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Goes on as a copy of this program whose mounts nobody else sees and which end with it. Where that is not
/// allowed, this one goes on.
fn enter_own_mounts(program: &std::path::Path) {
    let unshare = |then: &std::ffi::OsStr| {
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--propagation", "private"])
            .arg(then);
        command
    };
    let allowed = unshare("true".as_ref()).output();
    if allowed.is_ok_and(|output| output.status.success()) {
        let error = unshare(program.as_os_str())
            .args(std::env::args_os().skip(1))
            .env(INSIDE, "1")
            .exec();
        say::progress(&format!("bench: no mounts of our own: {error}"));
    }
}

fn probe(words: &[String]) -> Result<ExitCode, BenchError> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["storage", rest @ ..] => storage::probe(rest)?,
        ["state", rest @ ..] => state::probe(rest)?,
        ["codec", rest @ ..] => codec::probe(rest)?,
        ["manager", rest @ ..] => manager::probe(rest)?,
        _ => {
            return Err(BenchError::Wrong {
                what: format!("there is no probe {words:?}"),
            });
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What `session-bench-memory` does: one probe with the counting allocator, one figure on standard output.
#[must_use]
pub fn memory_main(allocator: PeakAlloc) -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["state", rest @ ..] => state::memory_probe(allocator, rest),
        ["manager", rest @ ..] => manager::memory_probe(allocator, rest),
        _ => Err(BenchError::Wrong {
            what: format!("there is no probe {words:?}"),
        }),
    };
    match outcome {
        Ok(figure) => {
            say::line(&figure.to_string());
            ExitCode::SUCCESS
        }
        Err(error) => {
            say::progress(&format!("bench: {}", say::chain(&error)));
            ExitCode::from(2)
        }
    }
}
