//! The way to a session: the directories above it, and that their entries survive a power cut (invariant P1).

use std::io;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::fs::{Dir, Fs, FsError};

/// Opens an ancestor of the repository, through symbolic links: only the repository itself may not be one.
pub(crate) fn open_ancestor(fs: &dyn Fs, path: &Utf8Path) -> Result<Arc<dyn Dir>, FsError> {
    fs.open_dir(&Utf8PathBuf::from(format!("{path}/.")))
}

/// Syncs the entries that lead to a repository, in case an earlier call died between making and syncing one: as
/// far up as the directories are the user's own and lie on the same file system. What is above was there before.
pub(crate) fn sync_parents(fs: &dyn Fs, location: &Utf8Path, dir: &dyn Dir) -> Result<(), FsError> {
    let device = |dir: &dyn Dir| dir.own_metadata().map(|metadata| metadata.inode.0);
    let own_device = device(dir)?;
    for (height, parent) in location.ancestors().skip(1).enumerate() {
        let parent = match open_ancestor(fs, parent) {
            Ok(parent) => parent,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => break,
            Err(error) => return Err(error),
        };
        let own = parent.own_metadata()?.uid == fs.effective_uid();
        if device(&*parent)? != own_device || (height > 0 && !own) {
            break;
        }
        parent.sync()?;
    }
    Ok(())
}
