//! Where a session stands in its life, as an explicit state machine over the flags of its metadata.

use std::collections::BTreeSet;
use std::fmt;

use session_state::SessionState;

use crate::pause::DISK_FULL;

/// Where a session stands in its life.
///
/// The states and the flags of the metadata say the same: [`Lifecycle::of`] reads them, [`Lifecycle::flags`] gives
/// them back. `setting_up`, `bootstrapping`, `incomplete` and `submitted` are Checkbox's and mean there what they
/// mean here; `paused`, `disk_full` and `aborted` are ours, and Checkbox passes over them. Other flags are nobody's business
/// here and stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lifecycle {
    /// Made, and nothing was begun.
    Fresh,
    /// Jobs prepare the machine.
    SettingUp,
    /// Jobs run whose output makes further jobs.
    Bootstrapping,
    /// Jobs run, or did when the run ended.
    Running,
    /// Stopped on purpose, to be gone on with.
    Paused,
    /// Nothing is left to do.
    Finished,
    /// Given up on purpose; the results are kept, and nothing runs any more.
    Aborted,
    /// Finished, and its results were handed in.
    Submitted,
}

/// The flags that belong to the state machine.
const FLAGS: [&str; 7] = [
    "setting_up",
    "bootstrapping",
    "incomplete",
    "paused",
    DISK_FULL,
    "aborted",
    "submitted",
];

/// A step that the life of a session does not have. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a session that is {from} cannot become {to}")]
pub struct WrongTransition {
    /// Where it stands.
    pub from: Lifecycle,
    /// Where it was to go.
    pub to: Lifecycle,
}

impl Lifecycle {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 8] = [
        Self::Fresh,
        Self::SettingUp,
        Self::Bootstrapping,
        Self::Running,
        Self::Paused,
        Self::Finished,
        Self::Aborted,
        Self::Submitted,
    ];

    /// Reads the flags. `begun` tells whether any job was ever begun or has a result: without it a finished session
    /// and a fresh one have the same flags. Any set of flags means something; where several are there, the one that
    /// keeps more from being done again wins: aborted, then setting up, bootstrapping, incomplete, submitted.
    pub fn of(flags: &BTreeSet<String>, begun: bool) -> Self {
        let has = |flag: &str| flags.contains(flag);
        if has("aborted") {
            Self::Aborted
        } else if has("setting_up") {
            Self::SettingUp
        } else if has("bootstrapping") {
            Self::Bootstrapping
        } else if has("incomplete") {
            if has("paused") {
                Self::Paused
            } else {
                Self::Running
            }
        } else if has("submitted") {
            Self::Submitted
        } else if begun {
            Self::Finished
        } else {
            Self::Fresh
        }
    }

    /// Where a state stands.
    pub fn of_state(state: &SessionState) -> Self {
        let metadata = state.metadata();
        let begun =
            metadata.running_job_name.is_some() || state.outcome_counts().iter().next().is_some();
        Self::of(&metadata.flags, begun)
    }

    /// The flags of this state.
    pub const fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Fresh | Self::Finished => &[],
            Self::SettingUp => &["setting_up"],
            Self::Bootstrapping => &["bootstrapping"],
            Self::Running => &["incomplete"],
            Self::Paused => &["incomplete", "paused"],
            Self::Aborted => &["aborted"],
            Self::Submitted => &["submitted"],
        }
    }

    /// Whether a session may go from here to there. Going on after a kill is a step from a state to itself.
    pub const fn may_become(self, to: Self) -> bool {
        match self {
            Self::Fresh => matches!(
                to,
                Self::SettingUp | Self::Bootstrapping | Self::Running | Self::Aborted
            ),
            Self::SettingUp => matches!(
                to,
                Self::SettingUp | Self::Bootstrapping | Self::Running | Self::Aborted
            ),
            Self::Bootstrapping => {
                matches!(to, Self::Bootstrapping | Self::Running | Self::Aborted)
            }
            Self::Running => matches!(
                to,
                Self::Running | Self::Paused | Self::Finished | Self::Aborted
            ),
            Self::Paused => matches!(to, Self::Running | Self::Finished | Self::Aborted),
            // Jobs may be chosen to run again until the results are handed in.
            Self::Finished => matches!(to, Self::Running | Self::Submitted),
            Self::Aborted | Self::Submitted => false,
        }
    }

    /// Whether anything may still run.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Fresh
            | Self::SettingUp
            | Self::Bootstrapping
            | Self::Running
            | Self::Paused
            | Self::Finished => true,
            Self::Aborted | Self::Submitted => false,
        }
    }

    /// Takes the step in the metadata of a state: the flags of the machine are set and cleared, others stay.
    ///
    /// # Errors
    /// The life of a session does not have this step; the state is as it was.
    pub fn enter(self, state: &mut SessionState) -> Result<(), WrongTransition> {
        let from = Self::of_state(state);
        if !from.may_become(self) {
            return Err(WrongTransition { from, to: self });
        }
        for flag in FLAGS {
            let wanted = self.flags().contains(&flag);
            let has = state.metadata().flags.contains(flag);
            if wanted && !has {
                state.set_flag(flag);
            } else if has && !wanted {
                state.clear_flag(flag);
            }
        }
        Ok(())
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::SettingUp => "setting up",
            Self::Bootstrapping => "bootstrapping",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Aborted => "aborted",
            Self::Submitted => "submitted",
        }
    }
}

impl fmt::Display for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
