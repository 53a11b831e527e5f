//! The formats a session can be kept in.

use std::fmt;

/// A format of a whole session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Ours: complete, with the job definitions, safe against any bytes.
    Native,
    /// That of a release of Checkbox or PlainBox; the versions are 1 to 11.
    Checkbox(u8),
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native => f.write_str("native"),
            Self::Checkbox(version) => write!(f, "checkbox:{version}"),
        }
    }
}
