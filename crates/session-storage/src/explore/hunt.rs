//! Looking for a mistake that is switched on, and going through a finding again.

use super::beside::{beside_with_fault, replay_beside};
use super::crashes::{replay_crash, run_with_fault, story_of_crash};
use super::figures::Finding;
use super::injection::{inject_with_fault, replay_call, replay_space_taken};
use super::replay::{Course, Replay};
use super::workload::Workload;
use crate::faults::Fault;

/// Looks for a mistake that is switched on, in the workloads it concerns and by every means; what finds it first.
pub fn hunt(fault: Fault, budget: u64, seed: u64) -> Option<Box<Finding>> {
    let calls = |stride| {
        concerned(fault)
            .iter()
            .find_map(|workload| inject_with_fault(workload, stride, seed, Some(fault)).err())
    };
    let crashes = || {
        concerned(fault)
            .iter()
            .find_map(|workload| run_with_fault(workload, budget, seed, Some(fault)).err())
    };
    let readers = || {
        concerned(fault)
            .iter()
            .find_map(|workload| beside_with_fault(workload, seed, Some(fault)).err())
    };
    // Where a call must fail, or a reader look, for the mistake to show, crashes would only take time.
    if fault == Fault::ShortWriteTaken {
        calls(1)
    } else if fault == Fault::FoldTakenForDamage {
        readers()
    } else {
        calls(u64::MAX).or_else(crashes)
    }
}

/// The workloads in which a mistake can show.
fn concerned(fault: Fault) -> Vec<Workload> {
    const JOURNAL: [Workload; 8] = [
        Workload::APPEND,
        Workload::FOLD,
        Workload::REOPEN,
        Workload::STEP_BACK,
        Workload::FULL_DISK,
        Workload::GROW,
        Workload::PAGES,
        Workload::CLOSE,
    ];
    match fault {
        Fault::FoldWithoutDirSync
        | Fault::JournalAfterRename
        | Fault::RemoveTooNew
        | Fault::ReuseGeneration
        | Fault::FallbackOnError
        | Fault::FallbackWithoutJournal
        | Fault::AppendWithoutCopy
        | Fault::ResyncAfterFailure
        | Fault::ChainBySeed
        | Fault::PackedFrames
        | Fault::DamagedCalledTorn
        | Fault::ShortWriteTaken
        | Fault::SpareUnlinkedFirst
        | Fault::FoldTakenForDamage
        | Fault::SnapshotNotSynced => JOURNAL.to_vec(),
        Fault::PlanNotCompared => vec![Workload::REPAIR],
        Fault::RenamedTakenForLocked => vec![Workload::RIVAL],
        Fault::ParentsNotSynced
        | Fault::EntryNotSynced
        | Fault::ClearedBeforeDurable
        | Fault::ReplacedBeforeDurable => vec![Workload::REPOSITORY],
    }
}

/// Goes through one finding again, with the mistake that was switched on, if any.
///
/// # Errors
/// The broken promise, if it still is; also when there is no workload of that name.
pub fn replay(replay: &Replay, fault: Option<Fault>) -> Result<(), Box<Finding>> {
    let Some(workload) = Workload::named(&replay.workload) else {
        return Err(Box::new(Finding {
            replay: replay.clone(),
            broken: "there is no workload of this name".to_owned(),
        }));
    };
    match &replay.course {
        course @ (Course::Whole | Course::Crash { .. }) => {
            replay_crash(&workload, replay.seed, fault, course)
        }
        Course::SpaceTaken => replay_space_taken(&workload, replay.seed, fault),
        Course::Call {
            number,
            failure,
            repeat,
        } => replay_call(&workload, replay.seed, fault, (*number, *failure, *repeat)),
        Course::Beside { step, call } => {
            replay_beside(&workload, replay.seed, fault, (*step, *call))
        }
    }
}

/// What the machine did in a run, in the words of a person; empty where the run breaks a promise before its end.
pub fn story(replay: &Replay) -> Vec<String> {
    Workload::named(&replay.workload).map_or_else(Vec::new, |workload| {
        story_of_crash(&workload, replay.seed, &replay.course)
    })
}
