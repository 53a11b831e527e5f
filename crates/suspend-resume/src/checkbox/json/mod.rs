//! JSON as Python reads it.

mod value;

mod lexer;
mod parser;

pub(super) use parser::parse;
pub(super) use value::Json;
pub(crate) use value::repr;
