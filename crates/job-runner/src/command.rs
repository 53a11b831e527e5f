//! What to run, and the rules it runs by.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// The environment variable that carries the mark of a job to all its descendants.
pub const MARK_VARIABLE: &str = "SESSION_JOB_MARK";

/// The shell that reads the command of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shell {
    /// `/bin/sh`.
    Sh,
    /// `/bin/bash`.
    BinBash,
    /// `bash`, looked up in the PATH of the job: what a job gets that names none.
    #[default]
    Bash,
}

impl Shell {
    /// The text of the `shell` field, which is the program that is started too.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sh => "/bin/sh",
            Self::BinBash => "/bin/bash",
            Self::Bash => "bash",
        }
    }
}

/// A `shell` field that names none of the three shells.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a shell for jobs: use /bin/sh, /bin/bash or bash")]
pub struct UnknownShell(pub String);

impl FromStr for Shell {
    type Err = UnknownShell;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Sh, Self::BinBash, Self::Bash]
            .into_iter()
            .find(|shell| shell.as_str() == text)
            .ok_or_else(|| UnknownShell(text.to_owned()))
    }
}

/// What a job reads as its standard input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JobInput {
    /// `/dev/null`: the job finds the end at once.
    #[default]
    Null,
    /// The standard input of this process, for jobs that talk to a person.
    ///
    /// Such a job stays in our process group, because a terminal stops readers of other groups; so
    /// Ctrl-C at the terminal reaches it as well. Only itself and what can be traced to it by its mark
    /// or by parenthood is ended with it.
    Inherited,
}

/// What becomes of processes that are still there when the job itself has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leftovers {
    /// They are ended: SIGTERM, and SIGKILL when the grace is over.
    #[default]
    End,
    /// They are left alone, for jobs that start a service; their output is no longer read. When the
    /// job is cancelled or its time is over they are ended all the same.
    Leave,
}

/// One job to run. Paths and variables may hold any bytes but NUL.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JobCommand {
    /// The text given to the shell.
    pub script: String,
    /// Value of [`MARK_VARIABLE`]; by it the job's processes are found, also after this process was
    /// killed, so it has to be unlike the marks of other sessions. An empty mark marks nothing.
    pub mark: String,
    /// The shell; `bash` unless set.
    pub shell: Shell,
    /// Variables added to our own environment, later ones winning.
    pub environment: Vec<(OsString, OsString)>,
    /// Where the job starts; our own working directory unless set.
    pub working_directory: Option<PathBuf>,
    /// What it reads; nothing unless set.
    pub input: JobInput,
    /// How long it may run, by the monotonic clock; no limit unless set.
    pub timeout: Option<Duration>,
    /// The time between SIGTERM and SIGKILL; 5 seconds unless set.
    pub grace: Duration,
    /// What becomes of left-over processes; they are ended unless set.
    pub leftovers: Leftovers,
    /// How long left-over processes may take to end by themselves before they are told to, so that a
    /// `tee` at the end of a redirection gets to write its last line; 200 ms unless set.
    pub linger: Duration,
    /// Longest piece of output given to the sink, in bytes; longer lines are cut. 64 KiB unless set.
    pub line_bytes_max: usize,
}

impl JobCommand {
    /// A command with the defaults of every field.
    pub fn new(script: impl Into<String>, mark: impl Into<String>) -> Self {
        Self {
            script: script.into(),
            mark: mark.into(),
            shell: Shell::default(),
            environment: Vec::new(),
            working_directory: None,
            input: JobInput::default(),
            timeout: None,
            grace: Duration::from_secs(5),
            leftovers: Leftovers::default(),
            linger: Duration::from_millis(200),
            line_bytes_max: 64 * 1024,
        }
    }
}
