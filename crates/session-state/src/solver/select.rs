//! From what was asked for to a run list: pull, arrange, leave out what cannot be had, again.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;

use super::arrange::{Order, arrange};
use super::pull::Pull;
use crate::graph::{Graph, Marks, Node};
use crate::id::JobId;
use crate::job::JobDefinition;
use crate::problem::{DuplicateJob, Problem};
use crate::requirement::Requirement;

/// What a selection came to.
pub(crate) struct Selected {
    /// What was asked for, less what could not be had.
    pub(crate) desired: Vec<Node>,
    /// That plus dependencies, in the order to run.
    pub(crate) run_list: Vec<Node>,
    /// Why jobs were left out, in the order found.
    pub(crate) problems: Vec<Problem>,
    /// Whether the jobs stand as they were pulled in: nothing asked for another order.
    pub(crate) is_plain: bool,
}

/// What a session adds to the rules of the solver.
pub(crate) trait Rules {
    /// Further references of the kind `before` among pulled jobs: a job and the one it comes before.
    fn early(&self, pulled: &[Node]) -> Vec<(Node, Node)>;

    /// What else keeps a job of a run list from running.
    fn fault(&self, node: Node) -> Option<Problem>;
}

/// A solved run list that further jobs are to follow.
pub(crate) trait Head {
    /// Why the jobs cannot simply follow.
    type Moved;

    /// Whether a job stands there.
    fn holds(&self, node: Node) -> bool;

    /// Refuses jobs that were pulled in, with their early pairs, when one of them asks to stand before a job
    /// that stands there.
    fn check(
        &self,
        graph: &Graph,
        pulled: &[Node],
        early: &[(Node, Node)],
    ) -> Result<(), Self::Moved>;
}

/// The head of a whole selection.
struct NoHead;

impl Head for NoHead {
    type Moved = Infallible;

    fn holds(&self, _: Node) -> bool {
        false
    }

    fn check(&self, _: &Graph, _: &[Node], _: &[(Node, Node)]) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Solves a selection.
pub(crate) fn select(
    graph: &Graph,
    marks: &mut Marks,
    asked: Vec<Node>,
    rules: &impl Rules,
) -> Selected {
    let Ok(selected) = select_after(&NoHead, graph, marks, asked, rules);
    selected
}

/// Solves what is asked for beyond a run list: what solving all of it anew would put behind that list.
///
/// Jobs are pulled in by walks from each job asked for, in turn, so the walks of the list come out as they did.
/// Only an order that somebody asked for can reach back across its end: `before` a job of the list, and a
/// group that has members on both sides. Then the head refuses.
pub(crate) fn select_after<H: Head>(
    head: &H,
    graph: &Graph,
    marks: &mut Marks,
    asked: Vec<Node>,
    rules: &impl Rules,
) -> Result<Selected, H::Moved> {
    let mut desired = asked;
    let mut left_out = HashSet::new();
    let mut problems = Vec::new();
    loop {
        let known = problems.len();
        let pull = Pull::new(graph, head, marks, &mut left_out, &mut problems);
        let (kept, pulled) = pull.walk(&desired);
        desired = kept;
        if problems.len() > known {
            continue;
        }
        let pairs = rules.early(&pulled);
        head.check(graph, &pulled, &pairs)?;
        let found = match arrange(graph, pulled, &pairs) {
            Ok(Order { jobs, is_plain }) => {
                let found: Vec<Problem> =
                    jobs.iter().filter_map(|node| rules.fault(*node)).collect();
                if found.is_empty() {
                    return Ok(Selected {
                        desired,
                        run_list: jobs,
                        problems,
                        is_plain,
                    });
                }
                found
            }
            Err(problem) => vec![problem],
        };
        let mut dropped: HashSet<Node> = found
            .iter()
            .filter_map(|problem| graph.find(problem.affected_job().as_str()))
            .collect();
        left_out.extend(&dropped);
        desired.retain(|wanted| !dropped.remove(wanted));
        problems.extend(found);
    }
}

/// Orders jobs: those of `visit` (all, in list order, when it is `None`) and everything they need.
///
/// # Errors
///
/// The first problem there is: two jobs of one id, a job in `visit` that is not among `jobs`, a missing
/// dependency, a cycle. An illegal requirement program counts as requiring nothing here.
#[doc(alias = "DependencySolver")]
#[doc(alias = "resolve_dependencies")]
pub fn solve(jobs: &[Arc<JobDefinition>], visit: Option<&[JobId]>) -> Result<Vec<JobId>, Problem> {
    let mut graph = Graph::with_capacity(jobs.len());
    let mut listed = Vec::with_capacity(jobs.len());
    for job in jobs {
        let node = graph.intern(job.id());
        if graph.is_defined(node) {
            return Err(DuplicateJob {
                job: job.id().clone(),
            }
            .into());
        }
        let requirement = Requirement::of(job);
        let resources = requirement
            .as_ref()
            .map_or_else(Vec::new, |known| known.resources());
        graph.define(node, job, &resources);
        listed.push(node);
    }
    let asked = match visit {
        None => listed,
        Some(ids) => ids.iter().map(|id| graph.intern(id)).collect(),
    };
    let mut problems = Vec::new();
    let (mut marks, mut left_out) = (Marks::default(), HashSet::new());
    let pull = Pull::new(&graph, &NoHead, &mut marks, &mut left_out, &mut problems);
    let (_, pulled) = pull.walk(&asked);
    if let Some(problem) = problems.into_iter().next() {
        return Err(problem);
    }
    let order = arrange(&graph, pulled, &[])?;
    let ids = order.jobs.into_iter().map(|node| graph.id(node).clone());
    Ok(ids.collect())
}
