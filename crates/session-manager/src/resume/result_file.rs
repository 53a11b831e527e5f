//! What jobs written for Checkbox leave and look for in `session-share`: `__result`, the result for the time after a
//! job's own end, and `__respawn_checkbox`, the command that goes on with the session.

use std::ffi::OsStr;

use serde_json::Value;
use session_state::JobOutcome;
use session_storage::{Dir, EntryKind, FsError, OpenMode, WellKnownDirs};

const NAME: &str = "__result";
const RESPAWN_NAME: &str = "__respawn_checkbox";
/// How long the file may be, in bytes.
const BYTES_MAX: usize = 64 << 10;

/// What stands in the result file.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ResultFile {
    /// There is none.
    #[default]
    Absent,
    /// It is no JSON object, or longer than 64 KiB: as good as none.
    Invalid,
    /// A JSON object.
    Left(LeftResult),
}

/// The result that a job left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeftResult {
    /// `pass`, `fail` or `skip`; `None` when it says something else, or nothing.
    pub outcome: Option<JobOutcome>,
    /// Its comments.
    pub comments: Option<String>,
    /// Its return code.
    pub return_code: Option<i64>,
    /// How long it took, in seconds.
    pub execution_duration: Option<f64>,
}

impl LeftResult {
    fn of(value: &Value) -> Option<Self> {
        let fields = value.as_object()?;
        let outcome = match fields.get("outcome").and_then(Value::as_str) {
            Some("pass") => Some(JobOutcome::Pass),
            Some("fail") => Some(JobOutcome::Fail),
            Some("skip") => Some(JobOutcome::Skip),
            Some(_) | None => None,
        };
        let comments = fields.get("comments").and_then(Value::as_str);
        Some(Self {
            outcome,
            comments: comments.map(ToOwned::to_owned),
            return_code: fields.get("return_code").and_then(Value::as_i64),
            execution_duration: fields.get("execution_duration").and_then(Value::as_f64),
        })
    }
}

/// Reads the result file of a session.
pub(crate) fn read_result_file(share: &dyn Dir) -> Result<ResultFile, FsError> {
    // A job may have put anything there; what is no regular file holds no result.
    match share.metadata(OsStr::new(NAME))? {
        None => return Ok(ResultFile::Absent),
        Some(found) if found.kind != EntryKind::File => {
            return Ok(ResultFile::Invalid);
        }
        Some(_) => {}
    }
    let file = share.open_file(OsStr::new(NAME), OpenMode::Read)?;
    let mut bytes = vec![0; BYTES_MAX + 1];
    let count = file.read_full_at(&mut bytes, 0)?;
    bytes.truncate(count);
    if bytes.len() > BYTES_MAX {
        return Ok(ResultFile::Invalid);
    }
    let value = serde_json::from_slice(&bytes).ok();
    Ok(value
        .as_ref()
        .and_then(LeftResult::of)
        .map_or(ResultFile::Invalid, ResultFile::Left))
}

/// Takes a result file away that an earlier job left, durably: it must not be taken for that of the next one.
pub(crate) fn clear_result_file(dirs: WellKnownDirs<'_>) -> Result<(), FsError> {
    let name = OsStr::new(NAME);
    match dirs.metadata_in_session_share(name)? {
        Some(found) if found.kind == EntryKind::File => {
            let share = dirs.session_share()?;
            share.remove_file(name)?;
            share.sync()
        }
        Some(_) | None => Ok(()),
    }
}

/// Puts the command that goes on with the session where a job that does not return looks for it.
pub(crate) fn write_respawn_file(share: &dyn Dir, command: &str) -> Result<(), FsError> {
    let name = OsStr::new(RESPAWN_NAME);
    match share.remove_file(name) {
        Err(error) if !error.is_not_found() => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let file = share.open_file(name, OpenMode::CreateNew)?;
    file.write_all_at(command.as_bytes(), 0)
}
