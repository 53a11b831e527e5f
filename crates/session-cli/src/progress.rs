//! How far the run is: a line that moves on a terminal, nothing elsewhere.

use std::fmt;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use crate::output::Talk;
use crate::wording;

const TEMPLATE: &str = "{spinner} [{pos}/{len}] {msg} {elapsed_of_job}{left}";
const TICK: Duration = Duration::from_millis(250);
/// What [`Progress::estimate_ms`] holds when the rest of the run is not known.
pub(crate) const UNKNOWN: u64 = u64::MAX;

/// The progress display of a run.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    /// What is left of the run at the start of the current job, in milliseconds.
    estimate_ms: Arc<AtomicU64>,
}

impl Progress {
    /// Shows the progress of so many jobs on standard error, when that is a terminal.
    pub(crate) fn show(jobs: usize, talk: &mut Talk) -> Self {
        let estimate_ms = Arc::new(AtomicU64::new(UNKNOWN));
        let left = Arc::clone(&estimate_ms);
        let style = ProgressStyle::with_template(TEMPLATE).ok().map(|style| {
            style
                .with_key(
                    "elapsed_of_job",
                    |state: &ProgressState, out: &mut dyn fmt::Write| {
                        let elapsed = Duration::from_secs(state.elapsed().as_secs());
                        let _ = write!(out, "{} s", elapsed.as_secs());
                    },
                )
                .with_key(
                    "left",
                    move |state: &ProgressState, out: &mut dyn fmt::Write| {
                        if let Some(left) = remaining(left.load(Ordering::Relaxed), state.elapsed())
                        {
                            let _ = write!(out, ", about {left} left");
                        }
                    },
                )
        });
        let bar = style
            .filter(|_| io::stderr().is_terminal())
            .map(|style| ProgressBar::new(jobs as u64).with_style(style));
        if let Some(bar) = &bar {
            talk.keep_clear_of(bar.clone());
        }
        Self { bar, estimate_ms }
    }

    /// There are so many jobs now.
    pub(crate) fn set_total(&self, jobs: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(jobs as u64);
        }
    }

    /// A job begins; `done` jobs have an outcome, and the rest takes `estimate` seconds, this job included.
    pub(crate) fn begin(&self, job: &str, done: usize, estimate: Option<f64>) {
        let Some(bar) = &self.bar else {
            return;
        };
        let estimate = estimate
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .and_then(|duration| u64::try_from(duration.as_millis()).ok());
        self.estimate_ms
            .store(estimate.unwrap_or(UNKNOWN), Ordering::Relaxed);
        bar.reset_elapsed();
        bar.set_position(done as u64);
        bar.set_message(wording::one_line(job));
        bar.enable_steady_tick(TICK);
    }

    /// Takes the display away.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.disable_steady_tick();
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

/// What is left of an estimate after some time, in words; `None` when it is not known or used up.
pub(crate) fn remaining(estimate_ms: u64, elapsed: Duration) -> Option<String> {
    if estimate_ms == UNKNOWN {
        return None;
    }
    let left = Duration::from_millis(estimate_ms).checked_sub(elapsed)?;
    let whole = Duration::from_secs(left.as_secs() + 1);
    Some(if whole.as_secs() < 60 {
        format!("{} s", whole.as_secs())
    } else {
        wording::duration(whole)
    })
}
