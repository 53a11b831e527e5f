//! The command line: every command and its help in one file.

use clap::{Args, Parser, Subcommand};

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
