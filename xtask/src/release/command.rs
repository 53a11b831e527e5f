//! The command itself: look, say, and write when told to.

use super::plan::{Situation, plan, tag};
use crate::disk::{self, DiskError};
use crate::flags::ReleaseFlags;
use crate::process::{ProcessError, Program};
use crate::say;

/// Why `release` did not pass.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReleaseError {
    /// A file cannot be read or written.
    #[error("cannot prepare the release")]
    Disk(#[from] DiskError),
    /// git or cargo failed.
    #[error("cannot prepare the release")]
    Process(#[from] ProcessError),
    /// There are problems; they have been printed.
    #[error("the release is not ready ({count} obstacles named above); nothing was written")]
    NotReady {
        /// How many.
        count: usize,
    },
}

/// Checks whether a release can be made, says what it changes, and with `--execute` writes it.
pub(crate) fn run(flags: &ReleaseFlags) -> Result<(), ReleaseError> {
    let (manifest_path, changelog_path) = (
        disk::root().join("Cargo.toml"),
        disk::root().join("CHANGELOG.md"),
    );
    let (manifest, changelog) = (
        disk::read_text(&manifest_path)?,
        disk::read_text(&changelog_path)?,
    );
    let date = match &flags.date {
        Some(date) => date.clone(),
        None => Program::new("git", &["log", "-1", "--format=%cs"])
            .output()?
            .trim()
            .to_owned(),
    };
    let situation = Situation {
        version: &flags.version,
        date: &date,
        manifest: &manifest,
        changelog: &changelog,
        status: &Program::new("git", &["status", "--porcelain"]).output()?,
        tags: &Program::new("git", &["tag", "--list"]).output()?,
    };
    let plan = plan(&situation).map_err(|problems| {
        for problem in &problems {
            say::complaint(&format!("release: {problem}"));
        }
        ReleaseError::NotReady {
            count: problems.len(),
        }
    })?;
    let version = &flags.version;
    say::line(&format!(
        "Cargo.toml: version {} becomes {version}",
        plan.before
    ));
    say::line(&format!(
        "CHANGELOG.md: what is unreleased becomes [{version}] - {date}"
    ));
    if flags.execute {
        disk::write_text(&manifest_path, &plan.manifest)?;
        disk::write_text(&changelog_path, &plan.changelog)?;
        Program::new("cargo", &["update", "--workspace", "--offline"]).run()?;
        say::line("written; now:");
    } else {
        say::line("nothing was written (--execute writes); after that:");
    }
    say::line("  cargo xtask ci");
    say::line(&format!(
        "  git commit --all --message \"Release {version}\""
    ));
    say::line(&format!(
        "  git tag --annotate {} --message \"Release {version}\"",
        tag(version)
    ));
    Ok(())
}
