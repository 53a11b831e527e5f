//! Every cut and every flipped bit of Checkbox sessions: corrupted, or the same state where the bit means
//! nothing.

use std::sync::Arc;

use session_state::{JobId, SessionState};

use super::sample::sample;
use crate::{CheckboxEncoder, Format, ResumeError, ResumeOptions, SuspendOptions, resume, suspend};

fn resumed(bytes: &[u8], like: &SessionState) -> Result<SessionState, ResumeError> {
    let definitions: Vec<_> = like
        .jobs()
        .map(|job| Arc::clone(job.definition()))
        .collect();
    let options = ResumeOptions {
        location: Some("/srv/a.session".to_owned()),
        ..ResumeOptions::default()
    };
    resume(bytes, &definitions, &options, None)
}

#[test]
fn a_damaged_checkbox_session_is_corrupted_or_means_the_same() {
    let (mut state, _) = sample();
    state.set_rejected_jobs(vec![JobId::from("bench::odd")]);
    let options = SuspendOptions::default();
    let one_member = suspend(&state, Format::Checkbox(11), &options).unwrap();
    let mut encoder = CheckboxEncoder::new(11, options).unwrap();
    let several_members = encoder.encode(&state).unwrap();
    for bytes in [one_member, several_members] {
        let whole = resumed(&bytes, &state).unwrap();
        let mut same = 0;
        let mut check = |damaged: &[u8], what: &str| match resumed(damaged, &state) {
            Ok(again) => {
                assert!(again == whole, "{what}: another state");
                same += 1;
            }
            Err(error) => assert!(error.is_corrupted(), "{what}: {error}"),
        };
        for length in 0..bytes.len() {
            check(&bytes[..length], &format!("the first {length} bytes"));
        }
        let mut damaged = bytes.clone();
        for bit in 0..bytes.len() * 8 {
            damaged[bit / 8] ^= 1 << (bit % 8);
            check(&damaged, &format!("bit {bit} flipped"));
            damaged[bit / 8] ^= 1 << (bit % 8);
        }
        assert!(same > 0, "the time in a header means nothing");
    }
}
