//! Several sessions, each on its own: one with which something cannot be done does not keep the others.

use crate::error::{Failure, Verb};
use crate::exit_code::Exit;
use crate::json::{self, Done};
use crate::output::Talk;
use crate::wording;

/// A session as it was named, and what was found by that.
pub(super) type Found<T> = (String, Result<T, Failure>);

/// Finds all that were named, before anything is done to one: what `latest` means does not change on the way.
pub(super) fn find_each<T>(
    texts: &[String],
    find: impl Fn(&str) -> Result<T, Failure>,
) -> Vec<Found<T>> {
    let found = texts.iter().map(|text| (text.clone(), find(text)));
    found.collect()
}

/// Does something to each session. `act` answers the id.
///
/// # Errors
/// It could not be done to one or more; the first cause is told last.
pub(super) fn to_each<T>(
    verb: Verb,
    found: Vec<Found<T>>,
    mut act: impl FnMut(T, &mut Talk) -> Result<String, Failure>,
    json: bool,
    talk: &mut Talk,
) -> Result<Exit, Failure> {
    let is_one = found.len() == 1;
    let mut rows = Vec::new();
    let mut failures: Vec<Failure> = Vec::new();
    for (text, session) in found {
        match session.and_then(|session| act(session, talk)) {
            Ok(id) => {
                if !json {
                    talk.data(&format!("{verb} {id}"));
                }
                rows.push(json::Treated {
                    id,
                    done: Done::new(verb, true),
                    problem: None,
                });
            }
            Err(failure) => {
                let problem = wording::chain(&failure);
                if !is_one {
                    talk.note(&format!("error: {problem}"));
                }
                rows.push(json::Treated {
                    id: text,
                    done: Done::new(verb, false),
                    problem: Some(problem),
                });
                failures.push(failure);
            }
        }
    }
    if json {
        talk.json_pretty(&json::Batch {
            format: match verb {
                Verb::Removed => "session.remove",
                Verb::Restored => "session.restore",
                Verb::Purged => "session.purge",
            },
            version: json::VERSION,
            sessions: rows,
        });
    }
    let number = failures.len();
    match failures.into_iter().next() {
        None => Ok(Exit::Done),
        Some(only) if is_one => Err(only),
        Some(first) => Err(Failure::NotAll {
            verb,
            number,
            first: Box::new(first),
        }),
    }
}

/// Tells what of removed sessions could not be cleared away.
pub(super) fn tell_left(report: &session_storage::PurgeReport, talk: &mut Talk) {
    for problem in &report.problems {
        talk.note(&format!(
            "note: the session is removed; its files remain: {}",
            wording::chain(problem)
        ));
    }
}
