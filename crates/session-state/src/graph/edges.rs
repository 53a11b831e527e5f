//! What each job refers to, and who refers to it: one flat list, threaded by target.

use super::names::Node;

/// The greatest number a node may have: the rest of 32 bits says the kind of an edge.
pub(crate) const NODE_MAX: u32 = (1 << KIND_SHIFT) - 1;

const KIND_SHIFT: u32 = 29;
const END: u32 = u32::MAX;

/// What a reference of one job to another means. The order is that in which the solver follows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum EdgeKind {
    Resource,
    Depends,
    After,
    Before,
    Salvages,
}

impl EdgeKind {
    const ALL: [Self; 5] = [
        Self::Resource,
        Self::Depends,
        Self::After,
        Self::Before,
        Self::Salvages,
    ];

    /// Whether the target is pulled into the run list, and runs first.
    pub(crate) const fn pulls(self) -> bool {
        match self {
            Self::Resource | Self::Depends | Self::After => true,
            Self::Before | Self::Salvages => false,
        }
    }
}

/// One reference. A dead one belonged to a job that was removed.
#[derive(Clone, Copy, Debug)]
struct Edge {
    kind_and_target: u32,
    source: u32,
    next: u32,
}

/// Where the references of a job stand in the list.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    count: u32,
}

/// All references of a session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edges {
    list: Vec<Edge>,
    spans: Vec<Span>,
    heads: Vec<u32>,
    dead: usize,
}

impl Edges {
    pub(crate) fn with_capacity(nodes: usize) -> Self {
        Self {
            list: Vec::with_capacity(nodes),
            spans: Vec::with_capacity(nodes),
            heads: Vec::with_capacity(nodes),
            dead: 0,
        }
    }

    /// Makes room for the node numbers below `count`.
    pub(crate) fn cover(&mut self, count: usize) {
        if self.spans.len() < count {
            self.spans.resize(count, Span::default());
            self.heads.resize(count, END);
        }
    }

    /// Replaces the references of a job.
    pub(crate) fn set(&mut self, source: Node, edges: &[(EdgeKind, Node)]) {
        self.clear(source);
        let start = self.list.len();
        for (kind, target) in edges {
            let index = as_u32(self.list.len());
            let head = &mut self.heads[target.index()];
            self.list.push(Edge {
                kind_and_target: (*kind as u32) << KIND_SHIFT | target.number(),
                source: source.number(),
                next: std::mem::replace(head, index),
            });
        }
        self.spans[source.index()] = Span {
            start: as_u32(start),
            count: as_u32(edges.len()),
        };
    }

    /// Drops the references of a job.
    pub(crate) fn clear(&mut self, source: Node) {
        let span = std::mem::take(&mut self.spans[source.index()]);
        let start = span.start as usize;
        for edge in &mut self.list[start..start + span.count as usize] {
            edge.source = END;
        }
        self.dead += span.count as usize;
        if self.dead * 2 > self.list.len() && self.dead > 64 {
            self.rebuild();
        }
    }

    /// The reference of that rank, where the job has so many.
    pub(crate) fn at(&self, source: Node, rank: u32) -> Option<(EdgeKind, Node)> {
        let span = self.spans[source.index()];
        if rank >= span.count {
            return None;
        }
        self.list
            .get((span.start + rank) as usize)
            .map(Edge::reference)
    }

    /// The references of a job, by kind, in field order within a kind.
    pub(crate) fn of(&self, source: Node) -> impl Iterator<Item = (EdgeKind, Node)> {
        let span = self.spans[source.index()];
        let start = span.start as usize;
        self.list[start..start + span.count as usize]
            .iter()
            .map(Edge::reference)
    }

    /// The jobs that refer to a job, with how they do; in no promised order.
    pub(crate) fn to(&self, target: Node) -> impl Iterator<Item = (EdgeKind, Node)> {
        let mut next = self.heads[target.index()];
        std::iter::from_fn(move || {
            while next != END {
                let edge = self.list[next as usize];
                next = edge.next;
                if edge.source != END {
                    return Some((edge.reference().0, Node::from_number(edge.source)));
                }
            }
            None
        })
    }

    /// Gives back what growing left unused.
    pub(crate) fn shrink(&mut self) {
        self.list.shrink_to_fit();
        self.spans.shrink_to_fit();
        self.heads.shrink_to_fit();
    }

    /// Leaves the dead references out.
    fn rebuild(&mut self) {
        let old = std::mem::take(&mut self.list);
        self.list.reserve_exact(old.len() - self.dead);
        self.heads.fill(END);
        self.dead = 0;
        for (number, span) in self.spans.iter_mut().enumerate() {
            let start = span.start as usize;
            span.start = as_u32(self.list.len());
            for edge in &old[start..start + span.count as usize] {
                let index = as_u32(self.list.len());
                let target = edge.reference().1;
                self.list.push(Edge {
                    kind_and_target: edge.kind_and_target,
                    source: as_u32(number),
                    next: std::mem::replace(&mut self.heads[target.index()], index),
                });
            }
        }
    }
}

impl Edge {
    fn reference(&self) -> (EdgeKind, Node) {
        let kind = EdgeKind::ALL[(self.kind_and_target >> KIND_SHIFT) as usize];
        (kind, Node::from_number(self.kind_and_target & NODE_MAX))
    }
}

fn as_u32(count: usize) -> u32 {
    u32::try_from(count).expect("four thousand million references do not fit into memory")
}
