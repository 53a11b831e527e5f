//! What must hold for any directory: reading changes nothing, and writing loses nothing that could be read or
//! that could not.

use std::ffi::{OsStr, OsString};

use session_storage::{
    AppendError, CloseError, FoldError, FrameBytes, Journal, Limits, Recovered, RenewError,
    RepairError, SessionLock,
};

use super::donors::options;
use super::place::{Files, Place};

/// What is appended and folded once a session opened for writing.
const FRAME: &[u8] = b"a frame of the fuzz target";
const SNAPSHOT: &[u8] = b"a snapshot of the fuzz target";

/// Reads, opens for writing, writes, cuts the power, reads again.
pub(super) fn check(place: &Place) {
    let read = reading(place);
    let Some(lock) = place.lock() else {
        return;
    };
    let before = place.files();
    match (read, lock.open_journal(&options(99))) {
        (Some(read), Ok((journal, recovered))) => {
            assert!(
                recovered.verdict.is_writable(),
                "what is damaged is not written to: {}",
                recovered.verdict
            );
            same_state(&read, &recovered);
            untouched(&before, &place.files());
            let durable = recover(&place.after_power_cut());
            same_state(&durable, &recovered);
            written_on(journal, place, &recovered);
        }
        (None, Ok(_)) => panic!("what cannot be read was opened for writing"),
        (_, Err(refused)) => {
            unchanged(&before, &place.files());
            repair(place, &refused.lock);
        }
    }
}

/// A session that opens for reading only is repaired by a plan: what is proven opens for writing afterwards, and no
/// byte of what was there is gone.
fn repair(place: &Place, lock: &SessionLock) {
    let (before, storage) = (place.files(), place.storage());
    let (plan, proven) = (
        storage.plan_repair(Limits::default()),
        storage.verify(&place.holder(), Limits::default()),
    );
    let (Ok(Some(plan)), Ok(proven)) = (plan, proven) else {
        return;
    };
    assert_eq!(place.files(), before, "a plan changes nothing");
    let repaired = match lock.apply_repair(&plan, &options(98)) {
        Ok(repaired) => repaired,
        Err(error) => {
            let excused = matches!(error, RepairError::NotMade(RenewError::NumbersUsedUp));
            assert!(
                excused || place.has_odd_entries(),
                "a plan that fits is applied: {error:?}"
            );
            return kept(&before, &place.files(), &Files::new());
        }
    };
    kept(&before, &place.files(), &place.files_in(&repaired.aside));
    let durable = recover(&place.after_power_cut());
    assert!(
        durable.verdict.is_writable(),
        "repaired: {}",
        durable.verdict
    );
    assert_eq!(durable.snapshot, proven.snapshot, "what is proven is kept");
    assert_eq!(
        parts(&durable.frames),
        parts(&proven.frames),
        "with its frames"
    );
}

/// Every file is where it was, or put aside, with its bytes.
fn kept(before: &Files, after: &Files, aside: &Files) {
    for (name, bytes) in without_lock(before) {
        let there = [after.get(name), aside.get(name)];
        assert!(
            there.contains(&Some(bytes)) || is_spare(name),
            "{} is lost by a repair",
            name.display()
        );
    }
}

/// Reads in every way; none of them changes anything.
fn reading(place: &Place) -> Option<Recovered> {
    let (storage, files, operations) = (place.storage(), place.files(), place.operations());
    let read = storage.recover();
    let again = storage.recover();
    assert_eq!(
        read.as_ref().ok(),
        again.as_ref().ok(),
        "reading twice gives the same"
    );
    let peeked = storage.peek();
    let native = storage.has_native();
    assert_eq!(place.operations(), operations, "a reader never writes");
    assert_eq!(place.files(), files, "a reader never writes");
    let read = read.ok()?;
    assert!(native.is_ok_and(|native| native), "what is read is there");
    if read.verdict.is_clean()
        && let Ok(peeked) = peeked
    {
        assert_eq!(peeked.uuid, read.uuid, "a peek looks at the same session");
    }
    let seqs: Vec<u64> = read.frames.iter().map(|frame| frame.seq).collect();
    assert!(
        seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]),
        "frames follow one another"
    );
    assert!(
        seqs.last().is_none_or(|last| *last == read.position.seq),
        "the position is that of the last"
    );
    Some(read)
}

fn recover(place: &Place) -> Recovered {
    place
        .storage()
        .recover()
        .expect("what was made durable is read")
}

/// A frame, a generation of its own, a clean close: each durable, or refused with what was there before standing.
fn written_on(mut journal: Journal, place: &Place, recovered: &Recovered) {
    let appended = match journal.append(&[FRAME], false) {
        Ok(appended) => appended,
        Err(error) => {
            let excused = matches!(error, AppendError::NumbersUsedUp) || place.has_odd_entries();
            assert!(excused, "a disk with room takes a frame: {error:?}");
            return same_state(&recover(&place.after_power_cut()), recovered);
        }
    };
    let after = recover(&place.after_power_cut());
    let (last, earlier) = after.frames.split_last().expect("one was acknowledged");
    let frame = (last.seq, &last.parts[..]);
    assert_eq!(
        frame,
        (appended.seq, &[FRAME.to_vec()][..]),
        "the frame is there"
    );
    assert_eq!(
        parts(earlier),
        parts(&recovered.frames),
        "and those before it"
    );
    assert!(
        after.verdict.is_writable(),
        "nothing is lost: {}",
        after.verdict
    );
    match journal.fold(&mut |out| out.write_all(SNAPSHOT)) {
        Ok(()) => {
            let folded = recover(&place.after_power_cut());
            let found = (&folded.snapshot[..], folded.frames.len());
            assert_eq!(found, (SNAPSHOT, 0), "the fold is there");
            assert_eq!(
                folded.position.seq, appended.seq,
                "and stands for every frame before it"
            );
        }
        Err(error) => {
            let excused = matches!(error, FoldError::NumbersUsedUp) || place.has_odd_entries();
            assert!(excused, "a disk with room takes a fold: {error:?}");
            same_state(&recover(&place.after_power_cut()), &after);
        }
    }
    match journal.close() {
        // The mark stands also when a directory under the name of the spare cannot be removed as a file.
        Ok(()) | Err(CloseError::Fs(_)) => {
            let closed = recover(&place.after_power_cut());
            assert!(
                closed.verdict.is_clean(),
                "closed cleanly: {}",
                closed.verdict
            );
        }
        Err(error) => {
            assert!(
                place.has_odd_entries(),
                "a disk with room takes a mark: {error:?}"
            );
        }
    }
}

/// The same snapshot and frames; generations and verdicts may differ, since writing makes a new file.
fn same_state(one: &Recovered, other: &Recovered) {
    assert_eq!(
        (one.uuid, &one.snapshot),
        (other.uuid, &other.snapshot),
        "the same snapshot"
    );
    assert_eq!(parts(&one.frames), parts(&other.frames), "the same frames");
    assert_eq!(one.position.chain, other.position.chain, "the same history");
}

fn parts(frames: &[FrameBytes]) -> Vec<(u64, &[Vec<u8>], bool)> {
    frames
        .iter()
        .map(|frame| (frame.seq, &frame.parts[..], frame.has_summary))
        .collect()
}

/// A refusal changed nothing at all.
fn unchanged(before: &Files, after: &Files) {
    assert_eq!(
        without_lock(before),
        without_lock(after),
        "a refused session is as it was"
    );
}

/// Opening may remove files that its own replace, and empty what an unfinished fold left; it writes into no file
/// that was there, and a name that is not the storage's own is left alone.
fn untouched(before: &Files, after: &Files) {
    for (name, bytes) in without_lock(before) {
        match after.get(name) {
            Some(now) if now == bytes => {}
            Some(now) => assert!(
                now.is_empty() || is_spare(name),
                "{} was written over",
                name.display()
            ),
            None => assert!(is_replaceable(name), "{} is gone", name.display()),
        }
    }
}

fn without_lock(files: &Files) -> Vec<(&OsString, &Vec<u8>)> {
    files
        .iter()
        .filter(|(name, _)| *name != OsStr::new("lock"))
        .collect()
}

fn is_spare(name: &OsStr) -> bool {
    name == "spare" || name == "spare.tmp"
}

/// Names of the storage's own whose files it may remove: never what it put aside as damaged.
fn is_replaceable(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return false;
    };
    let own = ["snapshot.", "journal.", "spare"]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    own && !name.ends_with(".damaged")
}
