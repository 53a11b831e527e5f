//! The order among jobs already pulled in: `before`, and groups whose members run together.

use std::collections::HashMap;

use crate::graph::{EdgeKind, Graph, Node};
use crate::id::JobId;
use crate::problem::Problem;

/// Jobs in the order to run them.
pub(crate) struct Order {
    pub(crate) jobs: Vec<Node>,
    /// Whether that is the order in which they were pulled in, because none is in a group or before another.
    pub(crate) is_plain: bool,
}

/// Orders what [`Pull`](super::Pull) gave. `early` are further references of the kind `before`: a job and
/// the one it is to come before.
pub(crate) fn arrange(
    graph: &Graph,
    pulled: Vec<Node>,
    early: &[(Node, Node)],
) -> Result<Order, Problem> {
    let grouped = graph.has_groups() && pulled.iter().any(|node| graph.group(*node).is_some());
    let hinted = !early.is_empty()
        || pulled.iter().any(|node| {
            graph
                .edges()
                .of(*node)
                .any(|(kind, _)| kind == EdgeKind::Before)
        });
    if !grouped && !hinted {
        return Ok(Order {
            jobs: pulled,
            is_plain: true,
        });
    }
    let needs = needs(graph, &pulled, early);
    let order = if grouped {
        arrange_groups(graph, &pulled, &needs)?
    } else {
        depth_first(&needs).map_err(|trail| {
            let trail: Vec<JobId> = trail
                .iter()
                .map(|at| graph.id(pulled[*at]).clone())
                .collect();
            cycle(trail.first().cloned(), trail)
        })?
    };
    Ok(Order {
        jobs: order.into_iter().map(|at| pulled[at]).collect(),
        is_plain: false,
    })
}

/// For each pulled job the places of those that come before it: its own references in their order, then
/// the jobs that ask to be before it.
fn needs(graph: &Graph, pulled: &[Node], early: &[(Node, Node)]) -> Vec<Vec<usize>> {
    let places: HashMap<Node, usize> = pulled
        .iter()
        .enumerate()
        .map(|(place, node)| (*node, place))
        .collect();
    let mut needs: Vec<Vec<usize>> = pulled
        .iter()
        .map(|node| {
            graph
                .edges()
                .of(*node)
                .filter(|(kind, _)| kind.pulls())
                .filter_map(|(_, target)| places.get(&target).copied())
                .collect()
        })
        .collect();
    for (place, node) in pulled.iter().enumerate() {
        for (kind, target) in graph.edges().of(*node) {
            if kind == EdgeKind::Before
                && let Some(target) = places.get(&target)
            {
                needs[*target].push(place);
            }
        }
    }
    for (node, target) in early {
        if let (Some(place), Some(target)) = (places.get(node), places.get(target)) {
            needs[*target].push(*place);
        }
    }
    needs
}

/// What stands in the order while groups are still closed.
enum Item {
    Job(usize),
    Group(usize),
}

fn arrange_groups(
    graph: &Graph,
    pulled: &[Node],
    needs: &[Vec<usize>],
) -> Result<Vec<usize>, Problem> {
    let mut items = Vec::new();
    let mut item_of = Vec::with_capacity(pulled.len());
    let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
    let mut group_items: HashMap<&str, (usize, usize)> = HashMap::new();
    for (place, node) in pulled.iter().enumerate() {
        match graph.group(*node) {
            None => {
                item_of.push(items.len());
                items.push(Item::Job(place));
            }
            Some(name) => {
                let (item, group) = *group_items.entry(name).or_insert_with(|| {
                    items.push(Item::Group(groups.len()));
                    groups.push((name, Vec::new()));
                    (items.len() - 1, groups.len() - 1)
                });
                item_of.push(item);
                groups[group].1.push(place);
            }
        }
    }
    let outer: Vec<Vec<usize>> = items
        .iter()
        .enumerate()
        .map(|(item, kind)| match kind {
            Item::Job(place) => needs[*place].iter().map(|need| item_of[*need]).collect(),
            Item::Group(group) => groups[*group]
                .1
                .iter()
                .flat_map(|place| &needs[*place])
                .map(|need| item_of[*need])
                .filter(|need| *need != item)
                .collect(),
        })
        .collect();
    let order = depth_first(&outer).map_err(|trail| {
        let first = trail.first().and_then(|item| match &items[*item] {
            Item::Job(place) => Some(*place),
            Item::Group(group) => groups[*group].1.first().copied(),
        });
        let trail = trail
            .iter()
            .map(|item| match &items[*item] {
                Item::Job(place) => graph.id(pulled[*place]).clone(),
                Item::Group(group) => JobId::new(format!("_group_job_{}", groups[*group].0)),
            })
            .collect();
        cycle(first.map(|place| graph.id(pulled[place]).clone()), trail)
    })?;
    let mut opened = Vec::with_capacity(groups.len());
    for (_, members) in &groups {
        opened.push(arrange_members(graph, pulled, needs, members)?);
    }
    let mut places = Vec::with_capacity(pulled.len());
    for item in order {
        match &items[item] {
            Item::Job(place) => places.push(*place),
            Item::Group(group) => places.append(&mut opened[*group]),
        }
    }
    Ok(places)
}

/// The order within one group, following only references inside it.
fn arrange_members(
    graph: &Graph,
    pulled: &[Node],
    needs: &[Vec<usize>],
    members: &[usize],
) -> Result<Vec<usize>, Problem> {
    let inside: HashMap<usize, usize> = members
        .iter()
        .enumerate()
        .map(|(rank, place)| (*place, rank))
        .collect();
    let inner: Vec<Vec<usize>> = members
        .iter()
        .map(|place| {
            needs[*place]
                .iter()
                .filter_map(|need| inside.get(need).copied())
                .collect()
        })
        .collect();
    let order = depth_first(&inner).map_err(|trail| {
        let trail: Vec<JobId> = trail
            .iter()
            .map(|rank| graph.id(pulled[members[*rank]]).clone())
            .collect();
        cycle(trail.first().cloned(), trail)
    })?;
    Ok(order.into_iter().map(|rank| members[rank]).collect())
}

fn cycle(job: Option<JobId>, trail: Vec<JobId>) -> Problem {
    Problem::Cycle {
        job: job.unwrap_or_else(|| JobId::new("")),
        trail,
    }
}

/// Post-order of the graph `needs`, from each node in turn; or a cycle, its entry at both ends.
fn depth_first(needs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Visit {
        Not,
        OnPath,
        Done,
    }
    let mut visits = vec![Visit::Not; needs.len()];
    let mut order = Vec::with_capacity(needs.len());
    let mut path: Vec<(usize, usize)> = Vec::new();
    for root in 0..needs.len() {
        if visits[root] != Visit::Not {
            continue;
        }
        visits[root] = Visit::OnPath;
        path.push((root, 0));
        while let Some((node, rank)) = path.last_mut() {
            let node = *node;
            let Some(need) = needs[node].get(*rank).copied() else {
                visits[node] = Visit::Done;
                order.push(node);
                path.pop();
                continue;
            };
            *rank += 1;
            match visits[need] {
                Visit::Done => {}
                Visit::Not => {
                    visits[need] = Visit::OnPath;
                    path.push((need, 0));
                }
                Visit::OnPath => {
                    let first = path.iter().rposition(|(on, _)| *on == need).unwrap_or(0);
                    let mut trail: Vec<usize> = path[first..].iter().map(|(on, _)| *on).collect();
                    trail.push(need);
                    return Err(trail);
                }
            }
        }
    }
    Ok(order)
}
