//! The bytes of layout 1, pinned. A change here is a new layout version.

use std::sync::Arc;

use session_state::{Change, EngineError, JobDefinition};

use crate::native::{Summary, decode_changes, encode_changes, resume_native};
use crate::tests::sample::sample;
use crate::{Format, Limits, SuspendOptions, suspend};

/// The bytes of a golden file: hexadecimal, white space ignored.
pub(super) fn golden(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .collect();
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
        .collect()
}

#[track_caller]
fn check(bytes: &[u8], pinned: &str) {
    let found: String = bytes
        .chunks(32)
        .map(|line| {
            line.iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
                + "\n"
        })
        .collect();
    assert_eq!(found, pinned, "the bytes of layout 1 changed");
}

#[test]
fn a_snapshot_is_these_bytes() {
    let (state, _) = sample();
    let pinned = include_str!("golden/v1/snapshot.hex");
    check(
        &suspend(&state, Format::Native, &SuspendOptions::default()).unwrap(),
        pinned,
    );
    assert_eq!(
        resume_native(&golden(pinned), &Limits::default()).unwrap(),
        state
    );
}

#[test]
fn changes_are_these_bytes() {
    let (_, changes) = sample();
    let pinned = include_str!("golden/v1/changes.hex");
    check(&encode_changes(&changes).unwrap(), pinned);
    assert_eq!(
        decode_changes(&golden(pinned), &Limits::default()).unwrap(),
        changes
    );
}

#[test]
fn a_selection_that_grew_and_shrank_is_these_bytes() {
    let changes = [
        Change::SelectionExtended {
            desired: vec!["a".into(), "b".into()],
            run_list: vec!["c".into(), "b".into()],
        },
        Change::SelectionReduced {
            job: "b".into(),
            run_list: vec!["c".into(), "b".into()],
        },
    ];
    let pinned = include_str!("golden/v1/selections.hex");
    check(&encode_changes(&changes).unwrap(), pinned);
    assert_eq!(
        decode_changes(&golden(pinned), &Limits::default()).unwrap(),
        changes
    );
}

#[test]
fn what_an_engine_made_of_texts_is_these_bytes() {
    let fields = vec![
        ("id".into(), "t-{{ name }}".into()),
        ("command".into(), "{{".into()),
    ];
    let parameters = [("name".into(), "a".into())].into();
    let fault = EngineError {
        message: "syntax error".into(),
    };
    let renderings = [
        ("t-{{ name }}".into(), Ok("t-a".into())),
        ("{{".into(), Err(fault)),
    ];
    let job = |parameters| {
        let job = JobDefinition::new(None, fields.clone(), parameters, None);
        Change::JobAdded {
            definition: Arc::new(job.with_renderings(renderings.clone().into())),
            via: None,
        }
    };
    let changes = [job(Some(parameters)), job(None)];
    let pinned = include_str!("golden/v1/renderings.hex");
    check(&encode_changes(&changes).unwrap(), pinned);
    assert_eq!(
        decode_changes(&golden(pinned), &Limits::default()).unwrap(),
        changes
    );
}

#[test]
fn a_summary_is_these_bytes() {
    let (state, _) = sample();
    let pinned = include_str!("golden/v1/summary.hex");
    check(&Summary::of(&state).encode().unwrap(), pinned);
    let summary = Summary::decode(&golden(pinned), &Limits::default()).unwrap();
    assert_eq!(summary, Summary::of(&state));
}
