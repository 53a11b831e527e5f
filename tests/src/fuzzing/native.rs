//! The native format: head, body, packets of journal frames, and the same behind right checksums.

use session_state::SessionState;
use suspend_resume::{
    Format, Limits, Summary, SuspendOptions, decode_changes, encode_changes, head_bytes,
    peek_native, resume_bare_body, resume_native, suspend,
};

use super::corpus::CorpusError;
use super::seal;

/// The layout of today.
const LAYOUT: u16 = 1;

/// Kinds of packets.
const CHANGES: u8 = 0xc1;
const SUMMARY: u8 = 0xc2;

/// Bytes of a packet before its body, and of a snapshot before its summary.
const PACKET_HEAD: usize = 11;
const BEFORE_SUMMARY: usize = 32 + 24;

/// A snapshot of layout 1 and its packets, as the codec's golden files pin them.
const SNAPSHOT: &str =
    include_str!("../../../crates/suspend-resume/src/native/tests/golden/v1/snapshot.hex");
const CHANGES_PACKET: &str =
    include_str!("../../../crates/suspend-resume/src/native/tests/golden/v1/changes.hex");
const SUMMARY_PACKET: &str =
    include_str!("../../../crates/suspend-resume/src/native/tests/golden/v1/summary.hex");

/// A head gives a summary or an error: the bytes as they are, and as the summary in a head that is right.
pub(super) fn run_head(bytes: &[u8]) {
    let limits = Limits::default();
    if let Ok(peek) = peek_native(bytes, &limits) {
        let head = head_bytes(bytes).and_then(|end| bytes.get(..usize::try_from(end).ok()?));
        let head = head.expect("what was peeked has a head");
        let again = peek_native(head, &limits).expect("a head is enough to peek");
        assert_eq!(
            encoded(&again.summary),
            encoded(&peek.summary),
            "the body plays no part"
        );
    }
    let sealed = seal::snapshot(LAYOUT, bytes, b"");
    if let Ok(peek) = peek_native(&sealed, &limits) {
        assert!(peek.readable, "the layout of today is readable");
        assert_eq!(
            encoded(&peek.summary).get(PACKET_HEAD..),
            Some(bytes),
            "one encoding only"
        );
    }
    // Of a newer layout the part that is known here is taken.
    let newer = seal::snapshot(u16::MAX, bytes, b"");
    if let Ok(peek) = peek_native(&newer, &limits) {
        assert!(!peek.readable, "a newer layout is not readable");
        let known = encoded(&peek.summary);
        let known = known.get(PACKET_HEAD..).unwrap_or_default();
        assert!(
            bytes.len() >= known.len(),
            "a summary comes out of its bytes"
        );
    }
    assert!(
        resume_native(&newer, &limits).is_err(),
        "a newer layout does not open"
    );
}

/// A body gives a state that is written as just this body, or an error.
pub(super) fn run_body(bytes: &[u8]) {
    let limits = Limits::default();
    let Ok(state) = resume_bare_body(bytes, &limits) else {
        return;
    };
    let whole = native_bytes(&state);
    assert!(whole.ends_with(bytes), "a body has one encoding");
    let head = head_bytes(&whole).and_then(|head| usize::try_from(head).ok());
    assert_eq!(
        head,
        whole.len().checked_sub(bytes.len()),
        "nothing but head and body"
    );
    let again = resume_native(&whole, &limits).expect("what was written is read");
    assert_eq!(native_bytes(&again), whole, "writing again gives the same");
    let summary = encoded(
        &peek_native(&whole, &limits)
            .expect("its head is read")
            .summary,
    );
    assert_eq!(
        summary,
        encoded(&Summary::of(&state)),
        "the head tells of this state"
    );
}

/// Packets give their changes or their summary, or an error; a state takes any changes without breaking.
pub(super) fn run_frames(bytes: &[u8]) {
    let limits = Limits::default();
    if let Ok(changes) = decode_changes(bytes, &limits) {
        assert_eq!(
            encode_changes(&changes).expect("were decoded"),
            bytes,
            "one encoding only"
        );
    }
    if let Ok(summary) = Summary::decode(bytes, &limits)
        && bytes.get(1..3) == Some(&LAYOUT.to_le_bytes())
    {
        assert_eq!(encoded(&summary), bytes, "one encoding only");
    }
    let sealed = seal::packet(SUMMARY, LAYOUT, bytes);
    if let Ok(summary) = Summary::decode(&sealed, &limits) {
        assert_eq!(encoded(&summary), sealed, "one encoding only");
    }
    let sealed = seal::packet(CHANGES, LAYOUT, bytes);
    let Ok(changes) = decode_changes(&sealed, &limits) else {
        return;
    };
    assert_eq!(
        encode_changes(&changes).expect("were decoded"),
        sealed,
        "one encoding only"
    );
    let golden = resume_native(&hex(SNAPSHOT), &limits).expect("the golden snapshot opens");
    for mut state in [SessionState::new(), golden] {
        for change in &changes {
            // A change that cannot have happened to this state leaves it as it was.
            let before = state.job_count();
            if state.apply(change).is_err() {
                assert_eq!(state.job_count(), before, "a refused change does nothing");
            }
        }
        run_body_of(&state);
    }
}

/// A state that was reached by changes is kept as any other.
fn run_body_of(state: &SessionState) {
    let whole = native_bytes(state);
    let again = resume_native(&whole, &Limits::default()).expect("what was written is read");
    assert_eq!(native_bytes(&again), whole, "writing again gives the same");
}

/// The native bytes of a state. Two states are compared by them, since a number that is none equals nothing.
pub(super) fn native_bytes(state: &SessionState) -> Vec<u8> {
    suspend(state, Format::Native, &SuspendOptions::default()).expect("every state can be kept")
}

fn encoded(summary: &Summary) -> Vec<u8> {
    summary.encode().expect("a summary can be written")
}

/// Whole heads, and summaries without one.
pub(super) fn head_seeds() -> Result<Vec<Vec<u8>>, CorpusError> {
    let snapshot = hex(SNAPSHOT);
    let summary = hex(SUMMARY_PACKET).split_off(PACKET_HEAD);
    let cut = snapshot.get(..BEFORE_SUMMARY).unwrap_or_default().to_vec();
    let newer = seal::snapshot(7, &[&summary[..], b"more"].concat(), b"body");
    Ok(vec![snapshot, summary, cut, newer])
}

/// Bodies without their heads.
pub(super) fn body_seeds() -> Result<Vec<Vec<u8>>, CorpusError> {
    let golden = hex(SNAPSHOT);
    let mut states = vec![SessionState::new()];
    states.extend(resume_native(&golden, &Limits::default()));
    states.extend(super::checkbox::sample_states()?);
    let bodies = states.iter().map(|state| {
        let mut whole = native_bytes(state);
        let head = head_bytes(&whole).and_then(|head| usize::try_from(head).ok());
        whole.split_off(head.unwrap_or(0).min(whole.len()))
    });
    Ok(bodies.collect())
}

/// Whole packets, and what stands in them; also changes that build the golden session one by one.
pub(super) fn frame_seeds() -> Result<Vec<Vec<u8>>, CorpusError> {
    let packets = [hex(CHANGES_PACKET), hex(SUMMARY_PACKET)];
    let mut seeds = packets.to_vec();
    seeds.extend(packets.map(|mut packet| packet.split_off(PACKET_HEAD)));
    if let Ok(changes) = decode_changes(&hex(CHANGES_PACKET), &Limits::default()) {
        let single = changes
            .chunks(1)
            .filter_map(|change| encode_changes(change).ok());
        seeds.extend(single.map(|mut packet| packet.split_off(PACKET_HEAD)));
    }
    Ok(seeds)
}

/// The bytes that hexadecimal digits stand for; white space is passed over.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect()
}
