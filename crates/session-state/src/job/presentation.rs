//! How outcomes are shown to people.

use super::outcome::JobOutcome;

impl JobOutcome {
    /// A sign of one column, without the space that follows it in lists.
    pub const fn sigil(self) -> &'static str {
        match self {
            Self::Pass => "☑",
            Self::Fail => "☒",
            Self::Skip
            | Self::SkippedDependency
            | Self::SkippedResource
            | Self::SkippedManifest
            | Self::NotSupported => "☐",
            Self::NotImplemented => "-",
            Self::Undecided => "⁇",
            Self::Crash => "⚠",
        }
    }

    /// What happened, as a sentence without its final period.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Pass => "job passed",
            Self::Fail => "job failed",
            Self::Skip => "job manually skipped",
            Self::SkippedDependency => "job cannot be started (failed dependency)",
            Self::SkippedResource => "job cannot be started (unmet resource)",
            Self::SkippedManifest => "job cannot be started (unmet manifest)",
            Self::NotSupported => "job cannot be started",
            Self::NotImplemented => "job is not implemented",
            Self::Undecided => "job needs verification",
            Self::Crash => "job crashed",
        }
    }

    /// What happened, in a word or two.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pass => "passed",
            Self::Fail => "failed",
            Self::Skip => "manually skipped",
            Self::SkippedDependency => "skipped (failed dependency)",
            Self::SkippedResource => "skipped (unmet resource)",
            Self::SkippedManifest => "skipped (unmet manifest)",
            Self::NotSupported => "not supported",
            Self::NotImplemented => "not implemented",
            Self::Undecided => "undecided",
            Self::Crash => "crashed",
        }
    }

    /// The outcome as one of three: passed, failed or skipped. What crashed has failed; what was not
    /// decided, or is not there, is skipped.
    pub const fn short(self) -> Self {
        match self {
            Self::Pass => Self::Pass,
            Self::Fail | Self::Crash => Self::Fail,
            Self::Skip
            | Self::SkippedDependency
            | Self::SkippedResource
            | Self::SkippedManifest
            | Self::NotSupported
            | Self::NotImplemented
            | Self::Undecided => Self::Skip,
        }
    }
}
