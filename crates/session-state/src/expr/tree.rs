//! What an expression says, as a tree. Its text form reads back as the same tree.

use std::fmt;

use super::number::Integer;
use crate::record::quoted;

/// One part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A value written in the expression.
    Constant(Constant),
    /// A record of a resource.
    Name(Box<str>),
    /// A field of a record, or a field of what another part gives.
    Attribute {
        /// What the first field is of.
        base: Box<Node>,
        /// The names behind the dots; at least one.
        path: Vec<Box<str>>,
    },
    /// `and`: the first part that is not true, or else the last.
    And(Vec<Node>),
    /// `or`: the first part that is true, or else the last.
    Or(Vec<Node>),
    /// Comparisons, each of a value with the one before it; all must hold.
    Compare {
        /// The leftmost value.
        first: Box<Node>,
        /// What follows; at least one.
        rest: Vec<(Comparison, Node)>,
    },
    /// A list.
    List(Vec<Node>),
    /// A tuple.
    Tuple(Vec<Node>),
    /// A call of one of the few functions there are.
    Call {
        /// The function.
        function: Function,
        /// What it is called with.
        arguments: Vec<Node>,
    },
    /// A tuple without parentheses around it; only the whole expression can be one. It is never true.
    BareTuple(Vec<Node>),
}

/// A value written in an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number.
    Int(Integer),
    /// A number with a fraction or exponent.
    Float(f64),
    /// An imaginary number.
    Imaginary(f64),
    /// A text.
    Text(Box<str>),
    /// Bytes.
    Bytes(Box<[u8]>),
    /// `...`.
    Ellipsis,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `is`
    Is,
    /// `is not`
    IsNot,
}

/// The functions that may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The length of a text, of bytes, of a list.
    Len,
    /// Whether a value is true.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Float,
}

impl Function {
    /// The function of a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "len" => Some(Self::Len),
            "bool" => Some(Self::Bool),
            "int" => Some(Self::Int),
            "float" => Some(Self::Float),
            _ => None,
        }
    }

    /// The name it is called by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Len => "len",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
        }
    }
}

impl Comparison {
    /// How it is written.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Is => "is",
            Self::IsNot => "is not",
        }
    }
}

/// How tightly a part holds together: what is looser than its place needs parentheses.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Tightness {
    Whole,
    Or,
    And,
    Compare,
    Atom,
}

impl Node {
    fn tightness(&self) -> Tightness {
        match self {
            Self::BareTuple(_) => Tightness::Whole,
            Self::Or(_) => Tightness::Or,
            Self::And(_) => Tightness::And,
            Self::Compare { .. } => Tightness::Compare,
            Self::Constant(_)
            | Self::Name(_)
            | Self::Attribute { .. }
            | Self::List(_)
            | Self::Tuple(_)
            | Self::Call { .. } => Tightness::Atom,
        }
    }

    /// Writes the node where only what holds tighter than `loosest` may stand bare.
    fn write(&self, f: &mut fmt::Formatter<'_>, loosest: Tightness) -> fmt::Result {
        if self.tightness() > loosest {
            return write!(f, "{self}");
        }
        write!(f, "({self})")
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(constant) => write!(f, "{constant}"),
            Self::Name(name) => f.write_str(name),
            Self::Attribute { base, path } => {
                match **base {
                    Self::Name(_) => write!(f, "{base}")?,
                    Self::Constant(_)
                    | Self::Attribute { .. }
                    | Self::And(_)
                    | Self::Or(_)
                    | Self::Compare { .. }
                    | Self::List(_)
                    | Self::Tuple(_)
                    | Self::Call { .. }
                    | Self::BareTuple(_) => write!(f, "({base})")?,
                }
                path.iter().try_for_each(|name| write!(f, ".{name}"))
            }
            Self::And(parts) => write_joined(f, parts, " and ", Tightness::And),
            Self::Or(parts) => write_joined(f, parts, " or ", Tightness::Or),
            Self::Compare { first, rest } => {
                first.write(f, Tightness::Compare)?;
                rest.iter().try_for_each(|(comparison, node)| {
                    write!(f, " {} ", comparison.sign())?;
                    node.write(f, Tightness::Compare)
                })
            }
            Self::List(items) => {
                f.write_str("[")?;
                write_joined(f, items, ", ", Tightness::Whole)?;
                f.write_str("]")
            }
            Self::Tuple(items) => {
                f.write_str("(")?;
                write_tuple(f, items)?;
                f.write_str(")")
            }
            Self::Call {
                function,
                arguments,
            } => {
                write!(f, "{}(", function.name())?;
                write_joined(f, arguments, ", ", Tightness::Whole)?;
                f.write_str(")")
            }
            Self::BareTuple(items) => write_tuple(f, items),
        }
    }
}

fn write_tuple(f: &mut fmt::Formatter<'_>, items: &[Node]) -> fmt::Result {
    write_joined(f, items, ", ", Tightness::Whole)?;
    if items.len() == 1 {
        f.write_str(",")?;
    }
    Ok(())
}

fn write_joined(
    f: &mut fmt::Formatter<'_>,
    nodes: &[Node],
    between: &str,
    loosest: Tightness,
) -> fmt::Result {
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        node.write(f, loosest)?;
    }
    Ok(())
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write_float(f, *value),
            Self::Imaginary(value) => {
                write_float(f, *value)?;
                f.write_str("j")
            }
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Bytes(bytes) => {
                f.write_str("b'")?;
                for byte in bytes {
                    match byte {
                        b'\'' | b'\\' => write!(f, "\\{}", char::from(*byte))?,
                        b' '..=b'~' => write!(f, "{}", char::from(*byte))?,
                        _ => write!(f, "\\x{byte:02x}")?,
                    }
                }
                f.write_str("'")
            }
            Self::Ellipsis => f.write_str("..."),
        }
    }
}

fn write_float(f: &mut fmt::Formatter<'_>, value: f64) -> fmt::Result {
    if value.is_infinite() {
        f.write_str("1e999")
    } else {
        write!(f, "{value:?}")
    }
}
