//! The exploration finds nothing, and finds every mistake that is switched on.
//!
//! `cargo xtask crash --explore` runs the same with larger budgets.

use proptest::prelude::*;

use super::driver::{Driver, End, disk, options};
use super::model::Model;
use super::verify::Check;
use super::workload::Step;
use super::{Workload, hunt, inject, replay, run};
use crate::faults::Fault;
use crate::fs::FailedSync;

/// Distinct images per workload.
const BUDGET: u64 = 2000;
/// Every so many calls, one is let fail.
const STRIDE: u64 = 4;

fn explore(workload: &Workload) {
    match run(workload, BUDGET, 1) {
        Ok(figures) => assert!(figures.complete || figures.distinct == BUDGET, "{figures}"),
        Err(finding) => panic!("{finding}"),
    }
}

macro_rules! explorations {
    ($($name:ident: $workload:ident,)*) => {
        $(#[test]
        fn $name() {
            explore(&Workload::$workload);
        })*
    };
}

explorations! {
    no_crash_breaks_appending: APPEND,
    no_crash_breaks_folding: FOLD,
    no_crash_breaks_reopening: REOPEN,
    no_crash_breaks_closing: CLOSE,
    no_crash_breaks_a_growing_journal: GROW,
    no_crash_breaks_a_full_disk: FULL_DISK,
    no_crash_breaks_pages: PAGES,
    no_crash_breaks_any_pair_of_operations: PAIRS,
}

macro_rules! injections {
    ($($name:ident: $workload:ident,)*) => {
        $(#[test]
        fn $name() {
            if let Err(finding) = inject(&Workload::$workload, STRIDE, 1) {
                panic!("{finding}");
            }
        })*
    };
}

injections! {
    no_failing_call_breaks_appending: APPEND,
    no_failing_call_breaks_folding: FOLD,
    no_failing_call_breaks_reopening: REOPEN,
    no_failing_call_breaks_closing: CLOSE,
    no_failing_call_breaks_a_growing_journal: GROW,
    no_failing_call_breaks_a_full_disk: FULL_DISK,
    no_failing_call_breaks_pages: PAGES,
    no_failing_call_breaks_any_pair_of_operations: PAIRS,
}

macro_rules! mistakes {
    ($($name:ident: $fault:ident,)*) => {
        $(#[test]
        fn $name() {
            let finding = hunt(Fault::$fault, BUDGET, 1);
            assert!(finding.is_some(), "the mistake was not found");
        })*
    };
}

mistakes! {
    finds_a_fold_that_counts_before_its_directory_is_synced: FoldWithoutDirSync,
    finds_a_journal_made_after_the_rename: JournalAfterRename,
    finds_the_wrong_generation_being_removed: RemoveTooNew,
    finds_a_generation_number_used_twice: ReuseGeneration,
    finds_an_errno_taken_for_proof: FallbackOnError,
    finds_a_step_back_without_the_older_journal: FallbackWithoutJournal,
    finds_an_append_to_a_recovered_journal: AppendWithoutCopy,
    finds_a_second_sync_after_a_failed_one: ResyncAfterFailure,
    finds_checksums_that_are_chained_by_seed_only: ChainBySeed,
    finds_frames_that_share_sectors: PackedFrames,
    finds_damage_called_torn: DamagedCalledTorn,
    finds_a_short_write_taken_for_whole: ShortWriteTaken,
    finds_a_spare_unlinked_before_its_use: SpareUnlinkedFirst,
}

#[test]
fn a_finding_can_be_gone_through_again() {
    let good = |failing: &[_], kept| replay(&Workload::FOLD, 1, failing, 30, kept);
    assert!(good(&[], None).is_ok());
    assert!(good(&[], Some(vec![0, 2])).is_ok());
    assert!(
        good(
            &[(20, FailedSync::KeepsCache), (22, FailedSync::KeepsCache)],
            None
        )
        .is_ok()
    );
    let finding = hunt(Fault::ResyncAfterFailure, BUDGET, 1).expect("it is found");
    assert!(finding.schedule.contains("fail"), "{finding}");
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0u16..3000).prop_map(Step::Append),
        2 => (0u16..600).prop_map(Step::Summary),
        2 => Just(Step::Fold),
        2 => Just(Step::Reopen),
        1 => Just(Step::CloseAndOpen),
        1 => Just(Step::FreeSpace(0)),
        1 => (0u32..20_000).prop_map(Step::FreeSpace),
        2 => Just(Step::SpaceBack),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Random sequences with a power cut at a random operation (invariant J10).
    #[test]
    fn any_sequence_keeps_what_was_acknowledged(
        steps in prop::collection::vec(step(), 1..25),
        crash in prop::option::of(0u64..400),
        page in any::<bool>(),
    ) {
        let machine = disk();
        if let Some(crash) = crash {
            machine.crash_after(crash);
        }
        let fs = std::sync::Arc::new(machine.clone());
        let mut driver = Driver::new(&machine, fs, options(3, page, None), Model::default());
        for step in std::iter::once(Step::Create).chain(steps) {
            match driver.step(step) {
                End::Done => {}
                End::Crashed => break,
                End::Broken(why) => prop_assert!(false, "{step:?}: {why}"),
            }
        }
        driver.kill();
        let check = Check { fault: None, page, seed: 5 };
        for image in [machine.after_power_cut(), machine.after_kill()] {
            if let Err(why) = check.image(&image, &driver.model) {
                prop_assert!(false, "{why}");
            }
        }
    }
}
