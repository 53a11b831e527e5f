//! What the manager is told about its surroundings.

use std::ffi::OsStr;
use std::io;
use std::sync::Arc;

use camino::Utf8Path;
use session_state::template::Engines;
use session_storage::{
    Entropy, Fs, Holder, JournalOptions, LockPolicy, OpenMode, RealFs, SystemEntropy,
};
use suspend_resume::Limits;
use xxhash_rust::xxh3::xxh3_128;

use crate::clock::{Clock, SystemClock};
use crate::faults::Faults;

/// The surroundings of a manager and its policies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ManagerOptions {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where identities and nonces come from.
    pub entropy: Arc<dyn Entropy>,
    /// Who takes locks: what another process reads when it finds the session held.
    pub holder: Holder,
    /// Which machine this is, so that a session copied from another one is known as a copy. Any text that no two
    /// machines share; the options of this process hold a digest of the machine's own identity.
    pub machine: Option<String>,
    /// What to do when another process holds the session. Default: fail at once and name the holder.
    pub lock: LockPolicy,
    /// How often a job may be started before it counts as crashed. Default: 3.
    pub attempts_max: u32,
    /// Output up to this many bytes is kept with the result itself, more in files. Default: 16 KiB.
    pub inline_log_bytes_max: usize,
    /// How the journal is laid out.
    pub journal: JournalOptions,
    /// What is refused when a session is read.
    pub limits: Limits,
    /// The engines for the texts of templates, beside the default one. Default: none.
    pub engines: Engines,
    /// Mistakes switched on by a test.
    #[cfg(feature = "simulation")]
    pub faults: Faults,
}

impl ManagerOptions {
    /// The options of this process on this machine.
    ///
    /// # Errors
    /// The operating system has no randomness to give.
    pub fn system() -> io::Result<Self> {
        let clock = Arc::new(SystemClock);
        let command = std::env::args().next().unwrap_or_default();
        let holder = Holder::of_process(&RealFs, std::process::id(), &command, clock.now_us());
        let mut options = Self::new(clock, Arc::new(SystemEntropy::new()?), holder);
        options.machine = machine(&RealFs);
        Ok(options)
    }

    /// Options with a clock, a source of randomness and a holder of the caller's own.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, holder: Holder) -> Self {
        Self {
            clock,
            journal: JournalOptions::new(Arc::clone(&entropy)),
            entropy,
            holder,
            machine: None,
            lock: LockPolicy::FailNow,
            attempts_max: 3,
            inline_log_bytes_max: 16 << 10,
            limits: Limits::default(),
            engines: Engines::default(),
            #[cfg(feature = "simulation")]
            faults: Faults::default(),
        }
    }

    pub(crate) fn faults(&self) -> Faults {
        #[cfg(feature = "simulation")]
        let faults = self.faults;
        #[cfg(not(feature = "simulation"))]
        let faults = Faults::default();
        faults
    }

    /// The boot of the machine, as far as it is known.
    pub(crate) fn boot(&self) -> Option<&str> {
        self.holder.boot_id.as_deref()
    }

    pub(crate) fn now_seconds(&self) -> f64 {
        micros_to_seconds(self.clock.now_us())
    }
}

/// A digest of the machine's identity: the identity itself is not to be handed around, and sessions are.
fn machine(fs: &dyn Fs) -> Option<String> {
    let dir = fs.open_dir(Utf8Path::new("/etc")).ok()?;
    let file = dir
        .open_file(OsStr::new("machine-id"), OpenMode::Read)
        .ok()?;
    let mut bytes = vec![0; 64];
    let count = file.read_full_at(&mut bytes, 0).ok()?;
    bytes.truncate(count);
    let identity = bytes.trim_ascii();
    let domain = b"session-manager home 0\0";
    (!identity.is_empty()).then(|| format!("{:032x}", xxh3_128(&[&domain[..], identity].concat())))
}

/// Microseconds as seconds. Exact to the microsecond for any date of ours.
#[expect(
    clippy::cast_precision_loss,
    reason = "microseconds since the epoch fit 53 bits until the year 2255"
)]
pub(crate) fn micros_to_seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}
