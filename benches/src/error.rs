//! What a benchmark fails with: what it was doing, and why that did not work.

use std::error::Error;

/// Why a benchmark could not be carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// A step failed.
    #[error("cannot {doing}")]
    Step {
        /// The step, as it goes after "cannot".
        doing: String,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A program that measures could not be used.
    #[error("`{line}` {said}")]
    Tool {
        /// The command line.
        line: String,
        /// What became of it.
        said: String,
    },
    /// Nothing was asked for.
    #[error("no group of rows has {only:?} in its name; there are: {names}")]
    NoGroup {
        /// The text that was asked for.
        only: String,
        /// The names there are.
        names: String,
    },
    /// What was measured did not do its work, so its figure means nothing.
    #[error("{what}: the figure would be of other work")]
    Wrong {
        /// What differs.
        what: String,
    },
}

/// Says what was being done when a call failed.
pub trait Doing<T> {
    /// The same result with the step in front of its cause.
    ///
    /// # Errors
    /// That of the call.
    fn doing(self, what: impl Into<String>) -> Result<T, BenchError>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> Doing<T> for Result<T, E> {
    fn doing(self, what: impl Into<String>) -> Result<T, BenchError> {
        self.map_err(|source| BenchError::Step {
            doing: what.into(),
            source: source.into(),
        })
    }
}
