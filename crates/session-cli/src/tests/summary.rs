//! Lines as they are printed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use job_units::{ReadOptions, parse_units};
use session_state::{IoLog, IoLogRecord, IoStream, JobOutcome, JobResult, SessionState};

use crate::summary::{Summary, outcome_line};

#[test]
fn an_outcome_is_one_line_whatever_the_words_hold() {
    let result = JobResult {
        comments: Some("unmet resource:\n- cpu.count > 3\u{1b}[2J".into()),
        execution_duration: Some(0.123),
        ..JobResult::of(JobOutcome::SkippedResource)
    };
    assert_eq!(
        outcome_line(7, 12, &"needs-cores".into(), &result),
        "[ 7/12] skipped-resource   needs-cores (0.12 s) - unmet resource: cpu.count > 3\\u{1b}[2J"
    );
}

#[test]
fn comments_become_one_line() {
    let cases = [
        ("failed dependency:\n- a\n- b", "failed dependency: a, b"),
        ("one\ntwo", "one; two"),
        ("", ""),
    ];
    for (comments, line) in cases {
        assert_eq!(crate::summary::on_one_line(comments), line);
    }
}

#[test]
fn the_summary_shows_what_failed_and_its_last_lines() {
    let text = "id: a\nplugin: shell\ncommand: true\n\nid: b\nplugin: shell\ncommand: true\n";
    let units = parse_units(text, "test.pxu", &ReadOptions::default()).expect("good units");
    let mut state =
        SessionState::with_jobs(units.jobs.iter().map(Arc::clone)).expect("different ids");
    let line = |number: u32| IoLogRecord {
        delay: 0.0,
        stream: IoStream::Stderr,
        data: format!("line {number}\n").into_bytes().into(),
    };
    let failed = JobResult {
        return_code: Some(3.into()),
        io_log: IoLog::Memory((1..=7).map(line).collect()),
        ..JobResult::of(JobOutcome::Fail)
    };
    state
        .update_job_result(&"a".into(), failed, None)
        .expect("it is there");
    let summary = Summary::of("some-id", &state, &HashMap::new());
    assert_eq!(summary.failed(), 1);
    assert_eq!(
        summary.lines(Duration::from_millis(1500)),
        [
            "",
            "a: fail, exit code 3",
            "    | line 3",
            "    | line 4",
            "    | line 5",
            "    | line 6",
            "    | line 7",
            "",
            "2 jobs: 1 fail, 1 not run (in 1.50 s)",
        ]
    );
}
