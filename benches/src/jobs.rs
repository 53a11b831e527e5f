//! Definitions drawn from a seed: ten fields, three dependencies by text id.

use std::sync::Arc;

use session_state::{FieldValue, JobDefinition, JobId, JobOutcome, JobResult, SessionState};

use crate::error::{BenchError, Doing as _};
use crate::method::Random;

/// Which jobs a job depends on. Always earlier ones, so that the graph has no cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dependencies {
    /// The three before it, so that each job has three dependents.
    Near,
    /// Three drawn from all before it.
    Random,
    /// The next one only: a chain as long as the session.
    Chain,
}

/// The id of a job.
pub(crate) fn id_of(number: usize) -> String {
    format!("com.example.bench::suite/job-{number:07}")
}

/// So many definitions. The jobs stand in an order of their own, so that dependencies are not simply the lines
/// before.
pub(crate) fn definitions(count: usize, dependencies: Dependencies) -> Vec<Arc<JobDefinition>> {
    let mut random = Random::new(17);
    let names: Vec<Arc<str>> = NAMES.iter().map(|name| Arc::from(*name)).collect();
    (0..count)
        .map(|number| {
            let depends = depends_of(number, count, dependencies, &mut random);
            Arc::new(definition(number, depends, &names))
        })
        .collect()
}

const NAMES: [&str; 10] = [
    "id",
    "plugin",
    "summary",
    "description",
    "command",
    "depends",
    "user",
    "category_id",
    "estimated_duration",
    "flags",
];

fn definition(number: usize, depends: String, names: &[Arc<str>]) -> JobDefinition {
    let values = [
        id_of(number),
        "shell".to_owned(),
        format!("Check of part {number}"),
        format!("Runs the check of part {number} and compares what it prints with what is known."),
        format!("check-part --number {number} --strict"),
        depends,
        "root".to_owned(),
        "com.example.bench::parts".to_owned(),
        "1.5".to_owned(),
        "preserve-locale".to_owned(),
    ];
    let fields = names
        .iter()
        .cloned()
        .zip(values.iter().map(|value| FieldValue::from(value.as_str())))
        .collect();
    JobDefinition::new(None, fields, None, None)
}

fn depends_of(
    number: usize,
    count: usize,
    dependencies: Dependencies,
    random: &mut Random,
) -> String {
    let targets: Vec<usize> = match dependencies {
        Dependencies::Near => (number.saturating_sub(3)..number).collect(),
        Dependencies::Random if number == 0 => Vec::new(),
        Dependencies::Random => (0..3).map(|_| random.below(number)).collect(),
        Dependencies::Chain if number + 1 == count => Vec::new(),
        Dependencies::Chain => vec![number + 1],
    };
    let ids: Vec<String> = targets.into_iter().map(id_of).collect();
    ids.join("\n")
}

/// The ids of definitions.
pub(crate) fn ids(definitions: &[Arc<JobDefinition>]) -> Vec<JobId> {
    definitions
        .iter()
        .map(|definition| definition.id().clone())
        .collect()
}

/// A session of these definitions with all of them selected.
pub(crate) fn solved(
    definitions: &[Arc<JobDefinition>],
    selected: &[JobId],
) -> Result<SessionState, BenchError> {
    let mut state = SessionState::with_jobs(definitions.iter().cloned()).doing("make a session")?;
    let problems = state.update_desired_jobs(selected);
    match problems.first() {
        None => Ok(state),
        Some(problem) => Err(BenchError::Wrong {
            what: format!("a selection has a problem: {problem}"),
        }),
    }
}

/// A result as a job without output leaves it.
pub(crate) fn result() -> JobResult {
    JobResult {
        return_code: Some(0.into()),
        execution_duration: Some(1.25),
        ..JobResult::of(JobOutcome::Pass)
    }
}

/// Reads a number given to a probe.
pub(crate) fn number(word: &str) -> Result<usize, BenchError> {
    word.parse().doing(format!("read the number '{word}'"))
}
