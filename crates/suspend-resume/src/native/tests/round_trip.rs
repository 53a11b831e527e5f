//! Any state survives suspend and resume; any changes survive encode and decode, and bring a copy along.

use proptest::prelude::*;
use session_state::{FieldValue, IoLog, IoLogRecord, IoStream, JobId, JobResult, SessionState};

use super::generator::{operations, run};
use crate::native::{
    Summary, WireSession, decode_changes, encode_changes, peek_native, resume_native,
};
use crate::tests::sample::sample;
use crate::{Format, Limits, SuspendOptions, suspend};

fn bytes_of(state: &SessionState) -> Vec<u8> {
    suspend(state, Format::Native, &SuspendOptions::default()).expect("a state of ordinary depth")
}

fn resumed(bytes: &[u8]) -> SessionState {
    resume_native(bytes, &Limits::default()).expect("a snapshot of our own")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn any_state_survives_suspend_and_resume(operations in operations()) {
        let (state, _) = run(&operations);
        let bytes = bytes_of(&state);
        let again = resumed(&bytes);
        prop_assert_eq!(&again, &state);
        prop_assert_eq!(&WireSession::of(&state)?.encode()?, &bytes);
        prop_assert_eq!(bytes_of(&again), bytes);
        for (mine, theirs) in again.jobs().zip(state.jobs()) {
            prop_assert_eq!(mine.inhibitors(), theirs.inhibitors());
            prop_assert_eq!(mine.can_start(), theirs.can_start());
        }
        prop_assert_eq!(again.outcome_counts(), state.outcome_counts());
        prop_assert_eq!(again.todo_count(), state.todo_count());
    }

    #[test]
    fn any_changes_survive_encode_and_decode_and_apply(operations in operations(), cut in 0.0..=1.0) {
        let (state, changes) = run(&operations);
        let decoded = decode_changes(&encode_changes(&changes)?, &Limits::default())?;
        prop_assert_eq!(&decoded, &changes);
        // A snapshot somewhere on the way, and the changes after it.
        let cut = (changes.len() as f64 * cut) as usize;
        let mut copy = SessionState::new();
        for change in &decoded[..cut] {
            copy.apply(change)?;
        }
        let mut copy = resumed(&bytes_of(&copy));
        for change in &decoded[cut..] {
            copy.apply(change)?;
        }
        prop_assert_eq!(copy, state);
    }

    #[test]
    fn any_summary_survives_in_the_head_and_in_a_frame(operations in operations()) {
        let (state, _) = run(&operations);
        let summary = Summary::of(&state);
        prop_assert_eq!(&Summary::decode(&summary.encode()?, &Limits::default())?, &summary);
        prop_assert_eq!(&peek_native(&bytes_of(&state), &Limits::default())?.summary, &summary);
    }
}

#[test]
fn the_sample_survives() {
    let (state, changes) = sample();
    assert_eq!(resumed(&bytes_of(&state)), state);
    let mut copy = SessionState::new();
    for change in &decode_changes(&encode_changes(&changes).unwrap(), &Limits::default()).unwrap() {
        copy.apply(change)
            .expect("a change of a state like this one");
    }
    assert_eq!(copy, state);
}

#[test]
fn numbers_that_are_none_survive_bit_by_bit() {
    let odd = f64::from_bits(0x7ff4_0000_0000_0001);
    let (mut state, _) = sample();
    state.set_last_job_start_time(Some(odd));
    let result = JobResult {
        execution_duration: Some(f64::INFINITY),
        io_log: IoLog::Memory(vec![IoLogRecord {
            delay: odd,
            stream: IoStream::Stderr,
            data: Box::default(),
        }]),
        ..JobResult::default()
    };
    state
        .update_job_result(&JobId::from("bench::cpu"), result, None)
        .unwrap();
    let bytes = bytes_of(&state);
    assert_eq!(bytes_of(&resumed(&bytes)), bytes);
}

#[test]
fn what_no_reader_takes_is_not_written() {
    let mut value = FieldValue::Null;
    for _ in 0..1_000 {
        value = FieldValue::List(vec![value]);
    }
    let nested = |value| {
        let fields = vec![("id".into(), "deep".into()), ("deep".into(), value)];
        let job = session_state::JobDefinition::new(None, fields, None, None);
        SessionState::with_jobs([std::sync::Arc::new(job)]).unwrap()
    };
    let state = nested(value.clone());
    assert_eq!(resumed(&bytes_of(&state)), state);
    assert!(
        suspend(
            &nested(FieldValue::List(vec![value])),
            Format::Native,
            &SuspendOptions::default()
        )
        .is_err()
    );
}
