//! Random states, made by random operations, with the changes that were recorded on the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use session_state::template::Template;
use session_state::{
    Change, EngineError, FieldValue, IoLog, IoLogRecord, IoStream, JobDefinition, JobId, JobIntent,
    JobOutcome, JobResult, MetadataChange, Origin, OtherUnit, OverridableField, Resource,
    ReturnCode, SessionState, StoredLog,
};

/// Something that happens to a session.
#[derive(Clone, Debug)]
pub(crate) enum Operation {
    Add(Arc<JobDefinition>, Option<JobId>),
    Remove(JobId),
    Replace(Arc<JobDefinition>),
    Mandatory(Vec<JobId>),
    Desire(Vec<JobId>),
    DesireMore(Vec<JobId>),
    DesireLess(Vec<JobId>),
    Start(JobId, Option<String>, f64),
    Record(JobId, JobResult),
    Print(JobId, Vec<u8>),
    Resources(JobId, Vec<Resource>),
    Metadata(MetadataChange),
    Template(Arc<Template>),
    RemoveTemplates(String),
    Unit(Arc<OtherUnit>),
    RemoveUnits(String, String),
    Override(JobId, OverridableField, String),
    Attempts(JobId, i32),
    Manifest(BTreeMap<Box<str>, FieldValue>),
}

/// A sequence of operations.
pub(crate) fn operations() -> impl Strategy<Value = Vec<Operation>> {
    (vec(job(), 0..6), vec(operation(), 0..24)).prop_map(|(jobs, rest)| {
        let jobs = jobs.into_iter().map(|(job, via)| Operation::Add(job, via));
        jobs.chain(rest).collect()
    })
}

/// A state that came about by some operations, and the changes recorded from the first to the last.
pub(crate) fn run(operations: &[Operation]) -> (SessionState, Vec<Change>) {
    let mut state = SessionState::new();
    state.record_changes(true);
    for operation in operations {
        perform(&mut state, operation.clone());
    }
    let changes = state.pending_changes().to_vec();
    (state, changes)
}

/// Refused operations are part of the game: they must leave no trace.
pub(crate) fn perform(state: &mut SessionState, operation: Operation) {
    match operation {
        Operation::Add(job, via) => drop(state.add_job(job, via)),
        Operation::Remove(job) => drop(state.remove_job(&job)),
        Operation::Replace(job) => drop(state.replace_job(job)),
        Operation::Mandatory(jobs) => state.set_mandatory_jobs(jobs),
        Operation::Desire(jobs) => drop(state.update_desired_jobs(&jobs)),
        Operation::DesireMore(jobs) => drop(state.add_desired_jobs(&jobs)),
        Operation::DesireLess(jobs) => drop(state.remove_desired_jobs(&jobs)),
        Operation::Start(job, boot, at) => drop(state.start_job(&job, boot.as_deref(), at)),
        Operation::Record(job, result) => drop(state.update_job_result(&job, result, None)),
        Operation::Print(job, numbers) => {
            let lines = numbers
                .iter()
                .flat_map(|n| [format!("id: j{n}\n"), "\n".to_owned()]);
            let result = JobResult {
                io_log: IoLog::Memory(lines.map(stdout).collect()),
                ..JobResult::of(JobOutcome::Pass)
            };
            drop(state.update_job_result(&job, result, None));
        }
        Operation::Resources(job, records) => state.set_resources(&job, records),
        Operation::Metadata(change) => state.change_metadata(change),
        Operation::Template(template) => state.add_template(template),
        Operation::Unit(unit) => state.add_other_unit(unit),
        Operation::RemoveUnits(kind, id) => drop(state.remove_other_units(&kind, &id)),
        Operation::RemoveTemplates(id) => drop(state.remove_templates(&id)),
        Operation::Override(job, field, value) => {
            drop(state.apply_overrides(&job, [(field.as_str(), &*value)]));
        }
        Operation::Attempts(job, attempts) => drop(state.set_attempts(&job, attempts)),
        Operation::Manifest(manifest) => state.set_manifest(manifest),
    }
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        2 => job().prop_map(|(job, via)| Operation::Add(job, via)),
        1 => id().prop_map(Operation::Remove),
        1 => job().prop_map(|(job, _)| Operation::Replace(job)),
        1 => vec(id(), 0..4).prop_map(Operation::Mandatory),
        4 => vec(id(), 0..6).prop_map(Operation::Desire),
        2 => vec(id(), 0..3).prop_map(Operation::DesireMore),
        1 => vec(id(), 0..2).prop_map(Operation::DesireLess),
        4 => (id(), option::of(text()), any::<f64>()).prop_map(|(job, boot, at)| {
            Operation::Start(job, boot, at)
        }),
        6 => (id(), result()).prop_map(|(job, result)| Operation::Record(job, result)),
        2 => (id(), vec(0..9u8, 0..4)).prop_map(|(job, numbers)| Operation::Print(job, numbers)),
        2 => (id(), records()).prop_map(|(job, records)| Operation::Resources(job, records)),
        4 => metadata_change().prop_map(Operation::Metadata),
        2 => template().prop_map(Operation::Template),
        1 => text().prop_map(Operation::RemoveTemplates),
        2 => (kind(), job()).prop_map(|(kind, (job, _))| Operation::Unit(unit(kind, &job))),
        1 => (kind(), id()).prop_map(|(kind, id)| Operation::RemoveUnits(kind, id.to_string())),
        1 => (id(), proptest::sample::select(&OverridableField::ALL[..]), text())
            .prop_map(|(job, field, value)| Operation::Override(job, field, value)),
        1 => (id(), any::<i32>()).prop_map(|(job, attempts)| Operation::Attempts(job, attempts)),
        1 => proptest::collection::btree_map(text().prop_map(Box::from), value(), 0..3)
            .prop_map(Operation::Manifest),
    ]
}

/// A template that makes nothing here: its resource is no job of the generated sessions.
fn template() -> impl Strategy<Value = Arc<Template>> {
    (any::<bool>(), text(), vec((text(), value()), 0..3)).prop_map(|(named, id, extra)| {
        let mut fields: Vec<(Arc<str>, FieldValue)> = vec![
            ("template-resource".into(), "elsewhere".into()),
            ("id".into(), FieldValue::Text(id.into())),
        ];
        fields.extend(extra.into_iter().map(|(name, value)| (name.into(), value)));
        let namespace = named.then(|| "ns".into());
        Arc::new(Template::new(namespace, fields, None).expect("it has a resource"))
    })
}

fn kind() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("category".to_owned()),
        Just("exporter".to_owned()),
        text()
    ]
}

/// A unit of a kind with the fields of a job.
fn unit(kind: String, job: &JobDefinition) -> Arc<OtherUnit> {
    let fields = job
        .fields()
        .map(|(name, value)| (Arc::from(name), value.to_value()));
    let kind = (Arc::from("unit"), FieldValue::Text(kind.into()));
    let namespace = job.shared_namespace().cloned();
    let fields = JobDefinition::new(
        namespace,
        fields.chain([kind]).collect(),
        job.parameters().cloned(),
        job.origin().cloned(),
    );
    Arc::new(OtherUnit::new(fields))
}

fn id() -> impl Strategy<Value = JobId> {
    prop_oneof![
        4 => (0..6u8).prop_map(|n| JobId::new(format!("j{n}"))),
        4 => (0..6u8).prop_map(|n| JobId::new(format!("ns::j{n}"))),
        1 => text().prop_map(JobId::new),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z]{0,6}",
        1 => any::<String>(),
        1 => Just("x".repeat(300)),
    ]
}

fn job() -> impl Strategy<Value = (Arc<JobDefinition>, Option<JobId>)> {
    let own = (
        0..6u8,
        prop_oneof![Just("shell"), Just("resource"), Just("local")],
    );
    let links = (option::of(0..6u8), option::of(0..6u8));
    let origin = option::of((text(), any::<u32>(), any::<u32>()));
    let parameters = option::of(proptest::collection::btree_map(text(), value(), 0..3));
    let rendering = prop_oneof![
        text().prop_map(|text| Ok(text.into())),
        text().prop_map(|text| Err(EngineError {
            message: text.into()
        })),
    ];
    let renderings = option::of(proptest::collection::btree_map(
        text().prop_map(Box::from),
        rendering,
        0..3,
    ));
    let fields = vec((text(), value()), 0..4);
    (
        any::<bool>(),
        own,
        links,
        fields,
        (parameters, renderings),
        origin,
        option::of(id()),
    )
        .prop_map(
            |(
                named,
                (number, plugin),
                (depends, after),
                extra,
                (parameters, renderings),
                origin,
                via,
            )| {
                let mut fields: Vec<(Arc<str>, FieldValue)> = vec![
                    ("id".into(), FieldValue::Text(format!("j{number}").into())),
                    ("plugin".into(), plugin.into()),
                ];
                for (name, target) in [("depends", depends), ("after", after)] {
                    if let Some(target) = target.filter(|target| *target != number) {
                        fields.push((name.into(), FieldValue::Text(format!("j{target}").into())));
                    }
                }
                // A job that makes siblings adds jobs of its own; the state's tests are about those.
                let extra = extra
                    .into_iter()
                    .filter(|(name, _)| !name.ends_with("siblings"));
                fields.extend(extra.map(|(name, value)| (name.into(), value)));
                let origin = origin.map(|(source, line_start, line_end)| Origin {
                    source: source.into(),
                    line_start,
                    line_end,
                });
                let parameters = parameters.map(|parameters| {
                    let boxed = parameters.into_iter();
                    boxed.map(|(name, value)| (name.into(), value)).collect()
                });
                let namespace = named.then(|| "ns".into());
                let job = JobDefinition::new(namespace, fields, parameters, origin);
                let job = match renderings {
                    Some(renderings) => job.with_renderings(renderings),
                    None => job,
                };
                (Arc::new(job), via)
            },
        )
}

pub(super) fn value() -> impl Strategy<Value = FieldValue> {
    let leaf = prop_oneof![
        Just(FieldValue::Null),
        any::<bool>().prop_map(FieldValue::Bool),
        any::<i64>().prop_map(FieldValue::Int),
        "-?[1-9][0-9]{19,40}".prop_map(|digits| FieldValue::BigInt(digits.into())),
        any::<f64>().prop_map(FieldValue::Float),
        text().prop_map(|text| FieldValue::Text(text.into())),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(FieldValue::List),
            vec((text().prop_map(Box::from), inner), 0..4).prop_map(FieldValue::Map),
        ]
    })
}

fn result() -> impl Strategy<Value = JobResult> {
    let outcome = option::of(proptest::sample::select(&JobOutcome::ALL[..]));
    let log = prop_oneof![
        3 => vec(record(), 0..4).prop_map(IoLog::Memory),
        1 => (text(), option::of(any::<(u64, [u8; 16])>())).prop_map(|(path, identity)| {
            IoLog::Stored(StoredLog { path: path.into(), identity })
        }),
    ];
    let comments = option::of(text().prop_map(Box::from));
    let parts = (
        outcome,
        comments,
        option::of(return_code()),
        option::of(any::<f64>()),
        log,
    );
    parts.prop_map(
        |(outcome, comments, return_code, execution_duration, io_log)| JobResult {
            outcome,
            comments,
            return_code,
            execution_duration,
            io_log,
        },
    )
}

fn return_code() -> impl Strategy<Value = ReturnCode> {
    prop_oneof![
        4 => any::<i64>().prop_map(ReturnCode::Number),
        1 => any::<bool>().prop_map(ReturnCode::Truth),
        1 => "-?[1-9][0-9]{19,40}".prop_filter_map("a number", |digits| ReturnCode::from_digits(&digits)),
    ]
}

fn stdout(line: String) -> IoLogRecord {
    IoLogRecord {
        delay: 0.0,
        stream: IoStream::Stdout,
        data: line.into_bytes().into(),
    }
}

fn record() -> impl Strategy<Value = IoLogRecord> {
    let data = prop_oneof![
        Just(b"key: value\n".to_vec()),
        Just(b"\n".to_vec()),
        vec(any::<u8>(), 0..40),
    ];
    (any::<f64>(), any::<bool>(), data).prop_map(|(delay, error, data)| IoLogRecord {
        delay,
        stream: if error {
            IoStream::Stderr
        } else {
            IoStream::Stdout
        },
        data: data.into(),
    })
}

fn records() -> impl Strategy<Value = Vec<Resource>> {
    vec(vec((text(), text()), 0..3).prop_map(Resource::new), 0..3)
}

fn metadata_change() -> impl Strategy<Value = MetadataChange> {
    let intent = (id(), any::<u32>(), option::of(text().prop_map(Box::from)));
    let intent = intent.prop_map(|(job, attempt, boot)| JobIntent { job, attempt, boot });
    prop_oneof![
        option::of(text()).prop_map(MetadataChange::Title),
        text().prop_map(MetadataChange::FlagSet),
        text().prop_map(MetadataChange::FlagCleared),
        option::of(text()).prop_map(MetadataChange::RunningJobName),
        option::of(vec(any::<u8>(), 0..20)).prop_map(MetadataChange::AppBlob),
        option::of(text()).prop_map(MetadataChange::AppId),
        any::<bool>().prop_map(MetadataChange::CustomJoblist),
        vec(id(), 0..3).prop_map(MetadataChange::RejectedJobs),
        option::of(any::<f64>()).prop_map(MetadataChange::LastJobStartTime),
        any::<bool>().prop_map(MetadataChange::RemainingTodoJobs),
        option::of(intent).prop_map(MetadataChange::Intent),
    ]
}
