//! The verdict of a result.

use std::fmt;
use std::str::FromStr;

/// How a job ended. A job without an outcome did not run: that is `Option::None`, never a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobOutcome {
    /// The job passed.
    Pass,
    /// The job failed.
    Fail,
    /// The operator skipped the job.
    Skip,
    /// A job it depends on failed.
    SkippedDependency,
    /// A resource it requires is not there.
    SkippedResource,
    /// A manifest entry it requires is not met.
    SkippedManifest,
    /// The job cannot be started here.
    NotSupported,
    /// Nobody wrote the job yet.
    NotImplemented,
    /// A person has to decide.
    Undecided,
    /// The job died, or took the machine with it.
    Crash,
}

impl JobOutcome {
    /// Every outcome, in the order of declaration.
    pub const ALL: [Self; 10] = [
        Self::Pass,
        Self::Fail,
        Self::Skip,
        Self::SkippedDependency,
        Self::SkippedResource,
        Self::SkippedManifest,
        Self::NotSupported,
        Self::NotImplemented,
        Self::Undecided,
        Self::Crash,
    ];

    /// The text Checkbox stores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Skip => "skip",
            Self::SkippedDependency => "skipped-dependency",
            Self::SkippedResource => "skipped-resource",
            Self::SkippedManifest => "skipped-manifest",
            Self::NotSupported => "not-supported",
            Self::NotImplemented => "not-implemented",
            Self::Undecided => "undecided",
            Self::Crash => "crash",
        }
    }
}

impl fmt::Display for JobOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an outcome")]
pub struct UnknownOutcome(pub String);

impl FromStr for JobOutcome {
    type Err = UnknownOutcome;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
            .ok_or_else(|| UnknownOutcome(text.to_owned()))
    }
}
