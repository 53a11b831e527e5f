//! `session remove`: sessions are removed for good.

use session_manager::find_session;
use session_storage::Repository;

use super::run::options;
use crate::args::Remove;
use crate::config::Place;
use crate::error::Failure;
use crate::exit_code::Exit;
use crate::json::{self, Removal};
use crate::output::Talk;
use crate::wording;

/// Removes the sessions, each on its own: one that cannot be removed does not keep the others.
///
/// # Errors
/// One or more could not be removed; the first cause is told last.
pub(crate) fn remove(arguments: &Remove, talk: &mut Talk) -> Result<Exit, Failure> {
    let json = arguments.common.json;
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let options = options()?;
    let mut removals = Vec::new();
    let mut failures: Vec<Failure> = Vec::new();
    // Found first, removed then: what `latest` means does not change on the way.
    let found: Vec<_> = arguments
        .ids
        .iter()
        .map(|text| (text, find_session(&repository, text, &options)))
        .collect();
    for (text, storage) in found {
        let removed = storage
            .map_err(Failure::from)
            .and_then(|storage| remove_one(&repository, &storage, talk));
        match removed {
            Ok(id) => {
                if !json {
                    talk.data(&format!("removed {id}"));
                }
                removals.push(Removal {
                    id,
                    removed: true,
                    problem: None,
                });
            }
            Err(failure) => {
                let problem = wording::chain(&failure);
                if arguments.ids.len() > 1 {
                    talk.note(&format!("error: {problem}"));
                }
                removals.push(Removal {
                    id: text.clone(),
                    removed: false,
                    problem: Some(problem),
                });
                failures.push(failure);
            }
        }
    }
    if json {
        talk.json_pretty(&json::Remove {
            format: "session.remove",
            version: json::VERSION,
            sessions: removals,
        });
    }
    let number = failures.len();
    match failures.into_iter().next() {
        None => Ok(Exit::Done),
        Some(only) if arguments.ids.len() == 1 => Err(only),
        Some(first) => Err(Failure::NotRemoved {
            number,
            first: Box::new(first),
        }),
    }
}

fn remove_one(
    repository: &Repository,
    storage: &session_storage::SessionStorage,
    talk: &mut Talk,
) -> Result<String, Failure> {
    let report = repository.remove(storage)?;
    for problem in &report.problems {
        talk.note(&format!(
            "note: the session is removed; its files remain: {}",
            wording::chain(problem)
        ));
    }
    Ok(storage.id().to_string())
}
