//! Our state beside what a release tells, in the words of the corpus.

use std::io;

use serde_json::{Map, Value};
use session_state::SessionState;
use suspend_resume::LogFiles;

use crate::conformance::{Difference, described, differences};

/// No log file is there, on either side.
struct NoFiles;

impl LogFiles for NoFiles {
    fn exists(&self, _path: &str) -> bool {
        false
    }

    fn read(&self, _path: &str) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// What came out of a comparison.
pub(super) struct Compared {
    pub(super) differences: Vec<Difference>,
    /// Whether both run the same jobs in another order, as the order of sets decides in the releases.
    pub(super) reordered: bool,
}

/// Every place at which a release tells something else than our state; what it does not tell is left out.
/// `old_checksums`: jobs have a namespace, which the old releases leave out of their checksums.
pub(super) fn compared(theirs: &Value, state: &SessionState, old_checksums: bool) -> Compared {
    let mut ours = told(state);
    if old_checksums {
        let checksums = state.jobs().map(|job| {
            let checksum = job.definition().checksum_without_namespace();
            (job.id().to_string(), Value::from(checksum.to_string()))
        });
        ours.insert(
            "job_checksums".to_owned(),
            Value::Object(checksums.collect()),
        );
    }
    let mut theirs = theirs.clone();
    sort_inhibitors(&mut theirs);
    let mut ours = Value::Object(ours);
    keep_what_is_told(&theirs, &mut ours);
    let ordered = ours["run_list"] == theirs["run_list"];
    let reordered = !ordered && sorted(&ours["run_list"]) == sorted(&theirs["run_list"]);
    if reordered {
        ours["run_list"] = theirs["run_list"].clone();
    }
    Compared {
        differences: differences(&theirs, &ours),
        reordered,
    }
}

fn sorted(list: &Value) -> Vec<&str> {
    let items = list.as_array().into_iter().flatten();
    let mut items: Vec<&str> = items.filter_map(Value::as_str).collect();
    items.sort_unstable();
    items
}

/// Our state in the words of the corpus.
pub(super) fn told(state: &SessionState) -> Map<String, Value> {
    let mut told = Value::Object(described(state, &NoFiles, |_| false));
    sort_inhibitors(&mut told);
    match told {
        Value::Object(told) => told,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

/// The reasons of one job come in the order of sets.
fn sort_inhibitors(told: &mut Value) {
    let jobs = told.get_mut("job_states").and_then(Value::as_object_mut);
    for (_, job) in jobs.into_iter().flatten() {
        if let Some(Value::Array(inhibitors)) = job.get_mut("readiness_inhibitors") {
            inhibitors.sort_by_key(Value::to_string);
        }
    }
}

/// Leaves out of ours the parts of the whole, of the metadata, of a job and of a result that the release does not
/// know. Jobs and resources stay, known to it or not.
fn keep_what_is_told(theirs: &Value, ours: &mut Value) {
    let parts = |part: &str| matches!(part, "job_states" | "resource_map" | "job_checksums");
    let (Value::Object(theirs), Value::Object(ours)) = (theirs, ours) else {
        return;
    };
    ours.retain(|part, _| theirs.contains_key(part));
    for (part, ours) in ours.iter_mut() {
        match (&theirs[part], ours) {
            (Value::Object(theirs), Value::Object(ours)) if parts(part) => {
                for (id, ours) in ours {
                    if let Some(theirs) = theirs.get(id) {
                        keep_of_job(theirs, ours);
                    }
                }
            }
            (Value::Object(theirs), Value::Object(ours)) => {
                ours.retain(|part, _| theirs.contains_key(part));
            }
            (_, _) => {}
        }
    }
}

fn keep_of_job(theirs: &Value, ours: &mut Value) {
    let (Value::Object(theirs), Value::Object(ours)) = (theirs, ours) else {
        return;
    };
    ours.retain(|part, _| theirs.contains_key(part));
    let (Some(Value::Array(theirs)), Some(Value::Array(ours))) =
        (theirs.get("result_history"), ours.get_mut("result_history"))
    else {
        return;
    };
    for (theirs, ours) in theirs.iter().zip(ours) {
        if let (Value::Object(theirs), Value::Object(ours)) = (theirs, ours) {
            ours.retain(|part, _| theirs.contains_key(part));
        }
    }
}
