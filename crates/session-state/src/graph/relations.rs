//! The graph of a session: every id it heard of, which of them are jobs, and how these refer to each other.

use std::collections::{HashMap, HashSet};

use super::edges::{EdgeKind, Edges};
use super::names::{Names, Node};
use crate::id::JobId;
use crate::job::{JobDefinition, KnownField};

/// The graph. A node is an id; it is *defined* while a job of that id is in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    names: Names,
    edges: Edges,
    defined: Vec<bool>,
    groups: HashMap<Node, Box<str>>,
    /// The references of the job being defined; kept for the next one.
    gathered: Vec<(EdgeKind, Node)>,
}

impl Graph {
    pub(crate) fn with_capacity(jobs: usize) -> Self {
        Self {
            names: Names::with_capacity(jobs),
            edges: Edges::with_capacity(jobs),
            defined: Vec::with_capacity(jobs),
            groups: HashMap::new(),
            gathered: Vec::new(),
        }
    }

    /// How many nodes there are; their numbers are below.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn id(&self, node: Node) -> &JobId {
        self.names.id(node)
    }

    pub(crate) fn find(&self, id: &str) -> Option<Node> {
        self.names.find(id)
    }

    pub(crate) fn intern(&mut self, id: &JobId) -> Node {
        let node = self.names.intern_id(id);
        self.cover();
        node
    }

    pub(crate) fn is_defined(&self, node: Node) -> bool {
        self.defined.get(node.index()).copied().unwrap_or(false)
    }

    pub(crate) fn edges(&self) -> &Edges {
        &self.edges
    }

    pub(crate) fn group(&self, node: Node) -> Option<&str> {
        self.groups.get(&node).map(|group| &**group)
    }

    pub(crate) fn has_groups(&self) -> bool {
        !self.groups.is_empty()
    }

    /// Defines the job of a node; `resources` are the ids its requirement program names.
    pub(crate) fn define(&mut self, node: Node, definition: &JobDefinition, resources: &[&JobId]) {
        let mut edges = std::mem::take(&mut self.gathered);
        edges.clear();
        for resource in resources {
            edges.push((EdgeKind::Resource, self.names.intern_id(resource)));
        }
        for (field, kind) in [
            (KnownField::DEPENDS, EdgeKind::Depends),
            (KnownField::AFTER, EdgeKind::After),
            (KnownField::BEFORE, EdgeKind::Before),
            (KnownField::SALVAGES, EdgeKind::Salvages),
        ] {
            if let Some(value) = definition.known_value(field) {
                definition.each_word(value, &mut |word| {
                    let target = self.names.intern(&definition.qualify(word));
                    edges.push((kind, target));
                });
            }
        }
        drop_repeated(&mut edges);
        self.cover();
        self.edges.set(node, &edges);
        self.gathered = edges;
        self.defined[node.index()] = true;
        if let Some(group) = definition.group() {
            self.groups.insert(node, group.into());
        }
    }

    /// Takes a job out; its id stays known.
    pub(crate) fn undefine(&mut self, node: Node) {
        self.defined[node.index()] = false;
        self.edges.clear(node);
        self.groups.remove(&node);
    }

    pub(crate) fn shrink(&mut self) {
        self.names.shrink();
        self.edges.shrink();
        self.defined.shrink_to_fit();
    }

    fn cover(&mut self) {
        let count = self.names.len();
        self.edges.cover(count);
        if self.defined.len() < count {
            self.defined.resize(count, false);
        }
    }
}

/// Leaves the first of equal references.
fn drop_repeated(edges: &mut Vec<(EdgeKind, Node)>) {
    if edges.len() <= 16 {
        let mut kept = 0;
        for at in 0..edges.len() {
            let edge = edges[at];
            if !edges[..kept].contains(&edge) {
                edges[kept] = edge;
                kept += 1;
            }
        }
        edges.truncate(kept);
    } else {
        let mut seen = HashSet::with_capacity(edges.len());
        edges.retain(|edge| seen.insert(*edge));
    }
}
