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
