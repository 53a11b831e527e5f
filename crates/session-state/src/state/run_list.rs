//! The doors for selections: which jobs are asked for and to be run, and what follows for each.

use std::ops::Range;

use super::session::SessionState;
use crate::graph::Node;
use crate::id::JobId;

impl SessionState {
    /// The door for the mandatory list.
    pub(super) fn replace_mandatory(&mut self, jobs: &[JobId]) {
        self.mandatory = jobs.iter().map(|job| self.intern(job)).collect();
    }

    /// The door for selections made anew: only jobs that were or are on the run list are touched, and only those
    /// that were not are judged.
    pub(super) fn replace_selection(&mut self, desired: &[Node], run_list: &[Node]) {
        let before = std::mem::take(&mut self.run_list);
        for node in &before {
            if let Some(state) = self.state_of_mut(*node) {
                state.on_run_list = false;
            }
        }
        self.todo = 0;
        self.run_list = roomy(run_list.len());
        let desired_before = std::mem::replace(&mut self.desired, roomy(desired.len()));
        for node in desired_before {
            if let Some(state) = self.state_of_mut(node) {
                state.asked = 0;
            }
        }
        self.extend_selection(desired, run_list);
        for node in before {
            if let Some(state) = self.state_of_mut(node)
                && !state.on_run_list
            {
                state.set_inhibitors(None);
            }
        }
    }

    /// The door for selections that grow: jobs of which none is on the run list come behind it.
    pub(super) fn extend_selection(&mut self, desired: &[Node], run_list: &[Node]) {
        self.desired.extend_from_slice(desired);
        for node in desired {
            if let Some(state) = self.state_of_mut(*node) {
                state.asked = state.asked.saturating_add(1);
            }
        }
        self.run_list.extend_from_slice(run_list);
        for node in run_list {
            let Some(state) = self.state_of_mut(*node) else {
                continue;
            };
            state.on_run_list = true;
            let (is_judged, is_to_do) = (state.is_judged(), state.outcome().is_none());
            self.todo += usize::from(is_to_do);
            if !is_judged {
                self.judge(*node);
            }
        }
    }

    /// The door for selections that shrink: what stands at that place goes from the desired list, and what stands
    /// in that range from the run list.
    pub(super) fn reduce_selection(&mut self, place: usize, leaving: Range<usize>) {
        let job = self.desired.remove(place);
        if let Some(state) = self.state_of_mut(job) {
            state.asked = state.asked.saturating_sub(1);
        }
        let leaving: Vec<Node> = self.run_list.drain(leaving).collect();
        for node in leaving {
            let Some(state) = self.state_of_mut(node) else {
                continue;
            };
            state.on_run_list = false;
            state.set_inhibitors(None);
            let is_to_do = state.outcome().is_none();
            self.todo = self.todo.saturating_sub(usize::from(is_to_do));
        }
    }
}

/// A list for so many jobs and an eighth more, so that adding one more does not begin with copying the list.
fn roomy(jobs: usize) -> Vec<Node> {
    Vec::with_capacity(jobs + jobs / 8)
}
