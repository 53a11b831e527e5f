//! Who wants to hear what became durable.

use std::fmt;

use session_state::{Change, SessionState};

/// Hears changes once they survive a power cut: the state as it is durable now, and what changed since the last call.
/// It is called in the middle of a checkpoint and must not block it for long.
pub type DurableObserver = Box<dyn FnMut(&SessionState, &[Change]) + Send>;

/// Those who want to hear what became durable, in the order in which they came.
#[derive(Default)]
pub(crate) struct DurableObservers(Vec<DurableObserver>);

impl DurableObservers {
    pub(crate) fn add(&mut self, observer: DurableObserver) {
        self.0.push(observer);
    }

    pub(crate) fn tell(&mut self, state: &SessionState) {
        for observer in &mut self.0 {
            observer(state, state.pending_changes());
        }
    }
}

impl fmt::Debug for DurableObservers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} observers", self.0.len())
    }
}
