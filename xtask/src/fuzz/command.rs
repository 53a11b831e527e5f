//! The command itself: seeds, build, one target after the other, a table, a verdict.

use std::time::Instant;

use super::report::{Report, table, verdict};
use super::tools::{self, CORPUS, FOUND, LOGS, ToolError};
use crate::disk::{self, DiskError};
use crate::flags::FuzzFlags;
use crate::process::ProcessError;
use crate::say;

/// How long a target runs unless told otherwise, and with `--smoke`; in seconds.
const SECONDS: u64 = 600;
const SMOKE_SECONDS: u64 = 60;

/// Why `fuzz` did not pass.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FuzzError {
    /// No such target.
    #[error("there is no target {given:?}; the targets are {known}")]
    Unknown {
        /// What was given.
        given: String,
        /// What there is.
        known: String,
    },
    /// A tool is missing and could not be installed.
    #[error("cannot fuzz on this machine")]
    Tool(#[from] ToolError),
    /// A program could not be built or started.
    #[error("cannot build the targets or their seeds")]
    Program(#[from] ProcessError),
    /// A folder or a log.
    #[error("cannot keep what was found")]
    Disk(#[from] DiskError),
    /// At least one target broke a promise; it has been printed.
    #[error("{0}")]
    Broken(String),
}

/// Runs the targets that the flags ask for.
pub(crate) fn run(flags: &FuzzFlags) -> Result<(), FuzzError> {
    let known = known()?;
    if flags.list {
        for name in &known {
            say::line(name);
        }
        return Ok(());
    }
    let chosen = chosen(&known, &flags.targets)?;
    tools::check_compiler()?;
    let cargo_fuzz = tools::cargo_fuzz()?;
    tools::seeds().run()?;
    for name in &chosen {
        tools::build(&cargo_fuzz, name).run()?;
    }
    if let Some(input) = &flags.input {
        for name in &chosen {
            tools::one_input(&cargo_fuzz, name, input).run()?;
        }
        return Ok(());
    }
    let reports = chosen
        .iter()
        .map(|name| fuzz(&cargo_fuzz, name, seconds(flags)));
    let reports = reports.collect::<Result<Vec<_>, FuzzError>>()?;
    say::line(&table(&reports));
    let (said, held) = verdict(&reports);
    if held {
        say::line(&said);
        return Ok(());
    }
    Err(FuzzError::Broken(said))
}

/// How long each target runs.
pub(super) fn seconds(flags: &FuzzFlags) -> u64 {
    let standard = if flags.smoke { SMOKE_SECONDS } else { SECONDS };
    flags.seconds.unwrap_or(standard)
}

/// The targets asked for; all of them when none is named.
pub(super) fn chosen<'a>(known: &'a [String], named: &[String]) -> Result<Vec<&'a str>, FuzzError> {
    if named.is_empty() {
        return Ok(known.iter().map(String::as_str).collect());
    }
    let find = |given: &String| {
        let found = known.iter().find(|name| *name == given);
        found.map(String::as_str).ok_or_else(|| FuzzError::Unknown {
            given: given.clone(),
            known: known.join(", "),
        })
    };
    named.iter().map(find).collect()
}

/// The names of the programs in `fuzz/fuzz_targets`.
fn known() -> Result<Vec<String>, DiskError> {
    let folder = disk::root().join("fuzz/fuzz_targets");
    let stem = |path: std::path::PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    Ok(disk::entries(&folder)?
        .into_iter()
        .filter_map(stem)
        .collect())
}

/// Runs one target; its output goes into a log.
fn fuzz(cargo_fuzz: &str, name: &str, seconds: u64) -> Result<Report, FuzzError> {
    for folder in [
        format!("{CORPUS}/{name}"),
        format!("{FOUND}/{name}"),
        LOGS.to_owned(),
    ] {
        disk::create_folder(&disk::root().join(folder))?;
    }
    let log = format!("{LOGS}/{name}.txt");
    say::line(&format!("fuzz: {name}, {seconds} s, in detail in {log}"));
    let began = Instant::now();
    let path = disk::root().join(&log);
    let ended_well = tools::fuzz(cargo_fuzz, name, seconds).run_into(&path)?;
    let took = began.elapsed();
    let said = disk::read_text(&path)?;
    let report = Report::of(name, took, ended_well, &said);
    say::line(&format!("fuzz: {report}"));
    Ok(report)
}
