//! Cut after cut of one file system, each at a drawn moment, and what opens after it.

use std::error::Error;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use camino::Utf8PathBuf;
use session_storage::{RealFs, Recovered, Repository};

use super::machine::Machine;
use crate::Random;
use crate::tools::ToolError;

/// So many acknowledgements at most are waited for before a cut.
const ACKNOWLEDGED_MAX: u64 = 60;

/// What was cut, and what was found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cuts {
    /// Power cuts.
    pub cuts: u64,
    /// Acknowledgements that were read before one.
    pub acknowledged: u64,
    /// Cuts after which the frame being written was there as well.
    pub one_more: u64,
    /// Cuts after which a torn frame was left out.
    pub torn: u64,
}

impl fmt::Display for Cuts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} power cuts below ext4, {} acknowledgements, all of them there; {} times a later state, {} times a torn frame",
            self.cuts, self.acknowledged, self.one_more, self.torn
        )
    }
}

/// Why the cuts ended.
#[derive(Debug, thiserror::Error)]
pub enum CutError {
    /// The tools of the system did not do their part.
    #[error("cannot cut the power of a file system")]
    Tool(#[from] ToolError),
    /// The writer could not be started, or did not begin.
    #[error("the writer did not write")]
    Writer(#[source] Box<dyn Error>),
    /// A promise was broken.
    #[error("cut {cut} of seed {seed}: {broken}")]
    Broken {
        /// Which cut.
        cut: u64,
        /// What everything was drawn from.
        seed: u64,
        /// What was broken.
        broken: String,
    },
}

/// Cuts the power so many times under the writer that this very program is when started with `--write`.
///
/// # Errors
/// See [`CutError`].
pub fn cut(rounds: u64, seed: u64) -> Result<Cuts, CutError> {
    let mut machine = Machine::new()?;
    let mut random = Random::new(seed);
    let mut cuts = Cuts::default();
    for round in 0..rounds {
        let wanted = random.between(1, ACKNOWLEDGED_MAX);
        let last = write_and_cut(&machine, seed.wrapping_add(round), wanted)?;
        machine.restart()?;
        let found = look(&machine);
        let recovered = found.and_then(|recovered| held_against(last, &recovered));
        let (one_more, torn) = recovered.map_err(|broken| CutError::Broken {
            cut: round,
            seed,
            broken,
        })?;
        cuts.cuts += 1;
        cuts.acknowledged += wanted;
        cuts.one_more += u64::from(one_more);
        cuts.torn += u64::from(torn);
    }
    Ok(cuts)
}

/// Lets the writer write until it has said so much, and cuts the power; the last number that was acknowledged.
fn write_and_cut(machine: &Machine, seed: u64, wanted: u64) -> Result<u64, CutError> {
    let writer = |error: std::io::Error| CutError::Writer(error.into());
    let program = std::env::current_exe().map_err(writer)?;
    let mut child = Command::new(program)
        .arg("--write")
        .arg(machine.mount_point())
        .arg(seed.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(writer)?;
    let mut last = None;
    if let Some(out) = child.stdout.take() {
        let mut lines = BufReader::new(out).lines();
        for _ in 0..wanted {
            let Some(line) = lines.next() else {
                break;
            };
            last = line.map_err(writer)?.parse().ok();
        }
        let cut = machine.cut();
        // The writer goes on saying what it is sure of until it meets the cut.
        let later = lines
            .map_while(Result::ok)
            .filter_map(|line| line.parse().ok());
        last = later.last().or(last);
        cut?;
    }
    child.wait().map_err(writer)?;
    last.ok_or_else(|| CutError::Writer("it was never sure of anything".into()))
}

fn look(machine: &Machine) -> Result<Recovered, String> {
    let told = |error: &dyn Error| crate::say::chain(error);
    let place = Utf8PathBuf::from_path_buf(machine.mount_point())
        .map_err(|path| format!("{} is not text", path.display()))?;
    let location = place.join("state/sessions");
    let repository = Repository::open(Arc::new(RealFs), &location).map_err(|error| told(&error))?;
    let storage = repository.last_storage().map_err(|error| told(&error))?;
    let storage = storage.ok_or("the session is gone")?;
    storage.recover().map_err(|error| told(&error))
}

/// Whether a later state opens, and whether a torn frame was left out; the reason when an acknowledged frame is missing.
fn held_against(last: u64, recovered: &Recovered) -> Result<(bool, bool), String> {
    let verdict = &recovered.verdict;
    if !verdict.is_writable() {
        return Err(format!(
            "after a cut alone, only reading is left: {verdict}"
        ));
    }
    let number = |bytes: Option<&[u8; 8]>| bytes.copied().map(u64::from_le_bytes);
    let mut count = number(recovered.snapshot.first_chunk()).ok_or("a snapshot of other bytes")?;
    for frame in &recovered.frames {
        count += 1;
        let first = frame.parts.first().and_then(|part| part.first_chunk());
        if number(first) != Some(count) {
            return Err(format!("frame {count} holds something else"));
        }
    }
    match count.checked_sub(last) {
        Some(more @ (0 | 1)) => {
            let torn = matches!(verdict.tail, session_storage::Tail::Torn { .. });
            Ok((more == 1, torn))
        }
        Some(_) | None => Err(format!("{last} was acknowledged, {count} opens: {verdict}")),
    }
}
