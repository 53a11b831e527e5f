//! The directory that the jobs of a session share, held open from job to job.

use std::sync::Arc;

use session_storage::{Dir, FsError, SessionStorage, WellKnownDirs};

/// The directory that the jobs of a session share, and which one it is.
#[derive(Debug, Default)]
pub(crate) struct SharedDir(Option<((u64, u64), Arc<dyn Dir>)>);

impl SharedDir {
    /// The one that stands under the name now: a job may have put another one there. It is opened anew only then.
    pub(crate) fn of(&mut self, storage: &SessionStorage) -> Result<&Arc<dyn Dir>, FsError> {
        let dirs = WellKnownDirs::new(storage);
        let named = dirs.session_share_metadata()?.map(|found| found.inode);
        let held = self.0.take_if(|(inode, _)| Some(*inode) == named);
        let current = match held {
            Some(held) => held,
            None => {
                let dir = dirs.session_share()?;
                (dir.own_metadata()?.inode, dir)
            }
        };
        Ok(&self.0.insert(current).1)
    }
}
