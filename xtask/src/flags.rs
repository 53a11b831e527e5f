//! The command line: every command and its help in one file.

use clap::{ArgGroup, Args, Parser, Subcommand};

/// Chores of this workspace
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
pub(crate) struct Flags {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run every check of the project, the same here as on a build machine
    ///
    /// Stages, in order: fmt, clippy, layers, tidy, docs, examples (doc tests), tests.
    /// Stops at the first that fails and prints the command that runs it again.
    Ci(CiFlags),
    /// Check who may use whom: edges among our crates, forbidden reach, manifests
    ///
    /// Reads `cargo metadata` and, per crate, `cargo tree` against the table in
    /// xtask/src/layers/table.rs. Every violation is printed with the path that leads to it.
    Layers,
    /// Check the house rules that no compiler knows
    ///
    /// File headers and lengths, banned words, undeclared modules, titles and links of documents,
    /// and that every test a document calls its proof exists.
    Tidy(TidyFlags),
    /// Look for lost data: kill the real program, or crash a simulated disk
    ///
    /// --kill runs generated sessions under the session program, kills it at drawn moments, resumes,
    /// and checks that nothing reported was lost. --explore crashes the storage at every operation.
    /// Both end with figures, or with the seed that shows the broken promise again.
    Crash(CrashFlags),
    /// Measure ours beside the floor and the peers, against bars
    ///
    /// Builds the package of the benchmarks with the peers, optimized, and starts it with these arguments:
    /// an area, then --quick, --json FILE and the like. `cargo xtask bench --help` asks the program itself.
    #[command(disable_help_flag = true)]
    Bench(BenchFlags),
    /// Prepare a release: check, bump the version, date the changelog, print the tag command
    ///
    /// Without --execute nothing is written.
    Release(ReleaseFlags),
}

/// Flags of `ci`.
#[derive(Debug, Args)]
pub(crate) struct CiFlags {
    /// Leave the stage `tests` out (whoever calls has run them already)
    #[arg(long)]
    pub(crate) no_tests: bool,
    /// Run only this stage; may be given several times
    #[arg(long, value_name = "STAGE")]
    pub(crate) only: Vec<String>,
    /// Print the stages and the commands behind them, run none
    #[arg(long)]
    pub(crate) list: bool,
}

/// Flags of `tidy`.
#[derive(Debug, Args)]
pub(crate) struct TidyFlags {
    /// Also print the longest source files
    #[arg(long)]
    pub(crate) lengths: bool,
}

/// Flags of `crash`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("means").required(true).args(["kill", "explore"]))]
pub(crate) struct CrashFlags {
    /// Kill and resume this many generated sessions
    #[arg(long, value_name = "ROUNDS")]
    pub(crate) kill: Option<u32>,
    /// Crash a simulated disk at every operation of every workload
    #[arg(long)]
    pub(crate) explore: bool,
    /// What everything is drawn from; the same seed draws the same again
    #[arg(long, value_name = "SEED")]
    pub(crate) seed: Option<u64>,
    /// Explore for this many seconds, at least until each workload had its turn
    #[arg(long, value_name = "SECONDS", conflicts_with = "kill")]
    pub(crate) seconds: Option<u64>,
}

/// Flags of `bench`: all of them are the program's.
#[derive(Debug, Args)]
pub(crate) struct BenchFlags {
    /// What to measure and how
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENT"
    )]
    pub(crate) arguments: Vec<String>,
}

/// Flags of `release`.
#[derive(Debug, Args)]
pub(crate) struct ReleaseFlags {
    /// The version to release, greater than the present one
    pub(crate) version: String,
    /// Day of the release as YYYY-MM-DD; by default the day of the last commit
    #[arg(long, value_name = "DAY")]
    pub(crate) date: Option<String>,
    /// Write the files instead of only saying what would change
    #[arg(long)]
    pub(crate) execute: bool,
}
