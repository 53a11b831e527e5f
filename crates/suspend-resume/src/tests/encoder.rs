//! Sessions written again and again in Checkbox's formats.

use std::collections::HashSet;
use std::io::Read as _;
use std::sync::Arc;

use flate2::bufread::GzDecoder;
use proptest::prelude::*;
use session_state::{JobDefinition, JobId, JobOutcome, JobResult, SessionState};

use super::unknown::text;
use crate::native::tests::generator::{operations, perform};
use crate::{CheckboxEncoder, Format, Limits, Peek, SuspendError, SuspendOptions, peek, suspend};

/// The members of an envelope: packed, and inflated.
fn members(mut bytes: &[u8]) -> Vec<(Vec<u8>, String)> {
    let mut members = Vec::new();
    while !bytes.is_empty() {
        let mut rest = bytes;
        let mut text = String::new();
        GzDecoder::new(&mut rest).read_to_string(&mut text).unwrap();
        let packed = bytes[..bytes.len() - rest.len()].to_vec();
        members.push((packed, text));
        bytes = rest;
    }
    members
}

fn large_session(jobs: usize) -> SessionState {
    let job = |number| {
        let id = format!("some/job-{number:06}");
        let fields = vec![("id".into(), id.as_str().into())];
        Arc::new(JobDefinition::new(Some("ns".into()), fields, None, None))
    };
    let mut state = SessionState::with_jobs((0..jobs).map(job)).unwrap();
    let all: Vec<JobId> = state.jobs().map(|job| job.id().clone()).collect();
    state.update_desired_jobs(&all);
    for job in &all {
        let result = JobResult {
            comments: Some(format!("what {job} says").into()),
            ..JobResult::of(JobOutcome::Pass)
        };
        state.update_job_result(job, result, None).unwrap();
    }
    state
}

#[test]
fn one_changed_result_packs_a_small_part_of_the_session_anew() {
    let mut state = large_session(2_000);
    let mut encoder = CheckboxEncoder::new(11, SuspendOptions::default()).unwrap();
    let first = members(&encoder.encode(&state).unwrap());
    let kept: HashSet<&[u8]> = first.iter().map(|(packed, _)| &packed[..]).collect();
    let job = JobId::from("ns::some/job-001000");
    state.start_job(&job, None, 1_700_000_000.5).unwrap();
    let failed = JobResult::of(JobOutcome::Fail);
    state.update_job_result(&job, failed, None).unwrap();
    let second = members(&encoder.encode(&state).unwrap());
    let total: usize = second.iter().map(|(_, text)| text.len()).sum();
    let anew: usize = second
        .iter()
        .filter(|(packed, _)| !kept.contains(&packed[..]))
        .map(|(_, text)| text.len())
        .sum();
    assert!(anew * 20 < total, "{anew} of {total} bytes of text");
    assert!(anew > 0, "the result has changed");
}

#[test]
fn what_an_encoder_writes_is_peeked_and_its_version_exists() {
    let mut encoder = CheckboxEncoder::new(6, SuspendOptions::default()).unwrap();
    let bytes = encoder.encode(&large_session(100)).unwrap();
    assert!(members(&bytes).len() > 1);
    let Peek::Checkbox(peeked) = peek(&bytes, &Limits::default()).unwrap() else {
        panic!("taken for a native session");
    };
    assert_eq!((peeked.version, encoder.version()), (6, 6));
    let error = CheckboxEncoder::new(12, SuspendOptions::default()).unwrap_err();
    assert!(matches!(error, SuspendError::NoSuchFormat { version: 12 }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn an_encoder_writes_the_document_that_suspend_writes(
        operations in operations(),
        version in 1..=11_u8,
    ) {
        let mut encoder = CheckboxEncoder::new(version, SuspendOptions::default())?;
        let mut state = SessionState::new();
        for operation in operations {
            perform(&mut state, operation);
            let whole = suspend(&state, Format::Checkbox(version), &SuspendOptions::default());
            match (encoder.encode(&state), whole) {
                (Ok(bytes), Ok(whole)) => prop_assert_eq!(text(&bytes), text(&whole)),
                (Err(SuspendError::LogWithoutName), Err(SuspendError::LogWithoutName)) => {}
                (encoded, whole) => prop_assert!(false, "{:?} and {:?}", encoded, whole),
            }
        }
    }
}
