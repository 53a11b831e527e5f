//! Why a unit is no template.

use thiserror::Error;

use crate::expr::{ImportError, ProgramError};

/// Why a unit is no template that can be filled in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// It does not say which resource it is for.
    #[error("the template has no field 'template-resource': expected the id of a resource job")]
    NoResource,
    /// It has more than one import.
    #[error("the field 'template-imports' holds {count} lines: expected one")]
    TooManyImports {
        /// How many lines.
        count: usize,
    },
    /// Its import is none.
    #[error("field 'template-imports'")]
    Import(#[source] ImportError),
    /// Its filter is no requirement program.
    #[error("field 'template-filter'")]
    Filter(#[source] ProgramError),
}
