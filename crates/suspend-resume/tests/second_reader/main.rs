//! A second reader of the native format, written from `docs/formats.md` and nothing else: what it finds in the
//! bytes is what the session held.

mod bytes;
mod session;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use session_state::template::Template;
use session_state::{
    FieldValue, IoLog, IoLogRecord, IoStream, JobDefinition, JobId, JobIntent, JobOutcome,
    JobResult, Origin, OtherUnit, ReturnCode, SessionState, StoredLog,
};
use suspend_resume::{Format, SuspendOptions, encode_changes, suspend};

fn fields(fields: &[(&str, FieldValue)]) -> Vec<(Arc<str>, FieldValue)> {
    let field = |(name, value): &(&str, FieldValue)| (Arc::from(*name), value.clone());
    fields.iter().map(field).collect()
}

fn origin() -> Option<Origin> {
    Some(Origin {
        source: "units/a.pxu".into(),
        line_start: 3,
        line_end: 300,
    })
}

fn jobs() -> [Arc<JobDefinition>; 2] {
    let nested = FieldValue::Map(vec![(
        "k".into(),
        FieldValue::List(vec![
            FieldValue::Null,
            FieldValue::Bool(true),
            FieldValue::Int(-70_000),
            FieldValue::Float(0.5),
            FieldValue::BigInt("99999999999999999999".into()),
        ]),
    )]);
    let first = fields(&[
        ("id", "disk".into()),
        ("plugin", "resource".into()),
        ("odd", nested),
    ]);
    let second = fields(&[("id", "io-{x}".into()), ("depends", "disk".into())]);
    let parameters = BTreeMap::from([("x".into(), "1".into())]);
    [
        Arc::new(JobDefinition::new(Some("ns".into()), first, None, origin())),
        Arc::new(JobDefinition::new(
            Some("ns".into()),
            second,
            Some(parameters),
            None,
        )),
    ]
}

/// A session in which nearly everything is there.
fn session() -> SessionState {
    let mut state = SessionState::new();
    state.record_changes(true);
    let [disk, io] = jobs();
    let (disk_id, io_id) = (disk.id().clone(), io.id().clone());
    state.add_job(disk, None).expect("a new job");
    state.add_job(io, Some(disk_id.clone())).expect("a new job");
    let template = fields(&[("template-resource", "disk".into()), ("id", "t-{a}".into())]);
    let template = Template::new(Some("other".into()), template, None).expect("a template");
    state.add_template(Arc::new(template));
    let category = fields(&[("unit", "category".into()), ("id", "io".into())]);
    let category = JobDefinition::new(Some("ns".into()), category, None, None);
    state.add_other_unit(Arc::new(OtherUnit::new(category)));
    state.set_mandatory_jobs(vec![disk_id.clone()]);
    state.update_desired_jobs(std::slice::from_ref(&io_id));
    state.start_job(&disk_id, Some("boot"), 1.5).expect("known");
    let printed = IoLogRecord {
        delay: 0.25,
        stream: IoStream::Stdout,
        data: Box::from(&b"name: sda\n"[..]),
    };
    let passed = JobResult {
        io_log: IoLog::Memory(vec![printed]),
        execution_duration: Some(2.0),
        return_code: Some(ReturnCode::Number(-9)),
        ..JobResult::of(JobOutcome::Pass)
    };
    state
        .update_job_result(&disk_id, passed, None)
        .expect("known");
    let crashed = JobResult {
        comments: Some("c".repeat(300).into()),
        return_code: ReturnCode::from_digits("123456789012345678901"),
        io_log: IoLog::Stored(StoredLog {
            path: "io-logs/x".into(),
            identity: Some((70_000, [7; 16])),
        }),
        ..JobResult::of(JobOutcome::Crash)
    };
    state
        .update_job_result(&io_id, crashed, None)
        .expect("known");
    state
        .update_job_result(&io_id, JobResult::default(), None)
        .expect("known");
    state.set_attempts(&io_id, -1).expect("known");
    state
        .apply_overrides(&io_id, [("auto_retry", "no")])
        .expect("overridable");
    let manifest = BTreeMap::from([("ns::wifi".into(), FieldValue::Bool(true))]);
    state.set_manifest(manifest);
    state.set_title(Some("title".into()));
    state.set_app_id(Some("app".into()));
    state.set_app_blob(Some(vec![0, 255]));
    state.set_flag("b");
    state.set_flag("a");
    state.set_flag("gone");
    state.clear_flag("gone");
    state.set_custom_joblist(true);
    state.set_rejected_jobs(vec![io_id.clone()]);
    state.set_running_job_name(Some("ns::disk".into()));
    state.set_last_job_start_time(Some(1e9));
    state.set_remaining_todo_jobs(true);
    state.set_intent(Some(JobIntent {
        job: io_id,
        attempt: 2,
        boot: None,
    }));
    state
}

#[test]
fn a_reader_written_from_the_page_finds_what_the_session_holds() {
    let state = session();
    let file = suspend(&state, Format::Native, &SuspendOptions::default()).expect("a snapshot");
    let (summary, found) = session::snapshot(&file);
    assert_eq!(found["mandatory"], json!(["ns::disk"]));
    assert_eq!(found["desired"], json!(["ns::disk", "ns::io-1"]));
    assert_eq!(found["run_list"], json!(["ns::disk", "ns::io-1"]));
    assert_eq!(found["resources"], json!([["ns::disk", [{"name": "sda"}]]]));
    assert_eq!(found["manifest"], json!([["ns::wifi", true]]));
    let template = json!([["template-resource", "disk"], ["id", "t-{a}"]]);
    assert_eq!(found["templates"], json!([["other", null, template]]));
    assert_eq!(found["units"][0]["id"], "ns::io");
    assert_eq!(
        found["metadata"],
        json!({
            "title": "title", "running_job": "ns::disk", "app_blob": [0, 255], "app_id": "app",
            "custom_joblist": true, "last_job_start_time": 1e9, "remaining_todo_jobs": true,
            "intent": ["ns::io-1", 2, null], "flags": ["a", "b"], "rejected_jobs": ["ns::io-1"],
        })
    );
    let [disk, io] = [&found["jobs"][0], &found["jobs"][1]];
    assert_eq!(disk["definition"]["id"], "ns::disk");
    assert_eq!(disk["definition"]["origin"], json!(["units/a.pxu", 3, 300]));
    let nested =
        json!({"map": [["k", [null, true, -70_000, 0.5, {"digits": "99999999999999999999"}]]]});
    let fields = json!([["id", "disk"], ["plugin", "resource"], ["odd", nested]]);
    assert_eq!(disk["definition"]["fields"], fields);
    assert_eq!(disk["attempts"], json!([0, 1]));
    let passed = json!({
        "outcome": "pass", "comments": null, "return_code": -9, "duration": 2.0,
        "log": [[0.25, "stdout", b"name: sda\n"]],
    });
    assert_eq!(
        (&disk["history"], &disk["present"]),
        (&json!([passed]), &passed)
    );
    assert_eq!(io["definition"]["parameters"], json!([["x", "1"]]));
    assert_eq!(io["via"], "ns::disk");
    assert_eq!(io["adjusted"], json!([-1, [null, null, "no"]]));
    assert_eq!(io["present"], Value::Null);
    let crashed = json!({
        "outcome": "crash", "comments": "c".repeat(300), "duration": null,
        "return_code": {"digits": "123456789012345678901"},
        "log": {"path": "io-logs/x", "identity": [70_000, vec![7; 16]]},
    });
    assert_eq!(io["history"], json!([crashed]));
    assert_eq!(
        (&summary["title"], &summary["jobs"], &summary["run_list"]),
        (&json!("title"), &json!(2), &json!(2))
    );
    assert_eq!(summary["outcomes"], json!([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    assert_eq!(
        (
            &summary["running_job"],
            &summary["attempt"],
            &summary["flags"]
        ),
        (&json!("ns::io-1"), &json!(2), &json!(["a", "b"]))
    );
}

#[test]
fn a_reader_written_from_the_page_reads_every_kind_of_change() {
    let mut state = session();
    let more = JobDefinition::new(None, fields(&[("id", "more".into())]), None, None);
    let more_id = more.id().clone();
    state.add_job(Arc::new(more), None).expect("a new job");
    state.add_desired_jobs(std::slice::from_ref(&more_id));
    state.remove_desired_jobs(&[more_id]);
    state.remove_templates("other::t-a");
    state.remove_other_units("category", "ns::io");
    state.update_desired_jobs_alone(&[]);
    state.set_mandatory_jobs(Vec::new());
    state
        .remove_job(&JobId::from("ns::io-1"))
        .expect("not to be run");
    let [disk, _] = jobs();
    let other = fields(&[("id", "disk".into()), ("plugin", "shell".into())]);
    assert_ne!(
        disk.checksum(),
        JobDefinition::new(Some("ns".into()), other.clone(), None, None).checksum()
    );
    let other = JobDefinition::new(Some("ns".into()), other, None, None);
    state
        .replace_job(Arc::new(other))
        .expect("the job is there");
    let local = fields(&[("id", "more".into()), ("plugin", "local".into())]);
    let local = JobDefinition::new(Some("ns".into()), local, None, None);
    let local_id = local.id().clone();
    state.add_job(Arc::new(local), None).expect("a new job");
    let printed = [&b"id: disk\n"[..], b"plugin: shell\n"].map(|line| IoLogRecord {
        delay: 0.0,
        stream: IoStream::Stdout,
        data: line.into(),
    });
    state
        .update_job_result(&local_id, JobResult::of(JobOutcome::Pass), Some(&printed))
        .expect("known");
    let packet = encode_changes(state.pending_changes()).expect("changes");
    let mut variants = session::changes(&packet);
    assert_eq!(variants.len(), state.pending_changes().len());
    variants.sort_unstable();
    variants.dedup();
    assert_eq!(variants, (0..29).collect::<Vec<u64>>());
}
