//! Turns through all workloads, by as many hands as there are processors; and going through a finding again.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use session_storage::explore::{self, Figures, Finding, Replay, Workload};

use super::table::Table;

/// Distinct images of a workload in its first turn; each later turn doubles it.
const BUDGET_FIRST: u64 = 1_000;

/// One workload, its turn, and what goes wrong.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) workload: Workload,
    pub(super) turn: usize,
    pub(super) means: Means,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Means {
    /// Power cuts, kills and failing syncs.
    Crashes,
    /// Every call fails in every way.
    FailingCalls,
    /// A reader looks while the writer goes on.
    Readers,
}

/// A broken promise, and how to see it again.
#[derive(Debug, thiserror::Error)]
#[error("{finding}\nagain: cargo xtask crash --explore --replay '{}'", finding.replay)]
pub struct Broken {
    finding: Box<Finding>,
}

/// Explores turn by turn, at least the first one whole, until `time` has passed.
///
/// # Errors
/// The first broken promise.
pub fn explore(first_turn: usize, seed: u64, time: Duration) -> Result<Table, Broken> {
    let begun = Instant::now();
    let table = Mutex::new(Ok(Table::default()));
    let next = AtomicUsize::new(0);
    let workloads = Workload::every();
    let work = || loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(task) = task(&workloads, first_turn, number) else {
            return;
        };
        let is_broken = table.lock().is_ok_and(|table| table.is_err());
        if is_broken || (task.turn > first_turn && begun.elapsed() >= time) {
            return;
        }
        let outcome = perform(&task, seed);
        let Ok(mut table) = table.lock() else {
            return;
        };
        match (&mut *table, outcome) {
            (Ok(table), Ok(figures)) => table.add(task.workload.family(), &figures),
            (Ok(_), Err(finding)) => {
                *table = Err(Broken { finding });
            }
            (Err(_), _) => {}
        }
    };
    let hands = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(work);
        }
    });
    table
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The task of this number: turn by turn; failing calls and readers in the first turn only. `None` when there is no
/// workload.
pub(super) fn task(workloads: &[Workload], first_turn: usize, number: usize) -> Option<Task> {
    let turn = number.checked_div(workloads.len())?;
    let (turn, means) = match turn {
        0 => (0, Means::FailingCalls),
        1 => (0, Means::Readers),
        later => (later - 2, Means::Crashes),
    };
    let workload = workloads.get(number % workloads.len())?.clone();
    Some(Task {
        workload,
        turn: first_turn + turn,
        means,
    })
}

/// Goes through a finding again: what the machine did, and then whether the promise still breaks.
///
/// # Errors
/// The broken promise.
pub fn replay(again: &Replay) -> Result<Vec<String>, (Vec<String>, Broken)> {
    let story = explore::story(again);
    match explore::replay(again, None) {
        Ok(()) => Ok(story),
        Err(finding) => Err((story, Broken { finding })),
    }
}

fn perform(task: &Task, seed: u64) -> Result<Figures, Box<Finding>> {
    let turn = u32::try_from(task.turn).unwrap_or(u32::MAX);
    let seed = seed.wrapping_add(u64::from(turn));
    match task.means {
        Means::Crashes => {
            let budget = BUDGET_FIRST.saturating_mul(2_u64.saturating_pow(turn.min(20)));
            explore::run(&task.workload, budget, seed)
        }
        Means::FailingCalls => explore::inject(&task.workload, stride(&task.workload), seed),
        Means::Readers => explore::beside(&task.workload, seed),
    }
}

/// Every call of a long workload fails in every way; of a pair, each way strikes every fifth.
fn stride(workload: &Workload) -> u64 {
    if workload.family() == workload.name {
        1
    } else {
        5
    }
}
