//! What ended the run before, from the traces it left.

use std::fmt;

use session_storage::{Liveness, LockState};

/// What ended the run before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CauseOfDeath {
    /// Nothing: the process lives.
    StillRunning,
    /// It closed the session.
    CleanClose,
    /// Its process ended without closing the session, by an error of its own, or by something of which no trace is
    /// left.
    ProcessDied,
    /// It was killed while the machine stayed up: its process is gone, and its record stands.
    Killed,
    /// The machine was started anew, and the job in flight is one that has it do so.
    RebootAsked,
    /// The machine was started anew, and no job had asked for it: a crash of the kernel, a power cut, a person.
    RebootUnasked,
    /// It ran on another machine; this is a copy, or the disk was moved.
    OtherMachine,
}

/// What a judgement rests on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeathFacts<'a> {
    /// Whether the session was closed.
    pub(crate) closed: bool,
    /// What the lock file says, and whether that holder lives.
    pub(crate) lock: &'a LockState,
    /// Whether the session was last written on another machine.
    pub(crate) other_machine: bool,
    /// The boot in which the job in flight was begun.
    pub(crate) boot_of_flight: Option<&'a str>,
    /// The boot that runs now.
    pub(crate) boot_now: Option<&'a str>,
    /// Whether the job in flight has the flag `noreturn` or `autorestart`.
    pub(crate) asks_for_reboot: bool,
}

impl CauseOfDeath {
    /// Every cause.
    pub const ALL: [Self; 7] = [
        Self::StillRunning,
        Self::CleanClose,
        Self::ProcessDied,
        Self::Killed,
        Self::RebootAsked,
        Self::RebootUnasked,
        Self::OtherMachine,
    ];

    /// Whether the machine is another run of itself than when the job in flight was begun.
    pub const fn is_reboot(self) -> bool {
        match self {
            Self::RebootAsked | Self::RebootUnasked => true,
            Self::StillRunning
            | Self::CleanClose
            | Self::ProcessDied
            | Self::Killed
            | Self::OtherMachine => false,
        }
    }

    pub(crate) fn judge(facts: &DeathFacts<'_>) -> Self {
        let alive = match facts.lock {
            LockState::Free => None,
            LockState::Recorded { alive, .. } => Some(*alive),
        };
        let is_other_boot = match (facts.boot_of_flight, facts.boot_now) {
            (Some(then), Some(now)) => then != now,
            (None, _) | (_, None) => false,
        };
        if alive == Some(Liveness::Alive) {
            Self::StillRunning
        } else if facts.closed {
            Self::CleanClose
        } else if facts.other_machine || alive == Some(Liveness::OtherHost) {
            Self::OtherMachine
        } else if is_other_boot || alive == Some(Liveness::EarlierBoot) {
            if facts.asks_for_reboot {
                Self::RebootAsked
            } else {
                Self::RebootUnasked
            }
        } else {
            match alive {
                Some(Liveness::Gone | Liveness::OtherNamespace) => Self::Killed,
                Some(
                    Liveness::Unknown
                    | Liveness::Alive
                    | Liveness::EarlierBoot
                    | Liveness::OtherHost,
                )
                | None => Self::ProcessDied,
            }
        }
    }

    /// The word that documents and JSON use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StillRunning => "still-running",
            Self::CleanClose => "clean-close",
            Self::ProcessDied => "process-died",
            Self::Killed => "killed",
            Self::RebootAsked => "reboot-asked",
            Self::RebootUnasked => "reboot-unasked",
            Self::OtherMachine => "other-machine",
        }
    }
}

impl fmt::Display for CauseOfDeath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StillRunning => "it is still running",
            Self::CleanClose => "the session was closed cleanly",
            Self::ProcessDied => "its process ended without closing the session",
            Self::Killed => "its process was killed while the machine stayed up",
            Self::RebootAsked => "the machine was started anew, as the running job asks for",
            Self::RebootUnasked => "the machine was started anew, and no job had asked for it",
            Self::OtherMachine => "it ran on another machine",
        })
    }
}
