//! The command line: types only.

use std::time::Duration;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand};
use session_manager::{AtLimit, DriftPolicy, OrphanPolicy};
use suspend_resume::Format;

const EXIT_CODES: &str = "\
Exit codes:
  0    done, and no job failed (jobs may have been skipped)
  1    a job failed or crashed
  2    the command line is wrong
  3    no such session, or the id fits several
  4    the unit files cannot be used
  5    the storage cannot be read or written (also: the disk is full)
  6    another process holds the session
  7    the session is damaged or of a format that cannot be used
  8    the session is not gone on with as things stand: definitions changed, or it was given up
  129, 130, 143
       stopped by SIGHUP, SIGINT (Ctrl-C) or SIGTERM; `session resume` goes on

Results go to standard output, everything else to standard error.";

const EXAMPLES: &str = "\
Examples:
  session run docs/examples/machine-check.pxu
  session resume            # goes on with the latest session
  session list
  session show latest";

const RUN_EXAMPLES: &str = "\
Examples:
  session run docs/examples/machine-check.pxu
  session run checks/ more.pxu --title 'nightly check'
  session run checks/ --plan smoke
  session run checks/ --format checkbox:11   # kept as Checkbox keeps it
  session run checks/ --json | tee run.jsonl

A line that reports an outcome is printed once the outcome is durable. Stop with Ctrl-C, or be killed:
`session resume` goes on.";

const RESUME_EXAMPLES: &str = "\
Examples:
  session resume                             # the latest
  session resume session-2026-11-23T05.41    # a certain one; the beginning of its id is enough
  session resume --dry-run                   # say what would be done, and why
  session resume latest --definitions checks/ --drift rerun

What the run before left running is ended first. The job that was cut is run again, at most three times
in all; then it counts as crashed. Jobs with an outcome never run again, unless their definitions changed
and `--drift rerun` says so. `--dry-run` tells all of it and does nothing.";

const CONVERT_EXAMPLES: &str = "\
Examples:
  session convert latest --format checkbox:11 -o session
  session convert old/pbox-x7.session --format checkbox:6 -o session-v6
  session convert session --format native --definitions checks/ -o snapshot

The session itself is not changed. A Checkbox session holds no definitions: to make a native one of it, give the unit
files it was made with.";

const PURGE_EXAMPLES: &str = "\
Examples:
  session list --removed
  session purge session-2026-11-23T05.41
  session purge --older-than 30d
  session purge --all";

const SESSION_HELP: &str = "The session: its id, a beginning that fits one session only, `latest`, or the path of a session directory or of a checkpoint file";

const DEFINITIONS_HELP: &str =
    "Unit files or folders with the definitions of a Checkbox session, which does not hold them";

const UNITS_HELP: &str =
    "Unit files (PXU, YAML by .yaml or .yml, JSON by .json), or folders that hold some";

const ID_HELP: &str = "The session: its id, a beginning that fits one session only, or `latest`";

const REMOVED_HELP: &str = "The removed session: its id, a beginning that fits one only, or `latest`, the one removed last";

/// Run jobs that survive being killed: every outcome is durable before it is reported.
#[derive(Debug, Parser)]
#[command(name = "session", version, after_help = EXAMPLES, after_long_help = [EXAMPLES, "\n\n", EXIT_CODES].concat())]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the jobs of unit files in a new session
    #[command(after_help = RUN_EXAMPLES, after_long_help = [RUN_EXAMPLES, "\n\n", EXIT_CODES].concat())]
    Run(Run),
    /// List the test plans of unit files, and the jobs each would select
    #[command(after_long_help = EXIT_CODES)]
    Plans(Plans),
    /// Go on with a session that was stopped or killed
    #[command(after_help = RESUME_EXAMPLES, after_long_help = [RESUME_EXAMPLES, "\n\n", EXIT_CODES].concat())]
    Resume(Resume),
    /// Give a session up and keep its results, also while another process runs it
    #[command(after_long_help = EXIT_CODES)]
    Abort(Abort),
    /// List the sessions, newest first
    #[command(after_long_help = EXIT_CODES)]
    List(List),
    /// Show a session: its jobs, their outcomes, and what keeps the others from running
    #[command(after_long_help = EXIT_CODES)]
    Show(Show),
    /// Say what a session tells of itself, without its jobs
    #[command(after_long_help = EXIT_CODES)]
    Peek(Peek),
    /// Write a session in another format into a file, and say what that format cannot carry
    #[command(after_help = CONVERT_EXAMPLES, after_long_help = [CONVERT_EXAMPLES, "\n\n", EXIT_CODES].concat())]
    Convert(Convert),
    /// Prove a session: every hash, every checksum, and whether its jobs can be read; nothing is changed
    #[command(after_long_help = EXIT_CODES)]
    Verify(Verify),
    /// Make a damaged session usable again: keep what can be read, put the files as they were aside
    #[command(after_long_help = EXIT_CODES)]
    Repair(Repair),
    /// Put sessions into the trash; one that another process holds is refused
    #[command(after_long_help = EXIT_CODES)]
    Remove(Remove),
    /// Bring sessions back from the trash
    #[command(after_long_help = EXIT_CODES)]
    Restore(Restore),
    /// Clear sessions in the trash away for good
    #[command(after_help = PURGE_EXAMPLES, after_long_help = [PURGE_EXAMPLES, "\n\n", EXIT_CODES].concat())]
    Purge(Purge),
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Where the sessions are [default: $SESSION_REPOSITORY, else $XDG_STATE_HOME/sessions, else
    /// ~/.local/state/sessions; for root /var/lib/sessions]
    #[arg(long, value_name = "DIR")]
    pub(crate) repository: Option<Utf8PathBuf>,
    /// Write results as JSON (see docs/cli.md); `run` and `resume` write one object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// `session run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[arg(required = true, value_name = "UNITS", help = UNITS_HELP)]
    pub(crate) units: Vec<Utf8PathBuf>,
    /// Run the jobs of this test plan instead of all; `session plans UNITS` lists the plans
    #[arg(long, value_name = "ID")]
    pub(crate) plan: Option<String>,
    /// Keep a faulty job that a template makes, as one that fails, instead of leaving it out
    #[arg(long)]
    pub(crate) strict_templates: bool,
    /// The format the session is kept in: native, or checkbox:1 to checkbox:11 for programs that share it; in
    /// Checkbox's formats every checkpoint writes one file anew, and a resume needs --definitions
    #[arg(long, value_name = "FORMAT", default_value = "native")]
    pub(crate) format: Format,
    /// A title for people [default: the names of the unit files]
    #[arg(long)]
    pub(crate) title: Option<String>,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// `session plans`.
#[derive(Debug, Args)]
pub(crate) struct Plans {
    #[arg(required = true, value_name = "UNITS", help = UNITS_HELP)]
    pub(crate) units: Vec<Utf8PathBuf>,
    /// Write one JSON document (see docs/cli.md)
    #[arg(long)]
    pub(crate) json: bool,
}

/// `session resume`.
#[derive(Debug, Args)]
pub(crate) struct Resume {
    #[arg(value_name = "ID", default_value = "latest", help = ID_HELP)]
    pub(crate) id: String,
    /// Unit files or folders with the definitions as they are now [default: those that stand in the session]
    #[arg(long, num_args = 1.., value_name = "UNITS")]
    pub(crate) definitions: Vec<Utf8PathBuf>,
    /// What becomes of jobs whose definitions changed: refuse, keep, rerun or drop [default: a native session takes
    /// the new ones over for jobs that did not run yet, one in a Checkbox format is refused]
    #[arg(long, value_name = "POLICY")]
    pub(crate) drift: Option<DriftPolicy>,
    /// What becomes of processes that the run before left running: kill, wait or refuse
    #[arg(long, value_name = "POLICY", default_value_t = OrphanPolicy::Kill)]
    pub(crate) orphans: OrphanPolicy,
    /// How often a job may be started before it counts as crashed
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) attempts: u32,
    /// What becomes of the session when a job was cut short so often: go-on or pause
    #[arg(long, value_name = "POLICY", default_value_t = AtLimit::GoOn)]
    pub(crate) at_limit: AtLimit,
    /// Keep a session in a Checkbox format in this version of it from now on: checkbox:1 to checkbox:11 [default: the
    /// version it is in]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Say what would be done and why, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// `session abort`.
#[derive(Debug, Args)]
pub(crate) struct Abort {
    #[arg(value_name = "ID", help = ID_HELP)]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// `session list`.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// List the sessions in the trash instead, those removed last first
    #[arg(long)]
    pub(crate) removed: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// `session show`.
#[derive(Debug, Args)]
pub(crate) struct Show {
    #[arg(value_name = "SESSION", help = SESSION_HELP)]
    pub(crate) session: String,
    #[arg(long, num_args = 1.., value_name = "UNITS", help = DEFINITIONS_HELP)]
    pub(crate) definitions: Vec<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// `session peek`.
#[derive(Debug, Args)]
pub(crate) struct Peek {
    #[arg(value_name = "SESSION", help = SESSION_HELP)]
    pub(crate) session: String,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// `session convert`.
#[derive(Debug, Args)]
pub(crate) struct Convert {
    #[arg(value_name = "SESSION", help = SESSION_HELP)]
    pub(crate) session: String,
    /// The format to write: native, or checkbox:1 to checkbox:11
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Format,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Utf8PathBuf,
    #[arg(long, num_args = 1.., value_name = "UNITS", help = DEFINITIONS_HELP)]
    pub(crate) definitions: Vec<Utf8PathBuf>,
    /// Replace the file when it is there
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// `session verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[arg(value_name = "ID", help = ID_HELP)]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// `session repair`.
#[derive(Debug, Args)]
pub(crate) struct Repair {
    #[arg(value_name = "ID", help = ID_HELP)]
    pub(crate) id: String,
    /// Say what would be kept and what is lost, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// `session remove`.
#[derive(Debug, Args)]
pub(crate) struct Remove {
    #[arg(required = true, value_name = "ID", help = ID_HELP)]
    pub(crate) ids: Vec<String>,
    /// Clear them away at once and for good, without the trash
    #[arg(long)]
    pub(crate) purge: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// `session restore`.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    #[arg(required = true, value_name = "ID", help = REMOVED_HELP)]
    pub(crate) ids: Vec<String>,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// `session purge`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["ids", "older_than", "all"]))]
pub(crate) struct Purge {
    #[arg(value_name = "ID", help = REMOVED_HELP)]
    pub(crate) ids: Vec<String>,
    /// All that were removed longer ago: a number and s, m, h, d or w, such as 30d
    #[arg(long, value_name = "AGE", value_parser = age)]
    pub(crate) older_than: Option<Duration>,
    /// All there are
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// A number and its unit.
fn age(text: &str) -> Result<Duration, &'static str> {
    let wanted = "expected a number and s, m, h, d or w, such as 30d";
    let split = text.len().saturating_sub(1);
    let (number, unit) = text.split_at_checked(split).ok_or(wanted)?;
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        "w" => 7 * 24 * 3600,
        _ => return Err(wanted),
    };
    let number: u64 = number.parse().map_err(|_| wanted)?;
    let seconds = number.checked_mul(seconds).ok_or("the age is too great")?;
    Ok(Duration::from_secs(seconds))
}
