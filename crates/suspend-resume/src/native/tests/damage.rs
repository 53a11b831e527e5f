//! Every truncation and every flipped bit of samples gives an error, never a panic, never another state.

use crate::native::{
    Summary, decode_changes, encode_changes, head_bytes, peek_native, resume_native,
};
use crate::tests::sample::sample;
use crate::{Format, Limits, ResumeError, SuspendOptions, suspend};

/// Calls `check` with every proper beginning of `bytes`, with a byte more, and with each bit flipped.
fn each_damage(bytes: &[u8], mut check: impl FnMut(&[u8], &str)) {
    for length in 0..bytes.len() {
        check(&bytes[..length], &format!("the first {length} bytes"));
    }
    for extra in [0, 1, 255] {
        check(&[bytes, &[extra]].concat(), "a byte too many");
    }
    let mut damaged = bytes.to_vec();
    for bit in 0..bytes.len() * 8 {
        damaged[bit / 8] ^= 1 << (bit % 8);
        check(&damaged, &format!("bit {bit} flipped"));
        damaged[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn a_damaged_snapshot_is_refused() {
    let (state, _) = sample();
    let limits = Limits::default();
    each_damage(
        &suspend(&state, Format::Native, &SuspendOptions::default()).unwrap(),
        |bytes, what| {
            let error = resume_native(bytes, &limits).expect_err(what);
            assert!(
                matches!(error, ResumeError::Corrupted(_)),
                "{what}: {error}"
            );
        },
    );
}

#[test]
fn a_damaged_head_is_refused_and_a_damaged_body_does_not_matter_to_peek() {
    let (state, _) = sample();
    let limits = Limits::default();
    let bytes = suspend(&state, Format::Native, &SuspendOptions::default()).unwrap();
    let whole = peek_native(&bytes, &limits).unwrap();
    let head = usize::try_from(head_bytes(&bytes).unwrap()).unwrap();
    assert!(head < bytes.len());
    each_damage(&bytes, |damaged, what| {
        let intact = damaged.get(..head) == Some(&bytes[..head]);
        match peek_native(damaged, &limits) {
            Ok(peek) => assert!(intact && peek == whole, "{what}"),
            Err(error) => assert!(!intact, "{what}: {error}"),
        }
    });
}

#[test]
fn damaged_changes_are_refused() {
    let (_, changes) = sample();
    let limits = Limits::default();
    each_damage(&encode_changes(&changes).unwrap(), |bytes, what| {
        let error = decode_changes(bytes, &limits).expect_err(what);
        assert!(
            matches!(error, ResumeError::Corrupted(_)),
            "{what}: {error}"
        );
    });
}

#[test]
fn a_damaged_summary_is_refused() {
    let (state, _) = sample();
    let limits = Limits::default();
    each_damage(&Summary::of(&state).encode().unwrap(), |bytes, what| {
        let error = Summary::decode(bytes, &limits).expect_err(what);
        assert!(
            matches!(error, ResumeError::Corrupted(_)),
            "{what}: {error}"
        );
    });
}

#[test]
fn one_kind_of_packet_is_not_taken_for_another() {
    let (state, changes) = sample();
    let limits = Limits::default();
    assert!(decode_changes(&Summary::of(&state).encode().unwrap(), &limits).is_err());
    assert!(Summary::decode(&encode_changes(&changes).unwrap(), &limits).is_err());
}
