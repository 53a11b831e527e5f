//! How a job went: its current result and those before it.

use std::sync::Arc;

use crate::job::{IoLog, JobResult};

/// The result of a job that did not run.
static HOLLOW: JobResult = JobResult {
    outcome: None,
    comments: None,
    return_code: None,
    execution_duration: None,
    io_log: IoLog::Memory(Vec::new()),
};

/// The results of a job. Nearly every job of a large session has none, or one that is its history and its current
/// result in one, and takes no memory of its own for a list.
#[derive(Clone, Debug, Default)]
pub(super) enum Past {
    /// No result, no history.
    #[default]
    None,
    /// One result, which is the current one and the whole history.
    One(Arc<JobResult>),
    /// Anything else.
    Many(Box<Results>),
}

/// The current result, where it is not hollow, and the history.
#[derive(Clone, Debug, Default)]
pub(super) struct Results {
    current: Option<Arc<JobResult>>,
    history: Vec<Arc<JobResult>>,
}

impl Past {
    /// What was kept of a job: a current result, which may be hollow, and a history.
    pub(super) fn of(current: Arc<JobResult>, mut history: Vec<Arc<JobResult>>) -> Self {
        let is_last = history
            .last()
            .is_some_and(|last| Arc::ptr_eq(last, &current) || **last == *current);
        if is_last && history.len() == 1 {
            return history.pop().map_or(Self::None, Self::One);
        }
        let current = if is_last {
            history.last().cloned()
        } else {
            (!current.is_hollow()).then_some(current)
        };
        if current.is_none() && history.is_empty() {
            return Self::None;
        }
        Self::Many(Box::new(Results { current, history }))
    }

    /// The current result.
    pub(super) fn result(&self) -> &JobResult {
        let current = match self {
            Self::None => None,
            Self::One(result) => Some(result),
            Self::Many(results) => results.current.as_ref(),
        };
        current.map_or(&HOLLOW, |result| result)
    }

    /// The history, oldest first.
    pub(super) fn history(&self) -> &[Arc<JobResult>] {
        match self {
            Self::None => &[],
            Self::One(result) => std::slice::from_ref(result),
            Self::Many(results) => &results.history,
        }
    }

    /// Takes a result that is not hollow as the current one and as the last of the history.
    pub(super) fn push(&mut self, result: &Arc<JobResult>) {
        if let Self::None = self {
            *self = Self::One(Arc::clone(result));
            return;
        }
        let mut results = std::mem::take(self).into_results();
        results.history.push(Arc::clone(result));
        results.current = Some(Arc::clone(result));
        *self = Self::Many(results);
    }

    /// Has no current result from now on; the history stays.
    pub(super) fn clear_current(&mut self) {
        if let Self::None = self {
            return;
        }
        let mut results = std::mem::take(self).into_results();
        results.current = None;
        *self = Self::Many(results);
    }

    fn into_results(self) -> Box<Results> {
        match self {
            Self::None => Box::default(),
            Self::One(result) => Box::new(Results {
                current: Some(Arc::clone(&result)),
                history: vec![result],
            }),
            Self::Many(results) => results,
        }
    }
}
