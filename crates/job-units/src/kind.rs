//! The kinds of units a file can hold.

use std::fmt;
use std::str::FromStr;

/// What a record of a unit file defines: its field `unit`, or a job when it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// Something to run.
    Job,
    /// Something to run before a test plan begins.
    SetupJob,
    /// A pattern that makes a unit of each record of a resource.
    Template,
    /// A selection of jobs.
    TestPlan,
    /// A heading that jobs are shown under.
    Category,
    /// A question about the machine that a person answers.
    ManifestEntry,
    /// What packages the jobs need.
    PackagingMetaData,
    /// A way to write reports.
    Exporter,
    /// A unit of no further kind.
    Unit,
}

impl UnitKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Job,
        Self::SetupJob,
        Self::Template,
        Self::TestPlan,
        Self::Category,
        Self::ManifestEntry,
        Self::PackagingMetaData,
        Self::Exporter,
        Self::Unit,
    ];

    /// The text of the field `unit`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::SetupJob => "setup job",
            Self::Template => "template",
            Self::TestPlan => "test plan",
            Self::Category => "category",
            Self::ManifestEntry => "manifest entry",
            Self::PackagingMetaData => "packaging meta-data",
            Self::Exporter => "exporter",
            Self::Unit => "unit",
        }
    }

    /// Whether a unit of this kind is known by an id.
    pub(crate) const fn needs_id(self) -> bool {
        match self {
            Self::Job
            | Self::SetupJob
            | Self::Template
            | Self::TestPlan
            | Self::Category
            | Self::ManifestEntry
            | Self::Exporter => true,
            Self::PackagingMetaData | Self::Unit => false,
        }
    }
}

impl fmt::Display for UnitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no kind of unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a kind of unit")]
pub struct UnknownKind(pub String);

impl FromStr for UnitKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownKind(text.to_owned()))
    }
}
