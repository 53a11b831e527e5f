//! The token by which somebody else ends a running job.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends a job from outside: from another thread, or from a signal handler through the flags.
///
/// Clones share the token. A token stays cancelled: a job that is run with it is not started.
/// The runner looks at it at least ten times a second.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    requested: Arc<AtomicBool>,
    at_once: Arc<AtomicBool>,
}

impl Cancel {
    /// A token nobody cancelled yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A token made of flags that exist already, as signal handlers set them: the first asks the job
    /// to end (SIGTERM, then SIGKILL when the grace is over), the second ends it with SIGKILL.
    pub fn from_flags(requested: Arc<AtomicBool>, at_once: Arc<AtomicBool>) -> Self {
        Self { requested, at_once }
    }

    /// Asks the job to end: SIGTERM now, SIGKILL when the grace is over.
    pub fn cancel(&self) {
        self.requested.store(true, Ordering::SeqCst);
    }

    /// Ends the job without grace.
    pub fn cancel_at_once(&self) {
        self.at_once.store(true, Ordering::SeqCst);
    }

    /// Whether the job is to end, with or without grace.
    pub fn is_requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst) || self.is_at_once()
    }

    /// Whether the job is to end without grace.
    pub fn is_at_once(&self) -> bool {
        self.at_once.load(Ordering::SeqCst)
    }
}
