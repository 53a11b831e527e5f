//! From the bytes to the document: envelope, text, JSON, version, the two outer objects.

use super::check::{Checked, Path, Type};
use super::envelope::inflate;
use super::json::{Kind, Tape, Value, parse};
use crate::error::{Corruption, ResumeError};
use crate::limits::Limits;

/// The newest version there is.
pub(crate) const NEWEST: u8 = 11;

/// A document of a known version.
pub(super) struct Document {
    pub(super) version: u8,
    tape: Tape<'static>,
}

/// The path of the session within a document.
pub(super) const SESSION: Path<'static> = Path::ROOT.key("session");

impl Document {
    /// Opens a session.
    pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Self, ResumeError> {
        let text = String::from_utf8(inflate(bytes, limits)?)
            .map_err(|_| Corruption::envelope("Cannot decode session text"))?;
        let tape = parse(text, limits)?;
        Checked::object(tape.root(), &Path::ROOT).required(Type::Object)?;
        let version = Checked::member(tape.root(), &Path::ROOT.key("version"))?
            .some()?
            .value;
        let version = known_version(version)?;
        Ok(Self { version, tape })
    }

    /// The whole document.
    pub(super) fn root(&self) -> Value<'_> {
        self.tape.root()
    }

    /// The session object.
    pub(super) fn session(&self) -> Result<Value<'_>, Corruption> {
        Ok(Checked::member(self.root(), &SESSION)?
            .required(Type::Object)?
            .value)
    }
}

/// Versions are compared as Python compares: true is 1, 11.0 is 11.
fn known_version(version: Value<'_>) -> Result<u8, ResumeError> {
    let found = match version.kind() {
        Kind::Bool(true) => return Ok(1),
        Kind::Bool(false) => "False".to_owned(),
        Kind::Int(number) => match u8::try_from(number) {
            Ok(known @ 1..=NEWEST) => return Ok(known),
            Ok(_) | Err(_) => number.to_string(),
        },
        Kind::Float(number) => match (1..=NEWEST).find(|known| f64::from(*known) == number) {
            Some(known) => return Ok(known),
            None => format!("{number:?}"),
        },
        Kind::BigInt(digits) => digits.to_string(),
        Kind::Text(text) => text.to_string(),
        Kind::Null | Kind::List(_) | Kind::Object(_) => {
            let path = Path::ROOT;
            let path = path.key("version");
            let type_name = version.type_name();
            let what = format!("Value of key 'version' is of incorrect type {type_name}");
            return Err(path.corrupted(what).into());
        }
    };
    Err(ResumeError::IncompatibleSession {
        found,
        supported: "versions 1 to 11 of Checkbox's format",
        advice: "if a newer Checkbox wrote it, that Checkbox can open it; nothing here will overwrite it",
    })
}
