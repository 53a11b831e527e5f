//! An ext4 on a loop device, mounted and cut off by the tools of the system. Needs root, `mkfs.ext4` and `xfs_io`.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::disk;

/// The size of the file system, in bytes.
const BYTES: u64 = 64 << 20;

/// A tool of the system that failed.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It could not be started, or a file for it not be made.
    #[error("cannot use {tool}")]
    Start {
        /// The tool.
        tool: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It answered with a failure.
    #[error("{tool} failed: {said}")]
    Failed {
        /// The tool.
        tool: &'static str,
        /// What it said.
        said: String,
    },
}

/// A file system of its own, taken away when this is dropped.
#[derive(Debug)]
pub(super) struct Machine {
    folder: TempDir,
    mounted: bool,
}

impl Machine {
    /// Makes a file system and mounts it.
    pub(super) fn new() -> Result<Self, ToolError> {
        let start = |source| ToolError::Start {
            tool: "a temporary folder",
            source,
        };
        let folder = TempDir::with_prefix("session-cuts-").map_err(start)?;
        let mut machine = Self {
            folder,
            mounted: false,
        };
        disk::create_folder(&machine.mount_point()).map_err(start)?;
        let image = disk::create(&machine.image()).map_err(start)?;
        image.set_len(BYTES).map_err(start)?;
        let path = machine.image();
        run("mkfs.ext4", &["-q".as_ref(), "-F".as_ref(), &path])?;
        machine.mount()?;
        Ok(machine)
    }

    /// Where the file system is.
    pub(super) fn mount_point(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("image")
    }

    /// Cuts the power: nothing that is not on the disk by now gets there any more.
    pub(super) fn cut(&self) -> Result<(), ToolError> {
        let words = ["-x", "-c", "shutdown"].map(Path::new);
        let place = self.mount_point();
        run("xfs_io", &[words[0], words[1], words[2], &place])
    }

    /// Starts again: what the disk has is what there is.
    pub(super) fn restart(&mut self) -> Result<(), ToolError> {
        self.unmount()?;
        self.mount()
    }

    fn mount(&mut self) -> Result<(), ToolError> {
        let (image, place) = (self.image(), self.mount_point());
        run("mount", &["-o".as_ref(), "loop".as_ref(), &image, &place])?;
        self.mounted = true;
        Ok(())
    }

    fn unmount(&mut self) -> Result<(), ToolError> {
        run("umount", &[&self.mount_point()])?;
        self.mounted = false;
        Ok(())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if self.mounted {
            // What stays mounted is told by the folder that cannot be removed.
            let _ = self.unmount();
        }
    }
}

fn run(tool: &'static str, words: &[&Path]) -> Result<(), ToolError> {
    let ended = Command::new(tool)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .map_err(|source| ToolError::Start { tool, source })?;
    if ended.status.success() {
        return Ok(());
    }
    Err(ToolError::Failed {
        tool,
        said: String::from_utf8_lossy(&ended.stderr).trim().to_owned(),
    })
}
