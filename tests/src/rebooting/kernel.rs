//! The kernel of the virtual machine: that of Debian for machines in a cloud, as its package has it.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::disk;
use crate::tools::{ToolError, run};

/// The package that depends on the newest one.
const NEWEST: &str = "linux-image-cloud-amd64";

/// What the disk needs, in the order of loading; what a kernel has built in is not there.
const MODULES: [&str; 6] = [
    "virtio/virtio.ko",
    "virtio/virtio_ring.ko",
    "virtio/virtio_pci_modern_dev.ko",
    "virtio/virtio_pci_legacy_dev.ko",
    "virtio/virtio_pci.ko",
    "block/virtio_blk.ko",
];

/// A kernel and the modules for its disk.
#[derive(Debug)]
pub(super) struct Kernel {
    pub(super) image: PathBuf,
    /// In the order of loading.
    pub(super) modules: Vec<PathBuf>,
}

impl Kernel {
    /// The one that was unpacked in that folder, else the newest there is.
    pub(super) fn find_or_fetch(folder: &Path) -> Result<Self, ToolError> {
        let unpacked = folder.join("kernel");
        if let Some(kernel) = Self::find(&unpacked) {
            return Ok(kernel);
        }
        let said = run("apt-cache", &[Path::new("depends"), Path::new(NEWEST)])?;
        let package = said
            .lines()
            .find_map(|line| line.trim().strip_prefix("Depends: "))
            .filter(|name| name.starts_with("linux-image-"))
            .ok_or_else(|| ToolError::Failed {
                tool: "apt-cache",
                said: format!("{NEWEST} depends on no kernel"),
            })?;
        download(folder, package)?;
        let packages = disk::entries(folder).map_err(room)?;
        let file = packages
            .into_iter()
            .find(|path| path.extension().is_some_and(|end| end == "deb"));
        let file = file.ok_or_else(|| room(io::ErrorKind::NotFound.into()))?;
        run("dpkg-deb", &[Path::new("-x"), &file, &unpacked])?;
        Self::find(&unpacked).ok_or_else(|| room(io::ErrorKind::NotFound.into()))
    }

    fn find(unpacked: &Path) -> Option<Self> {
        let images = disk::entries(&unpacked.join("boot")).ok()?;
        let image = images.into_iter().find(|path| {
            let name = path.file_name().unwrap_or_default();
            name.as_encoded_bytes().starts_with(b"vmlinuz-")
        })?;
        let versions = disk::entries(&unpacked.join("lib/modules")).ok()?;
        let drivers = versions.first()?.join("kernel/drivers");
        let modules = MODULES.map(|name| drivers.join(name));
        Some(Self {
            image,
            modules: modules.into_iter().filter(|path| path.is_file()).collect(),
        })
    }
}

/// Has the package manager put the file of a package into a folder.
fn download(folder: &Path, package: &str) -> Result<(), ToolError> {
    let tool = "apt-get";
    let ended = Command::new(tool)
        .args(["download", package])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|source| ToolError::Start { tool, source })?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
    Err(ToolError::Failed { tool, said })
}

fn room(source: io::Error) -> ToolError {
    ToolError::Start {
        tool: "the folder of the kernel",
        source,
    }
}
