//! The tables of the graph against simple ones.

use std::collections::HashMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::edges::{EdgeKind, Edges};
use super::marks::{Mark, Marks};
use super::names::{Names, Node};
use crate::id::JobId;

const NODES: u32 = 12;

fn references() -> impl Strategy<Value = Vec<(EdgeKind, Node)>> {
    let kind = prop_oneof![
        Just(EdgeKind::Resource),
        Just(EdgeKind::Depends),
        Just(EdgeKind::After),
        Just(EdgeKind::Before),
        Just(EdgeKind::Salvages),
    ];
    vec((kind, (0..NODES).prop_map(Node::from_number)), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn references_are_found_from_both_ends(
        steps in vec((0..NODES, proptest::option::weighted(0.7, references())), 1..200),
    ) {
        let mut edges = Edges::default();
        edges.cover(NODES as usize);
        let mut known: HashMap<Node, Vec<(EdgeKind, Node)>> = HashMap::new();
        for (number, step) in steps {
            let node = Node::from_number(number);
            match step {
                Some(references) => {
                    edges.set(node, &references);
                    known.insert(node, references);
                }
                None => {
                    edges.clear(node);
                    known.remove(&node);
                }
            }
            for node in (0..NODES).map(Node::from_number) {
                let own = known.get(&node).cloned().unwrap_or_default();
                prop_assert_eq!(edges.of(node).collect::<Vec<_>>(), own.clone());
                prop_assert_eq!(edges.at(node, 0), own.first().copied());
                let mut backward: Vec<_> = edges.to(node).collect();
                let mut expected: Vec<_> = known
                    .iter()
                    .flat_map(|(source, list)| list.iter().map(|edge| (edge, *source)))
                    .filter(|((_, target), _)| *target == node)
                    .map(|((kind, _), source)| (*kind, source))
                    .collect();
                backward.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!(backward, expected);
            }
        }
    }

    #[test]
    fn names_are_told_apart(names in vec("[a-c]{0,4}", 0..300)) {
        let mut table = Names::default();
        let mut known: Vec<String> = Vec::new();
        for name in &names {
            let expected = known.iter().position(|other| other == name);
            let found = table.find(name).map(Node::index);
            prop_assert_eq!(found, expected);
            let node = table.intern(name);
            prop_assert_eq!(node, table.intern_id(&JobId::new(&**name)));
            prop_assert_eq!(node.index(), expected.unwrap_or(known.len()));
            prop_assert_eq!(table.id(node).as_str(), name);
            if expected.is_none() {
                known.push(name.clone());
            }
            prop_assert_eq!(table.len(), known.len());
        }
    }
}

#[test]
fn marks_of_an_earlier_walk_are_white() {
    let node = Node::from_number(3);
    let mut marks = Marks::default();
    for mark in [
        Mark::Grey,
        Mark::Black,
        Mark::Grey,
        Mark::White,
        Mark::Black,
    ] {
        marks.wipe(4);
        assert_eq!(marks.get(node), Mark::White);
        marks.set(node, mark);
        assert_eq!(marks.get(node), mark);
    }
    let mut worn = Marks::nearly_worn_out(4);
    for _ in 0..3 {
        worn.set(node, Mark::Black);
        worn.wipe(4);
        assert_eq!(worn.get(node), Mark::White);
    }
}
