//! The command itself: one stage after the other, with names and times, up to the first failure.

use std::error::Error;
use std::time::Instant;

use super::stages::{Action, Stage, UnknownStage, all, chosen};
use crate::flags::{CiFlags, TidyFlags};
use crate::process::Program;
use crate::{layers, say, tidy};

/// Why `ci` did not pass.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CiError {
    /// A stage was asked for that does not exist.
    #[error("cannot run that stage")]
    Unknown(#[from] UnknownStage),
    /// A stage failed.
    #[error("stage {name} failed; again with `cargo xtask ci --only {name}`, or with `{line}`")]
    Failed {
        /// The stage.
        name: &'static str,
        /// The command behind it.
        line: String,
        /// How it failed.
        #[source]
        source: Box<dyn Error>,
    },
}

/// Runs the stages that the flags ask for.
pub(crate) fn run(flags: &CiFlags) -> Result<(), CiError> {
    let nextest = Program::new("cargo", &["nextest", "--version"])
        .output()
        .is_ok();
    let stages = chosen(all(nextest), flags)?;
    if flags.list {
        for stage in &stages {
            say::line(&format!("{:<9} {}", stage.name, stage.action.line()));
        }
        return Ok(());
    }
    let begun = Instant::now();
    for stage in &stages {
        say::line(&format!("ci: {} ...", stage.name));
        let started = Instant::now();
        act(stage)?;
        say::line(&format!(
            "ci: {} passed in {:.1} s",
            stage.name,
            started.elapsed().as_secs_f64()
        ));
    }
    say::line(&format!(
        "ci: {} stages passed in {:.1} s",
        stages.len(),
        begun.elapsed().as_secs_f64()
    ));
    Ok(())
}

fn act(stage: &Stage) -> Result<(), CiError> {
    let outcome: Result<(), Box<dyn Error>> = match &stage.action {
        Action::Run(program) => program.run().map_err(Into::into),
        Action::Layers => layers::run().map_err(Into::into),
        Action::Tidy => tidy::run(&TidyFlags { lengths: false }).map_err(Into::into),
    };
    outcome.map_err(|source| CiError::Failed {
        name: stage.name,
        line: stage.action.line(),
        source,
    })
}
