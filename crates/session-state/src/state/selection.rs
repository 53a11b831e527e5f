//! What is asked for, and what follows from that.

use super::session::SessionState;
use crate::change::Change;
use crate::graph::{EdgeKind, Node};
use crate::id::JobId;
use crate::job::SUSPENDS;
use crate::problem::Problem;
use crate::solver::{Rules, Selected, select};

impl SessionState {
    /// Replaces the list of jobs that every selection includes. Takes effect with the next selection.
    #[doc(alias = "update_mandatory_job_list")]
    pub fn set_mandatory_jobs(&mut self, jobs: Vec<JobId>) {
        self.replace_mandatory(&jobs);
        self.record(|_| Change::MandatoryJobs { jobs });
    }

    /// Selects the mandatory jobs and these, pulls in what they need, and orders all of it.
    ///
    /// A job that cannot be had is left out, with a problem, and so is every job that needs it; the others
    /// go on. The problems come in the order in which they were found.
    #[doc(alias = "update_desired_job_list")]
    pub fn update_desired_jobs(&mut self, jobs: &[JobId]) -> Vec<Problem> {
        let given: Vec<Node> = jobs.iter().map(|job| self.intern(job)).collect();
        let asked = self.mandatory.iter().copied().chain(given).collect();
        self.solve_selection(asked)
    }

    /// Selects exactly these jobs and what they need, mandatory ones only where they are among them.
    pub fn update_desired_jobs_alone(&mut self, jobs: &[JobId]) -> Vec<Problem> {
        let asked = jobs.iter().map(|job| self.intern(job)).collect();
        self.solve_selection(asked)
    }

    fn solve_selection(&mut self, asked: Vec<Node>) -> Vec<Problem> {
        let mut marks = std::mem::take(&mut self.marks);
        let Selected {
            desired,
            run_list,
            problems,
        } = select(&self.graph, &mut marks, asked, self);
        self.marks = marks;
        self.replace_selection(desired, run_list);
        self.record(|state| Change::Selection {
            desired: state.desired_jobs().cloned().collect(),
            run_list: state.run_list().cloned().collect(),
        });
        problems
    }

    /// The door for the mandatory list.
    pub(super) fn replace_mandatory(&mut self, jobs: &[JobId]) {
        self.mandatory = jobs.iter().map(|job| self.intern(job)).collect();
    }

    /// The door for selections: only jobs that were or are on the run list are touched.
    pub(super) fn replace_selection(&mut self, desired: Vec<Node>, run_list: Vec<Node>) {
        let before = std::mem::replace(&mut self.run_list, run_list.clone());
        for node in before {
            if let Some(state) = self.state_of_mut(node) {
                state.on_run_list = false;
                state.set_inhibitors(None);
            }
        }
        self.desired = desired;
        self.todo = 0;
        for node in &run_list {
            if let Some(state) = self.state_of_mut(*node) {
                state.on_run_list = true;
                self.todo += usize::from(state.outcome().is_none());
            }
        }
        for node in run_list {
            self.judge(node);
        }
    }

    fn waits_for(&self, node: Node, target: Node) -> bool {
        self.graph.edges().of(node).any(|(kind, known)| {
            known == target && matches!(kind, EdgeKind::Depends | EdgeKind::After)
        })
    }
}

impl Rules for SessionState {
    /// Jobs with siblings that need a suspend, and that suspend: the job itself comes before it, unless it
    /// needs the suspend too. Holds for the siblings the session has.
    fn early(&self, pulled: &[Node]) -> Vec<(Node, Node)> {
        let mut early = Vec::new();
        for node in pulled {
            let Some(state) = self.state_of(*node).filter(|state| state.traits.siblings) else {
                continue;
            };
            let siblings: Vec<Node> = state
                .definition()
                .siblings()
                .unwrap_or_default()
                .iter()
                .filter_map(|sibling| self.graph.find(sibling.id().as_str()))
                .filter(|sibling| self.graph.is_defined(*sibling))
                .collect();
            for suspend in SUSPENDS
                .iter()
                .filter_map(|(_, suspend, _)| self.graph.find(suspend))
            {
                if siblings
                    .iter()
                    .any(|sibling| self.waits_for(*sibling, suspend))
                    && !self.waits_for(*node, suspend)
                {
                    early.push((*node, suspend));
                }
            }
        }
        early
    }

    /// What keeps a job of a run list from ever being judged.
    fn fault(&self, node: Node) -> Option<Problem> {
        let state = self.state_of(node)?;
        if let Some(fault) = state.requirement().and_then(|known| known.fault()) {
            return Some(Problem::IllegalRequirement {
                job: state.id().clone(),
                source: fault.clone(),
            });
        }
        let (_, missing) = self.graph.edges().of(node).find(|(kind, target)| {
            *kind == EdgeKind::Salvages && self.state_of(*target).is_none()
        })?;
        Some(Problem::UnknownSalvage {
            job: state.id().clone(),
            missing: self.graph.id(missing).clone(),
        })
    }
}
