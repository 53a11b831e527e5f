//! Reading the checkpoint file whole.

use std::ffi::OsStr;

use crate::fs::{FsError, OpenMode};
use crate::layout;
use crate::storage::SessionStorage;

/// Checkpoints longer than this are refused before anything is read.
const CHECKPOINT_BYTES_MAX: u64 = 1 << 30;

/// Why the checkpoint file could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadCheckpointError {
    /// A call failed, or something else than a regular file has the name.
    #[error("cannot load the checkpoint of session '{}'", storage.id())]
    Failed {
        /// Which session.
        storage: Box<SessionStorage>,
        /// The call that failed.
        #[source]
        source: FsError,
    },
    /// The file is longer than any checkpoint may be.
    #[error("the checkpoint of session '{}' is {bytes} bytes long, more than the {CHECKPOINT_BYTES_MAX} allowed", storage.id())]
    TooLong {
        /// Which session.
        storage: Box<SessionStorage>,
        /// The length of the file.
        bytes: u64,
    },
}

impl SessionStorage {
    /// Reads the single checkpoint file of a session kept in a Checkbox format; `None` when none was ever
    /// saved. Nothing is verified, and the bytes may not be durable yet while a writer is at work.
    ///
    /// # Errors
    /// See [`LoadCheckpointError`].
    pub fn load_checkpoint(&self) -> Result<Option<Vec<u8>>, LoadCheckpointError> {
        let failed = |source| LoadCheckpointError::Failed {
            storage: Box::new(self.clone()),
            source,
        };
        let name = OsStr::new(layout::CHECKPOINT);
        let file = match self.dir().open_file(name, OpenMode::Read) {
            Ok(file) => file,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let bytes = file.metadata().map_err(failed)?.len;
        let too_long = LoadCheckpointError::TooLong {
            storage: Box::new(self.clone()),
            bytes,
        };
        let Some(size) = usize::try_from(bytes)
            .ok()
            .filter(|_| bytes <= CHECKPOINT_BYTES_MAX)
        else {
            return Err(too_long);
        };
        let mut text = vec![0; size];
        let count = file.read_full_at(&mut text, 0).map_err(failed)?;
        text.truncate(count);
        Ok(Some(text))
    }
}
