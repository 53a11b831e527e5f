//! Why a session stands still, kept with the session itself.

use std::collections::BTreeSet;
use std::fmt;

use crate::lifecycle::Lifecycle;
use crate::manager::SessionManager;

/// Why a run stopped before its end, on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PauseReason {
    /// Somebody asked for it, or a policy did.
    Asked,
    /// The disk was full.
    DiskFull,
}

/// Stands among the flags of a session that paused since the disk was full.
pub(crate) const DISK_FULL: &str = "disk_full";

impl PauseReason {
    /// Reads it from the flags of a session; `None` when it does not stand still.
    pub fn of(flags: &BTreeSet<String>) -> Option<Self> {
        if flags.contains(DISK_FULL) {
            Some(Self::DiskFull)
        } else {
            // Whether anything was begun makes no difference to a session with the flags of a paused one.
            (Lifecycle::of(flags, true) == Lifecycle::Paused).then_some(Self::Asked)
        }
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::DiskFull => "disk full",
        }
    }
}

impl fmt::Display for PauseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl SessionManager {
    /// Notes that the run stops here, and why. Durable with the next [`checkpoint`](Self::checkpoint), for which the
    /// room that was put aside for a full disk serves; gone with the next step in the life of the session
    /// ([`enter`](Self::enter)), in this process or in a later one.
    ///
    /// A session that is being set up or bootstrapped stays so, with the reason beside it; one that is finished, given
    /// up or handed in has nothing to pause, and nothing changes.
    pub fn pause(&mut self, why: PauseReason) {
        let here = self.lifecycle();
        match here {
            Lifecycle::Finished | Lifecycle::Aborted | Lifecycle::Submitted => return,
            // A life has this step, so nothing can be refused.
            Lifecycle::Running => self.enter(Lifecycle::Paused).unwrap_or_default(),
            Lifecycle::Fresh
            | Lifecycle::SettingUp
            | Lifecycle::Bootstrapping
            | Lifecycle::Paused => {}
        }
        match why {
            PauseReason::Asked => {}
            PauseReason::DiskFull if self.pause_reason() == Some(why) => {}
            PauseReason::DiskFull => self.device.state_mut().set_flag(DISK_FULL),
        }
    }

    /// Why the session stands still, if it does.
    pub fn pause_reason(&self) -> Option<PauseReason> {
        PauseReason::of(&self.device.state().metadata().flags)
    }
}
