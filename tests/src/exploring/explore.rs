//! Turns through all workloads, by as many hands as there are processors.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use session_storage::explore::{self, Figures, Finding, Workload};

use super::table::Table;

/// Distinct images of a workload in its first turn; each later turn doubles it.
const BUDGET_FIRST: u64 = 1_000;

/// One workload, its turn, and whether calls fail or the machine crashes.
#[derive(Clone, Copy, Debug)]
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
}

/// A broken promise, and how to see it again.
#[derive(Debug, thiserror::Error)]
#[error(
    "{finding}\nagain: cargo run --package session-tests --bin crash-explore -- --seed {seed} --turn {turn}"
)]
pub struct Broken {
    finding: Box<Finding>,
    /// The seed the turn began with.
    seed: u64,
    turn: usize,
}

/// Explores turn by turn, at least the first one whole, until `time` has passed.
///
/// # Errors
/// The first broken promise.
pub fn explore(first_turn: usize, seed: u64, time: Duration) -> Result<Table, Broken> {
    let begun = Instant::now();
    let table = Mutex::new(Ok(Table::default()));
    let next = AtomicUsize::new(0);
    let work = || loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let task = task(first_turn, number);
        let is_broken = table.lock().is_ok_and(|table| table.is_err());
        if is_broken || (task.turn > first_turn && begun.elapsed() >= time) {
            return;
        }
        let outcome = perform(&task, seed);
        let Ok(mut table) = table.lock() else {
            return;
        };
        match (&mut *table, outcome) {
            (Ok(table), Ok(figures)) => table.add(task.workload.name, &figures),
            (Ok(_), Err(finding)) => {
                *table = Err(Broken {
                    finding,
                    seed,
                    turn: task.turn,
                });
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

/// The task of this number: turn by turn, the failing calls in the first turn only.
pub(super) fn task(first_turn: usize, number: usize) -> Task {
    let count = Workload::ALL.len();
    let turn = number / count;
    let (turn, means) = match turn {
        0 => (0, Means::FailingCalls),
        later => (later - 1, Means::Crashes),
    };
    let workload = Workload::ALL
        .into_iter()
        .nth(number % count)
        .unwrap_or(Workload::APPEND);
    Task {
        workload,
        turn: first_turn + turn,
        means,
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
        Means::FailingCalls => explore::inject(&task.workload, 1, seed),
    }
}
