//! A text to a tape, without recursion.

use std::borrow::Cow;

use super::lexer::{JsonError, Lexer};
use super::tape::{Holds, Node, Tape};
use crate::error::{Corruption, Place};
use crate::limits::{Limits, NESTING_MAX};

/// A list or an object that is not closed yet.
struct Open {
    at: usize,
    /// Items or entries that are complete.
    count: u32,
    is_list: bool,
}

/// How many bytes of a session there are for each node, as a rule.
const USUAL_BYTES_A_NODE: usize = 16;

/// Parses a text that is one JSON value.
pub(in crate::checkbox) fn parse<'t>(
    text: impl Into<Cow<'t, str>>,
    limits: &Limits,
) -> Result<Tape<'t>, Corruption> {
    let text = text.into();
    let text_bytes_max = limits.text_bytes_max.min(u32::MAX.into());
    let items_max = u32::try_from(limits.items_max).unwrap_or(u32::MAX);
    let depth = limits.nesting_max.min(NESTING_MAX) as usize;
    let mut lexer = Lexer::new(&text, text_bytes_max);
    match document(&mut lexer, depth, items_max) {
        Ok(nodes) => {
            let unescaped = lexer.into_unescaped();
            Ok(Tape {
                text,
                unescaped,
                nodes,
            })
        }
        Err(error) => {
            let what = match error {
                JsonError::Grammar => "Cannot interpret session JSON".into(),
                JsonError::LoneSurrogate => "half a surrogate pair".into(),
                JsonError::TooDeep => format!("JSON nested more than {depth} deep").into(),
                JsonError::TooLong => {
                    format!("a text of more than {text_bytes_max} bytes (text_bytes_max)").into()
                }
                JsonError::TooMany => {
                    format!("a list of more than {items_max} items (items_max)").into()
                }
            };
            let place = Place::Byte(lexer.position() as u64);
            Err(Corruption { what, place })
        }
    }
}

fn document(lexer: &mut Lexer<'_>, depth: usize, items_max: u32) -> Result<Vec<Node>, JsonError> {
    let mut nodes = Vec::with_capacity(lexer.length() / USUAL_BYTES_A_NODE);
    let mut open: Vec<Open> = Vec::new();
    loop {
        match lexer.peek() {
            Some(b'"') => lexer.text(&mut nodes)?,
            Some(opening @ (b'[' | b'{')) => {
                lexer.bump();
                let is_list = opening == b'[';
                begin(&mut nodes, &mut open, is_list, depth)?;
                if lexer.peek() != Some(closing(is_list)) {
                    if !is_list {
                        key(lexer, &mut nodes)?;
                    }
                    continue;
                }
                lexer.bump();
                close(&mut nodes, &mut open, 0);
            }
            Some(b']' | b'}' | b',' | b':') | None => return unexpected(lexer),
            Some(_) => lexer.word_or_number(&mut nodes)?,
        }
        loop {
            let next = lexer.peek();
            let Some(innermost) = open.last_mut() else {
                return match next {
                    None => Ok(nodes),
                    Some(_) => unexpected(lexer),
                };
            };
            if next == Some(b',') {
                lexer.bump();
                innermost.count += 1;
                if innermost.count >= items_max {
                    return Err(JsonError::TooMany);
                }
                if !innermost.is_list {
                    key(lexer, &mut nodes)?;
                }
                break;
            }
            if next != Some(closing(innermost.is_list)) {
                return unexpected(lexer);
            }
            lexer.bump();
            close(&mut nodes, &mut open, 1);
        }
    }
}

/// What cannot stand here is no text that is not JSON, unless it is none in itself.
#[cold]
fn unexpected<T>(lexer: &mut Lexer<'_>) -> Result<T, JsonError> {
    lexer.step()?;
    Err(JsonError::Grammar)
}

/// What closes a list, or an object.
const fn closing(is_list: bool) -> u8 {
    if is_list { b']' } else { b'}' }
}

/// A key and the colon after it.
#[inline]
fn key(lexer: &mut Lexer<'_>, nodes: &mut Vec<Node>) -> Result<(), JsonError> {
    if lexer.peek() != Some(b'"') {
        lexer.step()?;
        return unexpected(lexer);
    }
    lexer.text(nodes)?;
    if lexer.peek() != Some(b':') {
        return unexpected(lexer);
    }
    lexer.bump();
    Ok(())
}

/// Begins a list or an object; what it holds is told when it is closed.
fn begin(
    nodes: &mut Vec<Node>,
    open: &mut Vec<Open>,
    is_list: bool,
    depth: usize,
) -> Result<(), JsonError> {
    if open.len() >= depth {
        return Err(JsonError::TooDeep);
    }
    open.push(Open {
        at: nodes.len(),
        count: 0,
        is_list,
    });
    nodes.push(Node::Null);
    Ok(())
}

/// Closes the innermost list or object, of which `last` more items are complete.
fn close(nodes: &mut [Node], open: &mut Vec<Open>, last: u32) {
    let end = nodes.len();
    if let Some(closed) = open.pop()
        && let Some(node) = nodes.get_mut(closed.at)
    {
        let count = closed.count + last;
        let holds = Holds { end, count };
        *node = if closed.is_list {
            Node::List(holds)
        } else {
            Node::Object(holds)
        };
    }
}
