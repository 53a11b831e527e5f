//! What can be wrong with a test plan.

use session_state::NotOverridable;
use thiserror::Error;

use super::pattern::PatternError;

/// A field of a test plan that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{fault}")]
pub struct PlanFault {
    /// The field, as it is written.
    pub field: Box<str>,
    /// The line of its value, or the item of its list.
    pub line: Box<str>,
    /// What is wrong with it.
    pub fault: LineFault,
}

/// What is wrong with a line of a test plan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LineFault {
    /// Something else should stand there.
    #[error("expected {what}")]
    Expected {
        /// What.
        what: &'static str,
    },
    /// The pattern is none.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// The field cannot be overridden.
    #[error(
        "{0}: expected one of category_id, certification_status, auto_retry, with hyphens or underscores"
    )]
    Field(#[from] NotOverridable),
    /// The field is neither a text nor a list.
    #[error("expected a text with one entry a line, or a list")]
    NoList,
}

/// A test plan that cannot be put together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// There is no plan of that id.
    #[error("there is no test plan '{id}'")]
    Unknown {
        /// What was asked for.
        id: String,
    },
    /// A plan is made of one that is not there.
    #[error("the test plan '{plan}' is made of '{part}', which is not there")]
    UnknownPart {
        /// The plan that names it.
        plan: String,
        /// What it names.
        part: String,
    },
    /// A plan is a part of itself.
    #[error("a test plan is a part of itself: {}", path.join(" -> "))]
    Cycle {
        /// From the plan to itself.
        path: Vec<String>,
    },
}
