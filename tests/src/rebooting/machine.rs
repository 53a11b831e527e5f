//! The virtual machine: a disk, a first program, and a console.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::archive::Archive;
use super::kernel::Kernel;
use super::story::{BOOT, PLAN, first_program};
use crate::disk;
use crate::tools::{ToolError, run};

/// The size of the disk.
const DISK: &str = "512M";

/// How long a boot with everything in it may take, however slow the host is.
const BOOT_MAX: Duration = Duration::from_secs(300);

const QEMU: &str = "qemu-system-x86_64";

/// A virtual machine that is switched off.
#[derive(Debug)]
pub(super) struct Machine {
    folder: TempDir,
    kernel: PathBuf,
}

/// How a boot ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// The machine switched itself off.
    Off,
    /// The host took the power away when this line was said.
    Said(&'static str),
}

impl Machine {
    /// Makes one whose disk holds the program and the plan.
    pub(super) fn new(kernel: &Kernel, program: &Path) -> Result<Self, ToolError> {
        let folder = TempDir::with_prefix("session-reboot-").map_err(room)?;
        let busybox = busybox()?;
        let root = folder.path().join("root");
        for name in ["bin", "dev", "proc", "sys", "tmp"] {
            disk::create_folder(&root.join(name)).map_err(room)?;
        }
        install(&busybox, &root.join("bin/busybox"))?;
        install(program, &root.join("bin/session"))?;
        for library in libraries(program)? {
            let below = library.strip_prefix("/").unwrap_or(&library);
            install(&library, &root.join(below))?;
        }
        for name in [
            "sh", "mount", "cat", "tr", "sync", "poweroff", "touch", "sleep", "test", "echo",
        ] {
            let link = root.join("bin").join(name);
            run("ln", &[Path::new("-s"), Path::new("busybox"), &link])?;
        }
        disk::write(&root.join("boot.sh"), BOOT.as_bytes()).map_err(room)?;
        disk::write(&root.join("plan.pxu"), PLAN.as_bytes()).map_err(room)?;
        let image = folder.path().join("disk");
        let words = ["-q", "-F", "-d"].map(Path::new);
        run(
            "mkfs.ext4",
            &[words[0], words[1], words[2], &root, &image, Path::new(DISK)],
        )?;
        let archive = first_files(kernel, &busybox)?;
        disk::write(&folder.path().join("first"), &archive).map_err(room)?;
        Ok(Self {
            folder,
            kernel: kernel.image.clone(),
        })
    }

    /// Switches it on; answers what it said on its console.
    pub(super) fn boot(&self, until: Until) -> Result<Vec<String>, ToolError> {
        let mut child = self.start()?;
        let lines = listen(&mut child);
        let heard = hear(&lines, until);
        // Off already, or the power is taken away now.
        let ended = child.kill().and_then(|()| child.wait());
        let heard = heard?;
        ended.map_err(|source| ToolError::Start { tool: QEMU, source })?;
        Ok(heard)
    }

    fn start(&self) -> Result<Child, ToolError> {
        let drive = format!(
            "file={},format=raw,if=virtio,cache=writeback",
            self.folder.path().join("disk").display()
        );
        Command::new(QEMU)
            .args([
                "-machine",
                "q35,accel=tcg",
                "-m",
                "512",
                "-nographic",
                "-no-reboot",
            ])
            .args([
                "-net",
                "none",
                "-append",
                "console=ttyS0 quiet loglevel=0 panic=-1",
            ])
            .arg("-kernel")
            .arg(&self.kernel)
            .arg("-initrd")
            .arg(self.folder.path().join("first"))
            .args(["-drive", &drive])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| ToolError::Start { tool: QEMU, source })
    }
}

/// The console, line by line.
fn listen(child: &mut Child) -> Receiver<String> {
    let (said, heard) = channel();
    if let Some(console) = child.stdout.take() {
        thread::spawn(move || {
            let mut console = BufReader::new(console);
            let mut line = Vec::new();
            while matches!(console.read_until(b'\n', &mut line), Ok(1..)) {
                let text = String::from_utf8_lossy(&line).trim().to_owned();
                if said.send(text).is_err() {
                    return;
                }
                line.clear();
            }
        });
    }
    heard
}

fn hear(lines: &Receiver<String>, until: Until) -> Result<Vec<String>, ToolError> {
    let end = Instant::now() + BOOT_MAX;
    let mut heard = Vec::new();
    loop {
        match lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                let is_end = match until {
                    Until::Said(wanted) => line == wanted,
                    Until::Off => false,
                };
                heard.push(line);
                if is_end {
                    return Ok(heard);
                }
            }
            Err(RecvTimeoutError::Disconnected) if until == Until::Off => return Ok(heard),
            Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => {
                let last = heard.iter().rev().take(30).rev();
                let said: Vec<&str> = last.map(String::as_str).collect();
                return Err(ToolError::Failed {
                    tool: QEMU,
                    said: said.join("\n"),
                });
            }
        }
    }
}

/// What the kernel unpacks: modules, and the program that loads them.
fn first_files(kernel: &Kernel, busybox: &Path) -> Result<Vec<u8>, ToolError> {
    let mut archive = Archive::default();
    for name in ["dev", "disk"] {
        archive.folder(name);
    }
    archive.file("busybox", &disk::read(busybox).map_err(room)?);
    let mut names = Vec::new();
    for module in &kernel.modules {
        let name = module.file_name().unwrap_or_default().to_string_lossy();
        archive.file(&name, &disk::read(module).map_err(room)?);
        names.push(name.into_owned());
    }
    archive.file("init", first_program(&names).as_bytes());
    Ok(archive.finish())
}

/// The shell and tools of the machine, in one static program.
fn busybox() -> Result<PathBuf, ToolError> {
    let places = ["/bin/busybox", "/usr/bin/busybox"].map(PathBuf::from);
    let found = places.into_iter().find(|path| path.is_file());
    found.ok_or_else(|| ToolError::Start {
        tool: "busybox (Debian: busybox-static)",
        source: std::io::ErrorKind::NotFound.into(),
    })
}

/// The shared libraries a program is started with, its loader among them.
fn libraries(program: &Path) -> Result<Vec<PathBuf>, ToolError> {
    let said = run("ldd", &[program])?;
    let paths = said.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        words.find(|word| word.starts_with('/')).map(PathBuf::from)
    });
    Ok(paths.collect())
}

fn install(from: &Path, to: &Path) -> Result<(), ToolError> {
    let words = ["-D", "-m", "755"].map(Path::new);
    run("install", &[words[0], words[1], words[2], from, to]).map(drop)
}

fn room(source: std::io::Error) -> ToolError {
    ToolError::Start {
        tool: "a temporary folder",
        source,
    }
}
