//! `solver`: graphs of jobs, their order, and what a session selects of them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use session_state::{JobDefinition, JobId, JobState, SessionState, solve};

use crate::conformance::bad::{Unanswered, items, optional_text, text, texts};
use crate::conformance::compare::{Difference, differences};
use crate::conformance::corpus::{Corpus, CorpusError};
use crate::conformance::entry::{Compared, Entry};
use crate::conformance::failure::of_problem;
use crate::conformance::guard::guarded;
use crate::conformance::session::{ids, inhibitor};
use crate::conformance::units::definition;

use super::{Sink, each, recorded};

/// Of how many jobs the inhibitors are told at most.
const INHIBITED_JOBS_MAX: usize = 20;

pub(super) fn run(corpus: &Corpus, sink: Sink<'_>) -> Result<bool, CorpusError> {
    let Some(table) = corpus.value("solver.json")? else {
        return Ok(false);
    };
    each(&table, "graphs", |index, graph| {
        let name = text(graph, "name").map_or_else(|_| index.to_string(), str::to_owned);
        let jobs = guarded(|| jobs(graph));
        let actual = jobs
            .clone()
            .and_then(|jobs| guarded(|| answer(graph, &jobs)));
        let recorded = recorded(graph, &["solver", "session"]);
        let mut compared = Compared::of(recorded, &actual, differences);
        if let (Some(compared), Ok(actual), Ok(jobs)) = (&mut compared, &actual, &jobs) {
            for part in ["solver", "session"] {
                accept_variants(part, graph, actual, jobs, compared);
            }
        }
        sink(Entry {
            row: "solver",
            name,
            marks: Map::new(),
            actual,
            compared,
        });
    });
    Ok(true)
}

type Jobs = Vec<Arc<JobDefinition>>;

fn jobs(graph: &Value) -> Result<Jobs, Unanswered> {
    let namespace = optional_text(graph, "namespace")?;
    items(graph, "jobs")?
        .iter()
        .map(|data| definition(namespace, Some(data), None).map(Arc::new))
        .collect()
}

/// The full id of a job that is named in a list; a `+` before it means that there is no such job.
fn full_id(namespace: Option<&str>, partial: &str) -> JobId {
    let partial = partial.trim_start_matches('+');
    match namespace {
        Some(namespace) if !partial.contains("::") => JobId::new(format!("{namespace}::{partial}")),
        Some(_) | None => JobId::new(partial),
    }
}

fn answer(graph: &Value, jobs: &Jobs) -> Result<Value, Unanswered> {
    let namespace = optional_text(graph, "namespace")?;
    let full_ids = |key: &str| {
        let partial = texts(graph, key)?.into_iter();
        Ok(partial.map(|id| full_id(namespace, id)).collect::<Vec<_>>())
    };
    let visit = match graph.get("visit_list") {
        None | Some(Value::Null) => None,
        Some(_) => Some(full_ids("visit_list")?),
    };
    let mandatory = match graph.get("mandatory_list") {
        None | Some(Value::Null) => Vec::new(),
        Some(_) => full_ids("mandatory_list")?,
    };
    let order = match solve(jobs, visit.as_deref()) {
        Ok(order) => json!({ "order": ids(&order) }),
        Err(problem) => json!({ "error": of_problem(&problem) }),
    };
    Ok(json!({ "solver": order, "session": session(jobs, visit, mandatory) }))
}

fn session(jobs: &Jobs, visit: Option<Vec<JobId>>, mandatory: Vec<JobId>) -> Value {
    let mut state = match SessionState::with_jobs(jobs.iter().cloned()) {
        Ok(state) => state,
        Err(clash) => return json!({ "error": of_problem(&clash.into()) }),
    };
    state.set_mandatory_jobs(mandatory);
    let desired = visit.unwrap_or_else(|| state.jobs().map(|job| job.id().clone()).collect());
    let problems = state.update_desired_jobs(&desired);
    let few = jobs.len() <= INHIBITED_JOBS_MAX;
    json!({
        "desired_job_list": ids(state.desired_jobs()),
        "run_list": ids(state.run_list()),
        "problems": problems.iter().map(of_problem).collect::<Vec<_>>(),
        "inhibitors": few.then(|| state.jobs().map(inhibitors).collect::<Map<_, _>>()),
    })
}

fn inhibitors(job: &JobState) -> (String, Value) {
    let inhibitors = job.inhibitors().iter().map(inhibitor);
    (job.id().to_string(), inhibitors.collect())
}

/// Where the recorded answer depends on a hash seed, every answer that was seen is right, and so is one that
/// obeys every rule.
fn accept_variants(
    part: &str,
    graph: &Value,
    actual: &Value,
    jobs: &Jobs,
    compared: &mut Compared,
) {
    let of_part = |difference: &Difference| difference.path.starts_with(part);
    if graph[format!("{part}_deterministic")] != false || !compared.differences.iter().any(of_part)
    {
        return;
    }
    let ours = &actual[part];
    let seen: Vec<&Value> = std::iter::once(&graph[part])
        .chain(
            graph[format!("{part}_variants")]
                .as_array()
                .into_iter()
                .flatten(),
        )
        .collect();
    let as_seen = seen.iter().any(|seen| differences(seen, ours).is_empty());
    if as_seen || obeys_every_rule(ours, &seen, jobs) {
        compared.by_rule |= !as_seen;
        compared
            .differences
            .retain(|difference| !of_part(difference));
    }
}

/// Whether an order is one of the same jobs, each after what it needs; an error, one of a class that was seen.
fn obeys_every_rule(ours: &Value, seen: &[&Value], jobs: &Jobs) -> bool {
    let class = |error: &Value| error["class"].as_str().map(str::to_owned);
    if let Some(error) = ours.get("error") {
        return seen
            .iter()
            .any(|seen| class(&seen["error"]) == class(error));
    }
    let order_of = |answer: &Value| {
        let order = answer.get("order").or_else(|| answer.get("run_list"));
        let order = order.and_then(Value::as_array).into_iter().flatten();
        order
            .filter_map(Value::as_str)
            .map(JobId::from)
            .collect::<Vec<_>>()
    };
    let classes: HashSet<Option<String>> = seen
        .iter()
        .flat_map(|seen| seen["problems"].as_array().into_iter().flatten())
        .map(class)
        .collect();
    let ours_problems = ours["problems"].as_array();
    let problems_were_seen = ours_problems
        .into_iter()
        .flatten()
        .all(|problem| classes.contains(&class(problem)));
    let order = order_of(ours);
    let set: HashSet<&JobId> = order.iter().collect();
    // What of a cycle or of a missing job is left out depends on where one begins.
    let same_jobs = !classes.is_empty()
        || seen.iter().any(|seen| {
            let seen = order_of(seen);
            seen.iter().collect::<HashSet<_>>() == set
        });
    problems_were_seen && same_jobs && set.len() == order.len() && is_ordered(&order, jobs)
}

/// Whether each job stands behind what it needs, and groups stand together.
pub(in crate::conformance) fn is_ordered(order: &[JobId], jobs: &[Arc<JobDefinition>]) -> bool {
    let known: HashMap<&JobId, &JobDefinition> =
        jobs.iter().map(|job| (job.id(), &**job)).collect();
    let places: HashMap<&JobId, usize> = order.iter().zip(0..).collect();
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, id) in order.iter().enumerate() {
        let Some(job) = known.get(id) else {
            return false;
        };
        let needs = job.depends();
        let needed = needs
            .iter()
            .chain(&job.after())
            .all(|need| places.get(need).is_some_and(|before| *before < place));
        let before = job.before();
        let first = before
            .iter()
            .all(|later| places.get(later).is_none_or(|later| place < *later));
        if !needed || !first {
            return false;
        }
        if let Some(group) = job.group() {
            groups.entry(group.into_owned()).or_default().push(place);
        }
    }
    groups
        .values()
        .all(|members| members.windows(2).all(|pair| pair[0] + 1 == pair[1]))
}
