//! The ordinary life of a journal.

use super::kit::{create, disk, look, open, options, payloads, rules, writes};
use crate::journal::{AppendError, Space};
use crate::recovery::{Tail, peek_directory};

#[test]
fn what_was_appended_is_recovered_in_order() {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"snapshot one");
    for number in 1..=20u8 {
        let part = vec![number; usize::from(number) * 97];
        let done = journal
            .append(&[&part, b"tail"], false)
            .expect("nothing fails");
        assert_eq!(done.seq, u64::from(number), "numbers run on by one");
        assert_eq!(done.disk, Space::Plenty);
    }
    let found = look(&fs).expect("the session opens").recovered;
    assert_eq!(found.snapshot, b"snapshot one");
    assert_eq!(found.frames.len(), 20);
    for (number, parts) in (1..=20u8).zip(payloads(&found)) {
        let first = vec![number; usize::from(number) * 97];
        assert_eq!(parts, vec![first, b"tail".to_vec()]);
    }
    assert!(found.verdict.is_clean(), "{}", found.verdict);
    assert_eq!(found.position, journal.position());
}

/// Invariant J16.
#[test]
fn folding_keeps_the_numbers_and_the_chain_running() {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"zero");
    journal.append(&[b"one"], false).expect("nothing fails");
    let before = journal.position();
    journal
        .fold(&mut writes(b"one folded"))
        .expect("nothing fails");
    assert_eq!(journal.position().seq, before.seq);
    assert_eq!(journal.position().chain, before.chain);
    let next = journal.append(&[b"two"], false).expect("nothing fails");
    assert_eq!(next.seq, 2);
    let found = look(&fs).expect("the session opens").recovered;
    assert_eq!(found.snapshot, b"one folded");
    assert_eq!(payloads(&found), vec![vec![b"two".to_vec()]]);
    assert!(found.generation > before.generation);
}

#[test]
fn a_reopened_journal_holds_the_recovered_frames_in_files_of_its_own() {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"zero");
    journal.append(&[b"one"], true).expect("nothing fails");
    drop(journal);
    let (mut journal, recovered) = open(&fs, &options());
    assert_eq!(payloads(&recovered), vec![vec![b"one".to_vec()]]);
    journal.append(&[b"two"], false).expect("nothing fails");
    let found = look(&fs).expect("the session opens").recovered;
    assert_eq!(
        payloads(&found),
        vec![vec![b"one".to_vec()], vec![b"two".to_vec()]]
    );
    assert_eq!(found.position, journal.position());
}

#[test]
fn a_closed_journal_says_so_and_opens_again() {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"zero");
    journal.append(&[b"one"], false).expect("nothing fails");
    journal.close().expect("nothing fails");
    let found = look(&fs).expect("the session opens").recovered;
    assert_eq!(found.verdict.tail, Tail::Closed);
    let (mut journal, _) = open(&fs, &options());
    assert_eq!(
        journal.append(&[b"two"], false).expect("nothing fails").seq,
        2
    );
}

#[test]
fn a_peek_shows_the_last_summary_and_the_last_frame() {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"zero");
    let peek = |fs| peek_directory(super::kit::dir(fs).as_ref(), &rules()).expect("it opens");
    assert_eq!(peek(&fs).summary, None);
    assert_eq!(peek(&fs).snapshot_start, b"zero");
    for number in 0..50u8 {
        let summary = number % 7 == 0;
        journal
            .append(&[&[number; 900]], summary)
            .expect("nothing fails");
        let shown = peek(&fs);
        assert_eq!(shown.position, journal.position());
        assert_eq!(shown.tail, Tail::Clean);
        assert_eq!(shown.summary, Some(vec![number / 7 * 7; 900]));
    }
}

/// Invariant J15.
#[test]
fn a_payload_above_the_limit_is_refused_and_nothing_is_written() {
    let fs = disk();
    let mut options = options();
    options.limits.frame_bytes_max = 1000;
    let mut journal = create(&fs, &options, b"zero");
    let before = fs.fingerprint();
    let refused = journal.append(&[&[1; 997]], false);
    assert!(matches!(refused, Err(AppendError::TooLarge { .. })));
    assert_eq!(fs.fingerprint(), before);
    assert_eq!(journal.append(&[&[1; 996]], false).expect("it fits").seq, 1);
}
