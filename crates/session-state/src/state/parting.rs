//! Which jobs leave the run list with one that nobody asks for any more.

use std::ops::Range;

use super::session::SessionState;
use crate::graph::{Mark, Marks, Node};

impl SessionState {
    /// Where a job stands on the desired list, for the last time, and where on the run list the jobs stand that came
    /// in for it and leave with it; `None` when the others might stand in another order without it.
    ///
    /// On a run list that stands as it was pulled in, the walk from each desired job left its jobs in a row, the
    /// desired one last. Those that leave are of the row of `root`. When they are all of it, the walks from the
    /// other desired jobs come out the same without it.
    pub(super) fn parting(&mut self, root: Node) -> Option<(usize, Range<usize>)> {
        let is_asked_once = self.state_of(root).is_some_and(|state| state.asked == 1);
        if !is_asked_once || !self.standing.is_plain() {
            return None;
        }
        let mut marks = std::mem::take(&mut self.marks);
        let leaving = self.needed_by_it_alone(root, &mut marks);
        self.marks = marks;
        let place = self.place_of(root)?;
        let end = self.run_list.iter().rposition(|node| *node == root)? + 1;
        let start = end.checked_sub(leaving?)?;
        let is_all_of_it = match start.checked_sub(1) {
            None => true,
            Some(before) => self.is_asked_before(*self.run_list.get(before)?, place),
        };
        is_all_of_it.then_some((place, start..end))
    }

    /// Where a job stands on the desired list, for the last time.
    pub(super) fn place_of(&self, job: Node) -> Option<usize> {
        self.desired.iter().rposition(|node| *node == job)
    }

    /// How many jobs nothing but `root` asks for or needs, itself included; `None` when it is needed itself.
    fn needed_by_it_alone(&self, root: Node, leaving: &mut Marks) -> Option<usize> {
        leaving.wipe(self.graph.len());
        if self.is_needed(root, leaving) {
            return None;
        }
        leaving.set(root, Mark::Black);
        let (mut path, mut count) = (vec![root], 1);
        while let Some(node) = path.pop() {
            for (kind, target) in self.graph.edges().of(node) {
                let goes = kind.pulls()
                    && self
                        .state_of(target)
                        .is_some_and(|state| state.on_run_list && state.asked == 0)
                    && leaving.get(target) == Mark::White
                    && !self.is_needed(target, leaving);
                if goes {
                    leaving.set(target, Mark::Black);
                    path.push(target);
                    count += 1;
                }
            }
        }
        Some(count)
    }

    /// Whether a job of the run list needs this one, apart from those that leave.
    fn is_needed(&self, node: Node, leaving: &Marks) -> bool {
        self.graph.edges().to(node).any(|(kind, source)| {
            kind.pulls()
                && leaving.get(source) == Mark::White
                && self.state_of(source).is_some_and(|state| state.on_run_list)
        })
    }

    /// Whether a job is the end of a row before that of the desired job at that place. One that stands before those
    /// that leave and is not came in with them, and stays for another, behind which it may have to move.
    fn is_asked_before(&self, node: Node, place: usize) -> bool {
        let is_asked = self.state_of(node).is_some_and(|state| state.asked > 0);
        let mut before = self.desired.iter().take(place).rev();
        is_asked && before.any(|desired| *desired == node)
    }
}
