//! Locks on the simulated file system, holders and their records, and real processes.

mod holders;
mod locking;
mod processes;

use camino::Utf8Path;

use crate::fs::{CrashFs, Fs};
use crate::test_kit::{os, write};

/// A `/proc` in which process 4711 of [`holder`] runs.
fn plant_proc(fs: &CrashFs, start_time: u64) {
    for path in ["/proc/4711/ns", "/proc/sys/kernel/random"] {
        fs.plant_dir(Utf8Path::new(path)).unwrap();
    }
    let dir = |path| fs.open_dir(Utf8Path::new(path)).unwrap();
    let stat = format!(
        "4711 (odd) name)) S {} {start_time} 0 0\n",
        "0 ".repeat(18).trim()
    );
    write(&*dir("/proc/4711"), "stat", stat.as_bytes());
    dir("/proc/4711/ns")
        .make_symlink(os("pid:[99]"), os("pid"))
        .unwrap();
    write(&*dir("/proc/sys/kernel/random"), "boot_id", b"boot\n");
    write(&*dir("/proc/sys/kernel"), "hostname", b"host\n");
}
