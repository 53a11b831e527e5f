//! What a plan is made for: where it is to be carried out, and what is wanted.

use std::fmt;
use std::str::FromStr;

use suspend_resume::Format;

use super::fates::FlightRules;
use crate::options::ManagerOptions;

/// What becomes of a job whose definition is another one now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DriftPolicy {
    /// Nothing is resumed.
    Refuse,
    /// The session keeps its own definition.
    Keep,
    /// The new definition is taken over, and the job runs, done or not.
    Rerun,
    /// The job leaves the session.
    Drop,
    /// The new definition is taken over where the job has yet to run; done jobs stay as they are.
    TakeIfNotRun,
}

/// What becomes of processes that the run before left running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrphanPolicy {
    /// They are ended.
    Kill,
    /// They are waited for.
    Wait,
    /// Nothing is resumed while one lives.
    Refuse,
}

/// What becomes of the session when a job was cut short as often as is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AtLimit {
    /// The other jobs run.
    GoOn,
    /// The session is paused; the job has its outcome all the same.
    Pause,
}

/// A word that names no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{word}' is none of {known}")]
pub struct UnknownPolicy {
    /// The word.
    pub word: String,
    /// The words there are.
    pub known: &'static str,
}

/// The words of a policy, both ways.
macro_rules! words {
    ($policy:ty, $known:literal, $($variant:ident => $word:literal),+) => {
        impl $policy {
            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $policy {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $policy {
            type Err = UnknownPolicy;

            fn from_str(word: &str) -> Result<Self, UnknownPolicy> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err(UnknownPolicy { word: other.to_owned(), known: $known }),
                }
            }
        }
    };
}

words!(
    DriftPolicy, "refuse, keep, rerun, drop, take-if-not-run",
    Refuse => "refuse", Keep => "keep", Rerun => "rerun", Drop => "drop", TakeIfNotRun => "take-if-not-run"
);
words!(OrphanPolicy, "kill, wait, refuse", Kill => "kill", Wait => "wait", Refuse => "refuse");
words!(AtLimit, "go-on, pause", GoOn => "go-on", Pause => "pause");

impl DriftPolicy {
    /// The policy where none is asked for.
    pub const fn default_of(format: Format) -> Self {
        match format {
            Format::Native => Self::TakeIfNotRun,
            Format::Checkbox(_) => Self::Refuse,
        }
    }
}

impl FlightRules {
    /// The rules where none are asked for.
    pub const fn default_of(format: Format) -> Self {
        match format {
            Format::Native => Self::Native,
            Format::Checkbox(_) => Self::Checkbox,
        }
    }
}

/// What is wanted of a resume. Where nothing is said, the format of the session decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResumePolicy {
    /// What becomes of jobs whose definitions changed.
    pub drift: Option<DriftPolicy>,
    /// What becomes of processes of the run before.
    pub orphans: OrphanPolicy,
    /// Whose rules decide about the job in flight.
    pub flight: Option<FlightRules>,
    /// What becomes of the session when a job was cut short too often.
    pub at_limit: AtLimit,
}

impl Default for ResumePolicy {
    fn default() -> Self {
        Self {
            drift: None,
            orphans: OrphanPolicy::Kill,
            flight: None,
            at_limit: AtLimit::GoOn,
        }
    }
}

/// Where and when a plan is to be carried out, and what is wanted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResumeEnvironment {
    /// The boot of the machine.
    pub boot: Option<String>,
    /// The machine, by a digest of its identity.
    pub machine: Option<String>,
    /// The time, in microseconds since the epoch.
    pub now_us: i64,
    /// How often a job may be started before it counts as crashed.
    pub attempts_max: u32,
    /// What is wanted.
    pub policy: ResumePolicy,
}

impl ResumeEnvironment {
    /// This machine, now, as the options tell.
    pub fn of(options: &ManagerOptions, policy: ResumePolicy) -> Self {
        Self {
            boot: options.holder.boot_id.clone(),
            machine: options.machine.clone(),
            now_us: options.clock.now_us(),
            attempts_max: options.attempts_max,
            policy,
        }
    }
}
