//! Listing a repository of many sessions.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use camino::Utf8Path;
use session_storage::{RealFs, Repository};

use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::method::{Row, Unit, strace_is_there, system_calls};
use crate::run::{RunOptions, Scale};
use crate::sessions::repository;

const FLOOR: &str = "bare walk";

/// The file the bare walk opens and reads in each session.
const MARK: &str = "lock";

/// System calls of a listing, beside those of a bare walk that opens and reads one file in each session.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let sessions = options.scale.pick(10_000, 2_000, 5);
    let folder = disk::scratch().doing("make a scratch folder")?;
    repository(Arc::new(RealFs), folder.path())?;
    let sessions_folder = folder.path().join("sessions");
    // Made by hand: creating a session looks at those that are there, and ten thousand would take minutes.
    for number in 0..sessions {
        let session =
            sessions_folder.join(format!("bench-2025-06-15T15.06.40.{number:06}.session"));
        disk::create_folder(&session).doing("make a session's folder")?;
        disk::write(&session.join(MARK), b"free\n").doing("write a mark")?;
    }
    let place = sessions_folder.display().to_string();
    if options.scale == Scale::Least {
        for how in ["entries", "opened", "bare"] {
            probe(how, &place)?;
        }
        return Ok(Vec::new());
    }
    let bar = format!("at most 3 × {FLOOR}");
    if !strace_is_there() {
        return Ok(vec![Row::not_measured("listing", bar, "no strace here")]);
    }
    let calls = |how: &str| system_calls(&options.program, &["storage", "list", how, &place]);
    let start = calls("nothing")? as f64;
    let bare = calls("bare")? as f64 - start;
    let row = |work: String, how: &str| -> Result<Row, BenchError> {
        let ours = calls(how)? as f64 - start;
        Ok(Row::new(work, ours, Unit::Count)
            .beside(FLOOR, bare)
            .at_most_times(FLOOR, 3.0))
    };
    Ok(vec![
        row(
            format!("system calls to list {sessions} sessions"),
            "entries",
        )?,
        row(
            format!("system calls to list and open {sessions} sessions"),
            "opened",
        )?,
    ])
}

/// Lists the repository in that way.
pub(super) fn probe(how: &str, place: &str) -> Result<(), BenchError> {
    match how {
        "nothing" => Ok(()),
        "bare" => bare_walk(Path::new(place)),
        _ => {
            let fs = Arc::new(RealFs);
            let repository =
                Repository::open(fs, Utf8Path::new(place)).doing("open the repository")?;
            let entries = repository.entries().doing("list the repository")?;
            if how == "opened" {
                for entry in &entries {
                    entry.open().doing("open a session")?;
                }
            }
            Ok(())
        }
    }
}

fn bare_walk(place: &Path) -> Result<(), BenchError> {
    let mut first = [0; 64];
    for session in disk::names(place).doing("walk the repository")? {
        let mut file = disk::open(&session.join(MARK)).doing("open a mark")?;
        file.read(&mut first).doing("read a mark")?;
    }
    Ok(())
}
