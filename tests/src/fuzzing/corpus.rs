//! Seeds out of the committed corpus: documents of sessions, unit files, requirement texts.

use std::io::{self, Read as _};
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::disk;

/// The corpus cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// The file, or its envelope.
    #[error("cannot read {name} of the corpus")]
    Read {
        /// Its name.
        name: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Its text.
    #[error("{name} of the corpus is not what it was")]
    Json {
        /// Its name.
        name: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

/// A file of the corpus as a value.
pub(super) fn value(name: &'static str) -> Result<Value, CorpusError> {
    serde_json::from_str(&text(name)?).map_err(|source| CorpusError::Json { name, source })
}

/// The texts of the field of that name in the items of a list.
pub(super) fn texts_of(list: &Value, field: &str) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.get(field)?.as_str().map(str::to_owned))
        .collect()
}

fn text(name: &'static str) -> Result<String, CorpusError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let read = || {
        let packed = disk::read(&folder.join(name))?;
        let mut text = String::new();
        GzDecoder::new(&packed[..]).read_to_string(&mut text)?;
        Ok(text)
    };
    read().map_err(|source| CorpusError::Read { name, source })
}
