//! A directory laid out like `tests/corpus`: its files, packed or plain.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use crate::disk;

/// A directory of recorded answers.
#[derive(Clone, Debug)]
pub struct Corpus {
    dir: PathBuf,
}

/// A file of the corpus that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// The directory is not there.
    #[error("there is no directory {}", .dir.display())]
    NoDirectory {
        /// Its path.
        dir: PathBuf,
    },
    /// The file cannot be read or unpacked.
    #[error("cannot read {}", .path.display())]
    Read {
        /// Its path.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is not JSON.
    #[error("{} is not JSON", .path.display())]
    Json {
        /// Its path.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

impl Corpus {
    /// The corpus in a directory.
    ///
    /// # Errors
    /// [`CorpusError::NoDirectory`].
    pub fn open(dir: &Path) -> Result<Self, CorpusError> {
        let dir = dir.to_owned();
        if dir.is_dir() {
            Ok(Self { dir })
        } else {
            Err(CorpusError::NoDirectory { dir })
        }
    }

    /// The text of a file, which may lie there packed; `None` when there is none.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, CorpusError> {
        for (name, packed) in [(format!("{name}.gz"), true), (name.to_owned(), false)] {
            let path = self.dir.join(name);
            let text = match disk::read(&path) {
                Ok(bytes) if packed => unpack(&bytes),
                Ok(bytes) => String::from_utf8(bytes)
                    .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => Err(error),
            };
            return match text {
                Ok(text) => Ok(Some(text)),
                Err(source) => Err(CorpusError::Read { path, source }),
            };
        }
        Ok(None)
    }

    /// The value in a file; `None` when there is none.
    pub(super) fn value(&self, name: &str) -> Result<Option<Value>, CorpusError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match serde_json::from_str(&text) {
            Ok(value) => Ok(Some(value)),
            Err(source) => Err(CorpusError::Json {
                path: self.dir.join(name),
                source,
            }),
        }
    }
}

fn unpack(bytes: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    MultiGzDecoder::new(bytes).read_to_string(&mut text)?;
    Ok(text)
}
