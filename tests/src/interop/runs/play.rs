//! Both directions, job by job.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{ours, plan, told::told};
use crate::conformance::differences;
use crate::interop::peer::{Peer, PeerError};
use crate::{Program, ProgramError, disk};

/// What the runs came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunsFigures {
    /// Jobs of the plan.
    jobs: usize,
    /// Runs that plainbox began and we ended, and the other way round.
    theirs_first: usize,
    ours_first: usize,
}

impl fmt::Display for RunsFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            jobs,
            theirs_first,
            ours_first,
        } = self;
        write!(
            f,
            "a plan of {jobs} jobs: {theirs_first} runs begun by plainbox 0.38.0 and ended by us, {ours_first} the \
             other way round, 0 differences from a run that nobody interrupted, read by both"
        )
    }
}

/// Why the runs did not pass.
#[derive(Debug, thiserror::Error)]
pub enum RunsError {
    /// No room for sessions.
    #[error("there is no room for the sessions")]
    Room(#[from] io::Error),
    /// The driver is gone.
    #[error("plainbox does not answer")]
    Peer(#[from] PeerError),
    /// Our program.
    #[error("our program cannot be run")]
    Program(#[from] ProgramError),
    /// Our side of a run.
    #[error("our run failed: {0}")]
    Ours(String),
    /// A run is not as it should be.
    #[error("{run}: {what}")]
    Differs {
        /// Which run.
        run: String,
        /// In words.
        what: String,
    },
}

/// Runs the plan with a change of programs after each job.
///
/// # Errors
/// See [`RunsError`].
pub fn run_plans(python: &str) -> Result<RunsFigures, RunsError> {
    let program = Program::built()?;
    let room = tempfile::tempdir()?;
    let mut peer = Peer::start(python, "runs.py")?;
    let theirs = room.path().join("theirs");
    let copies = room.path().join("copies");
    disk::create_folder(&theirs)?;
    let begin =
        json!({ "do": "begin", "units": plan::units(), "repository": theirs, "copies": copies });
    let whole = ask(&mut peer, &begin, "plainbox alone")?;
    let expected = &whole["jobs"];
    let jobs = expected.as_object().map_or(0, serde_json::Map::len);

    let name = Path::new(whole["session"].as_str().unwrap_or_default())
        .file_name()
        .unwrap_or_default();
    for done in 0..jobs {
        let run = format!("begun by plainbox, {done} jobs, ended by us");
        let session = copies.join(done.to_string()).join(name);
        resume(&program, &session, &run)?;
        let read = json!({ "do": "read", "units": plan::units(), "session": session });
        same(
            expected,
            &ask(&mut peer, &read, &run)?["jobs"],
            &run,
            "plainbox reads",
        )?;
        both(expected, &session, &run)?;
    }

    let ours = ours::run(&room.path().join("ours"), &room.path().join("ours-copies"));
    let ours = ours.map_err(|error| RunsError::Ours(crate::say::chain(error.as_ref())))?;
    for (done, session) in ours.iter().enumerate() {
        let run = format!("begun by us, {done} jobs, ended by plainbox");
        let finish = json!({ "do": "finish", "units": plan::units(), "session": session });
        same(
            expected,
            &ask(&mut peer, &finish, &run)?["jobs"],
            &run,
            "plainbox reads",
        )?;
        both(expected, session, &run)?;
    }
    Ok(RunsFigures {
        jobs,
        theirs_first: jobs,
        ours_first: ours.len(),
    })
}

/// Ends a run with the real program.
fn resume(program: &Program, session: &Path, run: &str) -> Result<(), RunsError> {
    let plan = plan::file();
    let id = session.file_stem().unwrap_or_default();
    let repository = session.parent().map(PathBuf::from).unwrap_or_default();
    let arguments = [
        "resume".as_ref(),
        id,
        "--definitions".as_ref(),
        plan.as_os_str(),
        "--repository".as_ref(),
        repository.as_os_str(),
    ];
    let ended = program.run(&arguments)?;
    // Some jobs of the plan fail.
    if ended.code() == Some(1) {
        return Ok(());
    }
    let what = format!(
        "our program ended with {:?}: {}",
        ended.code(),
        ended.stderr
    );
    Err(RunsError::Differs {
        run: run.to_owned(),
        what,
    })
}

fn ask(peer: &mut Peer, request: &Value, run: &str) -> Result<Value, RunsError> {
    let answer = peer.ask(request)?;
    match answer.get("error") {
        None => Ok(answer),
        Some(error) => {
            let what = format!("plainbox says {error}");
            Err(RunsError::Differs {
                run: run.to_owned(),
                what,
            })
        }
    }
}

/// Our codec reads the file that is there now.
fn both(expected: &Value, session: &Path, run: &str) -> Result<(), RunsError> {
    let told = told(session).map_err(|what| RunsError::Differs {
        run: run.to_owned(),
        what,
    })?;
    same(expected, &told, run, "we read")
}

fn same(expected: &Value, actual: &Value, run: &str, who: &str) -> Result<(), RunsError> {
    let found = differences(expected, actual);
    if found.is_empty() {
        return Ok(());
    }
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    let what = format!("{who} something else:\n  {}", found.join("\n  "));
    Err(RunsError::Differs {
        run: run.to_owned(),
        what,
    })
}
