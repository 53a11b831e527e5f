//! Sessions of a newer release: refused with a reason, peeked where the head can be understood.

use crate::native::checksum::hash_128;
use crate::native::head::encode_head;
use crate::native::packet::{Kind, seal};
use crate::native::snapshot::{BodyReader, decode_body, encode_body, encode_summary, resume_by};
use crate::native::{Summary, decode_changes, native_parts, peek_native, resume_native};
use crate::tests::sample::sample;
use crate::{Limits, ResumeError};

fn refusal(error: &ResumeError) -> (&str, &str, bool) {
    let ResumeError::IncompatibleSession {
        found,
        supported,
        advice,
    } = error
    else {
        panic!("not refused for its version: {error:?}");
    };
    (found, supported, advice.contains("newer release"))
}

/// A snapshot as a later release might write it: more in the head, a body we cannot know.
fn of_the_future(summary: &[u8]) -> Vec<u8> {
    let mut bytes = encode_head(7, (5, [9; 16]), summary).unwrap();
    bytes.extend(b"later");
    bytes
}

#[test]
fn a_newer_snapshot_is_refused_and_may_be_peeked() {
    let (state, _) = sample();
    let mut summary = encode_summary(&state).unwrap();
    summary.extend(b"fields of the future");
    let bytes = of_the_future(&summary);
    let error = resume_native(&bytes, &Limits::default()).unwrap_err();
    assert_eq!(
        refusal(&error),
        ("native layout 7", "native layout 1", true)
    );
    let peek = peek_native(&bytes, &Limits::default()).unwrap();
    assert_eq!((peek.layout, peek.readable), (7, false));
    assert_eq!(peek.summary, Summary::of(&state));
}

#[test]
fn a_newer_snapshot_with_another_head_is_refused_by_peek_too() {
    let error = peek_native(&of_the_future(&[7; 3]), &Limits::default()).unwrap_err();
    assert_eq!(
        refusal(&error),
        ("native layout 7", "native layout 1", true)
    );
}

#[test]
fn a_damaged_newer_snapshot_is_damaged() {
    let (state, _) = sample();
    let mut bytes = of_the_future(&encode_summary(&state).unwrap());
    bytes[40] ^= 1;
    assert!(
        resume_native(&bytes, &Limits::default())
            .unwrap_err()
            .is_corrupted()
    );
    assert!(
        peek_native(&bytes, &Limits::default())
            .unwrap_err()
            .is_corrupted()
    );
}

#[test]
fn newer_changes_are_refused_and_a_newer_summary_is_read_as_far_as_it_is_known() {
    let packet = seal(Kind::Changes, 2, b"whatever");
    let error = decode_changes(&packet, &Limits::default()).unwrap_err();
    assert_eq!(
        refusal(&error),
        ("native layout 2", "native layout 1", true)
    );
    let (state, _) = sample();
    let mut body = encode_summary(&state).unwrap();
    body.extend(b"more");
    let summary = Summary::decode(&seal(Kind::Summary, 2, &body), &Limits::default()).unwrap();
    assert_eq!(summary, Summary::of(&state));
}

/// What the body of a made-up layout 2 begins with; the rest is that of layout 1.
const MARK_OF_TOMORROW: &[u8] = b"layout 2";

fn decode_of_tomorrow(
    body: &[u8],
    limits: &Limits,
) -> Result<session_state::SessionState, crate::Corruption> {
    let rest = body.strip_prefix(MARK_OF_TOMORROW);
    decode_body(rest.expect("written by this test"), limits)
}

#[test]
fn a_release_with_a_newer_layout_reads_both_and_this_one_refuses_and_peeks_the_newer() {
    let (state, _) = sample();
    let mut body = MARK_OF_TOMORROW.to_vec();
    encode_body(&state, &mut body).unwrap();
    let mut summary = encode_summary(&state).unwrap();
    summary.push(1);
    let stamp = (body.len() as u64, hash_128(&[&body]));
    let newer = [encode_head(2, stamp, &summary).unwrap(), body].concat();
    let today = crate::suspend(
        &state,
        crate::Format::Native,
        &crate::SuspendOptions::default(),
    );
    let readers: [(u16, BodyReader); 2] = [(1, decode_body), (2, decode_of_tomorrow)];
    for bytes in [&today.unwrap(), &newer] {
        let read = resume_by(&readers, bytes, &Limits::default()).unwrap();
        assert_eq!(read, state);
    }
    let error = resume_native(&newer, &Limits::default()).unwrap_err();
    assert_eq!(
        refusal(&error),
        ("native layout 2", "native layout 1", true)
    );
    let peek = peek_native(&newer, &Limits::default()).unwrap();
    assert_eq!((peek.layout, peek.readable), (2, false));
    assert_eq!(peek.summary, Summary::of(&state));
}

#[test]
fn what_a_development_version_wrote_is_refused_and_not_even_peeked() {
    let (state, _) = sample();
    let summary = encode_summary(&state).unwrap();
    let mut body = Vec::new();
    encode_body(&state, &mut body).unwrap();
    let stamp = (body.len() as u64, hash_128(&[&body]));
    let snapshot = [encode_head(0, stamp, &summary).unwrap(), body].concat();
    let limits = Limits::default();
    for error in [
        resume_native(&snapshot, &limits).unwrap_err(),
        native_parts(&snapshot, &limits).unwrap_err(),
        peek_native(&snapshot, &limits).unwrap_err(),
        decode_changes(&seal(Kind::Changes, 0, b"whatever"), &limits).unwrap_err(),
        Summary::decode(&seal(Kind::Summary, 0, &summary), &limits).unwrap_err(),
    ] {
        assert_eq!(
            refusal(&error),
            (
                "native layout 0, of a development version",
                "native layout 1",
                false
            )
        );
        assert!(
            error
                .advice()
                .unwrap()
                .contains("the program that wrote it")
        );
    }
}
