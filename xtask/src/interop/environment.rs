//! Virtual environments below `target/interop`, one a release.

use std::path::Path;

use crate::disk;
use crate::process::{ProcessError, Program};
use crate::say;

/// The releases that can be asked.
pub(super) const RELEASES: &[&str] = &["0.38.0", "0.5.4"];

/// Interpreters that run both releases; newer ones lack modules these import.
const PYTHONS: [&str; 5] = ["python3.11", "python3.10", "python3.9", "python3", "python"];

/// Where the environments are.
const FOLDER: &str = "target/interop";

/// What stands between us and a release.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EnvironmentError {
    /// No interpreter.
    #[error(
        "there is no Python between 3.8 and 3.11; install one (Debian 12: apt-get install python3 python3-venv)"
    )]
    NoPython,
    /// The module `venv` is missing or incomplete.
    #[error(
        "{python} cannot make a virtual environment; Debian, Ubuntu: apt-get install python3-venv"
    )]
    Venv {
        /// The interpreter.
        python: &'static str,
        /// How it failed.
        #[source]
        source: ProcessError,
    },
    /// The package index does not answer, or the package does not install.
    #[error("the package index does not give it, or it does not install")]
    Install(#[source] ProcessError),
    /// It is installed and cannot be imported.
    #[error("it is installed and does not start")]
    Import(#[source] ProcessError),
}

/// The interpreter of the environment that holds a release; made where there is none.
pub(super) fn python_of(release: &str) -> Result<String, EnvironmentError> {
    let folder = disk::root()
        .join(FOLDER)
        .join(format!("plainbox-{release}"));
    let inside = folder.join("bin/python").display().to_string();
    if imports(&inside).is_ok() {
        return Ok(inside);
    }
    let python = PYTHONS.into_iter().find(|name| runs_the_releases(name));
    let python = python.ok_or(EnvironmentError::NoPython)?;
    say::line(&format!(
        "interop: installing plainbox {release} into {FOLDER}"
    ));
    make(python, &folder)
        .output()
        .map_err(|source| EnvironmentError::Venv { python, source })?;
    install(&inside, release)
        .output()
        .map_err(EnvironmentError::Install)?;
    imports(&inside).map_err(EnvironmentError::Import)?;
    Ok(inside)
}

/// Whether an interpreter is there and of a version both releases run on.
fn runs_the_releases(python: &str) -> bool {
    let check = "import sys; sys.exit(not (3, 8) <= sys.version_info < (3, 12))";
    Program::new(python, &["-c", check]).output().is_ok()
}

fn imports(python: &str) -> Result<(), ProcessError> {
    let check = "import plainbox.impl.session.resume, plainbox.impl.session.suspend";
    Program::new(python, &["-W", "ignore", "-c", check])
        .output()
        .map(drop)
}

/// Makes an environment anew.
fn make(python: &str, folder: &Path) -> Program {
    Program::new(
        python,
        &["-m", "venv", "--clear", &folder.display().to_string()],
    )
}

/// Installs a release; gives up soon when the index does not answer.
fn install(python: &str, release: &str) -> Program {
    let package = format!("plainbox=={release}");
    let arguments = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--timeout",
        "15",
        "--retries",
        "1",
        &package,
    ];
    Program::new(python, &arguments)
}
