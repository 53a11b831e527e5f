//! Where the session of a workload lies, and how a process finds it there.

use std::error::Error;
use std::sync::Arc;

use camino::Utf8Path;

use super::model::{Model, Seen, read_state};
use super::workload::Place;
use crate::faults::Faults;
use crate::fs::{CrashFs, Dir, Fs, FsError};
use crate::lock::Holder;
use crate::recovery::{Found, RecoverError, Rules, read_directory};
use crate::repository::{Repository, RepositoryError};
use crate::storage::SessionStorage;
use crate::trust::Trust;

/// The session's directory where no repository is at work.
const DIRECTORY: &str = "/s";
/// Where the repository is made: its parent is not there yet either.
const REPOSITORY: &str = "/home/state/sessions";

/// A disk on which the workload may begin.
pub(super) fn disk(place: Place) -> CrashFs {
    let machine = CrashFs::new();
    let there = match place {
        Place::Directory => DIRECTORY,
        Place::Repository => "/home",
    };
    // A fresh disk takes one directory.
    let _ = machine.plant_dir(Utf8Path::new(there));
    machine
}

/// Opens the repository for writing, and makes it when it is missing.
pub(super) fn make_repository(
    fs: &Arc<dyn Fs>,
    faults: Faults,
) -> Result<Repository, RepositoryError> {
    let location = Utf8Path::new(REPOSITORY);
    Repository::create_with_faults(Arc::clone(fs), location, Trust::OwnDirectories, faults)
}

/// Opens the repository to look at it.
pub(super) fn open_repository(
    fs: &Arc<dyn Fs>,
    faults: Faults,
) -> Result<Repository, RepositoryError> {
    let repository = Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY))?;
    Ok(repository.with_faults(faults))
}

/// Who takes the locks of an exploration.
pub(super) fn holder() -> Holder {
    Holder {
        pid: 1,
        start_time: None,
        pid_namespace: None,
        boot_id: None,
        host: None,
        command: "exploration".to_owned(),
        since_us: 0,
    }
}

/// The directory of the plain place.
pub(super) fn plain_dir(fs: &dyn Fs) -> Result<Arc<dyn Dir>, FsError> {
    fs.open_dir(Utf8Path::new(DIRECTORY))
}

/// The session that `last-session` leads to. After a sync that failed, which may have stranded the link: that one or
/// any that is listed, but rather one that the books know.
pub(super) fn current_storage(
    repository: &Repository,
    model: &Model,
) -> Result<Option<SessionStorage>, RepositoryError> {
    let last = repository.last_storage()?;
    if model.alone {
        return Ok(last);
    }
    let entries = repository.entries()?;
    let listed = entries.iter().filter_map(|entry| entry.open().ok());
    let mut candidates: Vec<SessionStorage> = last.into_iter().chain(listed).collect();
    let is_known = |storage: &SessionStorage| match storage.recover() {
        Ok(recovered) => {
            read_state(&recovered).is_some_and(|state| model.allows(&Seen::State(state)))
        }
        Err(RecoverError::NoSession) => model.allows(&Seen::Bare),
        Err(_) => false,
    };
    candidates.sort_by_key(|storage| !is_known(storage));
    let first = candidates.into_iter().next();
    // What a switch could not remove stands beside the session, and is none of it where there may be none.
    Ok(first.filter(|storage| is_known(storage) || !model.allows(&Seen::Nothing)))
}

/// The directory of the session, wherever it lies; `None` when there is none.
pub(super) fn session_dir(
    fs: &Arc<dyn Fs>,
    place: Place,
    model: &Model,
) -> Result<Option<Arc<dyn Dir>>, Box<dyn Error>> {
    Ok(match place {
        Place::Directory => Some(plain_dir(fs.as_ref())?),
        Place::Repository => {
            let repository = open_repository(fs, Faults::default())?;
            let storage = current_storage(&repository, model)?;
            storage.map(|storage| Arc::clone(storage.dir()))
        }
    })
}

/// What stands in the place of the session, with what recovery found in it.
#[derive(Debug)]
pub(super) struct Sight {
    pub(super) seen: Seen,
    pub(super) found: Option<Found>,
}

/// Looks at the session as a reader does, and holds it against the books.
pub(super) fn look(
    fs: &Arc<dyn Fs>,
    place: Place,
    rules: &Rules,
    model: &Model,
) -> Result<Sight, Box<dyn Error>> {
    let sight = sight(fs, place, rules, model)?;
    if !model.allows(&sight.seen) {
        let (found, verdict) = match (&sight.seen, &sight.found) {
            (Seen::Nothing, _) => ("no session".to_owned(), String::new()),
            (Seen::State(state), Some(found)) => {
                let verdict = format!("; {}", found.recovered.verdict);
                (format!("{} found", state.len()), verdict)
            }
            (Seen::Bare | Seen::State(_), _) => ("a bare session".to_owned(), String::new()),
        };
        let acknowledged = model.acknowledged.len();
        return Err(format!("{acknowledged} acknowledged, {found}{verdict}").into());
    }
    if place == Place::Repository && model.standing && model.alone && model.is_settled() {
        let listed = open_repository(fs, Faults::default())?.entries()?.len();
        if listed != 1 {
            return Err(format!("{listed} sessions are listed, not one").into());
        }
    }
    Ok(sight)
}

fn sight(
    fs: &Arc<dyn Fs>,
    place: Place,
    rules: &Rules,
    model: &Model,
) -> Result<Sight, Box<dyn Error>> {
    let Some(dir) = session_dir(fs, place, model)? else {
        return Ok(Sight {
            seen: Seen::Nothing,
            found: None,
        });
    };
    match read_directory(dir.as_ref(), rules, &|| false) {
        Ok(found) => {
            let state = read_state(&found.recovered).ok_or("a mixture opens")?;
            Ok(Sight {
                seen: Seen::State(state),
                found: Some(found),
            })
        }
        Err(RecoverError::NoSession) => Ok(Sight {
            seen: Seen::Bare,
            found: None,
        }),
        Err(error) => Err(format!("the session does not open: {}", chain(&error)).into()),
    }
}

/// An error with all its causes.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
