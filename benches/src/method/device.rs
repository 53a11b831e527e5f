//! What a block device was asked to do, by its own counters.
//!
//! With the right to mount, the work is done on an ext4 file system of its own, on a loop device nobody else
//! writes to: then every byte is the work's. Without it the counters are those of the device below the build
//! folder, with whatever else the machine wrote meanwhile.

use std::os::linux::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::disk;
use crate::error::{BenchError, Doing as _};

const SECTOR_BYTES: u64 = 512;

/// The size of the image; it is sparse.
const IMAGE_MIB: &str = "3072";

/// Where a scratch file system lies, and the counters below it.
#[derive(Debug)]
pub struct Device {
    folder: PathBuf,
    counters: PathBuf,
    exclusive: bool,
    mounted: bool,
    _scratch: Vec<tempfile::TempDir>,
}

/// What was asked of a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceCounters {
    /// Bytes written.
    pub bytes: u64,
    /// Write requests, empty ones that only flush included.
    pub requests: u64,
    /// Flushes.
    pub flushes: u64,
}

impl DeviceCounters {
    /// What came since an earlier look.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            bytes: self.bytes.saturating_sub(earlier.bytes),
            requests: self.requests.saturating_sub(earlier.requests),
            flushes: self.flushes.saturating_sub(earlier.flushes),
        }
    }
}

impl Device {
    /// A scratch file system of its own, else a folder on the device below the build folder; `None` where
    /// the kernel has no counters for that.
    ///
    /// # Errors
    /// No scratch folder can be made.
    pub fn find() -> Result<Option<Self>, BenchError> {
        match Self::own() {
            Some(device) => Ok(Some(device)),
            None => Self::below_the_build_folder(),
        }
    }

    /// A folder on the device below the build folder, which others write to as well; `None` as above.
    ///
    /// # Errors
    /// No scratch folder can be made.
    pub fn below_the_build_folder() -> Result<Option<Self>, BenchError> {
        let scratch = disk::scratch().doing("make a scratch folder")?;
        let folder = scratch.path().to_path_buf();
        let device = Self {
            counters: counters_below(&folder)?,
            folder,
            exclusive: false,
            mounted: false,
            _scratch: vec![scratch],
        };
        Ok(device.counters().is_ok().then_some(device))
    }

    /// The folder to work in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What a row adds to its work: whose writing is counted, where that is not the work's alone.
    #[must_use]
    pub fn whose(&self) -> &'static str {
        if self.exclusive {
            ""
        } else {
            " (whole machine)"
        }
    }

    /// What the device was asked to do so far.
    ///
    /// # Errors
    /// The kernel does not tell.
    pub fn counters(&self) -> Result<DeviceCounters, BenchError> {
        let text =
            disk::read_text(&self.counters).doing("read the counters of the block device")?;
        let numbers: Vec<u64> = text
            .split_whitespace()
            .map_while(|word| word.parse().ok())
            .collect();
        let number = |place: usize| {
            numbers
                .get(place)
                .copied()
                .ok_or("the kernel's line has too few numbers")
                .doing("read the counters of the block device")
        };
        Ok(DeviceCounters {
            requests: number(4)?,
            bytes: number(6)? * SECTOR_BYTES,
            flushes: number(15)?,
        })
    }

    /// Writes out what the file system still holds back, so that it counts to nobody else's work.
    ///
    /// # Errors
    /// As the system says.
    pub fn settle(&self) -> Result<(), BenchError> {
        let folder = disk::open(&self.folder).doing("open the scratch file system")?;
        rustix::fs::syncfs(folder).doing("sync the scratch file system")
    }

    /// The image lies in memory where that is possible: flushes are counted, not waited for.
    fn own() -> Option<Self> {
        let memory = Path::new("/dev/shm");
        let image_folder = tempfile::Builder::new()
            .prefix("session-bench-")
            .tempdir_in(memory)
            .or_else(|_| disk::scratch())
            .ok()?;
        let mount_folder = disk::scratch().ok()?;
        let image = image_folder.path().join("image");
        let quiet = |program: &str, arguments: &[&std::ffi::OsStr]| {
            let output = Command::new(program).args(arguments).output();
            output.is_ok_and(|output| output.status.success())
        };
        let size = format!("{IMAGE_MIB}M");
        let folder = mount_folder.path().to_path_buf();
        let made = quiet(
            "truncate",
            &["-s".as_ref(), size.as_ref(), image.as_os_str()],
        ) && quiet(
            "mkfs.ext4",
            &["-q".as_ref(), "-F".as_ref(), image.as_os_str()],
        ) && quiet(
            "mount",
            &[
                "-o".as_ref(),
                "loop".as_ref(),
                image.as_os_str(),
                folder.as_os_str(),
            ],
        );
        if !made {
            return None;
        }
        let mut device = Self {
            counters: PathBuf::new(),
            folder: folder.clone(),
            exclusive: true,
            mounted: true,
            _scratch: vec![image_folder, mount_folder],
        };
        device.counters = counters_below(&folder).ok()?;
        Some(device)
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        if self.mounted {
            // Nothing follows from a failure: the mount ends with the mount namespace of this process.
            let _ = Command::new("umount")
                .arg("--lazy")
                .arg(&self.folder)
                .status();
        }
    }
}

fn counters_below(folder: &Path) -> Result<PathBuf, BenchError> {
    let metadata = folder.metadata().doing("look at the scratch folder")?;
    let device = metadata.st_dev();
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    Ok(PathBuf::from(format!(
        "/sys/dev/block/{major}:{minor}/stat"
    )))
}
