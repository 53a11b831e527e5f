//! Tokens to a value, without recursion.

use std::collections::BTreeMap;

use super::lexer::{JsonError, Lexer, Token};
use super::value::Json;
use crate::error::{Corruption, Place};
use crate::limits::{Limits, NESTING_MAX};

/// A list or an object that is not closed yet.
enum Open {
    List(Vec<Json>),
    Object(BTreeMap<Box<str>, Json>, Box<str>),
}

/// Parses a text that is one JSON value.
pub(crate) fn parse(text: &str, limits: &Limits) -> Result<Json, Corruption> {
    let mut lexer = Lexer::new(text, limits.text_bytes_max);
    let depth = limits.nesting_max.min(NESTING_MAX) as usize;
    document(&mut lexer, depth, limits.items_max).map_err(|error| {
        let what = match error {
            JsonError::Grammar => "Cannot interpret session JSON".into(),
            JsonError::LoneSurrogate => "half a surrogate pair".into(),
            JsonError::TooDeep => format!("JSON nested more than {depth} deep").into(),
            JsonError::TooLong => {
                let limit = limits.text_bytes_max;
                format!("a text of more than {limit} bytes (text_bytes_max)").into()
            }
            JsonError::TooMany => {
                let limit = limits.items_max;
                format!("a list of more than {limit} items (items_max)").into()
            }
        };
        let place = Place::Byte(lexer.position() as u64);
        Corruption { what, place }
    })
}

fn document(lexer: &mut Lexer<'_>, depth: usize, items_max: u64) -> Result<Json, JsonError> {
    let mut open: Vec<Open> = Vec::new();
    let mut token = lexer.next()?;
    loop {
        let mut value = match token {
            Token::Value(value) => value,
            Token::ListOpens => {
                nest(&open, depth)?;
                token = lexer.next()?;
                if !matches!(token, Token::ListCloses) {
                    open.push(Open::List(Vec::new()));
                    continue;
                }
                Json::List(Vec::new())
            }
            Token::ObjectOpens => {
                nest(&open, depth)?;
                let first = lexer.next()?;
                if !matches!(first, Token::ObjectCloses) {
                    open.push(Open::Object(BTreeMap::new(), key_of(first, lexer)?));
                    token = lexer.next()?;
                    continue;
                }
                Json::Object(BTreeMap::new())
            }
            Token::ListCloses | Token::ObjectCloses | Token::Comma | Token::Colon | Token::End => {
                return Err(JsonError::Grammar);
            }
        };
        loop {
            let after = lexer.next()?;
            value = match (open.pop(), after) {
                (None, Token::End) => return Ok(value),
                (Some(Open::List(mut items)), Token::Comma) => {
                    room(items.len() + 1, items_max)?;
                    items.push(value);
                    open.push(Open::List(items));
                    break;
                }
                (Some(Open::List(mut items)), Token::ListCloses) => {
                    items.push(value);
                    Json::List(items)
                }
                (Some(Open::Object(mut entries, key)), Token::Comma) => {
                    room(entries.len() + 1, items_max)?;
                    entries.insert(key, value);
                    let next = lexer.next()?;
                    open.push(Open::Object(entries, key_of(next, lexer)?));
                    break;
                }
                (Some(Open::Object(mut entries, key)), Token::ObjectCloses) => {
                    entries.insert(key, value);
                    Json::Object(entries)
                }
                (None | Some(_), _) => return Err(JsonError::Grammar),
            };
        }
        token = lexer.next()?;
    }
}

fn nest(open: &[Open], depth: usize) -> Result<(), JsonError> {
    if open.len() < depth {
        Ok(())
    } else {
        Err(JsonError::TooDeep)
    }
}

/// Whether a list that has so many items may get one more.
fn room(items: usize, items_max: u64) -> Result<(), JsonError> {
    if (items as u64) < items_max {
        Ok(())
    } else {
        Err(JsonError::TooMany)
    }
}

/// The key that a token is, and the colon after it.
fn key_of(token: Token, lexer: &mut Lexer<'_>) -> Result<Box<str>, JsonError> {
    match (token, lexer.next()?) {
        (Token::Value(Json::Text(key)), Token::Colon) => Ok(key),
        (_, _) => Err(JsonError::Grammar),
    }
}
