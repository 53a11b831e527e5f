//! What a set of unit files holds.

use std::fmt;
use std::sync::Arc;

use camino::Utf8PathBuf;
use session_state::template::{Template, TemplateError};
use session_state::{FieldValue, JobDefinition, Origin};

use crate::kind::UnitKind;

/// A place in a unit file. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as it was named.
    pub file: Arc<str>,
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The units of one or more files, each list in the order of files and lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Units {
    /// The jobs. No two have the same id.
    pub jobs: Vec<Arc<JobDefinition>>,
    /// Units of other kinds, as they were written.
    pub others: Vec<OtherUnit>,
    /// What a person should know although it stops nothing.
    pub notes: Vec<UnitNote>,
    /// The files that were read, in order.
    pub files: Vec<Utf8PathBuf>,
}

/// A unit that is not a job, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherUnit {
    /// Its kind; never [`UnitKind::Job`].
    pub kind: UnitKind,
    /// The namespace it was read in.
    pub namespace: Option<Arc<str>>,
    /// The raw fields, in the order they were written.
    pub fields: Vec<(Arc<str>, FieldValue)>,
    /// Where it was written.
    pub origin: Origin,
}

impl OtherUnit {
    /// The text of the field of exactly that name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.iter().find_map(|(known, value)| match value {
            FieldValue::Text(text) if **known == *name => Some(&**text),
            FieldValue::Text(_)
            | FieldValue::Null
            | FieldValue::Bool(_)
            | FieldValue::Int(_)
            | FieldValue::BigInt(_)
            | FieldValue::Float(_)
            | FieldValue::List(_)
            | FieldValue::Map(_) => None,
        })
    }

    /// The id without the namespace; of a template without `id`, its `template-id`.
    pub fn partial_id(&self) -> Option<&str> {
        let own = match self.kind {
            UnitKind::Template => "template-id",
            UnitKind::Job
            | UnitKind::SetupJob
            | UnitKind::TestPlan
            | UnitKind::Category
            | UnitKind::ManifestEntry
            | UnitKind::PackagingMetaData
            | UnitKind::Exporter
            | UnitKind::Unit => "name",
        };
        self.text("id").or_else(|| self.text(own))
    }
}

impl OtherUnit {
    /// The template it is, when its kind is [`UnitKind::Template`].
    pub fn template(&self) -> Option<Result<Template, TemplateError>> {
        let make = || {
            Template::new(
                self.namespace.clone(),
                self.fields.clone(),
                Some(self.origin.clone()),
            )
        };
        (self.kind == UnitKind::Template).then(make)
    }
}

/// A remark on a unit file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitNote {
    /// What it is about.
    pub place: Place,
    /// The remark, a sentence without a final period.
    pub text: String,
}

impl fmt::Display for UnitNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}
