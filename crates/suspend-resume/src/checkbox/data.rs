//! The bytes of a log record, as base64.

use session_state::record::quoted;

use super::base64;
use super::check::{Checked, Path, Type};
use super::json::Value;
use crate::error::Corruption;

/// Reads the data of the record at `path`, where it has some.
pub(super) fn read_data(data: Option<Value<'_>>, path: &Path<'_>) -> Result<Vec<u8>, Corruption> {
    let path = path.index(2);
    let data = Checked::found(data, &path)?.required(Type::Text)?.text();
    if !data.is_ascii() {
        return Err(path.corrupted(format!("record data {} is not ASCII", quoted(data))));
    }
    base64::decode(data).ok_or_else(|| {
        path.corrupted(format!(
            "record data b{} is not correct base64",
            quoted(data)
        ))
    })
}
