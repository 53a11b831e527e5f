//! Why a text is no requirement, and why a requirement is not satisfied.

use thiserror::Error;

use crate::id::JobId;
use crate::record::quoted;

/// Why a text is not an expression. Offsets are bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExpressionError {
    /// The text does not follow the grammar.
    #[error("syntax error in a requirement: {what}")]
    #[doc(alias = "ResourceSyntaxError")]
    Syntax {
        /// Where it stops making sense.
        offset: usize,
        /// What is wrong there, or what was expected.
        what: &'static str,
    },
    /// The text follows the grammar of Python, but holds what no requirement may.
    #[error(
        "{what} is not allowed in a requirement: expected comparisons of resource fields, joined by `and` and `or`"
    )]
    #[doc(alias = "CodeNotAllowed")]
    NotAllowed {
        /// Where it stands.
        offset: usize,
        /// What it is.
        what: &'static str,
    },
    /// No resource is named, so there is nothing to decide.
    #[error(
        "the requirement names no resource: expected at least one such as `package.name` outside of calls"
    )]
    #[doc(alias = "NoResourcesReferenced")]
    NoResources,
    /// The text cannot be the body of a function of its resources.
    #[error(
        "{what} cannot stand in a requirement: expected one expression, its parts joined by `and` and `or`"
    )]
    NotOneExpression {
        /// Where it stands.
        offset: usize,
        /// What it is.
        what: &'static str,
    },
    /// The text is longer than is read.
    #[error("the requirement is longer than {limit} bytes: expected less, so break it into lines")]
    TooLong {
        /// The greatest length in bytes.
        limit: usize,
    },
}

impl ExpressionError {
    /// The byte of the text it is about, where it is about one.
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::Syntax { offset, .. }
            | Self::NotAllowed { offset, .. }
            | Self::NotOneExpression { offset, .. } => Some(*offset),
            Self::NoResources | Self::TooLong { .. } => None,
        }
    }

    /// The name of this class of errors in the documented system; of what escapes there as a
    /// foreign exception, the class that holds them all.
    pub fn documented_class(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "ResourceSyntaxError",
            Self::NotAllowed { .. } => "CodeNotAllowed",
            Self::NoResources => "NoResourcesReferenced",
            Self::NotOneExpression { .. } | Self::TooLong { .. } => "ResourceProgramError",
        }
    }
}

/// Why a text is not a requirement program.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("illegal expression {}", quoted(.text))]
pub struct ProgramError {
    /// Which expression of the program it is, counted from 0.
    pub index: usize,
    /// The expression.
    pub text: Box<str>,
    /// What is wrong with it.
    #[source]
    pub source: ExpressionError,
}

/// Why the truth of an expression could not be told.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// A resource is not known.
    #[error("needs unavailable resource '{resource}'")]
    #[doc(alias = "ExpressionCannotEvaluateError")]
    Unavailable {
        /// The job whose records are missing.
        resource: JobId,
    },
    /// One side of an `and` or `or` of an expression without parentheses is no expression alone.
    #[error("the part {} of the requirement is no requirement of its own", quoted(.text))]
    Part {
        /// The part.
        text: Box<str>,
        /// What is wrong with it.
        #[source]
        source: ExpressionError,
    },
    /// The budget is used up.
    #[error(
        "takes more than {limit} steps: expected fewer records, or fewer resources in one expression"
    )]
    TooMuchWork {
        /// The steps that were allowed.
        limit: u64,
    },
}

/// Why a program is not satisfied.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UnsatisfiedError {
    /// An expression is not true.
    #[error("expression {} evaluated to a non-true result", quoted(.expression))]
    #[doc(alias = "ExpressionFailedError")]
    Failed {
        /// Which expression of the program it is, counted from 0.
        index: usize,
        /// The expression.
        expression: Box<str>,
    },
    /// An expression needs records that are not known.
    #[error("expression {} needs unavailable resource '{resource}'", quoted(.expression))]
    #[doc(alias = "ExpressionCannotEvaluateError")]
    Unavailable {
        /// Which expression of the program it is, counted from 0.
        index: usize,
        /// The expression.
        expression: Box<str>,
        /// The job whose records are missing.
        resource: JobId,
    },
    /// The truth of an expression could not be told.
    #[error("cannot evaluate expression {}", quoted(.expression))]
    Undecided {
        /// Which expression of the program it is, counted from 0.
        index: usize,
        /// The expression.
        expression: Box<str>,
        /// Why.
        #[source]
        source: EvaluateError,
    },
}
