//! Whether the run list still is what solving gives, and what the solver asks a session about its jobs.

use std::collections::HashSet;

use super::session::SessionState;
use crate::graph::{EdgeKind, Graph, Node};
use crate::job::SUSPENDS;
use crate::problem::Problem;
use crate::solver::{Head, Rules};

/// What is known of the order of the run list.
#[derive(Clone, Debug, Default)]
pub(super) enum Standing {
    /// It came from elsewhere, or jobs changed so that solving may give another one.
    #[default]
    Unknown,
    /// It is what solving the desired list gives.
    Solved(Shape),
}

/// What decides whether a solved run list can grow and shrink without being solved anew.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// The jobs stand as they were pulled in.
    is_plain: bool,
    /// The groups of its jobs.
    groups: HashSet<Box<str>>,
}

impl Standing {
    pub(super) fn solved(graph: &Graph, run_list: &[Node], is_plain: bool) -> Self {
        let mut standing = Self::Solved(Shape {
            is_plain: true,
            groups: HashSet::new(),
        });
        standing.add(graph, run_list, is_plain);
        standing
    }

    /// Jobs came behind the run list, in an order of that kind.
    pub(super) fn add(&mut self, graph: &Graph, run_list: &[Node], is_plain: bool) {
        if let Self::Solved(shape) = self {
            shape.is_plain &= is_plain;
            if graph.has_groups() {
                let groups = run_list.iter().filter_map(|node| graph.group(*node));
                shape.groups.extend(groups.map(Box::from));
            }
        }
    }

    pub(super) fn is_plain(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Solved(shape) => shape.is_plain,
        }
    }
}

/// The run list of a session, with further jobs to come behind it.
pub(super) struct Behind<'a> {
    state: &'a SessionState,
    shape: &'a Shape,
}

/// A job of the run list may have to move.
pub(super) struct MayMove;

impl<'a> Behind<'a> {
    /// `None` when the run list is empty or may not be what solving gives.
    pub(super) fn run_list_of(state: &'a SessionState) -> Option<Self> {
        match &state.standing {
            Standing::Solved(shape) if !state.run_list.is_empty() => Some(Self { state, shape }),
            Standing::Solved(_) | Standing::Unknown => None,
        }
    }
}

impl Head for Behind<'_> {
    type Moved = MayMove;

    fn holds(&self, node: Node) -> bool {
        self.state
            .state_of(node)
            .is_some_and(|state| state.on_run_list)
    }

    fn check(&self, graph: &Graph, pulled: &[Node], early: &[(Node, Node)]) -> Result<(), MayMove> {
        let is_before = |node: &Node| {
            let mut edges = graph.edges().of(*node);
            edges.any(|(kind, target)| kind == EdgeKind::Before && self.holds(target))
        };
        let is_member = |node: &Node| {
            let group = graph.group(*node);
            group.is_some_and(|group| self.shape.groups.contains(group))
        };
        let moves = pulled.iter().any(|node| is_before(node) || is_member(node))
            || early.iter().any(|(_, target)| self.holds(*target));
        if moves { Err(MayMove) } else { Ok(()) }
    }
}

impl SessionState {
    /// A job came or is about to go, which is not on the run list. One that waits for a suspend is perhaps the
    /// copy of a job that has to be before that suspend; and one that is salvaged is missed.
    pub(super) fn note_passage(&mut self, node: Node) {
        match self.standing {
            Standing::Unknown => return,
            Standing::Solved(_) => {}
        }
        let on_run_list = |node| self.state_of(node).is_some_and(|state| state.on_run_list);
        let waits_for_suspend = SUSPENDS
            .iter()
            .filter_map(|(_, suspend, _)| self.graph.find(suspend))
            .any(|suspend| on_run_list(suspend) && self.waits_for(node, suspend));
        let is_salvaged = || {
            let mut references = self.graph.edges().to(node);
            references.any(|(kind, source)| kind == EdgeKind::Salvages && on_run_list(source))
        };
        if waits_for_suspend || is_salvaged() {
            self.standing = Standing::Unknown;
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
