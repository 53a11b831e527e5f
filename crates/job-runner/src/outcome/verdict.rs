//! The mapping, as a pure function.

use session_state::JobOutcome;

use crate::run::EndCause;

/// Who decides whether a job passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judge {
    /// The return code of its command.
    ReturnCode,
    /// A person, after it ran.
    Person,
}

impl Judge {
    /// The judge of a job with this `plugin` field; `None` for a kind nobody knows.
    #[doc(alias = "plugin")]
    pub fn of_plugin(plugin: &str) -> Option<Self> {
        match plugin {
            "shell" | "resource" | "attachment" | "local" | "user-interact" => {
                Some(Self::ReturnCode)
            }
            "manual" | "user-verify" | "user-interact-verify" => Some(Self::Person),
            _ => None,
        }
    }
}

/// The outcome of a run that ended this way; `None` when it was cancelled, which says nothing about
/// the job.
///
/// Return code 0 is a pass, any other a fail, a signal a crash, whatever the judge is a person for is
/// undecided: as Checkbox does. It knows no time limit; here a job that ran into its limit failed.
pub fn outcome(cause: EndCause, judge: Judge) -> Option<JobOutcome> {
    match (cause, judge) {
        (EndCause::Cancelled, Judge::ReturnCode | Judge::Person) => None,
        (EndCause::Exited(_) | EndCause::Signalled(_) | EndCause::TimedOut, Judge::Person) => {
            Some(JobOutcome::Undecided)
        }
        (EndCause::Exited(0), Judge::ReturnCode) => Some(JobOutcome::Pass),
        (EndCause::Exited(_) | EndCause::TimedOut, Judge::ReturnCode) => Some(JobOutcome::Fail),
        (EndCause::Signalled(_), Judge::ReturnCode) => Some(JobOutcome::Crash),
    }
}
