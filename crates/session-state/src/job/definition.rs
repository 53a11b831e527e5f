//! What is known of a job before it runs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::fields::{FieldStore, Fields};
use super::format::{FormatError, format_leniently, format_text};
use super::known::KnownField;
use super::renderings::Renderings;
use crate::field::{FieldRef, FieldValue};
use crate::id::JobId;

/// Where a definition was written. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// A file, or the job whose output it was.
    pub source: Arc<str>,
    /// First line of the record.
    pub line_start: u32,
    /// Last line of the record.
    pub line_end: u32,
}

/// The values a template instance was made with, sorted by name.
pub type Parameters = BTreeMap<Box<str>, FieldValue>;

/// A job as it was written: raw fields in their order, and what follows from them.
///
/// The fields are kept as they were written; the accessors read them anew each time, and fill in the
/// parameters of a template instance as they do.
#[derive(Clone, Debug, PartialEq)]
pub struct JobDefinition {
    id: JobId,
    namespace: Option<Arc<str>>,
    fields: FieldStore,
    rare: Option<Box<Rare>>,
}

/// What most definitions of a large session do without.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rare {
    parameters: Option<Parameters>,
    origin: Option<Origin>,
    renderings: Option<Renderings>,
}

impl JobDefinition {
    /// Makes a definition from its raw fields (keys as written, `_summary` and `summary` being two fields).
    /// Never fails: what is wrong with a field is told when that field is asked for.
    ///
    /// The partial id is the field `id`, or else `name`; of a job without either it is empty. The full id is
    /// `NAMESPACE::PARTIAL`; without a namespace, or without a partial id, the partial id alone.
    pub fn new(
        namespace: Option<Arc<str>>,
        fields: Vec<(Arc<str>, FieldValue)>,
        parameters: Option<Parameters>,
        origin: Option<Origin>,
    ) -> Self {
        let rare = (parameters.is_some() || origin.is_some()).then(|| {
            Box::new(Rare {
                parameters,
                origin,
                renderings: None,
            })
        });
        let mut definition = Self {
            id: JobId::new(""),
            namespace,
            fields: FieldStore::new(fields),
            rare,
        };
        definition.id = definition.full_id();
        definition
    }

    /// This definition with what an engine made of its texts, in the place of what the default engine would
    /// make of them.
    #[must_use]
    pub fn with_renderings(mut self, renderings: Renderings) -> Self {
        self.rare.get_or_insert_default().renderings = Some(renderings);
        self.id = self.full_id();
        self
    }

    /// This definition as if it were written elsewhere.
    #[must_use]
    pub(crate) fn with_origin(mut self, origin: Origin) -> Self {
        self.rare.get_or_insert_default().origin = Some(origin);
        self
    }

    fn full_id(&self) -> JobId {
        match (self.partial_id(), &self.namespace) {
            (Some(partial), Some(namespace)) => JobId::new(format!("{namespace}::{partial}")),
            (Some(partial), None) => JobId::new(&*partial),
            (None, _) => JobId::new(""),
        }
    }

    /// The full id.
    pub fn id(&self) -> &JobId {
        &self.id
    }

    /// The id without the namespace: the field `id`, or else `name`.
    pub fn partial_id(&self) -> Option<Cow<'_, str>> {
        self.text("id").or_else(|| self.text("name"))
    }

    /// The namespace of the provider.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The namespace of the provider, to be shared.
    pub fn shared_namespace(&self) -> Option<&Arc<str>> {
        self.namespace.as_ref()
    }

    /// The raw fields, in the order they were written.
    pub fn fields(&self) -> Fields<'_> {
        self.fields.iter()
    }

    /// The parameters of a template instance.
    pub fn parameters(&self) -> Option<&Parameters> {
        self.rare.as_ref()?.parameters.as_ref()
    }

    /// What an engine other than the default one made of the texts.
    pub fn renderings(&self) -> Option<&Renderings> {
        self.rare.as_ref()?.renderings.as_ref()
    }

    /// Where it was written.
    pub fn origin(&self) -> Option<&Origin> {
        self.rare.as_ref()?.origin.as_ref()
    }

    /// The raw value of the field of exactly that name.
    pub fn raw(&self, name: &str) -> Option<FieldRef<'_>> {
        self.fields.get(name)
    }

    /// [`raw`](Self::raw) of a field that needs no name looked up.
    pub(crate) fn known_raw(&self, field: KnownField) -> Option<FieldRef<'_>> {
        self.fields.get_known(field)
    }

    /// The value of a field as it was written: that of `_NAME`, or else of `NAME`. A null counts as absent.
    pub fn value(&self, name: &str) -> Option<FieldRef<'_>> {
        first_present(self.fields.get_both(name))
    }

    /// [`value`](Self::value) of a field that needs no name looked up.
    pub(crate) fn known_value(&self, field: KnownField) -> Option<FieldRef<'_>> {
        first_present(self.fields.get_both_known(field))
    }

    /// The text of a field ([`value`](Self::value)), with the parameters of a template instance filled in.
    /// Numbers and truth values are written out; a list, a map or nothing gives `None`.
    ///
    /// A parameter that does not exist is written `MISSING_PARAM_<index>`; [`faults`](Self::faults) tells.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.text_of(self.value(name)?)
    }

    /// The text that a value of a field comes to.
    pub(super) fn text_of<'a>(&'a self, value: FieldRef<'a>) -> Option<Cow<'a, str>> {
        match value {
            FieldRef::Text(text) => Some(self.fill_in(text)),
            FieldRef::Bool(true) => Some(Cow::Borrowed("True")),
            FieldRef::Bool(false) => Some(Cow::Borrowed("False")),
            FieldRef::Int(value) => Some(Cow::Owned(value.to_string())),
            FieldRef::BigInt(digits) => Some(Cow::Borrowed(digits)),
            FieldRef::Float(value) => Some(Cow::Owned(super::json::float_text(value))),
            FieldRef::Null | FieldRef::List(_) | FieldRef::Map(_) => None,
        }
    }

    /// Every text of this definition that refers to a parameter which is not there, or cannot be filled in
    /// for another reason: the raw name of its field, and why.
    pub fn faults(&self) -> Vec<(String, FormatError)> {
        let mut faults = Vec::new();
        if self.is_filled_in() {
            for (name, value) in self.fields.iter() {
                each_text(value, &mut |text| {
                    if let Err(error) = self.filled_in(text) {
                        faults.push((name.to_owned(), error));
                    }
                });
            }
        }
        faults
    }

    /// Whether a text of this definition may mean another one than it says.
    pub(crate) fn is_filled_in(&self) -> bool {
        self.parameters().is_some() || self.renderings().is_some()
    }

    /// Fills the parameters of a template instance into a text of this definition.
    pub(crate) fn fill_in<'a>(&'a self, text: &'a str) -> Cow<'a, str> {
        match (self.filled_in(text), self.parameters()) {
            (Ok(text), _) => text,
            (Err(FormatError::Engine(_)), _) | (Err(_), None) => Cow::Borrowed(text),
            (Err(_), Some(parameters)) => format_leniently(text, parameters),
        }
    }

    fn filled_in<'a>(&'a self, text: &'a str) -> Result<Cow<'a, str>, FormatError> {
        match (self.renderings(), self.parameters()) {
            (Some(renderings), _) => match renderings.get(text) {
                Some(Ok(text)) => Ok(Cow::Borrowed(text)),
                Some(Err(error)) => Err(error.clone().into()),
                None => Ok(Cow::Borrowed(text)),
            },
            (None, Some(parameters)) => format_text(text, parameters),
            (None, None) => Ok(Cow::Borrowed(text)),
        }
    }

    /// An id as a field of this definition means it: as it stands when it holds `::` or there is no
    /// namespace, else in the namespace of this definition.
    pub fn qualify<'a>(&self, id: &'a str) -> Cow<'a, str> {
        match &self.namespace {
            Some(namespace) if !id.contains("::") => Cow::Owned(format!("{namespace}::{id}")),
            Some(_) | None => Cow::Borrowed(id),
        }
    }
}

fn first_present([marked, plain]: [Option<FieldRef<'_>>; 2]) -> Option<FieldRef<'_>> {
    let present = |value: &FieldRef<'_>| *value != FieldRef::Null;
    marked.filter(present).or(plain.filter(present))
}

/// Calls `visit` with every text in a value; the keys of maps are none.
pub(super) fn each_text(value: FieldRef<'_>, visit: &mut dyn FnMut(&str)) {
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            FieldRef::Text(text) => visit(text),
            FieldRef::List(items) => left.extend(items.iter().rev().map(FieldRef::from)),
            FieldRef::Map(entries) => {
                left.extend(entries.iter().rev().map(|(_, value)| FieldRef::from(value)));
            }
            FieldRef::Null
            | FieldRef::Bool(_)
            | FieldRef::Int(_)
            | FieldRef::BigInt(_)
            | FieldRef::Float(_) => {}
        }
    }
}
