//! The files beside a session: those of the entry, below the directory they lie in.

use std::collections::BTreeMap;
use std::io;

use serde_json::Value;
use suspend_resume::LogFiles;

use super::bad::{Unanswered, bad, unicode};
use super::wrapped::bytes;

/// The files of one session by their whole path.
pub(super) struct SessionFiles {
    /// The directory of the session, if it exists.
    location: Option<String>,
    files: BTreeMap<String, Vec<u8>>,
}

impl SessionFiles {
    /// No file at all, nor a directory.
    pub(super) const NONE: Self = Self {
        location: None,
        files: BTreeMap::new(),
    };

    /// The files of a case: paths below the directory to what they hold.
    pub(super) fn below(location: Option<&str>, dir: Option<&Value>) -> Result<Self, Unanswered> {
        let mut files = BTreeMap::new();
        for (name, packed) in dir.and_then(Value::as_object).into_iter().flatten() {
            let location = location.ok_or_else(|| bad("files of a session without a directory"))?;
            files.insert(format!("{location}/{name}"), bytes(unicode(packed)?)?);
        }
        Ok(Self {
            location: location.map(str::to_owned),
            files,
        })
    }

    fn is_directory(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.location.as_deref() == Some(path)
            || self.files.keys().any(|file| {
                file.strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with('/'))
            })
    }
}

impl LogFiles for SessionFiles {
    fn exists(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        match self.files.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None if self.is_directory(path) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}
