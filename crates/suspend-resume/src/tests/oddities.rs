//! What other programs may write and ours never would: kept as it stands.

use std::io::Write as _;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use session_state::{
    FieldValue, IoLog, JobDefinition, JobId, JobOutcome, JobResult, ReturnCode, SessionState,
    StoredLog,
};

use crate::{Format, Limits, Peek, ResumeOptions, SuspendOptions, peek, resume, suspend};

pub(super) fn job() -> Arc<JobDefinition> {
    let fields = vec![("id".into(), "a".into())];
    Arc::new(JobDefinition::new(None, fields, None, None))
}

/// A session of one job that was run with this result.
fn with_result(result: JobResult) -> SessionState {
    let mut state = SessionState::with_jobs([job()]).unwrap();
    state.update_job_result(&"a".into(), result, None).unwrap();
    state
}

fn again(state: &SessionState, format: Format) -> SessionState {
    let bytes = suspend(state, format, &SuspendOptions::default()).unwrap();
    resume(&bytes, &[job()], &ResumeOptions::default(), None).unwrap()
}

pub(super) fn packed(json: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(json.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[test]
fn return_codes_of_any_size_and_truth_values_come_back_as_they_were() {
    let large = "123456789012345678901234567890";
    for code in [
        ReturnCode::from_digits(large).unwrap(),
        ReturnCode::from_digits(&format!("-{large}")).unwrap(),
        ReturnCode::Truth(true),
        ReturnCode::Truth(false),
        ReturnCode::Number(i64::MIN),
    ] {
        let state = with_result(JobResult {
            return_code: Some(code.clone()),
            ..JobResult::of(JobOutcome::Fail)
        });
        for format in [Format::Native, Format::Checkbox(1), Format::Checkbox(11)] {
            let again = again(&state, format);
            let found = &again.job_state("a").unwrap().result().return_code;
            // Their equality is that of numbers; how they print to a programmer tells them apart.
            assert_eq!(format!("{found:?}"), format!("{:?}", Some(&code)));
        }
    }
}

#[test]
fn relative_log_names_start_where_the_caller_says() {
    let stored = StoredLog {
        path: "logs/a.record.gz".into(),
        identity: None,
    };
    let state = with_result(JobResult {
        io_log: IoLog::Stored(stored),
        ..JobResult::of(JobOutcome::Pass)
    });
    let name = |version: u8, working_dir: Option<&str>| {
        let options = SuspendOptions {
            session_dir: Some("/srv/a.session".to_owned()),
            working_dir: working_dir.map(str::to_owned),
            ..SuspendOptions::default()
        };
        let bytes = suspend(&state, Format::Checkbox(version), &options).unwrap();
        let options = ResumeOptions {
            location: Some(String::new()),
            ..ResumeOptions::default()
        };
        let state = resume(&bytes, &[job()], &options, None).unwrap();
        match &state.job_state("a").unwrap().result().io_log {
            IoLog::Stored(log) => log.path.trim_start_matches('/').to_owned(),
            IoLog::Memory(_) => panic!("the log was in a file"),
        }
    };
    assert_eq!(name(4, None), "srv/a.session/logs/a.record.gz");
    assert_eq!(name(5, None), "logs/a.record.gz");
    assert_eq!(name(4, Some("/srv/x")), "logs/a.record.gz");
    assert_eq!(name(5, Some("/srv/x")), "../x/logs/a.record.gz");
}

#[test]
fn a_peek_tells_rejected_jobs_that_are_no_texts() {
    let json = r#"{"session":{"metadata":{"app_blob":"","app_id":null,"custom_joblist":false,
        "flags":[],"rejected_jobs":["a",1,null,{"b":[true]}],"running_job_name":null,"title":null}},
        "version":6}"#;
    let bytes = packed(json);
    let Peek::Checkbox(peek) = peek(&bytes, &Limits::default()).unwrap() else {
        panic!("taken for a native session");
    };
    assert_eq!(peek.metadata.rejected_jobs, [JobId::from("a")]);
    let inner = FieldValue::Map(vec![(
        "b".into(),
        FieldValue::List(vec![FieldValue::Bool(true)]),
    )]);
    assert_eq!(
        peek.rejected_jobs,
        ["a".into(), FieldValue::Int(1), FieldValue::Null, inner]
    );
}
