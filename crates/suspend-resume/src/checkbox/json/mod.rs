//! JSON as Python reads it.

mod value;

mod tape;

mod lexer;
mod parser;

pub(super) use parser::parse;
pub(super) use tape::{Items, Kind, Members, Shape, Sorted, Tape, Value};
pub(super) use value::Json;
