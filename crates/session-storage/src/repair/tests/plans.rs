//! Plans: what they say, what applying them does, and when they are refused.

use super::kit::{Harm, append, apply, files, found, originals, plan, session};
use crate::journal::tests::kit::{look, open, options, payloads, writes};
use crate::recovery::RecoverError;
use crate::repair::RepairError;

/// Invariant R3.
#[test]
fn every_damage_is_repaired_to_exactly_what_was_read() {
    for harm in Harm::ALL {
        let fs = session();
        harm.befall(&fs);
        let before = found(&fs).recovered;
        let plan = plan(&fs).unwrap_or_else(|| panic!("{harm:?} needs a repair"));
        assert_eq!(plan.verdict, before.verdict, "{harm:?}");
        let kept_aside = originals(&fs, &plan);
        let repaired = apply(&fs, &plan).unwrap_or_else(|error| panic!("{harm:?}: {error}"));
        assert!(repaired.problems.is_empty(), "{harm:?}: {repaired:?}");
        assert_eq!(repaired.files_aside, plan.files_aside.len(), "{harm:?}");
        assert_eq!(originals(&fs, &plan), kept_aside, "{harm:?}");

        let after = found(&fs).recovered;
        assert!(after.verdict.is_clean(), "{harm:?}: {}", after.verdict);
        assert_eq!(after.snapshot, before.snapshot, "{harm:?}");
        assert_eq!(payloads(&after), payloads(&before), "{harm:?}");
        assert_eq!(after.position.seq, plan.position.seq, "{harm:?}");
        assert_eq!(after.position.chain, plan.position.chain, "{harm:?}");
        let (mut journal, _) = open(&fs, &options());
        append(&mut journal, b"more");
        assert_eq!(journal.position().seq, plan.position.seq + 1, "{harm:?}");
    }
}

/// Invariant R1.
#[test]
fn looking_and_planning_change_nothing() {
    for harm in Harm::ALL {
        let fs = session();
        harm.befall(&fs);
        let (operations, before) = (fs.operations(), fs.fingerprint());
        let first = plan(&fs).expect("it needs a repair");
        assert_eq!(Some(first), plan(&fs), "{harm:?}: two looks agree");
        assert_eq!((fs.operations(), fs.fingerprint()), (operations, before));
    }
}

/// Invariant R2.
#[test]
fn a_plan_for_another_state_is_refused_with_a_new_one() {
    let fs = session();
    Harm::LastFrame.befall(&fs);
    let old = plan(&fs).expect("it needs a repair");
    // The damage grows before the plan is applied.
    Harm::InnerFrame.befall(&fs);
    let before = fs.fingerprint();
    let Err(RepairError::PlanIsStale { now: Some(now) }) = apply(&fs, &old) else {
        panic!("an old plan was applied");
    };
    assert_eq!(fs.fingerprint(), before, "nothing was changed");
    assert_eq!(now.position.seq + 1, old.position.seq);
    apply(&fs, &now).expect("the new plan fits");
    // Repaired and written to: neither plan fits any more, and nothing needs one.
    let (mut journal, _) = open(&fs, &options());
    append(&mut journal, b"after");
    drop(journal);
    for plan in [old, *now] {
        let refused = apply(&fs, &plan);
        assert!(
            matches!(refused, Err(RepairError::PlanIsStale { now: None })),
            "{refused:?}"
        );
    }
    assert_eq!(found(&fs).recovered.position.seq, 2);
}

/// Invariant R4.
#[test]
fn a_sound_session_needs_no_repair_and_an_unreadable_one_gets_none() {
    assert_eq!(plan(&session()), None);
    let fs = session();
    Harm::BothSnapshots.befall(&fs);
    let read = look(&fs);
    assert!(
        matches!(read, Err(RecoverError::Damaged { .. })),
        "{read:?}"
    );
}

#[test]
fn what_was_put_aside_stays_whatever_is_written_later() {
    let fs = session();
    Harm::LastFrame.befall(&fs);
    let plan = plan(&fs).expect("it needs a repair");
    let kept_aside = originals(&fs, &plan);
    apply(&fs, &plan).expect("nothing fails");
    for _ in 0..3 {
        let (mut journal, _) = open(&fs, &options());
        append(&mut journal, b"more");
        journal.fold(&mut writes(b"state")).expect("nothing fails");
        journal.close().expect("nothing fails");
    }
    assert_eq!(originals(&fs, &plan), kept_aside);
}

#[test]
fn a_repair_waits_for_space() {
    let fs = session();
    Harm::LastFrame.befall(&fs);
    let plan = plan(&fs).expect("it needs a repair");
    fs.set_free_space(Some(0));
    let refused = apply(&fs, &plan).expect_err("there is no room");
    assert!(refused.is_disk_full(), "{refused}");
    fs.set_free_space(None);
    apply(&fs, &plan).expect("the plan still fits: nothing was changed");
    assert!(files(&fs).contains_key("snapshot.2"));
}
