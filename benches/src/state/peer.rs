//! The same work by hand: text ids in a hash map, a graph, a topological order.

use std::sync::Arc;

use hashbrown::HashMap;
use petgraph::algo::toposort;
use petgraph::graph::{DiGraph, NodeIndex};
use session_state::{FieldRef, JobDefinition};

use crate::error::BenchError;

/// How many jobs the order has. Each reference leads from what is needed to who needs it.
pub(super) fn order(definitions: &[Arc<JobDefinition>]) -> Result<usize, BenchError> {
    let mut graph: DiGraph<&str, ()> =
        DiGraph::with_capacity(definitions.len(), 3 * definitions.len());
    let mut nodes: HashMap<&str, NodeIndex> = HashMap::with_capacity(definitions.len());
    for definition in definitions {
        let id = definition.id().as_str();
        nodes.insert(id, graph.add_node(id));
    }
    for definition in definitions {
        let Some(node) = nodes.get(definition.id().as_str()) else {
            continue;
        };
        let Some(FieldRef::Text(depends)) = definition.value("depends") else {
            continue;
        };
        for word in depends.split_whitespace() {
            match nodes.get(word) {
                Some(target) => graph.add_edge(*target, *node, ()),
                None => {
                    return Err(BenchError::Wrong {
                        what: format!("'{word}' is no job"),
                    });
                }
            };
        }
    }
    match toposort(&graph, None) {
        Ok(order) => Ok(order.len()),
        Err(_) => Err(BenchError::Wrong {
            what: "the graph has a cycle".to_owned(),
        }),
    }
}
