//! What the machine said of itself (version 8 and later), as each of the tools that were asked gave it.

use std::collections::BTreeMap;

use super::check::{Checked, Path, Type};
use super::document::{Document, SESSION};
use super::json::{Json, Kind, Sorted, Value};
use crate::error::{Corruption, ResumeError};
use crate::limits::Limits;

/// The outputs of the tools that collected the system information of a Checkbox session. A state does not
/// hold it; whoever rewrites such a session passes it on by
/// [`SuspendOptions`](crate::SuspendOptions::system_information).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SystemInformation {
    tools: BTreeMap<Box<str>, Json>,
}

impl SystemInformation {
    /// The names of the tools.
    pub fn tools(&self) -> impl Iterator<Item = &str> {
        self.tools.keys().map(|name| &**name)
    }

    /// The outputs by tool, as they stand in a session.
    pub(super) fn outputs(&self) -> &BTreeMap<Box<str>, Json> {
        &self.tools
    }
}

/// The system information in a session of one of Checkbox's formats; `None` in those that have none.
///
/// # Errors
/// [`ResumeError::Corrupted`] and [`ResumeError::IncompatibleSession`].
pub fn system_information(
    bytes: &[u8],
    limits: &Limits,
) -> Result<Option<SystemInformation>, ResumeError> {
    let document = Document::open(bytes, limits)?;
    if document.version < 8 {
        return Ok(None);
    }
    Ok(Some(read_system_information(document.session()?)?))
}

/// Reads the outputs of the tools; keys that are not known are left out, as Checkbox does.
pub(super) fn read_system_information(session: Value<'_>) -> Result<SystemInformation, Corruption> {
    let path = SESSION.key("system_information");
    let tools = Checked::member(session, &path)?.required(Type::Object)?;
    let mut known = BTreeMap::new();
    for (name, tool) in tools
        .value
        .as_object()
        .map(Sorted::of)
        .iter()
        .flat_map(Sorted::iter)
    {
        known.insert(name.into(), read_tool(tool, &path.key(name))?);
    }
    Ok(SystemInformation { tools: known })
}

fn read_tool(tool: Value<'_>, path: &Path<'_>) -> Result<Json, Corruption> {
    Checked::object(tool, path).required(Type::Object)?;
    let version = path.key("tool_version");
    let version = Checked::member(tool, &version)?.value.into();
    let success = path.key("success");
    let success = is_true(Checked::member(tool, &success)?.value);
    let path = path.key("outputs");
    let outputs = Checked::member(tool, &path)?.required(Type::Object)?.value;
    let keys = output_keys(success);
    let output = |key: &&str| {
        let path = path.key(key);
        Ok((
            Box::from(*key),
            Json::from(Checked::member(outputs, &path)?.value),
        ))
    };
    let outputs = keys.iter().map(output).collect::<Result<_, Corruption>>()?;
    Ok(Json::Object(BTreeMap::from([
        ("outputs".into(), Json::Object(outputs)),
        ("success".into(), Json::Bool(success)),
        ("tool_version".into(), version),
    ])))
}

/// The keys of the outputs of a tool, by whether it succeeded.
pub(super) const fn output_keys(success: bool) -> &'static [&'static str] {
    if success {
        &["payload", "stderr"]
    } else {
        &["return_code", "stderr", "stdout"]
    }
}

/// Whether Python takes a value for true.
pub(super) fn is_true(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Null => false,
        Kind::Bool(value) => value,
        Kind::Int(value) => value != 0,
        Kind::BigInt(_) => true,
        Kind::Float(value) => value != 0.0,
        Kind::Text(text) => !text.is_empty(),
        Kind::List(items) => items.len() > 0,
        Kind::Object(members) => members.len() > 0,
    }
}
