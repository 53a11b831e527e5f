//! The exploration finds nothing, and finds every mistake that is switched on.
//!
//! `cargo xtask crash --explore` runs the same with larger budgets.

use std::collections::HashSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::driver::{Driver, End, Setting};
use super::model::Model;
use super::verify::Check;
use super::{Figures, Place, Replay, Step, Workload, beside, hunt, inject, replay, run};
use crate::faults::Fault;
use crate::fs::Fs;

/// Distinct images per workload, and per pair of operations.
const BUDGET: u64 = 4000;
const PAIR_BUDGET: u64 = 300;
/// Distinct images per workload until a mistake must have been found.
const HUNT_BUDGET: u64 = 2000;
/// Every so many calls of a workload, and of a pair of operations, one is let fail in one of the ways.
const STRIDE: u64 = 4;
const PAIR_STRIDE: u64 = 80;

fn explore(workload: &Workload) {
    match run(workload, BUDGET, 1) {
        // Wherever at most ten effects are unsynced and no sync has failed, every image was looked at.
        Ok(figures) => assert!(figures.plain_complete, "{figures}"),
        Err(finding) => panic!("{finding}"),
    }
}

// Invariants J1, J2, J10 and L3: crashes between any two operations.
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
    no_crash_breaks_a_step_back: STEP_BACK,
    no_crash_breaks_a_repair: REPAIR,
    no_crash_breaks_a_repository: REPOSITORY,
    no_crash_breaks_rivals: RIVAL,
}

// Invariants J3 and J10: failing calls.
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
    no_failing_call_breaks_a_step_back: STEP_BACK,
    no_failing_call_breaks_a_repair: REPAIR,
    no_failing_call_breaks_a_repository: REPOSITORY,
    no_failing_call_breaks_rivals: RIVAL,
}

// That each of these is found shows that the explorations see invariants J1, J2, J3, J6, J7, J9, J12, J13, P1, P3,
// P4, L2, L3 and R2 being broken.
macro_rules! mistakes {
    ($($name:ident: $fault:ident,)*) => {
        $(#[test]
        fn $name() {
            finds(Fault::$fault);
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
    finds_a_reader_that_takes_a_fold_for_damage: FoldTakenForDamage,
    finds_the_parents_of_a_repository_not_synced: ParentsNotSynced,
    finds_a_lock_whose_session_a_power_cut_may_take: EntryNotSynced,
    finds_a_lock_taken_on_a_renamed_directory: RenamedTakenForLocked,
    finds_a_repair_plan_that_is_not_compared: PlanNotCompared,
    finds_a_snapshot_not_synced_before_its_name: SnapshotNotSynced,
    finds_a_removal_that_clears_before_it_is_durable: ClearedBeforeDurable,
    finds_a_switch_that_removes_before_it_is_durable: ReplacedBeforeDurable,
}

/// Every mistake is found, and what is found says how to see it again: by its word alone the same promise breaks
/// with the mistake, and holds without it.
fn finds(fault: Fault) {
    let finding = hunt(fault, HUNT_BUDGET, 1).expect("the mistake was not found");
    let word = finding.replay.to_string();
    let again: Replay = word.parse().expect("a replay reads back");
    assert_eq!(again, finding.replay);
    assert!(replay(&again, Some(fault)).is_err(), "{word} shows nothing");
    if let Err(finding) = replay(&again, None) {
        panic!("without the mistake: {finding}");
    }
}

#[test]
fn a_word_that_is_no_replay_is_refused() {
    for word in ["fold,seed=x", "fold,crash", "fold,kept=1+y", "fold,what=1"] {
        assert!(word.parse::<Replay>().is_err(), "{word}");
    }
    let unknown: Replay = "no-such-workload"
        .parse()
        .expect("the name is looked up later");
    assert!(replay(&unknown, None).is_err());
}

#[test]
fn every_operation_follows_every_other() {
    let names: Vec<String> = Workload::pairs()
        .iter()
        .map(|pair| pair.name.to_string())
        .collect();
    let first: HashSet<&str> = names
        .iter()
        .filter_map(|name| name.split_once('+'))
        .map(|(first, _)| first)
        .collect();
    assert_eq!(names.len(), first.len() * first.len());
    for name in &names {
        assert_eq!(
            Workload::named(name)
                .map(|found| found.name.to_string())
                .as_ref(),
            Some(name)
        );
    }
}

#[test]
fn no_crash_breaks_any_pair_of_operations() {
    let mut figures = Figures::default();
    for pair in Workload::pairs() {
        match run(&pair, PAIR_BUDGET, 1) {
            Ok(more) => figures.add(&more),
            Err(finding) => panic!("{finding}"),
        }
    }
    assert!(figures.distinct > 100 * PAIR_BUDGET, "{figures}");
}

#[test]
fn no_failing_call_breaks_any_pair_of_operations() {
    for pair in Workload::pairs() {
        if let Err(finding) = inject(&pair, PAIR_STRIDE, 1) {
            panic!("{finding}");
        }
    }
}

#[test]
fn no_reader_is_misled_by_what_the_writer_does_meanwhile() {
    for workload in [Workload::FOLD, Workload::CLOSE, Workload::REOPEN] {
        match beside(&workload, 1) {
            Ok(figures) => assert!(figures.runs > 50, "{figures}"),
            Err(finding) => panic!("{finding}"),
        }
    }
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
        let setting = Setting { fault: None, page, place: Place::Directory, seed: 3 };
        let machine = setting.disk();
        if let Some(crash) = crash {
            machine.crash_after(crash);
        }
        let fs: Arc<dyn Fs> = Arc::new(machine.clone());
        let mut driver = Driver::new(&machine, fs, setting, Model::new(setting.place));
        for step in std::iter::once(Step::Create).chain(steps) {
            match driver.step(step) {
                End::Done => {}
                End::Crashed => break,
                End::Broken(why) => prop_assert!(false, "{step:?}: {why}"),
            }
        }
        driver.kill();
        let check = Check { setting: Setting { seed: 5, ..setting } };
        for image in [machine.after_power_cut(), machine.after_kill()] {
            if let Err(why) = check.image(&image, &driver.model) {
                prop_assert!(false, "{why}");
            }
        }
    }
}
