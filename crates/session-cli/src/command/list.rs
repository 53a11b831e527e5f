//! `session list`: the sessions, or those in the trash, newest first; a damaged one is a marked row.

use session_manager::{ManagerOptions, PauseReason, PeekKind, SessionPeek, peek_session};
use session_state::JobOutcome;
use session_storage::{EntryProblem, RemovedSession, RepositoryEntry, SessionStorage};
use suspend_resume::{Format, Summary};

use super::run::options;
use crate::args::List;
use crate::config::Place;
use crate::error::Failure;
use crate::exit_code::Exit;
use crate::json::{self, Row};
use crate::output::Talk;
use crate::standing::{Standing, jobs_total};
use crate::wording;

/// Lists the sessions of the repository. Nothing is written.
///
/// # Errors
/// The repository itself cannot be listed.
pub(crate) fn list(arguments: &List, talk: &mut Talk) -> Result<Exit, Failure> {
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let options = options()?;
    let rows: Vec<Row> = if arguments.removed {
        let removed = repository.removed()?;
        removed
            .iter()
            .map(|one| removed_row(one, &options))
            .collect()
    } else {
        let entries = repository.entries()?;
        entries.iter().map(|entry| row(entry, &options)).collect()
    };
    if arguments.common.json {
        talk.json_pretty(&json::List {
            format: "session.list",
            version: json::VERSION,
            repository: repository.location().to_string(),
            sessions: rows,
        });
    } else if rows.is_empty() && arguments.removed {
        talk.note(&format!(
            "the trash of '{}' is empty",
            repository.location()
        ));
    } else if rows.is_empty() {
        talk.note(&format!(
            "no sessions in '{}'; `session run UNITS` makes one",
            repository.location()
        ));
    } else {
        let moment = if arguments.removed {
            "REMOVED"
        } else {
            "CHANGED"
        };
        table(moment, &rows).iter().for_each(|line| talk.data(line));
    }
    Ok(Exit::Done)
}

fn row(entry: &RepositoryEntry, options: &ManagerOptions) -> Row {
    let name = entry.id().map_or_else(
        || entry.name().to_string_lossy().into_owned(),
        ToString::to_string,
    );
    row_named(name, entry.open(), options)
}

fn removed_row(removed: &RemovedSession, options: &ManagerOptions) -> Row {
    Row {
        removed: wording::moment(i128::from(removed.removed_us()) * 1000),
        ..row_named(removed.id().to_string(), removed.open(), options)
    }
}

fn row_named(
    name: String,
    opened: Result<SessionStorage, EntryProblem>,
    options: &ManagerOptions,
) -> Row {
    let marked = |standing: Standing, problem: &dyn std::error::Error| Row {
        id: name.clone(),
        state: standing.as_str(),
        problem: Some(wording::chain(problem)),
        ..Row::default()
    };
    let storage = match opened {
        Ok(storage) => storage,
        Err(problem) => return marked(Standing::Unreadable, &problem),
    };
    match peek_session(&storage, options) {
        Ok(peek) => row_of(name, &storage, &peek, options),
        Err(problem) => marked(Standing::without_peek(&problem), &problem),
    }
}

fn row_of(
    id: String,
    storage: &SessionStorage,
    peek: &SessionPeek,
    options: &ManagerOptions,
) -> Row {
    let standing = Standing::of(storage, peek, options);
    let flags = match &peek.kind {
        PeekKind::Native(summary) => &summary.flags,
        PeekKind::Checkbox { metadata, .. } => &metadata.flags,
    };
    let row = Row {
        id,
        state: standing.as_str(),
        pause_reason: standing.pause_reason(flags).map(PauseReason::as_str),
        pid: standing.pid(),
        kept_as: Some(kept_as(format_of(&peek.kind))),
        changed: wording::moment(peek.modified_ns),
        ..Row::default()
    };
    match &peek.kind {
        PeekKind::Native(summary) => Row {
            title: summary.title.clone(),
            jobs_done: Some(summary.jobs_with_outcome()),
            jobs_total: Some(jobs_total(summary)),
            jobs_failed: Some(failed(summary)),
            running_job: summary
                .running_attempt
                .and_then(|_| summary.running_job.clone()),
            ..row
        },
        PeekKind::Checkbox { metadata, .. } => Row {
            title: metadata.title.clone(),
            ..row
        },
    }
}

fn failed(summary: &Summary) -> u64 {
    let jobs = summary.jobs_with(JobOutcome::Fail);
    jobs.saturating_add(summary.jobs_with(JobOutcome::Crash))
}

/// The name of the format a session is kept in.
pub(crate) fn kept_as(format: Format) -> String {
    match format {
        Format::Native => "native".to_owned(),
        Format::Checkbox(version) => format!("checkbox {version}"),
    }
}

/// The format of a session that was peeked at.
pub(crate) fn format_of(kind: &PeekKind) -> Format {
    match kind {
        PeekKind::Native(_) => Format::Native,
        PeekKind::Checkbox { version, .. } => Format::Checkbox(*version),
    }
}

/// The rows as aligned columns, with the moment of that name; a problem stands in the place of the last ones.
pub(crate) fn table(moment: &str, rows: &[Row]) -> Vec<String> {
    let headings = ["ID", "STATE", "DONE", "FAILED", moment, "TITLE"];
    let mut lines: Vec<[String; 6]> = vec![headings.map(ToOwned::to_owned)];
    lines.extend(rows.iter().map(cells));
    let mut widths = [0; 5];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    lines
        .iter()
        .map(|cells| {
            let mut text = String::new();
            for (cell, width) in cells.iter().zip(widths) {
                text.push_str(&format!("{cell:<width$}  "));
            }
            if let Some(last) = cells.last() {
                text.push_str(last);
            }
            text.trim_end().to_owned()
        })
        .collect()
}

fn cells(row: &Row) -> [String; 6] {
    let id = wording::one_line(&row.id);
    if let Some(problem) = &row.problem {
        let nothing = || "-".to_owned();
        let problem = wording::one_line(problem);
        return [
            id,
            row.state.to_owned(),
            nothing(),
            nothing(),
            nothing(),
            problem,
        ];
    }
    let state = match (row.pid, row.pause_reason) {
        (Some(pid), _) => format!("{} ({pid})", row.state),
        (None, Some(why)) => format!("{} ({why})", row.state),
        (None, None) => row.state.to_owned(),
    };
    let number = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let done = match row.jobs_total {
        Some(total) => format!("{}/{total}", number(row.jobs_done)),
        None => number(row.jobs_done),
    };
    [
        id,
        state,
        done,
        number(row.jobs_failed),
        row.removed
            .as_ref()
            .or(row.changed.as_ref())
            .cloned()
            .unwrap_or_default(),
        wording::one_line(row.title.as_deref().unwrap_or_default()),
    ]
}
