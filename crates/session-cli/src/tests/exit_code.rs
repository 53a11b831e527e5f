//! The documented numbers, error by error.

use std::io;

use camino::Utf8PathBuf;
use session_manager::{FindError, LoadError};
use session_storage::{
    FsError, Liveness, LockError, Operation, RecoverError, RepairError, RepositoryError,
    RepositoryStep, SessionId,
};

use crate::error::{Failure, OfSession, Verb};
use crate::exit_code::Exit;
use crate::hints::hint;

fn id() -> SessionId {
    SessionId::parse("some-id").expect("a good id")
}

fn held() -> LockError {
    LockError::Held {
        id: id(),
        holder: None,
        alive: Liveness::Unknown,
    }
}

fn full() -> FsError {
    FsError::new(
        Operation::Write,
        "/there",
        io::ErrorKind::StorageFull.into(),
    )
}

fn failures() -> Vec<(Failure, Exit)> {
    let location = Utf8PathBuf::from("/there");
    let repair = |error| Failure::Repair(OfSession::new("a", error));
    let recover = |error| Failure::Recover(OfSession::new("a", error));
    let damaged = || RecoverError::Damaged { damage: Vec::new() };
    vec![
        (recover(damaged()), Exit::Damaged),
        (recover(RecoverError::Fs(full())), Exit::Storage),
        (repair(RepairError::Unreadable(damaged())), Exit::Damaged),
        (repair(RepairError::PlanIsStale { now: None }), Exit::Held),
        (repair(RepairError::NoPlaceAside(full())), Exit::Storage),
        (
            Failure::NoJournal {
                id: "a".to_owned(),
                format: "checkbox 7".to_owned(),
            },
            Exit::Refused,
        ),
        (Failure::Units { errors: Vec::new() }, Exit::Units),
        (Failure::NothingToRun, Exit::Units),
        (
            Failure::Find(FindError::Empty {
                location: location.clone(),
            }),
            Exit::NoSession,
        ),
        (
            Failure::Find(FindError::Ambiguous {
                text: "2".to_owned(),
                ids: vec!["2a".to_owned(), "2b".to_owned()],
            }),
            Exit::NoSession,
        ),
        (
            Failure::Repository(RepositoryError::Failed {
                step: RepositoryStep::MakeRepository,
                location,
                source: full(),
            }),
            Exit::Storage,
        ),
        (
            Failure::Repository(RepositoryError::NotRemovable {
                id: id(),
                source: held(),
            }),
            Exit::Held,
        ),
        (
            Failure::Load(OfSession::new(
                "some-id",
                LoadError::Lock {
                    id: id(),
                    source: held(),
                },
            )),
            Exit::Held,
        ),
        (
            Failure::Load(OfSession::new(
                "some-id",
                LoadError::NoCheckpoint { id: id() },
            )),
            Exit::Damaged,
        ),
        (
            Failure::Load(OfSession::new(
                "some-id",
                LoadError::Directory {
                    id: id(),
                    source: full(),
                },
            )),
            Exit::Storage,
        ),
        (
            Failure::NotAll {
                verb: Verb::Removed,
                number: 2,
                first: Box::new(Failure::Lock(held())),
            },
            Exit::Held,
        ),
    ]
}

#[test]
fn every_error_has_its_documented_code_and_a_next_step() {
    for (failure, exit) in failures() {
        assert_eq!(Exit::of(&failure), exit, "{failure}");
        let hint = hint(&failure);
        assert!(hint.len() > 10 && !hint.contains('\n'), "{failure}: {hint}");
    }
}

#[test]
fn the_numbers_are_those_of_the_documentation() {
    let numbers = [
        (Exit::Done, 0),
        (Exit::JobFailed, 1),
        (Exit::Usage, 2),
        (Exit::NoSession, 3),
        (Exit::Units, 4),
        (Exit::Storage, 5),
        (Exit::Held, 6),
        (Exit::Damaged, 7),
        (Exit::Hangup, 129),
        (Exit::Interrupt, 130),
        (Exit::Terminate, 143),
    ];
    for (exit, number) in numbers {
        assert_eq!(exit as u8, number);
    }
    assert_eq!(Exit::of_failures(0), Exit::Done);
    assert_eq!(Exit::of_failures(2), Exit::JobFailed);
}
