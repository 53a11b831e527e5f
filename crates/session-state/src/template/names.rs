//! Which parameters the texts of a template refer to.

use std::collections::BTreeSet;

use super::engine::TemplateEngine;
use crate::field::FieldValue;

/// Adds the names that the texts of a value refer to: of a list those of all its items, of a map those
/// of its first key.
pub(super) fn collect(
    value: &FieldValue,
    engine: Option<&dyn TemplateEngine>,
    names: &mut BTreeSet<Box<str>>,
) {
    let mut add = |text: &str| match engine {
        Some(engine) => names.extend(engine.names(text).into_iter().map(String::into_boxed_str)),
        None => names.extend(names_of(text).map(Box::from)),
    };
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            FieldValue::Text(text) => add(text),
            FieldValue::List(items) => left.extend(items),
            FieldValue::Map(entries) => {
                if let Some((key, _)) = entries.first() {
                    add(key);
                }
            }
            FieldValue::Null
            | FieldValue::Bool(_)
            | FieldValue::Int(_)
            | FieldValue::BigInt(_)
            | FieldValue::Float(_) => {}
        }
    }
}

/// The names between single braces; nothing of what stands behind a brace that is not closed.
fn names_of(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (_, from) = rest.split_at(rest.find(['{', '}'])?);
            if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
                rest = after;
                continue;
            }
            let (field, after) = from.strip_prefix('{')?.split_once('}')?;
            rest = after;
            let end = field.find(['!', ':', '.', '[']).unwrap_or(field.len());
            return field.get(..end);
        }
    })
}
