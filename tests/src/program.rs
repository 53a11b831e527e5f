//! The real `session` program: built once, started, killed at a drawn moment, listened to.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Why the program cannot be had or started.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// The folder cargo builds into is not where it should be.
    #[error("cannot find the folder that cargo builds into")]
    Place(#[source] io::Error),
    /// Cargo could not be started.
    #[error("cannot start cargo to build the session program")]
    Cargo(#[source] io::Error),
    /// Cargo could not build it.
    #[error("cannot build the session program: {said}")]
    Build {
        /// What cargo said.
        said: String,
    },
    /// The program could not be started or waited for.
    #[error("cannot run {line}")]
    Run {
        /// The command line.
        line: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The built program.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
}

/// How one start of the program ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The command line, without the program.
    pub line: String,
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

impl Ended {
    /// Its exit code, if it ended by itself.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Whether SIGKILL ended it.
    #[must_use]
    pub fn is_killed(&self) -> bool {
        self.status.signal() == Some(9)
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            line,
            status,
            stdout,
            stderr,
        } = self;
        write!(
            f,
            "session {line}: {status}\n--- stdout\n{stdout}--- stderr\n{stderr}"
        )
    }
}

impl Program {
    /// Builds the program as these tests were built, if it is not up to date, and finds it.
    ///
    /// # Errors
    /// When cargo cannot be started or cannot build it.
    pub fn built() -> Result<Self, ProgramError> {
        let here = std::env::current_exe().map_err(ProgramError::Place)?;
        // target/<profile>/deps/it-<hash> or target/<profile>/kill-loop
        let folder = here
            .ancestors()
            .skip(1)
            .find(|folder| folder.file_name() != Some(OsStr::new("deps")));
        let (Some(folder), Some(target)) = (folder, folder.and_then(Path::parent)) else {
            return Err(ProgramError::Place(io::ErrorKind::NotFound.into()));
        };
        let profile = match folder.file_name().and_then(OsStr::to_str) {
            Some("debug") | None => "dev",
            Some(name) => name,
        };
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--quiet", "--package", "session-cli"])
            .args(["--profile", profile, "--target-dir"])
            .arg(target)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .stdin(Stdio::null())
            .output()
            .map_err(ProgramError::Cargo)?;
        if !built.status.success() {
            return Err(ProgramError::Build {
                said: String::from_utf8_lossy(&built.stderr).into_owned(),
            });
        }
        Ok(Self {
            path: folder.join("session"),
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The program with these arguments, without what the environment could add to them.
    #[must_use]
    pub fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = Command::new(&self.path);
        command
            .args(arguments)
            .env_remove("SESSION_REPOSITORY")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Result<Ended, ProgramError> {
        self.run_until(arguments, None)
    }

    /// Runs it to its end, or kills it (SIGKILL, only the program, not its jobs) when it has run so long.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn run_until<A: AsRef<OsStr>>(
        &self,
        arguments: &[A],
        moment: Option<Duration>,
    ) -> Result<Ended, ProgramError> {
        let words = arguments.iter().map(|word| word.as_ref().to_string_lossy());
        let line = words.collect::<Vec<_>>().join(" ");
        let running = self
            .command(arguments)
            .spawn()
            .and_then(|child| finish(child, moment));
        match running {
            Ok((status, stdout, stderr)) => Ok(Ended {
                line,
                status,
                stdout,
                stderr,
            }),
            Err(source) => Err(ProgramError::Run { line, source }),
        }
    }
}

fn finish(mut child: Child, moment: Option<Duration>) -> io::Result<(ExitStatus, String, String)> {
    let (closed, is_closed) = channel::<()>();
    let errors = collect(child.stderr.take(), || {});
    // Standard output closes when the program ends, so that no time is waited for in vain.
    let output = collect(child.stdout.take(), move || drop(closed));
    if let Some(moment) = moment
        && is_closed.recv_timeout(moment) == Err(RecvTimeoutError::Timeout)
    {
        child.kill()?;
    }
    let status = child.wait()?;
    Ok((status, text(output), text(errors)))
}

fn collect(
    stream: Option<impl Read + Send + 'static>,
    at_end: impl FnOnce() + Send + 'static,
) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What was read before an error is kept; the end status tells of the rest.
            let _ended = stream.read_to_end(&mut bytes);
        }
        at_end();
        bytes
    })
}

fn text(reader: JoinHandle<Vec<u8>>) -> String {
    String::from_utf8_lossy(&reader.join().unwrap_or_default()).into_owned()
}
