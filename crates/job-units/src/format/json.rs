//! JSON: one object, or a list of objects, each a unit.

use std::collections::HashMap;

use session_state::{FieldValue, JsonPlace, read_json};

use super::entry::{Document, Entry, EntryField, Spot};
use super::source::Source;
use crate::error::UnitErrorKind;

/// A unit, as far as the reader has told of it.
struct Begun {
    offset: usize,
    fields: Vec<(Box<str>, usize)>,
}

/// The objects of a file.
pub(super) fn read(source: &Source) -> Document {
    let text = source.text();
    let first = text.trim_start_matches([' ', '\t', '\n', '\r']);
    let is_list = first.starts_with('[');
    let mut begun: Vec<Begun> = Vec::new();
    if !is_list {
        let offset = text.len() - first.len();
        let fields = Vec::new();
        begun.push(Begun { offset, fields });
    }
    let depth = usize::from(is_list);
    let value = read_json(text, &mut |place: JsonPlace<'_>| match place.key {
        None if is_list && place.depth == 0 => {
            let offset = place.offset;
            let fields = Vec::new();
            begun.push(Begun { offset, fields });
        }
        Some(key) if place.depth == depth => {
            if let Some(unit) = begun.last_mut() {
                unit.fields.push((key.into(), place.offset));
            }
        }
        Some(_) | None => {}
    });
    let values = match value {
        Ok(FieldValue::List(items)) => items,
        Ok(value) => vec![value],
        Err(error) => {
            let wrong = (source.spot(error.offset), UnitErrorKind::NotJson);
            return Document {
                entries: Vec::new(),
                error: Some(wrong),
            };
        }
    };
    let mut document = Document::default();
    let ends = begun.iter().skip(1).map(|next| next.offset);
    let ends: Vec<usize> = ends.chain([text.len()]).collect();
    for ((value, unit), end) in values.into_iter().zip(begun).zip(ends) {
        match entry(source, value, &unit, end) {
            Ok(entry) => document.entries.push(entry),
            Err(wrong) => {
                document.error = Some(wrong);
                break;
            }
        }
    }
    document
}

fn entry(
    source: &Source,
    value: FieldValue,
    unit: &Begun,
    end: usize,
) -> Result<Entry, (Spot, UnitErrorKind)> {
    let start = source.spot(unit.offset);
    let FieldValue::Map(values) = value else {
        return Err((start, UnitErrorKind::NoUnit));
    };
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (name, offset) in &unit.fields {
        if let Some(first) = places.insert(name, *offset) {
            let field = name.clone();
            let first = source.spot(first).line;
            return Err((
                source.spot(*offset),
                UnitErrorKind::RepeatedField { field, first },
            ));
        }
    }
    let fields = values.into_iter().map(|(name, value)| {
        let at = places.get(&*name).map_or(start, |at| source.spot(*at));
        EntryField { name, value, at }
    });
    let fields = fields.collect();
    let text = source.text().get(..end).unwrap_or_default();
    let text = text.trim_end_matches([' ', '\t', '\n', '\r', ',', ']']);
    Ok(Entry {
        fields,
        start,
        line_end: source.spot(text.len().saturating_sub(1)).line,
    })
}
