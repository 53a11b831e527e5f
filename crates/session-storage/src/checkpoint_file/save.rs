//! Replacing the checkpoint file: temporary file, sync, rename, sync of the directory (invariant C1).

use std::ffi::OsStr;

use crate::fs::{FsError, OpenMode};
use crate::layout;
use crate::lock::SessionLock;
use crate::session_id::SessionId;

/// A checkpoint that was not saved.
///
/// After any of these the checkpoint before opens, or the one being written; which of the two it is until
/// the next good save. The session's directory may keep the half-written `session.next`; the next save
/// removes it.
#[derive(Debug, thiserror::Error)]
#[error("cannot save the checkpoint of session '{id}'")]
pub struct SaveCheckpointError {
    /// Which session.
    pub id: SessionId,
    /// The first call that failed.
    #[source]
    pub source: FsError,
}

impl SaveCheckpointError {
    /// Whether the cause is a full disk, quota or inode table.
    pub fn is_disk_full(&self) -> bool {
        self.source.is_disk_full()
    }
}

impl SessionLock {
    /// Replaces the single checkpoint file: a new file `session.next` is written and synced, renamed over
    /// `session`, and the directory synced. When this returns, the bytes survive a power cut; a crash midway
    /// leaves the checkpoint before, or this one.
    ///
    /// # Errors
    /// The first call that failed; what was half-written is taken away as far as possible.
    pub fn save_checkpoint(&self, bytes: &[u8]) -> Result<(), SaveCheckpointError> {
        self.replace_checkpoint(bytes)
            .map_err(|source| SaveCheckpointError {
                id: self.storage().id().clone(),
                source,
            })
    }

    fn replace_checkpoint(&self, bytes: &[u8]) -> Result<(), FsError> {
        self.note_writing();
        let dir = self.storage().dir();
        let name = OsStr::new(layout::CHECKPOINT);
        let next = OsStr::new(layout::CHECKPOINT_NEXT);
        // The lock is ours, so what has this name is left from a crash.
        match dir.remove_file(next) {
            Ok(()) => {}
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
        let file = dir.open_file(next, OpenMode::CreateNew)?;
        let written = file
            .write_all_at(bytes, 0)
            .and_then(|()| file.sync_data())
            .and_then(|()| dir.rename(next, name));
        if let Err(error) = written {
            let _ = dir.remove_file(next);
            return Err(error);
        }
        dir.sync()
    }
}
