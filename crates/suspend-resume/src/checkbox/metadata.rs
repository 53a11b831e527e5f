//! The metadata of a session, version by version.
//!
//! | version | adds |
//! |---|---|
//! | 1 | title, flags, running job |
//! | 2 | application blob |
//! | 3 | application id |
//! | 6 | custom job list, rejected jobs |
//! | 7 | start time of the last job |
//! | 11 | remaining to do |

use std::collections::BTreeSet;

use session_state::{JobId, SessionMetadata};

use super::base64;
use super::check::{Checked, Path, Type};
use super::document::SESSION;
use super::json::{Items, Kind, Value};
use crate::error::Corruption;

/// Reads the metadata of a session. `peeking` leaves out what Checkbox's peek does not read.
pub(super) fn read_metadata(
    session: Value<'_>,
    version: u8,
    peeking: bool,
) -> Result<SessionMetadata, Corruption> {
    let path = SESSION.key("metadata");
    let object = Checked::member(session, &path)?.required(Type::Object)?;
    let reader = Reader {
        object: object.value,
        path: &path,
    };
    let mut metadata = SessionMetadata {
        title: reader.text("title")?,
        flags: reader.flags()?,
        running_job_name: reader.text("running_job_name")?,
        app_blob: Some(Vec::new()),
        ..SessionMetadata::default()
    };
    if version >= 2 {
        metadata.app_blob = reader.blob()?;
    }
    if version >= 3 {
        metadata.app_id = reader.text("app_id")?;
    }
    if version >= 6 && !is_of_plainbox_0_38(object.value, version) {
        metadata.custom_joblist = reader.truth("custom_joblist")?;
        metadata.rejected_jobs = reader.rejected()?;
    }
    if version >= 9 || (version >= 7 && !peeking) {
        metadata.last_job_start_time = reader.time("last_job_start_time")?;
    }
    if version >= 11 {
        metadata.remaining_todo_jobs = reader.truth("remaining_todo_jobs")?;
    }
    Ok(metadata)
}

/// PlainBox 0.38 wrote a version 6 of its own, without two keys (deviation D2).
pub(super) fn is_of_plainbox_0_38(metadata: Value<'_>, version: u8) -> bool {
    let absent = |key: &str| metadata.get(key).is_none();
    version == 6
        && metadata.as_object().is_some()
        && absent("custom_joblist")
        && absent("rejected_jobs")
}

/// Whether a version knows a key of the metadata.
pub(super) fn is_metadata_key(key: &str, version: u8) -> bool {
    let since = match key {
        "title" | "flags" | "running_job_name" => 1,
        "app_blob" => 2,
        "app_id" => 3,
        "custom_joblist" | "rejected_jobs" => 6,
        "last_job_start_time" => 7,
        "remaining_todo_jobs" => 11,
        _ => return false,
    };
    version >= since
}

/// The deselected jobs as they stand in metadata that was read.
pub(super) fn rejected_items(session: Value<'_>, version: u8) -> Items<'_> {
    let metadata = session.get("metadata");
    let jobs = metadata.and_then(|metadata| metadata.get("rejected_jobs"));
    let jobs = jobs.filter(|_| version >= 6);
    jobs.and_then(Value::as_list).unwrap_or(Items::NONE)
}

struct Reader<'d, 'p> {
    object: Value<'d>,
    path: &'p Path<'p>,
}

impl Reader<'_, '_> {
    fn text(&self, key: &str) -> Result<Option<String>, Corruption> {
        let path = self.path.key(key);
        let text = Checked::member(self.object, &path)?.nullable(Type::Text)?;
        Ok(text.map(|text| text.text().to_owned()))
    }

    fn truth(&self, key: &str) -> Result<bool, Corruption> {
        let path = self.path.key(key);
        let value = Checked::member(self.object, &path)?.required(Type::Bool)?;
        Ok(matches!(value.value.kind(), Kind::Bool(true)))
    }

    fn time(&self, key: &str) -> Result<Option<f64>, Corruption> {
        let path = self.path.key(key);
        let time = Checked::member(self.object, &path)?.nullable(Type::Float)?;
        Ok(time.and_then(|time| time.value.as_float()))
    }

    fn flags(&self) -> Result<BTreeSet<String>, Corruption> {
        let path = self.path.key("flags");
        let flags = Checked::member(self.object, &path)?.required(Type::List)?;
        let flags = texts(flags.items(), &path, "Each flag must be a string")?;
        Ok(flags.into_iter().map(str::to_owned).collect())
    }

    /// The deselected jobs. Items that are no texts are left out; a resume refuses them when it comes to them.
    fn rejected(&self) -> Result<Vec<JobId>, Corruption> {
        let path = self.path.key("rejected_jobs");
        let jobs = Checked::member(self.object, &path)?.required(Type::List)?;
        Ok(jobs
            .items()
            .filter_map(Value::as_text)
            .map(JobId::from)
            .collect())
    }

    fn blob(&self) -> Result<Option<Vec<u8>>, Corruption> {
        let path = self.path.key("app_blob");
        let Some(blob) = Checked::member(self.object, &path)?.nullable(Type::Text)? else {
            return Ok(None);
        };
        if !blob.text().is_ascii() {
            return Err(path.corrupted("app_blob is not ASCII"));
        }
        base64::decode(blob.text())
            .map(Some)
            .ok_or_else(|| path.corrupted("Cannot base64 decode app_blob"))
    }
}

/// The items of a list, each of which has to be a text.
pub(super) fn texts<'d>(
    items: impl ExactSizeIterator<Item = Value<'d>>,
    path: &Path<'_>,
    otherwise: &str,
) -> Result<Vec<&'d str>, Corruption> {
    let mut texts = Vec::with_capacity(items.len());
    for (index, item) in items.enumerate() {
        let path = path.index(index);
        let item = Checked::object(item, &path).some()?;
        let text = item.value.as_text();
        texts.push(text.ok_or_else(|| path.corrupted(otherwise))?);
    }
    Ok(texts)
}
