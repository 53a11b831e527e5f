//! The documents of `session verify --json` and `session repair --json`; their fields are in `docs/cli.md`.

use serde::Serialize;
use session_manager::VerifiedLogs;
use session_storage::{ChainValue, Lost, Recovered, RepairPlan, Repaired, Verdict};

use crate::json::VERSION;
use crate::wording::hexadecimal;

/// `session verify --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Verified {
    format: &'static str,
    version: u32,
    id: String,
    location: String,
    mark: Mark,
    snapshot_bytes: u64,
    frames: u64,
    clean: bool,
    writable: bool,
    verdict: String,
    lost: Option<LostFrames>,
    logs: Logs,
    /// Why the jobs cannot be read although every hash is right.
    problem: Option<String>,
}

impl Verified {
    pub(crate) fn new(
        id: &str,
        location: &str,
        recovered: &Recovered,
        logs: &VerifiedLogs,
        problem: Option<String>,
    ) -> Self {
        let verdict = &recovered.verdict;
        Self {
            format: "session.verify",
            version: VERSION,
            id: id.to_owned(),
            location: location.to_owned(),
            mark: Mark::new(
                recovered.uuid,
                recovered.position.generation,
                recovered.position.seq,
                recovered.position.chain,
            ),
            snapshot_bytes: recovered.snapshot.len() as u64,
            frames: recovered.frames.len() as u64,
            clean: verdict.is_clean(),
            writable: verdict.is_writable(),
            verdict: verdict.to_string(),
            lost: lost(verdict),
            logs: Logs::new(logs),
            problem,
        }
    }
}

/// The logs that results name.
#[derive(Debug, Serialize)]
struct Logs {
    proven: u64,
    proven_bytes: u64,
    /// Recorded without a hash.
    unproven: u64,
    problems: Vec<LogProblem>,
}

/// A log that is not what it was.
#[derive(Debug, Serialize)]
struct LogProblem {
    job: String,
    path: String,
    fault: &'static str,
    problem: String,
}

impl Logs {
    fn new(logs: &VerifiedLogs) -> Self {
        let problems = logs.problems.iter().map(|problem| LogProblem {
            job: problem.job.as_str().to_owned(),
            path: problem.path.to_string(),
            fault: problem.fault.as_str(),
            problem: problem.fault.to_string(),
        });
        Self {
            proven: logs.proven,
            proven_bytes: logs.proven_bytes,
            unproven: logs.unproven,
            problems: problems.collect(),
        }
    }
}

/// `session repair --json`.
#[derive(Debug, Serialize)]
pub(crate) struct RepairDone {
    format: &'static str,
    version: u32,
    id: String,
    location: String,
    /// The plan; absent when nothing needs repair.
    plan: Option<Plan>,
    repaired: bool,
    /// The directory with the files as they were.
    aside: Option<String>,
}

impl RepairDone {
    pub(crate) fn new(
        id: &str,
        location: &str,
        plan: Option<&RepairPlan>,
        done: Option<&Repaired>,
    ) -> Self {
        Self {
            format: "session.repair",
            version: VERSION,
            id: id.to_owned(),
            location: location.to_owned(),
            plan: plan.map(Plan::new),
            repaired: done.is_some(),
            aside: done.map(|done| format!("{location}/{}", done.aside)),
        }
    }
}

#[derive(Debug, Serialize)]
struct Plan {
    mark: Mark,
    verdict: String,
    lost: Option<LostFrames>,
    snapshot_bytes: u64,
    frames_kept: u64,
    files_aside: Vec<String>,
}

impl Plan {
    fn new(plan: &RepairPlan) -> Self {
        let position = plan.position;
        Self {
            mark: Mark::new(plan.uuid, position.generation, position.seq, position.chain),
            verdict: plan.verdict.to_string(),
            lost: lost(&plan.verdict),
            snapshot_bytes: plan.snapshot_bytes,
            frames_kept: plan.frames_kept,
            files_aside: plan.files_aside.clone(),
        }
    }
}

/// Which state of which session is meant.
#[derive(Debug, Serialize)]
struct Mark {
    uuid: String,
    generation: u64,
    seq: u64,
    chain: String,
}

impl Mark {
    fn new(uuid: [u8; 16], generation: u64, seq: u64, chain: ChainValue) -> Self {
        Self {
            uuid: hexadecimal(&uuid),
            generation,
            seq,
            chain: hexadecimal(chain.as_bytes()),
        }
    }
}

#[derive(Debug, Serialize)]
struct LostFrames {
    first: u64,
    last: Option<u64>,
}

fn lost(verdict: &Verdict) -> Option<LostFrames> {
    verdict
        .lost
        .map(|Lost { first, last }| LostFrames { first, last })
}
