//! The formats a session can be kept in.

use std::fmt;
use std::str::FromStr;

use crate::checkbox::NEWEST;

/// A format of a whole session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Ours: complete, with the job definitions, safe against any bytes.
    Native,
    /// That of a release of Checkbox or PlainBox; the versions are 1 to 11.
    Checkbox(u8),
}

/// A text that names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no format; expected native, or checkbox:1 to checkbox:11")]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        let version = text.strip_prefix("checkbox:").map(str::parse);
        match (text, version) {
            ("native", _) => Ok(Self::Native),
            (_, Some(Ok(version @ 1..=NEWEST))) => Ok(Self::Checkbox(version)),
            (_, _) => Err(UnknownFormat(text.to_owned())),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native => f.write_str("native"),
            Self::Checkbox(version) => write!(f, "checkbox:{version}"),
        }
    }
}
