//! `session convert`: a session in another format, as a file of its own.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::process;
use std::sync::Arc;

use camino::Utf8Path;
use session_state::{IoLog, JobId, SessionState};
use session_storage::{Dir, EntryKind, FsError, OpenMode};
use suspend_resume::{
    Format, Limits, Loss, Peek, SuspendOptions, losses, peek, resume_native, suspend,
};

use super::list::kept_as;
use super::run::options;
use crate::args::Convert;
use crate::content::{Content, Definitions, read};
use crate::error::{Failure, OfSession};
use crate::exit_code::Exit;
use crate::json;
use crate::output::Talk;
use crate::source::{absolute, find, parent};
use crate::wording;

/// Writes a session in another format into a file, and tells what that format cannot carry. The session itself is
/// read and never changed. The file appears whole or not at all; one that is there is replaced only with `--force`.
///
/// # Errors
/// The session cannot be read, its definitions are needed and absent, the format cannot hold it, or the file cannot be
/// written.
pub(crate) fn convert(arguments: &Convert, talk: &mut Talk) -> Result<Exit, Failure> {
    let options = options()?;
    let repository = arguments.common.repository.as_deref();
    let source = find(&arguments.session, repository, &options)?;
    let mut content = read(&source, &arguments.definitions, &options, talk)?;
    let format = arguments.format;
    if format == Format::Native && content.definitions == Definitions::Absent {
        return Err(Failure::NeedsDefinitions {
            id: content.name,
            format: kept_as(content.kept_as),
        });
    }
    if format == Format::Native {
        select_each_once(&mut content.state);
    }
    let lost = losses(&content.state, format, &content.kept);
    if let Some(Loss::Everything(obstacle)) =
        lost.iter().find(|loss| matches!(loss, Loss::Everything(_)))
    {
        return Err(Failure::Unresumable {
            id: content.name,
            format,
            obstacle: obstacle.clone(),
        });
    }
    let bytes = encode(&content, format, &content.kept)?;
    let logs_outside = match format {
        Format::Native => logs_outside(&content.name, &bytes)?,
        Format::Checkbox(_) => Vec::new(),
    };
    let output = absolute(&arguments.output)?;
    write(&output, &bytes, arguments.force)?;
    let document = json::Convert {
        format: "session.convert",
        version: json::VERSION,
        id: content.name,
        kept_as: kept_as(content.kept_as),
        written_as: format.to_string(),
        output: output.to_string(),
        bytes: bytes.len(),
        losses: lost.iter().map(loss_document).collect(),
        logs_outside,
    };
    if arguments.common.json {
        talk.json_pretty(&document);
    } else {
        lines(&document).iter().for_each(|line| talk.data(line));
    }
    Ok(Exit::Done)
}

/// Drops what stands in the list of selected jobs a second time: each cycle through a Checkbox format puts the mandatory
/// jobs there once more.
fn select_each_once(state: &mut SessionState) {
    let mut seen = HashSet::new();
    let once: Vec<JobId> = state
        .desired_jobs()
        .filter(|job| seen.insert(*job))
        .cloned()
        .collect();
    if once.len() < state.desired_jobs().len() {
        state.update_desired_jobs_alone(&once);
    }
}

fn encode(content: &Content, format: Format, kept: &SuspendOptions) -> Result<Vec<u8>, Failure> {
    suspend(&content.state, format, kept).map_err(|source| Failure::Encode {
        id: content.name.clone(),
        format,
        source,
    })
}

/// The logs that a native session, as it was written, names by their whole paths: they lie outside the directory of
/// the session they come from, and stay there.
fn logs_outside(id: &str, bytes: &[u8]) -> Result<Vec<json::LogOutside>, Failure> {
    let state = resume_native(bytes, &Limits::default())
        .map_err(|error| Failure::Decode(OfSession::new(id, error)))?;
    let mut outside = Vec::new();
    for job in state.jobs() {
        let logs = job.history().iter().filter_map(|past| match &past.io_log {
            IoLog::Stored(log) if log.path.starts_with('/') => Some(&log.path),
            IoLog::Stored(_) | IoLog::Memory(_) => None,
        });
        outside.extend(logs.map(|path| json::LogOutside {
            job: job.id().to_string(),
            path: path.to_string(),
        }));
    }
    Ok(outside)
}

fn loss_document(loss: &Loss) -> json::Lost {
    let jobs = loss.jobs().iter();
    json::Lost {
        kind: loss.kind(),
        text: loss.to_string(),
        jobs: jobs.map(|job| job.as_str().to_owned()).collect(),
    }
}

fn lines(done: &json::Convert) -> Vec<String> {
    let mut lines = vec![format!(
        "wrote    {} ({}, {})",
        done.output,
        done.written_as,
        wording::count(done.bytes, "byte")
    )];
    let lost = done.losses.iter();
    lines.extend(lost.map(|loss| format!("lost     {}", wording::one_line(&loss.text))));
    if done.losses.is_empty() {
        lines.push("lost     nothing".to_owned());
    }
    let outside = done.logs_outside.iter();
    lines.extend(outside.map(|log| {
        let text = format!("the log of '{}' stays at {}", log.job, log.path);
        format!("outside  {}", wording::one_line(&text))
    }));
    lines
}

/// Writes the file beside its place, syncs it, and moves it there.
fn write(path: &Utf8Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let (dir, name) = parent(path)?;
    let exists = || Failure::Exists {
        path: path.to_owned(),
    };
    let unwritten = |source: FsError| {
        if source.kind() == io::ErrorKind::AlreadyExists {
            exists()
        } else {
            Failure::Write { source }
        }
    };
    match dir.metadata(name).map_err(unwritten)? {
        Some(found) if !force || found.kind != EntryKind::File => {
            return Err(exists());
        }
        Some(_) => refuse_newer(path, &dir, name)?,
        None => {}
    }
    let mut next = OsString::from(name);
    next.push(format!(".{}.next", process::id()));
    let file = dir
        .open_file(&next, OpenMode::CreateNew)
        .map_err(unwritten)?;
    let moved = file
        .write_all_at(bytes, 0)
        .and_then(|()| file.sync_data())
        .and_then(|()| match force {
            true => dir.rename(&next, name),
            false => dir.move_to(&next, &*dir, name),
        });
    if let Err(error) = moved {
        // What cannot be taken away either is named like what it was to become.
        let _ = dir.remove_file(&next);
        return Err(unwritten(error));
    }
    dir.sync().map_err(unwritten)
}

/// What another release wrote and this one cannot read is never overwritten.
fn refuse_newer(path: &Utf8Path, dir: &Arc<dyn Dir>, name: &OsStr) -> Result<(), Failure> {
    let file = crate::source::read(path, dir, name)?;
    let is_newer = match peek(&file.bytes, &Limits::default()) {
        Ok(Peek::Native(head)) => !head.readable,
        Ok(_) => false,
        Err(error) => error.is_incompatible(),
    };
    if is_newer {
        return Err(Failure::Newer {
            path: path.to_owned(),
        });
    }
    Ok(())
}
