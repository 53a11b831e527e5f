//! Evaluating a tree over combinations of records.

use super::call::call;
use super::compare::holds;
use super::error::EvaluateError;
use super::tree::Node;
use super::value::{NoMatch, Value};
use crate::resource::Resource;

/// How much work evaluation may still do. A step is one part of an expression looked at once, or 64
/// bytes of a text compared.
#[derive(Clone, Debug)]
pub struct Budget {
    limit: u64,
    left: u64,
}

impl Budget {
    /// A budget of a number of steps.
    pub fn of_steps(limit: u64) -> Self {
        Self { limit, left: limit }
    }

    /// The steps that are left.
    pub fn left(&self) -> u64 {
        self.left
    }

    fn spend(&mut self, steps: usize) -> Result<(), EvaluateError> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(EvaluateError::TooMuchWork { limit: self.limit })
            }
        }
    }
}

impl Default for Budget {
    /// Ten million steps: the work of a second or so.
    fn default() -> Self {
        Self::of_steps(10_000_000)
    }
}

/// The records that stand for the names right now.
struct Combination<'a, 'b> {
    names: &'b [&'b str],
    records: Vec<&'a Resource>,
}

enum Stop {
    NoMatch,
    Error(EvaluateError),
}

impl From<NoMatch> for Stop {
    fn from(_: NoMatch) -> Self {
        Self::NoMatch
    }
}

impl From<EvaluateError> for Stop {
    fn from(error: EvaluateError) -> Self {
        Self::Error(error)
    }
}

/// Whether the tree is true for any combination of one record for each name, the last name changing
/// first.
pub(super) fn any_match<'a>(
    tree: &'a Node,
    names: &[&str],
    records: &[&'a [Resource]],
    budget: &mut Budget,
) -> Result<bool, EvaluateError> {
    let mut chosen = vec![0usize; records.len()];
    loop {
        let combination: Option<Vec<&Resource>> = records
            .iter()
            .zip(&chosen)
            .map(|(records, &at)| records.get(at))
            .collect();
        let Some(combination) = combination else {
            return Ok(false);
        };
        budget.spend(1)?;
        let combination = Combination {
            names,
            records: combination,
        };
        match evaluate(tree, &combination, budget) {
            Ok(value) if value.is_true() => return Ok(true),
            Ok(_) | Err(Stop::NoMatch) => {}
            Err(Stop::Error(error)) => return Err(error),
        }
        let Some(at) =
            (0..chosen.len())
                .rev()
                .find(|&at| match (chosen.get(at), records.get(at)) {
                    (Some(chosen), Some(records)) => chosen + 1 < records.len(),
                    _ => false,
                })
        else {
            return Ok(false);
        };
        for (place, chosen) in chosen.iter_mut().enumerate().skip(at) {
            *chosen = if place == at { *chosen + 1 } else { 0 };
        }
    }
}

fn evaluate<'a>(
    node: &'a Node,
    at: &Combination<'a, '_>,
    budget: &mut Budget,
) -> Result<Value<'a>, Stop> {
    budget.spend(1)?;
    match node {
        Node::Constant(constant) => Ok(Value::of_constant(constant)),
        Node::Name(name) => Ok(Value::Record(at.record(name)?)),
        Node::Attribute { base, path } => {
            let mut value = evaluate(base, at, budget)?;
            for name in path {
                budget.spend(1)?;
                value = value.attribute(name)?;
            }
            Ok(value)
        }
        Node::And(parts) => first_of(parts, false, at, budget),
        Node::Or(parts) => first_of(parts, true, at, budget),
        Node::Compare { first, rest } => {
            let mut left = evaluate(first, at, budget)?;
            for (comparison, right) in rest {
                let right = evaluate(right, at, budget)?;
                budget.spend(size(&left).saturating_add(size(&right)))?;
                if !holds(&left, *comparison, &right)? {
                    return Ok(Value::Bool(false));
                }
                left = right;
            }
            Ok(Value::Bool(true))
        }
        Node::List(items) => Ok(Value::List(all(items, at, budget)?)),
        Node::Tuple(items) => Ok(Value::Tuple(all(items, at, budget)?)),
        Node::Call {
            function,
            arguments,
        } => {
            // A resource of that name stands before the function, and cannot be called.
            if at.names.contains(&function.name()) {
                return Err(Stop::NoMatch);
            }
            let arguments = all(arguments, at, budget)?;
            budget.spend(arguments.iter().map(size).sum::<usize>().saturating_mul(64))?;
            Ok(call(*function, &arguments)?)
        }
        Node::BareTuple(_) => Err(Stop::NoMatch),
    }
}

impl<'a> Combination<'a, '_> {
    fn record(&self, name: &str) -> Result<&'a Resource, NoMatch> {
        self.names
            .iter()
            .position(|known| *known == name)
            .and_then(|at| self.records.get(at).copied())
            .ok_or(NoMatch)
    }
}

/// The first part whose truth is the one looked for, or else the last part.
fn first_of<'a>(
    parts: &'a [Node],
    truth: bool,
    at: &Combination<'a, '_>,
    budget: &mut Budget,
) -> Result<Value<'a>, Stop> {
    let mut last = Value::Bool(!truth);
    for part in parts {
        last = evaluate(part, at, budget)?;
        if last.is_true() == truth {
            break;
        }
    }
    Ok(last)
}

fn all<'a>(
    nodes: &'a [Node],
    at: &Combination<'a, '_>,
    budget: &mut Budget,
) -> Result<Vec<Value<'a>>, Stop> {
    nodes
        .iter()
        .map(|node| evaluate(node, at, budget))
        .collect()
}

/// The steps that looking at a value once costs.
fn size(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text, _) => text.len() / 64,
        Value::Bytes(bytes) => bytes.len() / 64,
        Value::List(items) | Value::Tuple(items) => items.len(),
        Value::Record(record) => record.iter().len(),
        Value::Int(value) => value.length() / 64,
        Value::None
        | Value::Bool(_)
        | Value::Float(_)
        | Value::Imaginary(_)
        | Value::Ellipsis
        | Value::Own(_) => 0,
    }
}
