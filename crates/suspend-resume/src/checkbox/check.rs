//! The one routine all checks of a document go through: present, not null, of the type, in the allowed set.
//! The words are those of Checkbox; where in the document it is stands beside them.

use std::fmt;

use session_state::record::quoted;

use super::json::{Items, Members, Shape, Value};
use crate::error::{Corruption, Place};

/// The way from the root of a document to a value.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    Key(&'p str),
    Index(usize),
}

impl<'p> Path<'p> {
    pub(super) const ROOT: Path<'static> = Path {
        parent: None,
        step: Step::Root,
    };

    pub(super) const fn key(&'p self, key: &'p str) -> Path<'p> {
        Path {
            parent: Some(self),
            step: Step::Key(key),
        }
    }

    pub(super) const fn index(&'p self, index: usize) -> Path<'p> {
        Path {
            parent: Some(self),
            step: Step::Index(index),
        }
    }

    /// A corruption found here.
    pub(super) fn corrupted(&self, what: impl Into<String>) -> Corruption {
        Corruption {
            what: what.into().into(),
            place: Place::Json(self.to_string()),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        let plain = |key: &str| key.bytes().all(|c| c == b'_' || c.is_ascii_alphanumeric());
        match self.step {
            Step::Root => f.write_str("$"),
            Step::Key(key) if !key.is_empty() && plain(key) => write!(f, ".{key}"),
            Step::Key(key) => write!(f, "[{}]", quoted(key)),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// A value of a document with the way to it.
#[derive(Clone, Copy)]
pub(super) struct Checked<'d, 'p> {
    pub(super) value: Value<'d>,
    pub(super) path: &'p Path<'p>,
    /// How messages call it: by its key, or as an object of its own.
    named: Option<Step<'p>>,
}

/// A type as Python tests it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    /// Truth values pass.
    Int,
    /// Whole numbers do not pass.
    Float,
    Bool,
    List,
    Object,
}

impl Type {
    #[inline]
    fn holds(self, value: Value<'_>) -> bool {
        let shape = value.shape();
        match self {
            Self::Text => shape == Shape::Text,
            Self::Int => matches!(shape, Shape::Int | Shape::Bool),
            Self::Float => shape == Shape::Float,
            Self::Bool => shape == Shape::Bool,
            Self::List => shape == Shape::List,
            Self::Object => shape == Shape::Object,
        }
    }
}

impl<'d, 'p> Checked<'d, 'p> {
    /// A value that messages call an object of its own.
    pub(super) const fn object(value: Value<'d>, path: &'p Path<'p>) -> Self {
        Self {
            value,
            path,
            named: None,
        }
    }

    /// What `container` holds under the key that is the last step of `path`.
    pub(super) fn member(container: Value<'d>, path: &'p Path<'p>) -> Result<Self, Corruption> {
        let found = match path.step {
            Step::Key(key) => container.get(key),
            Step::Root | Step::Index(_) => None,
        };
        Self::found(found, path)
    }

    /// What was looked up under the last step of `path`, where it was there.
    #[inline]
    pub(super) fn found(found: Option<Value<'d>>, path: &'p Path<'p>) -> Result<Self, Corruption> {
        let named = Some(path.step);
        match found {
            Some(value) => Ok(Self { value, path, named }),
            None => Err(missing(path)),
        }
    }

    #[cold]
    fn null(&self) -> Corruption {
        self.path
            .corrupted(format!("Value of {} cannot be None", self.of()))
    }

    #[cold]
    fn mistyped(&self) -> Corruption {
        let type_name = self.value.type_name();
        self.path.corrupted(format!(
            "Value of {} is of incorrect type {type_name}",
            self.of()
        ))
    }

    fn of(&self) -> String {
        match self.named {
            Some(step) => format!("key {}", Named(step)),
            None => "object".to_owned(),
        }
    }

    /// Insists on a value that is not null.
    #[inline]
    pub(super) fn some(self) -> Result<Self, Corruption> {
        if self.value.is_null() {
            return Err(self.null());
        }
        Ok(self)
    }

    /// Insists on a type; null has none.
    #[inline]
    pub(super) fn typed(self, wanted: Type) -> Result<Self, Corruption> {
        if wanted.holds(self.value) {
            return Ok(self);
        }
        Err(self.mistyped())
    }

    /// Insists on a value of a type, not null.
    #[inline]
    pub(super) fn required(self, wanted: Type) -> Result<Self, Corruption> {
        self.some()?.typed(wanted)
    }

    /// Insists on null or a type; null is `None`.
    #[inline]
    pub(super) fn nullable(self, wanted: Type) -> Result<Option<Self>, Corruption> {
        if self.value.is_null() {
            return Ok(None);
        }
        self.typed(wanted).map(Some)
    }

    /// The text, when it is one.
    #[inline]
    pub(super) fn text(&self) -> &'d str {
        self.value.as_text().unwrap_or_default()
    }

    /// The entries, when it is an object.
    #[inline]
    pub(super) fn members(&self) -> Members<'d> {
        self.value.as_object().unwrap_or(Members::NONE)
    }

    /// The items, when it is a list.
    #[inline]
    pub(super) fn items(&self) -> impl ExactSizeIterator<Item = Value<'d>> + use<'d> {
        self.value.as_list().unwrap_or(Items::NONE)
    }
}

#[cold]
fn missing(path: &Path<'_>) -> Corruption {
    path.corrupted(format!("Missing value for key {}", Named(path.step)))
}

/// A key in quotes, a position without.
struct Named<'p>(Step<'p>);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Step::Root => f.write_str("the document"),
            Step::Key(key) => f.write_str(&quoted(key)),
            Step::Index(index) => write!(f, "{index}"),
        }
    }
}
