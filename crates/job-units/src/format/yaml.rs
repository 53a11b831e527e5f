//! YAML: a stream of documents, each a unit or a list of units.
//!
//! The parser gives events with their places; values are made here, without recursion, and bounded: by how
//! deep they are nested, and by what aliases repeat.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use session_state::FieldValue;

use super::entry::{Document, Spot};
use super::node::{Node, NodeKind};
use super::scalar;
use super::source::Source;
use crate::error::UnitErrorKind;
use crate::files::Limits;

/// The units of a stream, up to the first error.
pub(super) fn read(source: &Source, limits: &Limits) -> Document {
    let mut document = Document::default();
    let mut reader = Reader {
        events: Parser::new_from_str(source.text()),
        limits,
        anchors: HashMap::new(),
        repeated: 0,
        last_line: 1,
    };
    loop {
        let entries = match reader.next_document() {
            Ok(Some(node)) => node.into_entries(source.last_line_to(reader.last_line)),
            Ok(None) => return document,
            Err(wrong) => Err(wrong),
        };
        match entries {
            Ok(entries) => document.entries.extend(entries),
            Err(wrong) => {
                document.error = Some(wrong);
                return document;
            }
        }
    }
}

type Wrong = (Spot, UnitErrorKind);

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    limits: &'a Limits,
    anchors: HashMap<usize, Node>,
    /// What aliases repeated so far, in bytes.
    repeated: u64,
    /// The line where the last event with content ended.
    last_line: u32,
}

/// A list or map that is not closed yet.
struct Open {
    at: Spot,
    anchor: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map {
        entries: Vec<(Box<str>, Node)>,
        /// Places of the keys.
        places: HashMap<Box<str>, u32>,
        merged: Vec<Node>,
        key: Option<(Box<str>, bool, Spot)>,
    },
}

impl<'a> Reader<'a> {
    fn next_document(&mut self) -> Result<Option<Node>, Wrong> {
        loop {
            match self.event()? {
                None | Some((Event::StreamEnd, _)) => return Ok(None),
                Some((Event::DocumentStart(_), _)) => {
                    self.anchors.clear();
                    return self.node().map(Some);
                }
                Some(_) => {}
            }
        }
    }

    fn event(&mut self) -> Result<Option<(Event<'a>, Span)>, Wrong> {
        match self.events.next_event() {
            Some(Ok(event)) => Ok(Some(event)),
            None => Ok(None),
            Some(Err(error)) => Err(not_yaml(&error)),
        }
    }

    /// The value of a document.
    fn node(&mut self) -> Result<Node, Wrong> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let Some((event, span)) = self.event()? else {
                return Ok(empty());
            };
            let at = spot(span.start);
            let (anchor, node) = match event {
                Event::SequenceStart(..) | Event::MappingStart(..)
                    if open.len() >= self.limits.nesting =>
                {
                    let limit = self.limits.nesting;
                    return Err((at, UnitErrorKind::TooDeep { limit }));
                }
                Event::SequenceStart(anchor, tag) => {
                    check_tag(tag.as_deref(), "seq", at)?;
                    let items = Items::List(Vec::new());
                    open.push(Open { at, anchor, items });
                    continue;
                }
                Event::MappingStart(anchor, tag) => {
                    check_tag(tag.as_deref(), "map", at)?;
                    let items = Items::Map {
                        entries: Vec::new(),
                        places: HashMap::new(),
                        merged: Vec::new(),
                        key: None,
                    };
                    open.push(Open { at, anchor, items });
                    continue;
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.note_end(span);
                    if let Some(map) = open.last_mut()
                        && map.take_key(&text, style, at)?
                    {
                        continue;
                    }
                    let value = scalar_value(&text, style, tag.as_deref(), at)?;
                    let kind = NodeKind::Scalar(value);
                    (anchor, Node { at, kind })
                }
                Event::Alias(anchor) => {
                    self.note_end(span);
                    (0, self.repeat(anchor, at)?)
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let Some(closed) = open.pop() else {
                        return Ok(empty());
                    };
                    if span.end.index() > span.start.index() {
                        self.note_end(span);
                    }
                    (closed.anchor, closed.into_node()?)
                }
                Event::DocumentEnd | Event::StreamEnd => return Ok(empty()),
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => continue,
            };
            if anchor != 0 {
                self.anchors.insert(anchor, node.clone());
            }
            match open.last_mut() {
                Some(parent) => parent.push(node)?,
                None => return Ok(node),
            }
        }
    }

    /// A copy of what an alias stands for.
    fn repeat(&mut self, anchor: usize, at: Spot) -> Result<Node, Wrong> {
        let known = self.anchors.get(&anchor);
        let known = known.ok_or((at, UnitErrorKind::EndlessAlias))?;
        self.repeated = self.repeated.saturating_add(known.bytes());
        if self.repeated > self.limits.file_bytes {
            let limit = self.limits.file_bytes;
            return Err((at, UnitErrorKind::AliasesTooLarge { limit }));
        }
        let mut node = known.clone();
        node.at = at;
        Ok(node)
    }

    fn note_end(&mut self, span: Span) {
        let end = spot(span.end);
        // A block scalar ends where the next line begins.
        let line = if end.column == 1 {
            end.line.saturating_sub(1)
        } else {
            end.line
        };
        self.last_line = self.last_line.max(line.max(spot(span.start).line));
    }
}

impl Open {
    /// Takes a scalar as the key that a map waits for; answers whether it did.
    fn take_key(&mut self, text: &str, style: ScalarStyle, at: Spot) -> Result<bool, Wrong> {
        let Items::Map { places, key, .. } = &mut self.items else {
            return Ok(false);
        };
        if key.is_some() {
            return Ok(false);
        }
        let merges = text == "<<" && style == ScalarStyle::Plain;
        if let Some(first) = places.get(text).copied().filter(|_| !merges) {
            let field = text.into();
            return Err((at, UnitErrorKind::RepeatedField { field, first }));
        }
        places.insert(text.into(), at.line);
        *key = Some((text.into(), merges, at));
        Ok(true)
    }

    fn push(&mut self, node: Node) -> Result<(), Wrong> {
        match &mut self.items {
            Items::List(items) => items.push(node),
            Items::Map {
                entries,
                merged,
                key,
                ..
            } => match key.take() {
                Some((_, true, _)) => merged.push(node),
                Some((name, false, at)) => {
                    // A value that is not there stands behind its key.
                    let node = match node.kind {
                        NodeKind::Scalar(FieldValue::Null) => Node { at, ..node },
                        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) => node,
                    };
                    entries.push((name, node));
                }
                None => return Err((node.at, UnitErrorKind::KeyIsNoText)),
            },
        }
        Ok(())
    }

    fn into_node(self) -> Result<Node, Wrong> {
        let kind = match self.items {
            Items::List(items) => NodeKind::List(items),
            Items::Map {
                entries, merged, ..
            } => NodeKind::Map(with_merged(entries, merged)?),
        };
        Ok(Node { at: self.at, kind })
    }
}

/// The entries of a map and those of the maps it merges (`<<`): its own count, then the first that has one.
fn with_merged(
    own: Vec<(Box<str>, Node)>,
    merged: Vec<Node>,
) -> Result<Vec<(Box<str>, Node)>, Wrong> {
    if merged.is_empty() {
        return Ok(own);
    }
    let mut entries: Vec<(Box<str>, Node)> = Vec::new();
    let mut known: HashMap<Box<str>, usize> = HashMap::new();
    let mut waiting: Vec<Node> = merged.into_iter().rev().collect();
    while let Some(node) = waiting.pop() {
        match node.kind {
            NodeKind::Map(others) => {
                for (name, value) in others {
                    if !known.contains_key(&name) {
                        known.insert(name.clone(), entries.len());
                        entries.push((name, value));
                    }
                }
            }
            NodeKind::List(items) => waiting.extend(items.into_iter().rev()),
            NodeKind::Scalar(_) => return Err((node.at, UnitErrorKind::MergesNoMap)),
        }
    }
    for (name, value) in own {
        match known.get(&name).and_then(|at| entries.get_mut(*at)) {
            Some((_, old)) => *old = value,
            None => entries.push((name, value)),
        }
    }
    Ok(entries)
}

fn scalar_value(
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    at: Spot,
) -> Result<FieldValue, Wrong> {
    match tag {
        None if style == ScalarStyle::Plain => Ok(scalar::plain(text)),
        None => Ok(text.into()),
        Some(tag) if tag.suffix.is_empty() || tag.handle.is_empty() && tag.suffix == "!" => {
            Ok(text.into())
        }
        Some(tag) if tag.is_yaml_core_schema() => scalar::tagged(&tag.suffix, text)
            .ok_or_else(|| (at, UnitErrorKind::WrongTag { tag: written(tag) })),
        Some(tag) => Err((at, UnitErrorKind::WrongTag { tag: written(tag) })),
    }
}

fn check_tag(tag: Option<&Tag>, allowed: &str, at: Spot) -> Result<(), Wrong> {
    match tag {
        Some(tag) if !(tag.is_yaml_core_schema() && tag.suffix == allowed) => {
            Err((at, UnitErrorKind::WrongTag { tag: written(tag) }))
        }
        Some(_) | None => Ok(()),
    }
}

fn written(tag: &Tag) -> Box<str> {
    if tag.is_yaml_core_schema() {
        format!("!!{}", tag.suffix).into()
    } else {
        format!("{}{}", tag.handle, tag.suffix).into()
    }
}

fn empty() -> Node {
    Node {
        at: Spot { line: 1, column: 1 },
        kind: NodeKind::Scalar(FieldValue::Null),
    }
}

fn not_yaml(error: &ScanError) -> Wrong {
    let what = error.info().into();
    (spot(*error.marker()), UnitErrorKind::NotYaml { what })
}

fn spot(marker: Marker) -> Spot {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Spot {
        line: number(marker.line()).max(1),
        column: number(marker.col()).saturating_add(1),
    }
}
