//! What a format cannot carry, as a type and in words.

use std::fmt;
use std::slice;

use session_state::{JobId, JobOutcome};

/// Something that is not in the bytes of a format, or that a resume of these bytes does not bring back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Loss {
    /// Of the definitions only the checksums are kept; whoever resumes the session has to have the units.
    Definitions {
        /// How many.
        jobs: usize,
    },
    /// Jobs that did not run and are not to be run (version 4 and later).
    Jobs(Vec<JobId>),
    /// Jobs that came into being by the output of another one, and not by a result of it that is written: in versions
    /// 1 to 3 those that only an earlier result printed. The session lists them all the same, and a resume refuses it
    /// as long as it is not given their definitions. What a log in a file prints is not looked at.
    UnprintedJobs(Vec<JobId>),
    /// That these jobs, which have results, are to be run again (version 4 and later).
    ToRunAgain(Vec<JobId>),
    /// Another order of the jobs to run than the one that selecting them anew gives.
    RunList,
    /// How often these jobs were begun.
    Attempts(Vec<JobId>),
    /// How often these jobs may still be tried.
    RemainingAttempts(Vec<JobId>),
    /// What a test plan put in the place of fields of these jobs.
    Overrides(Vec<JobId>),
    /// The templates; whoever resumes the session has to have the units.
    Templates {
        /// How many.
        templates: usize,
    },
    /// The units that are neither jobs nor templates.
    OtherUnits {
        /// How many.
        units: usize,
    },
    /// What is known of the machine.
    Manifest,
    /// That this job is in flight.
    Intent(JobId),
    /// Results of these jobs: all but the present one (versions 1 to 3), or one of two equal ones in a row.
    History(Vec<JobId>),
    /// Escape sequences of terminals in comments on these jobs.
    CommentEscapes(Vec<JobId>),
    /// Lengths and checksums of the log files of these jobs.
    LogIdentities(Vec<JobId>),
    /// Records of these resources that the output of their job does not give.
    Resources(Vec<JobId>),
    /// The application's bytes (version 1).
    AppBlob,
    /// The application's name (versions 1 and 2).
    AppId,
    /// The mandatory list, which is written but not read back (versions 1 to 5).
    MandatoryJobs(Vec<JobId>),
    /// The deselected jobs (versions 1 to 5).
    RejectedJobs(Vec<JobId>),
    /// That the jobs were chosen by hand (versions 1 to 5).
    CustomJoblist,
    /// When the last job was begun (versions 1 to 6).
    LastJobStartTime,
    /// That something is left to do (versions 1 to 10).
    RemainingTodoJobs,
    /// What the machine said of itself (versions 1 to 7, and the native format).
    SystemInformation,
    /// A field that the version it came from does not know, by its path there.
    UnknownField(String),
    /// That old releases open the session: they know the version but not this outcome, and refuse the whole session
    /// for it. PlainBox 0.5 (versions 1 to 3) does not know `crash`, and neither it nor 0.38 (versions 1 to 6) knows
    /// `skipped-dependency`, `skipped-resource` and `skipped-manifest`.
    OldReleases {
        /// The outcome.
        outcome: JobOutcome,
        /// The jobs with results that have it.
        jobs: Vec<JobId>,
        /// The releases of PlainBox that refuse it, by their numbers.
        releases: &'static [&'static str],
    },
    /// All of it: no resume takes the bytes.
    Everything(Obstacle),
}

/// Why no resume takes what is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// The job has results, but is to be run again and on no list: its results are written, its checksum is
    /// not (version 4 and later).
    UnlistedResults(JobId),
    /// A deselected job that the session does not know (version 6 and later).
    UnknownRejectedJob(JobId),
    /// A mandatory job that the session does not know (version 6 and later).
    UnknownMandatoryJob(JobId),
    /// A record in the log of the job has a delay below 0.
    NegativeDelay(JobId),
}

impl Loss {
    /// A stable name of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Definitions { .. } => "definitions",
            Self::Jobs(_) => "jobs",
            Self::UnprintedJobs(_) => "unprinted-jobs",
            Self::ToRunAgain(_) => "to-run-again",
            Self::RunList => "run-list",
            Self::Attempts(_) => "attempts",
            Self::RemainingAttempts(_) => "remaining-attempts",
            Self::Overrides(_) => "overrides",
            Self::Templates { .. } => "templates",
            Self::OtherUnits { .. } => "other-units",
            Self::Manifest => "manifest",
            Self::Intent(_) => "intent",
            Self::History(_) => "history",
            Self::CommentEscapes(_) => "comment-escapes",
            Self::LogIdentities(_) => "log-identities",
            Self::Resources(_) => "resources",
            Self::AppBlob => "app-blob",
            Self::AppId => "app-id",
            Self::MandatoryJobs(_) => "mandatory-jobs",
            Self::RejectedJobs(_) => "rejected-jobs",
            Self::CustomJoblist => "custom-joblist",
            Self::LastJobStartTime => "last-job-start-time",
            Self::RemainingTodoJobs => "remaining-todo-jobs",
            Self::SystemInformation => "system-information",
            Self::UnknownField(_) => "unknown-field",
            Self::OldReleases { .. } => "old-releases",
            Self::Everything(_) => "everything",
        }
    }

    /// The jobs it is about; none where it is about the whole session, or all jobs.
    pub fn jobs(&self) -> &[JobId] {
        match self {
            Self::Jobs(jobs)
            | Self::UnprintedJobs(jobs)
            | Self::ToRunAgain(jobs)
            | Self::Attempts(jobs)
            | Self::RemainingAttempts(jobs)
            | Self::Overrides(jobs)
            | Self::History(jobs)
            | Self::CommentEscapes(jobs)
            | Self::LogIdentities(jobs)
            | Self::Resources(jobs)
            | Self::MandatoryJobs(jobs)
            | Self::RejectedJobs(jobs)
            | Self::OldReleases { jobs, .. } => jobs,
            Self::Intent(job)
            | Self::Everything(
                Obstacle::UnlistedResults(job)
                | Obstacle::UnknownRejectedJob(job)
                | Obstacle::UnknownMandatoryJob(job)
                | Obstacle::NegativeDelay(job),
            ) => slice::from_ref(job),
            Self::Definitions { .. }
            | Self::Templates { .. }
            | Self::OtherUnits { .. }
            | Self::Manifest
            | Self::RunList
            | Self::AppBlob
            | Self::AppId
            | Self::CustomJoblist
            | Self::LastJobStartTime
            | Self::RemainingTodoJobs
            | Self::SystemInformation
            | Self::UnknownField(_) => &[],
        }
    }
}

/// How many jobs a text names; of more only the number is told.
const NAMES_MAX: usize = 5;

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Definitions { jobs } => {
                write!(
                    f,
                    "the definitions of {jobs} jobs; their checksums are kept"
                )
            }
            Self::Jobs(jobs) => write!(f, "jobs neither run nor to be run: {}", Names(jobs)),
            Self::UnprintedJobs(jobs) => write!(
                f,
                "what printed these jobs, so that a resume refuses the session unless it is given their definitions: {}",
                Names(jobs)
            ),
            Self::ToRunAgain(jobs) => write!(f, "that jobs are to be run again: {}", Names(jobs)),
            Self::RunList => f.write_str("the order of the jobs to run"),
            Self::Attempts(jobs) => write!(f, "how often jobs were begun: {}", Names(jobs)),
            Self::RemainingAttempts(jobs) => {
                write!(f, "how often jobs may still be tried: {}", Names(jobs))
            }
            Self::Overrides(jobs) => {
                write!(f, "what a test plan changed of jobs: {}", Names(jobs))
            }
            Self::Templates { templates } => write!(f, "{templates} templates"),
            Self::OtherUnits { units } => {
                write!(f, "{units} units such as categories; unit files have them")
            }
            Self::Manifest => f.write_str("what is known of the machine"),
            Self::Intent(job) => write!(f, "that job '{job}' is in flight"),
            Self::History(jobs) => write!(f, "earlier results of jobs: {}", Names(jobs)),
            Self::CommentEscapes(jobs) => {
                write!(f, "escape sequences in comments on jobs: {}", Names(jobs))
            }
            Self::LogIdentities(jobs) => {
                write!(
                    f,
                    "lengths and checksums of log files of jobs: {}",
                    Names(jobs)
                )
            }
            Self::Resources(jobs) => {
                write!(
                    f,
                    "records that no output gives, of resources: {}",
                    Names(jobs)
                )
            }
            Self::AppBlob => f.write_str("the bytes of the application"),
            Self::AppId => f.write_str("the name of the application"),
            Self::MandatoryJobs(jobs) => {
                write!(f, "that jobs are mandatory: {}", Names(jobs))
            }
            Self::RejectedJobs(jobs) => write!(f, "that jobs were deselected: {}", Names(jobs)),
            Self::CustomJoblist => f.write_str("that the jobs were chosen by hand"),
            Self::LastJobStartTime => f.write_str("when the last job was begun"),
            Self::RemainingTodoJobs => f.write_str("that something is left to do"),
            Self::SystemInformation => f.write_str("what the machine said of itself"),
            Self::UnknownField(path) => write!(f, "the unknown field {path}"),
            Self::OldReleases {
                outcome,
                jobs,
                releases,
            } => write!(
                f,
                "that PlainBox {} opens it, which does not know the outcome {outcome} of jobs: {}",
                releases.join(" or "),
                Names(jobs)
            ),
            Self::Everything(obstacle) => write!(f, "everything: {obstacle}"),
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnlistedResults(job) => write!(
                f,
                "job '{job}' has results and is neither finished nor to be run, which no resume takes"
            ),
            Self::UnknownRejectedJob(job) => write!(
                f,
                "the deselected job '{job}' is not known, which no resume takes"
            ),
            Self::UnknownMandatoryJob(job) => write!(
                f,
                "the mandatory job '{job}' is not known, which no resume takes"
            ),
            Self::NegativeDelay(job) => write!(
                f,
                "the log of job '{job}' has a delay below 0, which no resume takes"
            ),
        }
    }
}

/// The names of a few jobs, or their number.
struct Names<'j>(&'j [JobId]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(jobs) = self;
        if jobs.len() > NAMES_MAX {
            return write!(f, "{} of them", jobs.len());
        }
        for (number, job) in jobs.iter().enumerate() {
            let comma = if number > 0 { ", " } else { "" };
            write!(f, "{comma}{job}")?;
        }
        Ok(())
    }
}
