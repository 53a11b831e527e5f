//! What the parts of an expression give when it is evaluated.

use std::collections::HashSet;

use super::number::Integer;
use super::tree::{Constant, Node};
use crate::resource::Resource;

/// A value. Texts are never made, only passed on, so that where a text lies tells which it is.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    None,
    Bool(bool),
    Int(Integer),
    Float(f64),
    Imaginary(f64),
    Text(&'a str, Place),
    Bytes(&'a [u8]),
    List(Vec<Value<'a>>),
    Tuple(Vec<Value<'a>>),
    Record(&'a Resource),
    Ellipsis,
    /// Something of Python's own: true, and equal to nothing but itself.
    Own(&'a str),
}

/// Where a text is from: equal constants are one, equal fields are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Constant,
    Field,
}

/// A combination of records that makes no sense for the expression; it counts as no match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoMatch;

/// What every object of Python has, whatever it is.
const OWN: [&str; 24] = [
    "__class__",
    "__delattr__",
    "__dict__",
    "__dir__",
    "__doc__",
    "__eq__",
    "__format__",
    "__ge__",
    "__getattribute__",
    "__getstate__",
    "__gt__",
    "__init__",
    "__init_subclass__",
    "__le__",
    "__lt__",
    "__module__",
    "__ne__",
    "__new__",
    "__reduce__",
    "__reduce_ex__",
    "__repr__",
    "__setattr__",
    "__sizeof__",
    "__str__",
];

/// The functions of texts.
const OF_TEXT: [&str; 47] = [
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

impl<'a> Value<'a> {
    pub(super) fn of_constant(constant: &'a Constant) -> Self {
        match constant {
            Constant::None => Self::None,
            Constant::Bool(value) => Self::Bool(*value),
            Constant::Int(value) => Self::Int(value.clone()),
            Constant::Float(value) => Self::Float(*value),
            Constant::Imaginary(value) => Self::Imaginary(*value),
            Constant::Text(text) => Self::Text(text, Place::Constant),
            Constant::Bytes(bytes) => Self::Bytes(bytes),
            Constant::Ellipsis => Self::Ellipsis,
        }
    }

    /// Whether it counts as true.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::None => false,
            Self::Bool(value) => *value,
            Self::Int(value) => !value.is_zero(),
            Self::Float(value) | Self::Imaginary(value) => *value != 0.0,
            Self::Text(text, _) => !text.is_empty(),
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::List(items) | Self::Tuple(items) => !items.is_empty(),
            Self::Record(_) | Self::Ellipsis | Self::Own(_) => true,
        }
    }

    /// A field of it. A record has every field: the missing ones are empty.
    pub(super) fn attribute(&self, name: &'a str) -> Result<Self, NoMatch> {
        if OWN.contains(&name) {
            return Ok(Self::Own(name));
        }
        let zero = || Self::Int(Integer::from(0));
        match (self, name) {
            (Self::Record(record), _) => Ok(Self::Text(
                record.get(name).unwrap_or_default(),
                Place::Field,
            )),
            (Self::Text(..), _) if OF_TEXT.contains(&name) => Ok(Self::Own(name)),
            (Self::Int(value), "real" | "numerator") => Ok(Self::Int(value.clone())),
            (Self::Bool(value), "real" | "numerator") => {
                Ok(Self::Int(Integer::from(u64::from(*value))))
            }
            (Self::Int(_) | Self::Bool(_), "imag") => Ok(zero()),
            (Self::Int(_) | Self::Bool(_), "denominator") => Ok(Self::Int(Integer::from(1))),
            (Self::Float(value), "real") => Ok(Self::Float(*value)),
            (Self::Float(_), "imag") | (Self::Imaginary(_), "real") => Ok(Self::Float(0.0)),
            (Self::Imaginary(value), "imag") => Ok(Self::Float(*value)),
            _ => Err(NoMatch),
        }
    }
}

impl Node {
    /// The names of the resources it refers to, in the order of their first appearance. What stands in
    /// a call, or two dots away, does not count.
    pub fn references(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut known = HashSet::new();
        self.each_reference(&mut |name, _| {
            if known.insert(name) {
                names.push(name);
            }
        });
        names
    }

    /// Calls `visit` with each resource and, where there is one, the field asked for.
    pub(super) fn each_reference<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Option<&'a str>)) {
        match self {
            Self::Name(name) => visit(name, None),
            Self::Attribute { base, path } => {
                if let (Self::Name(name), [field]) = (&**base, &path[..]) {
                    visit(name, Some(field));
                }
            }
            Self::And(items)
            | Self::Or(items)
            | Self::List(items)
            | Self::Tuple(items)
            | Self::BareTuple(items) => {
                items.iter().for_each(|item| item.each_reference(visit));
            }
            Self::Compare { first, rest } => {
                first.each_reference(visit);
                rest.iter().for_each(|(_, node)| node.each_reference(visit));
            }
            Self::Constant(_) | Self::Call { .. } => {}
        }
    }
}
