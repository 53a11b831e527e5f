//! The value of one field of a definition, with the types unit files can give it.

/// A field's value. PXU gives texts only; YAML and JSON give all of them.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// No value.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number beyond 64 bits, as its decimal digits.
    BigInt(Box<str>),
    /// A number with a fraction or exponent.
    Float(f64),
    /// A text.
    Text(Box<str>),
    /// A list.
    List(Vec<FieldValue>),
    /// A mapping in the order it was written.
    Map(Vec<(Box<str>, FieldValue)>),
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// A field's value, borrowed from the definition that holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldRef<'a> {
    /// No value.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number beyond 64 bits, as its decimal digits.
    BigInt(&'a str),
    /// A number with a fraction or exponent.
    Float(f64),
    /// A text.
    Text(&'a str),
    /// A list.
    List(&'a [FieldValue]),
    /// A mapping in the order it was written.
    Map(&'a [(Box<str>, FieldValue)]),
}

impl FieldRef<'_> {
    /// A value of its own with the same content.
    pub fn to_value(self) -> FieldValue {
        match self {
            Self::Null => FieldValue::Null,
            Self::Bool(value) => FieldValue::Bool(value),
            Self::Int(value) => FieldValue::Int(value),
            Self::BigInt(digits) => FieldValue::BigInt(digits.into()),
            Self::Float(value) => FieldValue::Float(value),
            Self::Text(text) => FieldValue::Text(text.into()),
            Self::List(items) => FieldValue::List(items.to_vec()),
            Self::Map(entries) => FieldValue::Map(entries.to_vec()),
        }
    }
}

impl<'a> FieldRef<'a> {
    /// The text, when it is one.
    pub const fn as_text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::BigInt(_)
            | Self::Float(_)
            | Self::List(_)
            | Self::Map(_) => None,
        }
    }
}

impl<'a> From<&'a FieldValue> for FieldRef<'a> {
    fn from(value: &'a FieldValue) -> Self {
        match value {
            FieldValue::Null => Self::Null,
            FieldValue::Bool(value) => Self::Bool(*value),
            FieldValue::Int(value) => Self::Int(*value),
            FieldValue::BigInt(digits) => Self::BigInt(digits),
            FieldValue::Float(value) => Self::Float(*value),
            FieldValue::Text(text) => Self::Text(text),
            FieldValue::List(items) => Self::List(items),
            FieldValue::Map(entries) => Self::Map(entries),
        }
    }
}
