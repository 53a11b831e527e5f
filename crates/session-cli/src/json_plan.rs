//! The document of `session resume --dry-run --json`.

use serde::Serialize;
use session_manager::{FieldDifference, JobPlan, ResumePlan, SessionMark};

use crate::json::VERSION;
use crate::wording;

/// What a resume would do.
#[derive(Debug, Serialize)]
pub(crate) struct Plan {
    format: &'static str,
    version: u32,
    id: String,
    location: String,
    kept_as: String,
    mark: Mark,
    lifecycle: &'static str,
    death: &'static str,
    moved_from: Option<String>,
    clock_behind: Option<f64>,
    flight: Option<Flight>,
    orphans: &'static str,
    processes: Vec<u32>,
    refusals: Vec<String>,
    problems: Vec<String>,
    jobs: Vec<Job>,
    new_jobs: Vec<String>,
}

/// The content the plan holds for.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Mark {
    Journal {
        uuid: String,
        generation: u64,
        seq: u64,
        chain: String,
    },
    File {
        length: u64,
        hash: String,
    },
}

#[derive(Debug, Serialize)]
struct Flight {
    job: String,
    attempt: u32,
    attempts_counted: u32,
    attempts_max: u32,
    started: bool,
    condition: &'static str,
    action: String,
    reason: &'static str,
}

#[derive(Debug, Serialize)]
struct Job {
    job: String,
    action: String,
    reason: String,
    takes_new_definition: bool,
    differences: Vec<Difference>,
}

#[derive(Debug, Serialize)]
struct Difference {
    field: String,
    stored: Option<String>,
    now: Option<String>,
}

impl Plan {
    /// A plan as a document.
    pub(crate) fn of(plan: &ResumePlan) -> Self {
        Self {
            format: "session.plan",
            version: VERSION,
            id: plan.session.to_string(),
            location: plan.location.to_string(),
            kept_as: plan.kept_as.to_string(),
            mark: Mark::of(&plan.mark),
            lifecycle: plan.lifecycle.as_str(),
            death: plan.death.as_str(),
            moved_from: plan
                .moved_from
                .as_ref()
                .map(|home| home.location.to_string()),
            clock_behind: plan.clock_behind,
            flight: plan.fate().map(|(flight, row, _)| {
                let facts = &flight.facts;
                let planned = plan.jobs.iter().find(|job| job.job == flight.job);
                Flight {
                    job: flight.job.as_str().to_owned(),
                    attempt: flight.attempt,
                    attempts_counted: facts.attempts,
                    attempts_max: facts.attempts_max,
                    started: facts.started,
                    condition: row.condition(),
                    action: planned.map_or_else(String::new, |job| job.action.to_string()),
                    reason: row.reason(),
                }
            }),
            orphans: plan.orphans().as_str(),
            processes: plan.processes.iter().map(|process| process.pid).collect(),
            refusals: plan.refusals.iter().map(ToString::to_string).collect(),
            problems: plan.problems.clone(),
            jobs: plan.jobs.iter().map(Job::of).collect(),
            new_jobs: plan
                .new_jobs
                .iter()
                .map(|job| job.as_str().to_owned())
                .collect(),
        }
    }
}

impl Mark {
    fn of(mark: &SessionMark) -> Self {
        match mark {
            SessionMark::Journal { uuid, position } => Self::Journal {
                uuid: wording::hexadecimal(uuid),
                generation: position.generation,
                seq: position.seq,
                chain: position.chain.to_string(),
            },
            SessionMark::File { length, hash } => Self::File {
                length: *length,
                hash: wording::hexadecimal(hash),
            },
        }
    }
}

impl Job {
    fn of(plan: &JobPlan) -> Self {
        Self {
            job: plan.job.as_str().to_owned(),
            action: plan.action.to_string(),
            reason: plan.reason.to_string(),
            takes_new_definition: plan.takes.is_some(),
            differences: plan.differences.iter().map(Difference::of).collect(),
        }
    }
}

impl Difference {
    fn of(difference: &FieldDifference) -> Self {
        Self {
            field: difference.field.clone(),
            stored: difference.stored.clone(),
            now: difference.now.clone(),
        }
    }
}
