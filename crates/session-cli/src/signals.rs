//! Signals that stop a run cleanly.
//!
//! The first SIGINT, SIGTERM or SIGHUP asks the running job to end; the second ends it at once; the third
//! ends this process where it stands, which loses nothing that was reported.

use std::ffi::OsStr;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use camino::Utf8Path;
use job_runner::Cancel;
use session_storage::{Fs, OpenMode, RealFs};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

use crate::exit_code::Exit;

const LOOK_EVERY: Duration = Duration::from_millis(20);
const STATUS_BYTES_MAX: usize = 16 * 1024;

/// What asks a run to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop {
    cancel: Cancel,
    signal: Arc<AtomicUsize>,
}

impl Stop {
    /// Takes the signals over for the rest of this process. A signal that was ignored when the program was
    /// started stays ignored, as under `nohup`.
    ///
    /// # Errors
    /// The kernel refuses a handler, or a thread.
    pub(crate) fn on_signals() -> io::Result<Self> {
        let requested = Arc::new(AtomicBool::new(false));
        let at_once = Arc::new(AtomicBool::new(false));
        let stop = Self {
            cancel: Cancel::from_flags(Arc::clone(&requested), Arc::clone(&at_once)),
            signal: Arc::default(),
        };
        let arrived = Arc::new(AtomicBool::new(false));
        let ignored = ignored_signals();
        for (number, value) in [
            (SIGINT, SIGINT as usize),
            (SIGTERM, SIGTERM as usize),
            (SIGHUP, SIGHUP as usize),
        ] {
            if !is_ignored(ignored, number) {
                flag::register_usize(number, Arc::clone(&stop.signal), value)?;
                flag::register(number, Arc::clone(&arrived))?;
            }
        }
        let signal = Arc::clone(&stop.signal);
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                for asked in [&requested, &at_once] {
                    wait_for(&arrived);
                    asked.store(true, Ordering::SeqCst);
                }
                wait_for(&arrived);
                let number = i32::try_from(signal.load(Ordering::SeqCst)).unwrap_or(SIGTERM);
                // Nothing is left to do when the kernel refuses: the run ends by itself soon.
                let _ = low_level::emulate_default_handler(number);
            })?;
        Ok(stop)
    }

    /// The token the running job looks at.
    pub(crate) fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// How the program is to end, once it is asked to stop.
    pub(crate) fn requested(&self) -> Option<Exit> {
        if !self.cancel.is_requested() && self.signal.load(Ordering::SeqCst) == 0 {
            return None;
        }
        Some(match i32::try_from(self.signal.load(Ordering::SeqCst)) {
            Ok(SIGTERM) => Exit::Terminate,
            Ok(SIGHUP) => Exit::Hangup,
            Ok(_) | Err(_) => Exit::Interrupt,
        })
    }
}

/// Returns when the flag was set, and takes it down.
fn wait_for(flag: &AtomicBool) {
    while !flag.swap(false, Ordering::SeqCst) {
        thread::sleep(LOOK_EVERY);
    }
}

/// The signals this process ignores since it was started, as the kernel's bit mask; 0 when it does not tell.
fn ignored_signals() -> u64 {
    let mask = || -> Option<u64> {
        // Not `/proc/self`: that is a symbolic link, and none is followed.
        let own = format!("/proc/{}", std::process::id());
        let dir = RealFs.open_dir(Utf8Path::new(&own)).ok()?;
        let file = dir.open_file(OsStr::new("status"), OpenMode::Read).ok()?;
        let mut buffer = vec![0; STATUS_BYTES_MAX];
        let count = file.read_full_at(&mut buffer, 0).ok()?;
        ignored_mask(&String::from_utf8_lossy(buffer.get(..count)?))
    };
    mask().unwrap_or(0)
}

/// The mask of ignored signals in the text of `/proc/self/status`.
pub(crate) fn ignored_mask(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(line.trim(), 16).ok()
}

/// Whether a mask holds a signal.
pub(crate) fn is_ignored(mask: u64, signal: i32) -> bool {
    u32::try_from(signal - 1)
        .ok()
        .and_then(|bit| mask.checked_shr(bit))
        .is_some_and(|shifted| shifted & 1 == 1)
}
