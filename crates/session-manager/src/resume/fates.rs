//! The fate of the job in flight: one total table, of which the first row that fits decides.
//!
//! `docs/resume.md` shows the same table; a test compares them word by word.

use session_state::{JobId, JobOutcome, PluginKind};

use super::death::CauseOfDeath;
use super::result_file::ResultFile;

/// Whose rules decide about a job in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlightRules {
    /// Ours: a job that was cut short runs again, as often as is allowed.
    Native,
    /// Checkbox's: a shell job that was cut short crashed.
    Checkbox,
}

impl FlightRules {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Native, Self::Checkbox];
}

/// What the fate of a job in flight depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FlightFacts {
    /// The kind of the job; `None` when it is not known.
    pub kind: Option<PluginKind>,
    /// Whether it has the flag `noreturn`: it ends with the machine going down.
    pub noreturn: bool,
    /// Whether it has the flag `autorestart`: it may have the machine start anew.
    pub autorestart: bool,
    /// The outcome in the result file: `None` without a file that is a JSON object; within, `None` for an outcome
    /// other than `pass`, `fail` and `skip`.
    pub left_outcome: Option<Option<JobOutcome>>,
    /// Whether the attempt was really started: its log is there, or the machine was started anew since, which may
    /// have taken the log.
    pub started: bool,
    /// How many attempts were begun since its last result, this one included.
    pub attempts: u32,
    /// How many attempts are allowed.
    pub attempts_max: u32,
    /// What ended the run.
    pub death: CauseOfDeath,
    /// Whose rules decide.
    pub rules: FlightRules,
}

/// What is done about a job in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlightAction {
    /// It runs now; the announced attempt is this one, and counts once.
    RunNow,
    /// It runs again, as a further attempt.
    RunAgain,
    /// It gets this outcome and does not run.
    Record(JobOutcome),
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FateRow {
    /// See [`FateRow::condition`] and [`FateRow::reason`].
    NotStarted,
    /// A valid result file.
    LeftResult,
    /// A result file with an outcome that is none.
    LeftNonsense,
    /// Native, `noreturn`, the machine went down, a person has the verdict.
    WentDownForPerson,
    /// Native, `noreturn`, the machine went down.
    WentDown,
    /// Checkbox, a shell job with `noreturn`.
    CheckboxNoReturn,
    /// Checkbox, any other shell job.
    CheckboxShell,
    /// The limit of attempts is reached.
    TooOften,
    /// Native, `autorestart`, the machine was started anew.
    Restarted,
    /// Everything else.
    CutShort,
}

impl FateRow {
    /// The rows in their order: the first that fits decides.
    pub const ALL: [Self; 10] = [
        Self::NotStarted,
        Self::LeftResult,
        Self::LeftNonsense,
        Self::WentDownForPerson,
        Self::WentDown,
        Self::CheckboxNoReturn,
        Self::CheckboxShell,
        Self::TooOften,
        Self::Restarted,
        Self::CutShort,
    ];

    /// Whether the row fits. The last fits everything, so the table is total.
    pub fn fits(self, facts: &FlightFacts) -> bool {
        let is_native = facts.rules == FlightRules::Native;
        let is_shell = facts.kind == Some(PluginKind::Shell);
        let went_down = is_native && facts.noreturn && facts.death.is_reboot();
        match self {
            Self::NotStarted => !facts.started,
            Self::LeftResult => matches!(facts.left_outcome, Some(Some(_))),
            Self::LeftNonsense => facts.left_outcome == Some(None),
            Self::WentDownForPerson => {
                went_down && facts.kind.is_some_and(PluginKind::needs_verdict)
            }
            Self::WentDown => went_down,
            Self::CheckboxNoReturn => !is_native && is_shell && facts.noreturn,
            Self::CheckboxShell => !is_native && is_shell,
            Self::TooOften => facts.attempts >= facts.attempts_max,
            Self::Restarted => is_native && facts.autorestart && facts.death.is_reboot(),
            Self::CutShort => true,
        }
    }

    /// When the row fits, in words.
    pub const fn condition(self) -> &'static str {
        match self {
            Self::NotStarted => "the attempt was announced and never started",
            Self::LeftResult => "the result file holds `pass`, `fail` or `skip`",
            Self::LeftNonsense => {
                "the result file is a JSON object with any other outcome, or none"
            }
            Self::WentDownForPerson => {
                "native rules, flag `noreturn`, the machine was started anew, a person has the verdict"
            }
            Self::WentDown => "native rules, flag `noreturn`, the machine was started anew",
            Self::CheckboxNoReturn => "Checkbox's rules, a shell job with the flag `noreturn`",
            Self::CheckboxShell => "Checkbox's rules, a shell job",
            Self::TooOften => "started as often as is allowed",
            Self::Restarted => "native rules, flag `autorestart`, the machine was started anew",
            Self::CutShort => "none of the rows above",
        }
    }

    /// What is done, in words.
    pub const fn action_text(self) -> &'static str {
        match self {
            Self::NotStarted => "runs now, not counted twice",
            Self::LeftResult => "that outcome",
            Self::WentDownForPerson => "`undecided`",
            Self::WentDown | Self::CheckboxNoReturn => "`pass`",
            Self::LeftNonsense | Self::CheckboxShell | Self::TooOften => "`crash`",
            Self::Restarted | Self::CutShort => "runs again",
        }
    }

    /// Why, in words.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NotStarted => {
                "nothing of it ran: no log was opened, and the machine is the same run"
            }
            Self::LeftResult => "the job left this result for the time after its own end",
            Self::LeftNonsense => {
                "the job left a result whose outcome is none of pass, fail and skip"
            }
            Self::WentDownForPerson => {
                "the machine went down as the job does; how it went is for a person to say"
            }
            Self::WentDown => "the machine went down as the job does, and came back",
            Self::CheckboxNoReturn => "Passed after resuming execution",
            Self::CheckboxShell => "Crashed after resuming execution",
            Self::TooOften => {
                "cut short each time it was started; one more start would end the run again"
            }
            Self::Restarted => {
                "the machine was started anew, as the job asks for, and it left no result"
            }
            Self::CutShort => "it was cut short, and attempts are left",
        }
    }

    /// What is done about a job this row fits.
    pub fn action(self, facts: &FlightFacts) -> FlightAction {
        match self {
            Self::NotStarted => FlightAction::RunNow,
            Self::LeftResult => {
                let left = facts.left_outcome.flatten();
                FlightAction::Record(left.unwrap_or(JobOutcome::Crash))
            }
            Self::WentDownForPerson => FlightAction::Record(JobOutcome::Undecided),
            Self::WentDown | Self::CheckboxNoReturn => FlightAction::Record(JobOutcome::Pass),
            Self::LeftNonsense | Self::CheckboxShell | Self::TooOften => {
                FlightAction::Record(JobOutcome::Crash)
            }
            Self::Restarted | Self::CutShort => FlightAction::RunAgain,
        }
    }
}

/// The row that decides, and what it says.
pub(crate) fn fate_of(facts: &FlightFacts) -> (FateRow, FlightAction) {
    let row = FateRow::ALL
        .into_iter()
        .find(|row| row.fits(facts))
        .unwrap_or(FateRow::CutShort);
    (row, row.action(facts))
}

impl FlightFacts {
    /// The outcome in a result file, as the table looks at it.
    pub(crate) fn left_outcome_of(file: &ResultFile) -> Option<Option<JobOutcome>> {
        match file {
            ResultFile::Absent | ResultFile::Invalid => None,
            ResultFile::Left(left) => Some(left.outcome),
        }
    }
}

/// What was decided for the job in flight.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// Nothing was in flight.
    Nothing,
    /// The table decided.
    Decided {
        /// About which job.
        job: JobId,
        /// Which attempt was in flight.
        attempt: u32,
        /// By which row.
        row: FateRow,
        /// What is done.
        action: FlightAction,
    },
}
