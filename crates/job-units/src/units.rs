//! What a set of unit files holds.

use std::fmt;
use std::sync::Arc;

use camino::Utf8PathBuf;
use session_state::template::Template;
use session_state::{JobDefinition, OtherUnit, Provider, Unit};

use crate::plan::TestPlan;
use crate::read::ReadOptions;

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
    pub others: Vec<Arc<OtherUnit>>,
    /// What a person should know although it stops nothing.
    pub notes: Vec<UnitNote>,
    /// The files that were read, in order.
    pub files: Vec<Utf8PathBuf>,
}

impl Units {
    /// All units, test plans among them, as a provider of that name offers them to the device of a session.
    pub fn provider(&self, name: &str, options: &ReadOptions) -> Provider {
        let jobs = self.jobs.iter().cloned().map(Unit::Job);
        let templates = self.templates.iter().cloned().map(Unit::Template);
        let plans = self.plans.iter().map(|plan| Arc::new(plan.unit()));
        let others = plans.chain(self.others.iter().cloned()).map(Unit::Other);
        Provider {
            name: name.into(),
            namespace: options.namespace.clone(),
            units: jobs.chain(templates).chain(others).collect(),
        }
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
