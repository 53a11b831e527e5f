//! What a set of unit files holds.

use std::fmt;
use std::sync::Arc;

use camino::Utf8PathBuf;
use session_state::template::Template;
use session_state::{FieldValue, JobDefinition, Origin};

use crate::kind::UnitKind;
use crate::plan::TestPlan;

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
    /// The jobs, setup jobs among them. No two have the same id.
    pub jobs: Vec<Arc<JobDefinition>>,
    /// What makes further jobs of the records of resource jobs.
    pub templates: Vec<Arc<Template>>,
    /// The test plans. No two have the same id.
    pub plans: Vec<Arc<TestPlan>>,
    /// Units of other kinds, as they were written.
    pub others: Vec<OtherUnit>,
    /// What a person should know although it stops nothing.
    pub notes: Vec<UnitNote>,
    /// The files that were read, in order.
    pub files: Vec<Utf8PathBuf>,
}

/// A unit that is no job, template or test plan, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherUnit {
    /// Its kind.
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

    /// The id without the namespace.
    pub fn partial_id(&self) -> Option<&str> {
        self.text("id")
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
