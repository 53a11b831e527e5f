//! A session in one of Checkbox's formats, brought back without any definitions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use session_state::{JobDefinition, JobId};

use super::checksums::checksums_of;
use super::document::Document;
use super::json::Value;
use super::resume::resume_document;
use crate::error::ResumeError;
use crate::options::ResumeOptions;
use crate::resume::Resumed;

/// A Checkbox session without its definitions, and the checksums it keeps of them.
#[derive(Debug)]
#[non_exhaustive]
pub struct BareSession {
    /// The session. Its definitions hold ids and nothing else, so nothing is known of dependencies, plugins,
    /// resources or templates: only what was asked for is to be run, and all of it seems ready.
    pub resumed: Resumed,
    /// The checksums of the definitions the session was made with. Whoever writes the session in one of
    /// Checkbox's formats passes them on by [`SuspendOptions::checksums`](crate::SuspendOptions::checksums).
    pub checksums: BTreeMap<JobId, String>,
}

/// Brings back what a Checkbox session says by itself: jobs by their ids, results, lists, metadata. Enough to
/// look at it and to write it in another of Checkbox's formats; not enough to run it.
///
/// # Errors
/// [`ResumeError`]; a native session is none of Checkbox's and counts as corrupted here.
pub fn resume_bare(bytes: &[u8], options: &ResumeOptions<'_>) -> Result<BareSession, ResumeError> {
    let document = Document::open(bytes, &options.limits)?;
    let checksums = checksums_of(&document)?;
    let results = document.session()?.get("results");
    let with_results = results.and_then(Value::as_object).into_iter().flatten();
    let ids: BTreeSet<JobId> = checksums
        .keys()
        .cloned()
        .chain(with_results.map(|(id, _)| JobId::new(id)))
        .collect();
    let definitions: Vec<Arc<JobDefinition>> = ids.iter().map(nameplate).collect();
    let options = ResumeOptions {
        ignore_job_checksums: true,
        templates: &[],
        ..options.clone()
    };
    Ok(BareSession {
        resumed: resume_document(&document, &definitions, &options, None)?,
        checksums,
    })
}

/// A definition that holds an id and nothing else.
fn nameplate(id: &JobId) -> Arc<JobDefinition> {
    let (namespace, partial) = match id.as_str().split_once("::") {
        Some((namespace, partial)) => (Some(namespace.into()), partial),
        None => (None, id.as_str()),
    };
    let fields = vec![("id".into(), partial.into())];
    Arc::new(JobDefinition::new(namespace, fields, None, None))
}
