//! What is pulled into the run list: a depth-first walk along resources, `depends` and `after`.

use std::collections::HashSet;

use super::select::Head;
use crate::graph::{EdgeKind, Graph, Mark, Marks, Node};
use crate::id::JobId;
use crate::problem::{DependencyKind, Problem};

/// One walk over what was asked for.
///
/// A job that cannot be had is left out with a [`Problem`]; then every job on the path that needs it, up to
/// what was asked for. Those are the problems, in the order, that solving anew after each of them would
/// give, but found in one walk: jobs that were finished need no job on the path, so they stay finished.
pub(crate) struct Pull<'a, H> {
    graph: &'a Graph,
    head: &'a H,
    marks: &'a mut Marks,
    left_out: &'a mut HashSet<Node>,
    problems: &'a mut Vec<Problem>,
    /// Jobs left out while they were not the one asked for: the next request for them goes without a word.
    forgiven: HashSet<Node>,
    path: Vec<Step>,
    order: Vec<Node>,
}

/// A job on the path and the rank of the reference being followed.
struct Step {
    node: Node,
    rank: u32,
}

impl<'a, H: Head> Pull<'a, H> {
    /// A walk that enters no job of the head: these are finished.
    pub(crate) fn new(
        graph: &'a Graph,
        head: &'a H,
        marks: &'a mut Marks,
        left_out: &'a mut HashSet<Node>,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        marks.wipe(graph.len());
        Self {
            graph,
            head,
            marks,
            left_out,
            problems,
            forgiven: HashSet::new(),
            path: Vec::new(),
            order: Vec::new(),
        }
    }

    /// Walks from each job asked for; tells which of these stay. The order, each job after what it needs,
    /// is that of the run list when there was no problem; else the walk is to be made again.
    pub(crate) fn walk(mut self, asked: &[Node]) -> (Vec<Node>, Vec<Node>) {
        let mut kept = Vec::with_capacity(asked.len());
        for root in asked {
            if self.enter(*root) {
                kept.push(*root);
            }
        }
        (kept, self.order)
    }

    fn enter(&mut self, root: Node) -> bool {
        if !self.available(root) {
            if !self.forgiven.remove(&root) {
                let job = self.graph.id(root).clone();
                self.problems.push(Problem::Unknown { job });
            }
            return false;
        }
        if self.mark(root) != Mark::White {
            return true;
        }
        self.push(root);
        while let Some(&Step { node, rank }) = self.path.last() {
            let Some((kind, target)) = self.graph.edges().at(node, rank) else {
                self.marks.set(node, Mark::Black);
                self.order.push(node);
                self.path.pop();
                self.advance();
                continue;
            };
            match pulling(kind) {
                None => self.advance(),
                Some(kind) if !self.available(target) => self.miss(kind, target),
                Some(_) => match self.mark(target) {
                    Mark::Black => self.advance(),
                    Mark::White => self.push(target),
                    Mark::Grey => self.cycle(target),
                },
            }
        }
        !self.left_out.contains(&root)
    }

    fn mark(&self, node: Node) -> Mark {
        if self.head.holds(node) {
            Mark::Black
        } else {
            self.marks.get(node)
        }
    }

    fn push(&mut self, node: Node) {
        self.marks.set(node, Mark::Grey);
        self.path.push(Step { node, rank: 0 });
    }

    fn advance(&mut self) {
        if let Some(step) = self.path.last_mut() {
            step.rank += 1;
        }
    }

    fn available(&self, node: Node) -> bool {
        self.graph.is_defined(node) && !self.left_out.contains(&node)
    }

    /// The job on top of the path misses what it needs.
    fn miss(&mut self, kind: DependencyKind, target: Node) {
        let Some(step) = self.path.last() else {
            return;
        };
        self.problems.push(Problem::Missing {
            job: self.graph.id(step.node).clone(),
            missing: self.graph.id(target).clone(),
            kind,
        });
        self.leave_out();
    }

    /// The job on top of the path needs one that is further down it.
    fn cycle(&mut self, entry: Node) {
        let first = self
            .path
            .iter()
            .rposition(|step| step.node == entry)
            .unwrap_or(0);
        let trail: Vec<JobId> = self.path[first..]
            .iter()
            .map(|step| step.node)
            .chain([entry])
            .map(|node| self.graph.id(node).clone())
            .collect();
        self.problems.push(Problem::Cycle {
            job: self.graph.id(entry).clone(),
            trail,
        });
        for step in self.path.drain(first + 1..) {
            self.marks.set(step.node, Mark::White);
        }
        self.leave_out();
    }

    /// Leaves out the job on top of the path; whoever needed it meets that as a missing job.
    fn leave_out(&mut self) {
        if let Some(step) = self.path.pop() {
            self.marks.set(step.node, Mark::White);
            self.left_out.insert(step.node);
            if !self.path.is_empty() {
                self.forgiven.insert(step.node);
            }
        }
    }
}

/// The name of a kind of reference that pulls its target in.
fn pulling(kind: EdgeKind) -> Option<DependencyKind> {
    match kind {
        EdgeKind::Resource => Some(DependencyKind::Resource),
        EdgeKind::Depends => Some(DependencyKind::Depends),
        EdgeKind::After => Some(DependencyKind::After),
        EdgeKind::Before | EdgeKind::Salvages => None,
    }
}
