//! One small session in which every kind of thing occurs, always the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use session_state::template::Template;
use session_state::{
    Change, FieldValue, IoLog, IoLogRecord, IoStream, JobDefinition, JobId, JobOutcome, JobResult,
    MetadataChange, Origin, OtherUnit, SessionState, StoredLog,
};

/// The sample, and the changes that made it.
pub(crate) fn sample() -> (SessionState, Vec<Change>) {
    let mut state = SessionState::new();
    state.record_changes(true);
    let shell = [
        ("id", "disk/rw".into()),
        ("plugin", "shell".into()),
        ("depends", "cpu".into()),
    ];
    let resource = [
        ("id", "cpu".into()),
        ("plugin", "resource".into()),
        ("command", "lscpu".into()),
    ];
    for job in [
        define(&resource, false),
        define(&shell, false),
        define(&odd(), true),
    ] {
        state.add_job(job, None).expect("no id twice");
    }
    let cpu = JobId::from("bench::cpu");
    let disk = JobId::from("bench::disk/rw");
    state.set_mandatory_jobs(vec![cpu.clone()]);
    assert_eq!(state.update_desired_jobs(std::slice::from_ref(&disk)), []);
    state
        .start_job(&cpu, Some("boot-1"), 1_700_000_000.5)
        .expect("known");
    let output = IoLogRecord {
        delay: 0.25,
        stream: IoStream::Stdout,
        data: Box::from(&b"cores: 4\n"[..]),
    };
    let pass = JobResult {
        return_code: Some(0.into()),
        execution_duration: Some(1.5),
        io_log: IoLog::Memory(vec![output]),
        ..JobResult::of(JobOutcome::Pass)
    };
    state.update_job_result(&cpu, pass, None).expect("known");
    let fail = JobResult {
        comments: Some("smoke".into()),
        return_code: Some((-9).into()),
        io_log: IoLog::Stored(StoredLog {
            path: "io-logs/disk_rw.record.gz".into(),
            identity: Some((4_096, [7; 16])),
        }),
        ..JobResult::of(JobOutcome::Fail)
    };
    state
        .start_job(&disk, None, 1_700_000_003.0)
        .expect("known");
    state.update_job_result(&disk, fail, None).expect("known");
    state
        .update_job_result(&disk, JobResult::default(), None)
        .expect("known");
    state
        .start_job(&disk, Some("boot-2"), 1_700_000_009.0)
        .expect("known");
    for change in [
        MetadataChange::Title(Some("Prüfstand 7".to_owned())),
        MetadataChange::FlagSet("incomplete".to_owned()),
        MetadataChange::AppId(Some("bench".to_owned())),
        MetadataChange::AppBlob(Some(vec![0, 255])),
        MetadataChange::RejectedJobs(vec![JobId::from("bench::odd"), JobId::from("gone")]),
        MetadataChange::RemainingTodoJobs(true),
    ] {
        state.change_metadata(change);
    }
    let fields = [
        ("id", "port-{name}".into()),
        ("template-resource", "ports".into()),
    ];
    let fields = fields
        .map(|(name, value)| (Arc::from(name), value))
        .to_vec();
    let template = Template::new(Some("bench".into()), fields, None).expect("a template");
    state.add_template(Arc::new(template));
    let category = [("unit", "category".into()), ("id", "io".into())];
    let category = OtherUnit::new(JobDefinition::clone(&define(&category, false)));
    state.add_other_unit(Arc::new(category));
    let fleeting = [("unit", "exporter".into()), ("id", "gone".into())];
    let fleeting = OtherUnit::new(JobDefinition::clone(&define(&fleeting, false)));
    state.add_other_unit(Arc::new(fleeting));
    assert_eq!(state.remove_other_units("exporter", "bench::gone"), 1);
    let overrides = [
        ("certification-status", "blocker"),
        ("category_id", "bench::io"),
    ];
    state
        .apply_overrides(&disk, overrides)
        .expect("both can be overridden");
    state.set_attempts(&disk, -1).expect("known");
    let local = [("id", "more".into()), ("plugin", "local".into())];
    state
        .add_job(define(&local, false), None)
        .expect("a new job");
    let lines = ["id: disk/rw\n", "plugin: shell\n", "depends: cpu\n"];
    let printed = lines.map(|line| IoLogRecord {
        delay: 0.0,
        stream: IoStream::Stdout,
        data: line.as_bytes().into(),
    });
    let pass = JobResult {
        io_log: IoLog::Memory(printed.to_vec()),
        ..JobResult::of(JobOutcome::Pass)
    };
    state
        .update_job_result(&JobId::from("bench::more"), pass, None)
        .expect("known");
    state.set_manifest([("bench::has_port".into(), FieldValue::Bool(true))].into());
    let changes = state.pending_changes().to_vec();
    (state, changes)
}

fn define(fields: &[(&str, FieldValue)], instance: bool) -> Arc<JobDefinition> {
    let fields = fields
        .iter()
        .map(|(name, value)| (Arc::from(*name), value.clone()));
    let parameters = instance.then(|| BTreeMap::from([("__index__".into(), FieldValue::Int(1))]));
    let origin = Origin {
        source: "units/bench.pxu".into(),
        line_start: 3,
        line_end: 400,
    };
    Arc::new(JobDefinition::new(
        Some("bench".into()),
        fields.collect(),
        parameters,
        Some(origin),
    ))
}

/// Fields of every type.
fn odd() -> Vec<(&'static str, FieldValue)> {
    let nested = vec![
        (
            "a".into(),
            FieldValue::List(vec![FieldValue::Null, FieldValue::Int(-1)]),
        ),
        ("b".into(), FieldValue::Map(Vec::new())),
    ];
    vec![
        ("id", "odd".into()),
        ("on", FieldValue::Bool(true)),
        ("off", FieldValue::Bool(false)),
        ("big", FieldValue::BigInt("36893488147419103232".into())),
        ("float", FieldValue::Float(0.1)),
        ("nested", FieldValue::Map(nested)),
    ]
}
