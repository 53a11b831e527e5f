//! The loop: rounds by several hands, until enough were done or time is up.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::figures::{Failure, Figures};
use super::round;
use crate::disk;
use crate::program::Program;

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// What everything is drawn from.
    pub seed: u64,
    /// The first round.
    pub first: u64,
    /// Rounds at least.
    pub rounds_min: u64,
    /// Rounds go on until this time has passed.
    pub time: Duration,
    /// Rounds at a time.
    pub hands: u64,
}

/// Runs the loop.
///
/// # Errors
/// The first broken promise.
pub fn run(program: &Program, settings: &Settings) -> Result<Figures, Box<Failure>> {
    let begun = Instant::now();
    let next = AtomicU64::new(0);
    let result = Mutex::new(Ok(Figures::default()));
    let is_over = |number: u64| {
        let is_enough = number >= settings.rounds_min && begun.elapsed() >= settings.time;
        is_enough || result.lock().is_ok_and(|result| result.is_err())
    };
    let work = || loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if is_over(number) {
            return;
        }
        let outcome = round::run(program, settings.seed, settings.first + number);
        let Ok(mut result) = result.lock() else {
            return;
        };
        match (&mut *result, outcome) {
            (Ok(figures), Ok(more)) => figures.add(&more),
            (Ok(_), Err(failure)) => *result = Err(failure),
            // One finding is told; the folder of another is not left behind.
            (Err(_), Err(later)) => drop(disk::remove_folder(Path::new(&later.kept))),
            (Err(_), Ok(_)) => {}
        }
    };
    thread::scope(|scope| {
        for _ in 0..settings.hands.max(1) {
            scope.spawn(work);
        }
    });
    result.into_inner().unwrap_or_else(PoisonError::into_inner)
}
