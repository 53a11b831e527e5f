//! A document as one list of its values in the order of the text: what a reader walks.
//!
//! Texts stay where they are in the document, so reading one takes no memory beyond sixteen bytes for each value;
//! those with escapes are put together beside it.

use std::borrow::Cow;

/// One value. A list or an object stands before what it holds, and says where that ends; what an object holds are
/// keys, each before its value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    /// A whole number beyond 64 bits, in the document.
    BigInt(Span),
    Float(f64),
    /// A text as it stands in the document.
    Text(Span),
    /// A text with escapes, beside the document.
    Unescaped(Span),
    List(Holds),
    Object(Holds),
}

/// A piece of a text. It is packed, as what a list holds is, so that a node takes sixteen bytes and not 24.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed(4))]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) length: u32,
}

/// What a list or an object holds: so many items or entries, up to a place in the list of nodes.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed(4))]
pub(super) struct Holds {
    pub(super) end: usize,
    pub(super) count: u32,
}

const _: () = assert!(size_of::<Node>() == 16);

/// A parsed document.
#[derive(Debug)]
pub(in crate::checkbox) struct Tape<'t> {
    pub(super) text: Cow<'t, str>,
    /// The texts that had escapes, one after the other.
    pub(super) unescaped: String,
    pub(super) nodes: Vec<Node>,
}

static EMPTY: Tape<'static> = Tape {
    text: Cow::Borrowed(""),
    unescaped: String::new(),
    nodes: Vec::new(),
};

impl Tape<'_> {
    /// The value the document is.
    pub(in crate::checkbox) fn root(&self) -> Value<'_> {
        Value { tape: self, at: 0 }
    }
}

/// A value of a document.
#[derive(Clone, Copy)]
pub(in crate::checkbox) struct Value<'d> {
    tape: &'d Tape<'d>,
    at: usize,
}

/// What a value is.
#[derive(Clone, Copy)]
pub(in crate::checkbox) enum Kind<'d> {
    Null,
    Bool(bool),
    Int(i64),
    /// A whole number beyond 64 bits, as its decimal digits.
    BigInt(&'d str),
    Float(f64),
    Text(&'d str),
    List(Items<'d>),
    Object(Members<'d>),
}

/// What kind of value it is, and nothing of what it holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::checkbox) enum Shape {
    Null,
    Bool,
    Int,
    Float,
    Text,
    List,
    Object,
}

impl<'d> Value<'d> {
    #[inline]
    pub(in crate::checkbox) fn shape(self) -> Shape {
        match self.node() {
            Node::Null => Shape::Null,
            Node::Bool(_) => Shape::Bool,
            Node::Int(_) | Node::BigInt(_) => Shape::Int,
            Node::Float(_) => Shape::Float,
            Node::Text(_) | Node::Unescaped(_) => Shape::Text,
            Node::List(_) => Shape::List,
            Node::Object(_) => Shape::Object,
        }
    }

    #[inline]
    pub(in crate::checkbox) fn kind(self) -> Kind<'d> {
        match self.node() {
            Node::Null => Kind::Null,
            Node::Bool(value) => Kind::Bool(value),
            Node::Int(value) => Kind::Int(value),
            Node::BigInt(digits) => Kind::BigInt(piece(&self.tape.text, digits)),
            Node::Float(value) => Kind::Float(value),
            Node::Text(text) => Kind::Text(piece(&self.tape.text, text)),
            Node::Unescaped(text) => Kind::Text(piece(&self.tape.unescaped, text)),
            Node::List(holds) => Kind::List(Items(self.inside(holds))),
            Node::Object(holds) => Kind::Object(Members(self.inside(holds))),
        }
    }

    /// The name of its type in Python.
    pub(in crate::checkbox) fn type_name(self) -> &'static str {
        match self.shape() {
            Shape::Null => "NoneType",
            Shape::Bool => "bool",
            Shape::Int => "int",
            Shape::Float => "float",
            Shape::Text => "str",
            Shape::List => "list",
            Shape::Object => "dict",
        }
    }

    /// Whether it is null.
    #[inline]
    pub(in crate::checkbox) fn is_null(self) -> bool {
        self.shape() == Shape::Null
    }

    /// The text, when it is one.
    #[inline]
    pub(in crate::checkbox) fn as_text(self) -> Option<&'d str> {
        match self.node() {
            Node::Text(text) => Some(piece(&self.tape.text, text)),
            Node::Unescaped(text) => Some(piece(&self.tape.unescaped, text)),
            Node::Null
            | Node::Bool(_)
            | Node::Int(_)
            | Node::BigInt(_)
            | Node::Float(_)
            | Node::List(_)
            | Node::Object(_) => None,
        }
    }

    /// The number, when it has a fraction or an exponent.
    #[inline]
    pub(in crate::checkbox) fn as_float(self) -> Option<f64> {
        match self.node() {
            Node::Float(number) => Some(number),
            Node::Null
            | Node::Bool(_)
            | Node::Int(_)
            | Node::BigInt(_)
            | Node::Text(_)
            | Node::Unescaped(_)
            | Node::List(_)
            | Node::Object(_) => None,
        }
    }

    /// The items, when it is a list.
    #[inline]
    pub(in crate::checkbox) fn as_list(self) -> Option<Items<'d>> {
        match self.holds() {
            Some((Shape::List, holds)) => Some(Items(self.inside(holds))),
            Some(_) | None => None,
        }
    }

    /// The entries, when it is an object.
    #[inline]
    pub(in crate::checkbox) fn as_object(self) -> Option<Members<'d>> {
        match self.holds() {
            Some((Shape::Object, holds)) => Some(Members(self.inside(holds))),
            Some(_) | None => None,
        }
    }

    /// Which it is, a list or an object, and what it holds.
    #[inline]
    fn holds(self) -> Option<(Shape, Holds)> {
        match self.node() {
            Node::List(holds) => Some((Shape::List, holds)),
            Node::Object(holds) => Some((Shape::Object, holds)),
            Node::Null
            | Node::Bool(_)
            | Node::Int(_)
            | Node::BigInt(_)
            | Node::Float(_)
            | Node::Text(_)
            | Node::Unescaped(_) => None,
        }
    }

    #[inline]
    fn inside(self, holds: Holds) -> Inside<'d> {
        Inside {
            tape: self.tape,
            next: self.at + 1,
            left: holds.count as usize,
        }
    }

    /// What an object holds under a key: of equal keys the last counts.
    pub(in crate::checkbox) fn get(self, key: &str) -> Option<Self> {
        let mut found = None;
        for (known, value) in self.as_object()? {
            if known == key {
                found = Some(value);
            }
        }
        found
    }

    #[inline]
    fn node(self) -> Node {
        let node = self.tape.nodes.get(self.at);
        node.copied().unwrap_or(Node::Null)
    }

    /// Where the value after this one stands.
    #[inline]
    fn end(self) -> usize {
        self.holds().map_or(self.at + 1, |(_, holds)| holds.end)
    }
}

#[inline]
fn piece(text: &str, span: Span) -> &str {
    let end = span.start + span.length as usize;
    text.get(span.start..end).unwrap_or_default()
}

/// What is left of a list or an object.
#[derive(Clone, Copy)]
struct Inside<'d> {
    tape: &'d Tape<'d>,
    next: usize,
    left: usize,
}

impl<'d> Inside<'d> {
    /// Steps over one value.
    #[inline]
    fn step(&mut self) -> Value<'d> {
        let value = Value {
            tape: self.tape,
            at: self.next,
        };
        self.next = value.end();
        value
    }
}

const NOTHING: Inside<'static> = Inside {
    tape: &EMPTY,
    next: 0,
    left: 0,
};

/// The items of a list, in their order.
#[derive(Clone, Copy)]
pub(in crate::checkbox) struct Items<'d>(Inside<'d>);

impl Items<'_> {
    /// Those of a list that is not there.
    pub(in crate::checkbox) const NONE: Items<'static> = Items(NOTHING);
}

impl<'d> Iterator for Items<'d> {
    type Item = Value<'d>;

    #[inline]
    fn next(&mut self) -> Option<Value<'d>> {
        self.0.left = self.0.left.checked_sub(1)?;
        Some(self.0.step())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.left, Some(self.0.left))
    }
}

impl ExactSizeIterator for Items<'_> {}

/// The entries of an object as they stand, also those of equal keys.
#[derive(Clone, Copy)]
pub(in crate::checkbox) struct Members<'d>(Inside<'d>);

impl Members<'_> {
    /// Those of an object that is not there.
    pub(in crate::checkbox) const NONE: Members<'static> = Members(NOTHING);
}

impl<'d> Iterator for Members<'d> {
    type Item = (&'d str, Value<'d>);

    #[inline]
    fn next(&mut self) -> Option<(&'d str, Value<'d>)> {
        self.0.left = self.0.left.checked_sub(1)?;
        let key = self.0.step().as_text().unwrap_or_default();
        Some((key, self.0.step()))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.left, Some(self.0.left))
    }
}

impl ExactSizeIterator for Members<'_> {}

/// The entries of an object by key: sorted, and of equal keys the last. Finding one takes few steps.
pub(in crate::checkbox) struct Sorted<'d>(Vec<(&'d str, Value<'d>)>);

impl<'d> Sorted<'d> {
    pub(in crate::checkbox) fn of(members: Members<'d>) -> Self {
        let mut entries: Vec<_> = members.collect();
        let is_sorted = entries.is_sorted_by(|(one, _), (next, _)| one < next);
        if !is_sorted {
            entries.sort_by_key(|(key, _)| *key);
            entries.dedup_by(|later, kept| {
                let is_same = later.0 == kept.0;
                if is_same {
                    kept.1 = later.1;
                }
                is_same
            });
        }
        Self(entries)
    }

    pub(in crate::checkbox) fn get(&self, key: &str) -> Option<Value<'d>> {
        let at = self
            .0
            .binary_search_by_key(&key, |(known, _)| *known)
            .ok()?;
        self.0.get(at).map(|(_, value)| *value)
    }

    pub(in crate::checkbox) fn iter(&self) -> impl Iterator<Item = (&'d str, Value<'d>)> {
        self.0.iter().copied()
    }
}
