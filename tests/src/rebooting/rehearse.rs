//! Three boots, and what has to be true of them.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use serde_json::Value;

use super::kernel::Kernel;
use super::machine::{Machine, Until};
use super::story::{CUT, MARK};
use crate::killing::outcomes_in_show;
use crate::tools::ToolError;
use crate::{Program, ProgramError, disk};

/// Where the kernel is kept, below the root of the workspace.
const FOLDER: &str = "target/rehearsal";

/// How each job has to end.
const OUTCOMES: [(&str, &str); 5] = [
    ("after", "pass"),
    ("cut", "pass"),
    ("first", "pass"),
    ("goes-down", "pass"),
    ("last", "pass"),
];

/// How often each job has to have run: the one that was cut short ran twice.
const MARKS: &str = "first after cut cut last";

/// What the machine said, boot by boot.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// The lines of each boot.
    pub(super) boots: [Vec<String>; 3],
}

impl fmt::Display for Rehearsal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, lines) in self.boots.iter().enumerate() {
            writeln!(f, "--- boot {}", number + 1)?;
            // The plan and the session are for the judge, and what the firmware says is for nobody.
            let is_for_people = |line: &&String| {
                let parts = [
                    "rehearsal: plan",
                    "rehearsal: shown",
                    "\u{1b}",
                    "Booting from",
                ];
                !line.is_empty() && !parts.iter().any(|part| line.contains(part))
            };
            for line in lines.iter().filter(is_for_people) {
                writeln!(f, "{line}")?;
            }
        }
        write!(
            f,
            "3 boots of a real kernel: a job that does not return switched the machine off, the power was cut in \
             another, and the session came to its end with every outcome as it has to be"
        )
    }
}

/// Why the rehearsal did not pass.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// A tool is not there, or failed.
    #[error("the virtual machine cannot be had")]
    Tool(#[from] ToolError),
    /// Our program.
    #[error("our program cannot be built")]
    Program(#[from] ProgramError),
    /// A promise was broken.
    #[error("{broken}\n{said}")]
    Broken {
        /// Which.
        broken: String,
        /// What the machine said.
        said: String,
    },
}

/// Plays it.
///
/// # Errors
/// See [`RehearsalError`].
pub fn rehearse() -> Result<Rehearsal, RehearsalError> {
    let program = Program::built()?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(FOLDER);
    disk::create_folder(&folder).map_err(|source| ToolError::Start {
        tool: "the folder of the kernel",
        source,
    })?;
    let kernel = Kernel::find_or_fetch(&folder)?;
    let machine = Machine::new(&kernel, program.path())?;
    let rehearsal = Rehearsal {
        boots: [
            machine.boot(Until::Off)?,
            machine.boot(Until::Said(CUT))?,
            machine.boot(Until::Off)?,
        ],
    };
    judge(&rehearsal).map_err(|broken| RehearsalError::Broken {
        broken,
        said: rehearsal.boots.concat().join("\n"),
    })?;
    Ok(rehearsal)
}

/// Holds what the machine said against what has to be true.
///
/// # Errors
/// The promise that was broken, in words.
pub(super) fn judge(rehearsal: &Rehearsal) -> Result<(), String> {
    let [first, second, third] = &rehearsal.boots;
    let said = |boot: &[String], what: &str| {
        let start = format!("{MARK}{what} ");
        let line = boot.iter().find_map(|line| line.strip_prefix(&start));
        line.map(str::to_owned)
            .ok_or_else(|| format!("a boot did not tell its {what}"))
    };
    let ids = rehearsal.boots.iter().map(|boot| said(boot, "boot"));
    let ids: BTreeSet<String> = ids.collect::<Result<_, _>>()?;
    if ids.len() != 3 {
        return Err(format!("three boots had {} identities", ids.len()));
    }
    if said(first, "code").is_ok() {
        return Err("the run outlived the job that switched the machine off".to_owned());
    }
    for (boot, death) in [(second, "reboot-asked"), (third, "reboot-unasked")] {
        let plan: Value = serde_json::from_str(&said(boot, "plan")?)
            .map_err(|error| format!("a plan is no JSON: {error}"))?;
        if plan["death"] != death {
            return Err(format!("a plan says {}, and it was {death}", plan["death"]));
        }
    }
    let code = said(third, "code")?;
    if code != "0" {
        return Err(format!("the last run ended with {code}"));
    }
    let outcomes = outcomes_in_show(&said(third, "shown")?)?;
    let outcomes = outcomes
        .iter()
        .map(|(job, outcome)| (job.as_str(), outcome.as_str()));
    if !outcomes.clone().eq(OUTCOMES) {
        return Err(format!(
            "the outcomes are {:?}",
            outcomes.collect::<Vec<_>>()
        ));
    }
    let marks = said(third, "marks")?;
    if marks.trim() != MARKS {
        return Err(format!(
            "the jobs ran as {marks:?}, and had to as {MARKS:?}"
        ));
    }
    Ok(())
}
