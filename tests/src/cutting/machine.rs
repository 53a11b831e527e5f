//! An ext4 on a loop device, mounted and cut off by the tools of the system. Needs root,
//! `mkfs.ext4`, `losetup` and `xfs_io`.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::disk;
use crate::tools::{ToolError, run};

/// The size of the file system, in bytes.
const BYTES: u64 = 64 << 20;

/// A file system of its own, taken away when this is dropped.
#[derive(Debug)]
pub(super) struct Machine {
    folder: TempDir,
    /// The loop device it is mounted from.
    device: Option<String>,
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
            device: None,
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
        run("xfs_io", &[words[0], words[1], words[2], &place]).map(drop)
    }

    /// Starts again: what the disk has is what there is.
    pub(super) fn restart(&mut self) -> Result<(), ToolError> {
        self.unmount()?;
        self.mount()
    }

    /// By a loop device of its own each time: a mount that some other namespace still holds must not be met again.
    fn mount(&mut self) -> Result<(), ToolError> {
        let image = self.image();
        let said = run("losetup", &["--find".as_ref(), "--show".as_ref(), &image])?;
        let device = said.trim().to_owned();
        let mounted = run("mount", &[Path::new(&device), &self.mount_point()]);
        if mounted.is_err() {
            run("losetup", &["-d".as_ref(), Path::new(&device)])?;
        }
        mounted?;
        self.device = Some(device);
        Ok(())
    }

    fn unmount(&mut self) -> Result<(), ToolError> {
        if let Some(device) = self.device.take() {
            run("umount", &[&self.mount_point()])?;
            run("losetup", &["-d".as_ref(), Path::new(&device)])?;
        }
        Ok(())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // What stays mounted is told by the folder that cannot be removed.
        let _ = self.unmount();
    }
}
