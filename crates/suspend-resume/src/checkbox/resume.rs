//! A session in one of Checkbox's formats, brought back.
//!
//! Up to version 5, and for PlainBox 0.38's version 6, jobs and results come before the metadata; from
//! version 6 on the metadata comes first, and the mandatory list before the desired one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use session_state::record::quoted;
use session_state::{
    DuplicateJob, JobDefinition, JobId, MetadataChange, SessionMetadata, SessionState, UnknownJob,
};

use super::check::{Checked, Type};
use super::document::{Document, SESSION};
use super::json::Value;
use super::logs::Logs;
use super::metadata::{is_of_plainbox_0_38, read_metadata, texts};
use super::replay::Replay;
use super::system::read_system_information;
use super::unknown::UnknownFields;
use crate::error::{Corruption, ResumeError};
use crate::format::Format;
use crate::options::{EarlyCallback, ResumeOptions};
use crate::resume::{Resumed, give_templates};

/// Brings back what has to be a session in one of Checkbox's formats, as [`resume`](crate::resume()) does.
///
/// # Errors
/// [`ResumeError`], by what is wrong: the bytes, their version, a definition, a file that is referred to.
pub fn resume_checkbox(
    bytes: &[u8],
    definitions: &[Arc<JobDefinition>],
    options: &ResumeOptions<'_>,
    early_callback: Option<EarlyCallback<'_>>,
) -> Result<Resumed, ResumeError> {
    let document = Document::open(bytes, &options.limits)?;
    resume_document(&document, definitions, options, early_callback)
}

/// Brings back the session of a document.
pub(super) fn resume_document(
    document: &Document,
    definitions: &[Arc<JobDefinition>],
    options: &ResumeOptions<'_>,
    early_callback: Option<EarlyCallback<'_>>,
) -> Result<Resumed, ResumeError> {
    let mut state = fresh_state(definitions)?;
    give_templates(&mut state, options);
    if let Some(other) = early_callback.and_then(|callback| callback(&mut state)) {
        state = other;
    }
    let session = document.session()?;
    let version = document.version;
    let old_order = version < 6 || {
        let metadata = session.get("metadata");
        metadata.is_some_and(|metadata| is_of_plainbox_0_38(metadata, version))
    };
    if !old_order {
        set_metadata(&mut state, read_metadata(session, version, false)?);
    }
    let logs = Logs::new(version, options);
    let replay = Replay::new(session, &logs, version, options.ignore_job_checksums)?;
    state.add_jobs(definitions)?;
    let odd = replay.run(&mut state)?;
    if old_order {
        set_metadata(&mut state, read_metadata(session, version, false)?);
    }
    if version >= 6 {
        let key = "mandatory_job_list";
        let mandatory = listed(session, key)?;
        let known = mandatory.iter().map(|id| known_job(&state, id));
        let known: Result<Vec<JobId>, UnknownJob> = known.collect();
        state.set_mandatory_jobs(known.map_err(|unknown| not_known(&unknown, key, &mandatory))?);
    }
    let key = "desired_job_list";
    let desired = listed(session, key)?;
    state
        .update_desired_to_known(&desired)
        .map_err(|unknown| not_known(&unknown, key, &desired))?;
    trim(&mut state, &replay);
    let system_information = match version {
        8.. => Some(read_system_information(session)?),
        _ => None,
    };
    Ok(Resumed {
        state,
        format: Format::Checkbox(version),
        system_information,
        unknown_fields: UnknownFields::of(document, &odd, &logs)?,
    })
}

/// A state of these definitions; of equal ones the last stays.
fn fresh_state(definitions: &[Arc<JobDefinition>]) -> Result<SessionState, DuplicateJob> {
    let state = SessionState::with_jobs(definitions.iter().cloned())?;
    if state.job_count() == definitions.len() {
        return Ok(state);
    }
    SessionState::with_jobs(last_of_equals(definitions))
}

/// The definitions without those that come again, equal, later in the list.
fn last_of_equals(definitions: &[Arc<JobDefinition>]) -> Vec<Arc<JobDefinition>> {
    let mut later: HashMap<&JobId, &Arc<JobDefinition>> = HashMap::new();
    let mut kept = Vec::with_capacity(definitions.len());
    for definition in definitions.iter().rev() {
        match later.insert(definition.id(), definition) {
            Some(known) if known.checksum() == definition.checksum() => {}
            Some(_) | None => kept.push(Arc::clone(definition)),
        }
    }
    kept.reverse();
    kept
}

fn set_metadata(state: &mut SessionState, metadata: SessionMetadata) {
    let flags: Vec<String> = state.metadata().flags.iter().cloned().collect();
    let cleared = flags.into_iter().map(MetadataChange::FlagCleared);
    let set = metadata.flags.into_iter().map(MetadataChange::FlagSet);
    let rest = [
        MetadataChange::Title(metadata.title),
        MetadataChange::RunningJobName(metadata.running_job_name),
        MetadataChange::AppBlob(metadata.app_blob),
        MetadataChange::AppId(metadata.app_id),
        MetadataChange::CustomJoblist(metadata.custom_joblist),
        MetadataChange::RejectedJobs(metadata.rejected_jobs),
        MetadataChange::LastJobStartTime(metadata.last_job_start_time),
        MetadataChange::RemainingTodoJobs(metadata.remaining_todo_jobs),
    ];
    for change in cleared.chain(set).chain(rest) {
        state.change_metadata(change);
    }
}

/// A list of jobs.
fn listed<'d>(session: Value<'d>, key: &'static str) -> Result<Vec<&'d str>, Corruption> {
    let path = SESSION.key(key);
    let list = Checked::member(session, &path)?.required(Type::List)?;
    texts(list.items(), &path, "Each job id must be a string")
}

fn known_job(state: &SessionState, id: &str) -> Result<JobId, UnknownJob> {
    let job = state.job_state(id).map(|job| job.id().clone());
    job.ok_or_else(|| UnknownJob { job: id.into() })
}

/// A list names a job that is not there.
fn not_known(unknown: &UnknownJob, key: &'static str, list: &[&str]) -> Corruption {
    let id = unknown.job.as_str();
    let index = list.iter().position(|listed| *listed == id);
    let path = SESSION.key(key);
    let what = format!("'{key}' refers to unknown job {}", quoted(id));
    path.index(index.unwrap_or_default()).corrupted(what)
}

/// Drops what is neither to be run nor listed by the session.
fn trim(state: &mut SessionState, replay: &Replay<'_, '_>) {
    let jobs = state.jobs().filter(|job| !job.is_on_run_list());
    let unwanted: HashSet<JobId> = jobs
        .map(|job| job.id().clone())
        .filter(|job| !replay.lists(job.as_str()))
        .collect();
    if unwanted.is_empty() {
        return;
    }
    let trimmed = state.trim_jobs(|job| unwanted.contains(job.id()));
    debug_assert!(trimmed.is_ok(), "no job of the run list is trimmed");
}
