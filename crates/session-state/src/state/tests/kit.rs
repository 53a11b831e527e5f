//! Small definitions, and random ones.

use std::sync::{Arc, Mutex};

use proptest::collection::vec;
use proptest::prelude::*;

use crate::field::FieldValue;
use crate::id::JobId;
use crate::job::{IoLog, IoLogRecord, IoStream, JobDefinition, JobOutcome, JobResult};
use crate::state::{SessionState, Signal, Subscription};

/// A definition of these fields, without namespace.
pub(crate) fn job(fields: &[(&str, &str)]) -> Arc<JobDefinition> {
    let fields = fields
        .iter()
        .map(|(name, value)| (Arc::from(*name), FieldValue::from(*value)))
        .collect();
    Arc::new(JobDefinition::new(None, fields, None, None))
}

pub(crate) fn id(text: &str) -> JobId {
    JobId::new(text)
}

pub(crate) fn ids(texts: &[&str]) -> Vec<JobId> {
    texts.iter().map(|text| id(text)).collect()
}

/// A result whose log is these lines of standard output.
pub(crate) fn printed(outcome: JobOutcome, lines: &[&str]) -> JobResult {
    let log = lines
        .iter()
        .map(|line| IoLogRecord {
            delay: 0.0,
            stream: IoStream::Stdout,
            data: format!("{line}\n").into_bytes().into(),
        })
        .collect();
    JobResult {
        io_log: IoLog::Memory(log),
        ..JobResult::of(outcome)
    }
}

pub(crate) type Heard = Arc<Mutex<Vec<String>>>;

/// Hears what happens to a state, in words.
pub(crate) fn listen(state: &SessionState) -> (Heard, Subscription) {
    let heard = Heard::default();
    let ear = Arc::clone(&heard);
    let subscription = state.subscribe(move |state: &SessionState, signal: &Signal<'_>| {
        let text = match signal {
            Signal::JobStateMapChanged => "map changed".to_owned(),
            Signal::UnitAdded(job) => format!("unit {} added", job.id()),
            Signal::UnitRemoved(job) => format!("unit {} removed", job.id()),
            Signal::JobAdded(job) => format!("job {} added", job.id()),
            Signal::JobRemoved(job) => format!("job {} removed", job.id()),
            Signal::TemplateAdded(template) => format!("template {} added", template.id()),
            Signal::TemplateRemoved(template) => format!("template {} removed", template.id()),
            Signal::OtherUnitAdded(unit) => format!("{} {:?} added", unit.kind(), unit.id()),
            Signal::OtherUnitRemoved(unit) => format!("{} {:?} removed", unit.kind(), unit.id()),
            Signal::ProviderAdded(provider) => format!("provider {} added", provider.name),
            Signal::ResultHistoryChanged(job) => {
                let history = state.job_state(job).map_or(0, |job| job.history().len());
                format!("history of {job} is {history} long")
            }
            Signal::ResultChanged(job, _) => format!("result of {job} changed"),
            Signal::JobResultChanged(job, result) => format!("{job} is {:?}", result.outcome),
        };
        ear.lock().unwrap().push(text);
    });
    (heard, subscription)
}

/// What was heard since the last time.
pub(crate) fn taken(heard: &Heard) -> Vec<String> {
    std::mem::take(&mut *heard.lock().unwrap())
}

/// How many ids random jobs are made of; the first few are resource jobs.
pub(crate) const NAMES: usize = 9;
const RESOURCES: usize = 3;

pub(crate) fn name(number: usize) -> String {
    if number < RESOURCES {
        format!("r{number}")
    } else {
        format!("j{number}")
    }
}

/// References of a random job: `depends`, `after`, `before`, `salvages`, resources, group.
type References = (
    Vec<usize>,
    Vec<usize>,
    Vec<usize>,
    Vec<usize>,
    Vec<usize>,
    u8,
);

fn references() -> impl Strategy<Value = References> {
    let few = |most| vec(0..NAMES + 1, 0..=most);
    (
        few(2),
        few(1),
        few(1),
        few(1),
        vec(0..RESOURCES, 0..=1),
        0u8..8,
    )
}

/// A job of that number with random references; number `NAMES` is never a job.
pub(crate) fn random_job(number: usize, tame: bool) -> impl Strategy<Value = Arc<JobDefinition>> {
    references().prop_map(
        move |(depends, after, before, salvages, resources, group)| {
            let reaches = |target: &usize| !tame || *target < number;
            let list = |numbers: &[usize]| {
                let names: Vec<String> = numbers
                    .iter()
                    .filter(|target| reaches(target))
                    .map(|target| name(*target))
                    .collect();
                names.join(" ")
            };
            let requires: Vec<String> = resources
                .iter()
                .filter(|target| reaches(target))
                .map(|target| format!("{}.x == '1'", name(*target)))
                .collect();
            let (id, requires) = (name(number), requires.join("\n"));
            let (depends, after, before) = (list(&depends), list(&after), list(&before));
            let salvages = list(&salvages);
            let group = format!("g{group}");
            let plugin = if number < RESOURCES {
                "resource"
            } else {
                "shell"
            };
            let mut fields = vec![("id", &*id), ("plugin", plugin), ("depends", &*depends)];
            fields.push(("after", &*after));
            fields.push(("salvages", &*salvages));
            if !requires.is_empty() {
                fields.push(("requires", &*requires));
            }
            if !tame {
                fields.push(("before", &*before));
                if group == "g0" || group == "g1" {
                    fields.push(("group", &*group));
                }
            }
            job(&fields)
        },
    )
}

/// Every number from 0 up to `NAMES` as a job.
pub(crate) fn random_jobs(tame: bool) -> impl Strategy<Value = Vec<Arc<JobDefinition>>> {
    (0..NAMES)
        .map(|number| random_job(number, tame))
        .collect::<Vec<_>>()
}
