//! What can go wrong when sessions are read or written.

use std::borrow::Cow;
use std::fmt;
use std::io;

use session_state::record::quoted;
use session_state::{DuplicateJob, JobId};

/// Where in the bytes something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The whole input, or its envelope.
    Envelope,
    /// That many bytes into the body of a native session, into a payload of changes or a summary, or into the
    /// text of a Checkbox session.
    Byte(u64),
    /// A value of a JSON document, as a path from its root, such as `$.session.jobs.a`.
    Json(String),
}

/// Bytes that are no session, or no longer one: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}{}", Where(.place))]
pub struct Corruption {
    /// What is wrong. For Checkbox sessions: the words Checkbox uses.
    pub what: Cow<'static, str>,
    /// Where.
    pub place: Place,
}

struct Where<'a>(&'a Place);

impl fmt::Display for Where<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Place::Envelope => Ok(()),
            Place::Byte(offset) => write!(f, " (at byte {offset})"),
            Place::Json(path) => write!(f, " (at {path})"),
        }
    }
}

impl Corruption {
    /// Something is wrong with the envelope.
    pub(crate) fn envelope(what: impl Into<Cow<'static, str>>) -> Self {
        Self {
            what: what.into(),
            place: Place::Envelope,
        }
    }
}

/// Why bytes did not become a state, a summary or a list of changes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[doc(alias = "SessionResumeError")]
pub enum ResumeError {
    /// The bytes are damaged, incomplete, or no session at all.
    #[error("the session is corrupted")]
    #[doc(alias = "CorruptedSessionError")]
    Corrupted(#[from] Corruption),
    /// The session is of a format this release does not read. It may be peeked, and must not be overwritten.
    #[error("unsupported version {found}; this release reads {supported}")]
    #[doc(alias = "IncompatibleSessionError")]
    IncompatibleSession {
        /// The version in the bytes.
        found: String,
        /// What this release reads.
        supported: &'static str,
        /// What to do about it.
        advice: &'static str,
    },
    /// A definition is not the one the session was made with.
    #[error(
        "definition of job '{job}' has changed: the session knows {stored}, the units say {known}"
    )]
    #[doc(alias = "IncompatibleJobError")]
    IncompatibleJob {
        /// Which job.
        job: JobId,
        /// The checksum in the session.
        stored: String,
        /// The checksum of the definition that was given.
        known: String,
    },
    /// The definitions that were given hold two different ones of one id.
    #[error("cannot make a state of the given definitions")]
    #[doc(alias = "DependencyDuplicateError")]
    Definitions(#[from] DuplicateJob),
    /// A file the session refers to is not there.
    #[error("cannot access file: {}", quoted(.path))]
    #[doc(alias = "BrokenReferenceToExternalFile")]
    BrokenReference {
        /// Which file.
        path: String,
    },
}

impl ResumeError {
    /// Whether the bytes themselves are bad.
    pub const fn is_corrupted(&self) -> bool {
        matches!(self, Self::Corrupted(_))
    }

    /// Whether a newer or an older release may be able to read the session.
    pub const fn is_incompatible(&self) -> bool {
        matches!(self, Self::IncompatibleSession { .. })
    }

    /// What a person can do about it, where the bytes tell.
    pub const fn advice(&self) -> Option<&'static str> {
        match self {
            Self::IncompatibleSession { advice, .. } => Some(advice),
            Self::IncompatibleJob { .. } => Some(
                "give the unit files the session was made with, or resume with the checksums ignored",
            ),
            Self::Corrupted(_) | Self::Definitions(_) | Self::BrokenReference { .. } => None,
        }
    }
}

/// Why a state did not become bytes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuspendError {
    /// The state holds something the format has no bytes for, or the writer failed.
    #[error("cannot encode the session")]
    Encode(#[from] io::Error),
    /// A result names a log file, but no name; versions 5 and later cannot say that.
    #[error("a result names a log file without a path")]
    LogWithoutName,
    /// There is no such Checkbox format.
    #[error("there is no Checkbox format {version}; the formats are 1 to 11")]
    NoSuchFormat {
        /// The version asked for.
        version: u8,
    },
}
