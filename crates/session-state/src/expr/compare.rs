//! Comparing values as Python does.

use std::cmp::Ordering;

use super::number::Integer;
use super::tree::Comparison;
use super::value::{NoMatch, Place, Value};

/// Whether the comparison holds; [`NoMatch`] where the values cannot be compared that way.
pub(super) fn holds(
    left: &Value<'_>,
    comparison: Comparison,
    right: &Value<'_>,
) -> Result<bool, NoMatch> {
    match comparison {
        Comparison::Equal => Ok(equal(left, right)),
        Comparison::NotEqual => Ok(!equal(left, right)),
        Comparison::Less => Ok(order(left, right)? == Some(Ordering::Less)),
        Comparison::Greater => Ok(order(left, right)? == Some(Ordering::Greater)),
        Comparison::LessOrEqual => Ok(order(left, right)?.is_some_and(Ordering::is_le)),
        Comparison::GreaterOrEqual => Ok(order(left, right)?.is_some_and(Ordering::is_ge)),
        Comparison::In => contains(right, left),
        Comparison::NotIn => contains(right, left).map(|found| !found),
        Comparison::Is => Ok(identical(left, right)),
        Comparison::IsNot => Ok(!identical(left, right)),
    }
}

/// A number seen as what all numbers can be compared as.
enum Real<'a> {
    Small(bool),
    Int(&'a Integer),
    Float(f64),
}

fn real<'a>(value: &'a Value<'_>) -> Option<Real<'a>> {
    match value {
        Value::Bool(value) => Some(Real::Small(*value)),
        Value::Int(value) => Some(Real::Int(value)),
        Value::Float(value) => Some(Real::Float(*value)),
        Value::None
        | Value::Imaginary(_)
        | Value::Text(..)
        | Value::Bytes(_)
        | Value::List(_)
        | Value::Tuple(_)
        | Value::Record(_)
        | Value::Ellipsis
        | Value::Own(_) => None,
    }
}

fn compare_reals(left: &Real<'_>, right: &Real<'_>) -> Option<Ordering> {
    let whole = |value: bool| Integer::from(u64::from(value));
    match (left, right) {
        (Real::Small(left), Real::Small(right)) => Some(left.cmp(right)),
        (Real::Small(left), Real::Int(right)) => Some(whole(*left).cmp(right)),
        (Real::Int(left), Real::Small(right)) => Some((*left).cmp(&whole(*right))),
        (Real::Int(left), Real::Int(right)) => Some(left.cmp(right)),
        (Real::Float(left), Real::Float(right)) => left.partial_cmp(right),
        (Real::Small(left), Real::Float(right)) => whole(*left).compare_float(*right),
        (Real::Int(left), Real::Float(right)) => left.compare_float(*right),
        (Real::Float(left), Real::Small(right)) => {
            whole(*right).compare_float(*left).map(Ordering::reverse)
        }
        (Real::Float(left), Real::Int(right)) => right.compare_float(*left).map(Ordering::reverse),
    }
}

fn equal(left: &Value<'_>, right: &Value<'_>) -> bool {
    if let (Some(left), Some(right)) = (real(left), real(right)) {
        return compare_reals(&left, &right) == Some(Ordering::Equal);
    }
    match (left, right) {
        (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
        (Value::Imaginary(left), Value::Imaginary(right)) => left == right,
        (Value::Imaginary(0.0), other) | (other, Value::Imaginary(0.0)) => real(other)
            .is_some_and(|other| compare_reals(&other, &Real::Float(0.0)) == Some(Ordering::Equal)),
        (Value::Text(left, _), Value::Text(right, _)) => left == right,
        (Value::Bytes(left), Value::Bytes(right)) => left == right,
        (Value::List(left), Value::List(right)) | (Value::Tuple(left), Value::Tuple(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r))
        }
        (Value::Record(left), Value::Record(right)) => {
            std::ptr::eq(*left, *right)
                || left.iter().len() == right.iter().len()
                    && left
                        .iter()
                        .all(|(name, value)| right.get(name) == Some(value))
        }
        (Value::Own(left), Value::Own(right)) => left == right,
        _ => false,
    }
}

/// Whether two items are the same, as the search in a list sees it.
fn same(left: &Value<'_>, right: &Value<'_>) -> bool {
    identical(left, right) || equal(left, right)
}

fn identical(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Text(left, from), Value::Text(right, other)) => {
            std::ptr::eq(*left, *right)
                || left == right && is_shared(left)
                || *from == Place::Constant && *other == Place::Constant && left == right
        }
        (Value::Bytes(left), Value::Bytes(right)) => left == right,
        (Value::Tuple(left), Value::Tuple(right)) => left.is_empty() && right.is_empty(),
        (Value::Record(left), Value::Record(right)) => std::ptr::eq(*left, *right),
        (Value::Own(left), Value::Own(right)) => left == right,
        _ => false,
    }
}

/// Whether there is only one text of its kind in Python, wherever it is from: none or one character
/// of Latin-1.
fn is_shared(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    chars.next().is_none() && first.is_none_or(|c| c <= '\u{ff}')
}

fn order(left: &Value<'_>, right: &Value<'_>) -> Result<Option<Ordering>, NoMatch> {
    if let (Some(left), Some(right)) = (real(left), real(right)) {
        return Ok(compare_reals(&left, &right));
    }
    match (left, right) {
        (Value::Text(left, _), Value::Text(right, _)) => Ok(Some(left.cmp(right))),
        (Value::Bytes(left), Value::Bytes(right)) => Ok(Some(left.cmp(right))),
        (Value::List(left), Value::List(right)) | (Value::Tuple(left), Value::Tuple(right)) => {
            match left.iter().zip(right).find(|(l, r)| !same(l, r)) {
                Some((left, right)) => order(left, right),
                None => Ok(Some(left.len().cmp(&right.len()))),
            }
        }
        _ => Err(NoMatch),
    }
}

fn contains(container: &Value<'_>, item: &Value<'_>) -> Result<bool, NoMatch> {
    match (container, item) {
        (Value::Text(text, _), Value::Text(part, _)) => Ok(text.contains(part)),
        (Value::Bytes(bytes), Value::Bytes(part)) => {
            Ok(part.is_empty() || bytes.windows(part.len()).any(|window| window == *part))
        }
        (Value::Bytes(bytes), Value::Int(byte)) => {
            let limit = Integer::from(256);
            if *byte >= limit || *byte < Integer::from(0) {
                return Err(NoMatch);
            }
            Ok(bytes
                .iter()
                .any(|found| Integer::from(u64::from(*found)) == *byte))
        }
        (Value::Bytes(bytes), Value::Bool(byte)) => Ok(bytes.contains(&u8::from(*byte))),
        (Value::List(items) | Value::Tuple(items), _) => {
            Ok(items.iter().any(|found| same(found, item)))
        }
        (Value::Record(record), Value::Text(name, _)) => Ok(record.get(name).is_some()),
        (Value::Record(_), _) => Ok(false),
        _ => Err(NoMatch),
    }
}
