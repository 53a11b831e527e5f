//! Arguments of the programs in this package: `--name NUMBER` only.

use std::collections::BTreeMap;

/// An argument that is not one of ours.
#[derive(Debug, thiserror::Error)]
pub enum ArgumentError {
    /// No such argument.
    #[error("there is no argument {given:?}; known are {known}")]
    Unknown {
        /// What was given.
        given: String,
        /// What is known.
        known: String,
    },
    /// Not a number.
    #[error("{name} wants a number, not {given:?}")]
    Number {
        /// The argument.
        name: String,
        /// What was given.
        given: String,
    },
}

/// Reads `--name NUMBER` pairs of these names.
///
/// # Errors
/// Any other argument, and what is not a number.
pub fn numbers(
    arguments: impl IntoIterator<Item = String>,
    known: &[&str],
) -> Result<BTreeMap<String, u64>, ArgumentError> {
    let mut numbers = BTreeMap::new();
    let mut arguments = arguments.into_iter();
    while let Some(given) = arguments.next() {
        let Some(name) = known.iter().find(|&&name| name == given) else {
            return Err(ArgumentError::Unknown {
                given,
                known: known.join(", "),
            });
        };
        let value = arguments.next().unwrap_or_default();
        let Ok(number) = value.parse() else {
            return Err(ArgumentError::Number {
                name: given,
                given: value,
            });
        };
        numbers.insert((*name).to_owned(), number);
    }
    Ok(numbers)
}
