//! What is asked for, and what follows from that.

use std::ops::Range;

use super::session::SessionState;
use super::standing::{Behind, Standing};
use crate::change::Change;
use crate::graph::Node;
use crate::id::JobId;
use crate::problem::{Problem, UnknownJob};
use crate::solver::{Selected, select, select_after};

impl SessionState {
    /// Replaces the list of jobs that every selection includes. Takes effect with the next selection of all
    /// jobs, [`update_desired_jobs`](Self::update_desired_jobs).
    #[doc(alias = "update_mandatory_job_list")]
    pub fn set_mandatory_jobs(&mut self, jobs: Vec<JobId>) {
        self.replace_mandatory(&jobs);
        self.record(|_| Change::MandatoryJobs { jobs });
    }

    /// Selects the mandatory jobs and these, pulls in what they need, and orders all of it.
    ///
    /// A job that cannot be had is left out, with a problem, and so is every job that needs it; the others
    /// go on. The problems come in the order in which they were found. A list that begins with the present
    /// one costs, beyond comparing the two, what [`add_desired_jobs`](Self::add_desired_jobs) costs.
    #[doc(alias = "update_desired_job_list")]
    pub fn update_desired_jobs(&mut self, jobs: &[JobId]) -> Vec<Problem> {
        let given: Vec<Node> = jobs.iter().map(|job| self.intern(job)).collect();
        let asked = self.mandatory.iter().copied().chain(given).collect();
        self.make_selection(asked)
    }

    /// Selects as [`update_desired_jobs`](Self::update_desired_jobs) does, jobs given by the texts of their ids, each
    /// of which the session has to have.
    ///
    /// # Errors
    ///
    /// The first that it does not have; nothing was changed.
    pub fn update_desired_to_known(&mut self, jobs: &[&str]) -> Result<Vec<Problem>, UnknownJob> {
        let mut asked = Vec::with_capacity(self.mandatory.len() + jobs.len());
        asked.extend_from_slice(&self.mandatory);
        for job in jobs {
            let node = self.defined_node(job);
            asked.push(node.ok_or_else(|| UnknownJob { job: (*job).into() })?);
        }
        Ok(self.make_selection(asked))
    }

    /// Selects exactly these jobs and what they need, mandatory ones only where they are among them.
    pub fn update_desired_jobs_alone(&mut self, jobs: &[JobId]) -> Vec<Problem> {
        let asked = jobs.iter().map(|job| self.intern(job)).collect();
        self.make_selection(asked)
    }

    /// Selects these jobs beside those that are selected, as if the desired list had been given anew with these
    /// at its end: the same run list, the same problems.
    ///
    /// It costs what the jobs pull in, however much is selected, as long as the jobs that stand on the run list
    /// stay where they are. All of it is solved anew when they may have to move: when a job that comes in is
    /// `before` one that is there, or in a group with one that is there; and once after a session was restored,
    /// a job was given another definition, or a job went that is salvaged on the run list.
    pub fn add_desired_jobs(&mut self, jobs: &[JobId]) -> Vec<Problem> {
        let more: Vec<Node> = jobs.iter().map(|job| self.intern(job)).collect();
        match self.selected_after(more.clone()) {
            Some(selected) => self.extend(selected),
            None => self.solve(self.desired.iter().copied().chain(more).collect()),
        }
    }

    /// Takes these jobs from the desired list, wherever they stand there, and from the run list those that
    /// nothing else asks for or needs: the run list is the one of the rest of the desired list. A job that is not
    /// desired changes nothing, and mandatory ones stay.
    ///
    /// Where a job leaves with all that came in for it, nothing is solved: what it pulled in is looked at, the
    /// lists are searched for it from their ends (a comparison of four bytes a job), and what stands behind it
    /// moves up. So the job that came in last costs what it pulled in. All of it is solved anew when the others may
    /// have to move: when the job is needed by another, or something that came in for it is; when it is desired
    /// twice; when a job of the run list is in a group or `before` another; and where
    /// [`add_desired_jobs`](Self::add_desired_jobs) solves anew.
    pub fn remove_desired_jobs(&mut self, jobs: &[JobId]) -> Vec<Problem> {
        let unwanted: Vec<Node> = jobs
            .iter()
            .filter_map(|job| self.graph.find(job.as_str()))
            .filter(|node| !self.mandatory.contains(node))
            .collect();
        // Who came last leaves first: others may be needed by it.
        let mut left = unwanted.as_slice();
        while let Some((node, rest)) = left.split_last() {
            if self.state_of(*node).is_some_and(|state| state.asked > 0) {
                let Some((place, leaving)) = self.parting(*node) else {
                    break;
                };
                self.take_away(*node, place, leaving);
            }
            left = rest;
        }
        if left.is_empty() {
            return Vec::new();
        }
        let kept = self.desired.iter().filter(|node| !left.contains(node));
        self.solve(kept.copied().collect())
    }

    fn make_selection(&mut self, asked: Vec<Node>) -> Vec<Problem> {
        let selected = asked
            .strip_prefix(self.desired.as_slice())
            .map(<[Node]>::to_vec)
            .and_then(|more| self.selected_after(more));
        match selected {
            Some(selected) => self.extend(selected),
            None => self.solve(asked),
        }
    }

    /// What comes behind the run list when these are asked for too; `None` when that list may not stay as it is.
    fn selected_after(&mut self, more: Vec<Node>) -> Option<Selected> {
        let mut marks = std::mem::take(&mut self.marks);
        let selected = Behind::run_list_of(self)
            .and_then(|head| select_after(&head, &self.graph, &mut marks, more, self).ok());
        self.marks = marks;
        selected
    }

    fn extend(&mut self, selected: Selected) -> Vec<Problem> {
        self.standing
            .add(&self.graph, &selected.run_list, selected.is_plain);
        self.put_behind(&selected.desired, &selected.run_list);
        selected.problems
    }

    fn solve(&mut self, asked: Vec<Node>) -> Vec<Problem> {
        let mut marks = std::mem::take(&mut self.marks);
        let Selected {
            desired,
            run_list,
            problems,
            is_plain,
        } = select(&self.graph, &mut marks, asked, self);
        self.marks = marks;
        self.standing = Standing::solved(&self.graph, &run_list, is_plain);
        let more = desired.strip_prefix(self.desired.as_slice());
        match more.zip(run_list.strip_prefix(self.run_list.as_slice())) {
            Some((desired, run_list)) if !self.run_list.is_empty() => {
                self.put_behind(desired, run_list);
            }
            Some(_) | None => {
                self.replace_selection(&desired, &run_list);
                self.record(|state| Change::Selection {
                    desired: state.desired_jobs().cloned().collect(),
                    run_list: state.run_list().cloned().collect(),
                });
            }
        }
        problems
    }

    fn take_away(&mut self, node: Node, place: usize, leaving: Range<usize>) {
        let jobs = self.run_list.get(leaving.clone()).unwrap_or_default();
        let run_list: Vec<JobId> = self.ids(jobs).cloned().collect();
        self.reduce_selection(place, leaving);
        self.record(|state| Change::SelectionReduced {
            job: state.graph.id(node).clone(),
            run_list,
        });
    }

    fn put_behind(&mut self, desired: &[Node], run_list: &[Node]) {
        self.extend_selection(desired, run_list);
        self.record(|state| Change::SelectionExtended {
            desired: state.ids(desired).cloned().collect(),
            run_list: state.ids(run_list).cloned().collect(),
        });
    }
}
