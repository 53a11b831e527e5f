//! Logs in files: where they are, whether they are there, and what the log of a resource says.
//!
//! This crate knows no disk; the caller brings [`LogFiles`](crate::LogFiles).

use session_state::{IoLogRecord, IoStream};

use super::check::{Checked, Path, Type};
use super::data::read_data;
use super::envelope::{Failure, inflate_into};
use super::json::{Kind, Value, parse};
use crate::error::{Corruption, ResumeError};
use crate::limits::Limits;
use crate::options::ResumeOptions;

/// The part of old log names that stands for the session directory.
const OLD_LOCATION: &str = "/.cache/plainbox/sessions/";

/// How the names of log files in one session are taken.
pub(super) struct Logs<'o> {
    version: u8,
    options: &'o ResumeOptions<'o>,
}

impl<'o> Logs<'o> {
    pub(super) const fn new(version: u8, options: &'o ResumeOptions<'o>) -> Self {
        Self { version, options }
    }

    /// The name a session gives to a log, as the path it means.
    pub(super) fn resolve(&self, name: &str, at: &Path<'_>) -> Result<String, ResumeError> {
        let location = self.options.location.as_deref();
        let path = match location {
            _ if self.version < 5 || name.starts_with('/') => name.to_owned(),
            Some(location) => join(location, name),
            None => {
                let what = "a relative log name, and the session directory is not known";
                return Err(at.corrupted(what).into());
            }
        };
        if !self.options.check_file_references || self.exists(&path) {
            return Ok(path);
        }
        let path = match location {
            Some(location) if self.options.rewrite_log_pathnames => rewrite(&path, location),
            Some(_) | None => path,
        };
        if self.exists(&path) {
            Ok(path)
        } else {
            Err(ResumeError::BrokenReference { path })
        }
    }

    fn exists(&self, path: &str) -> bool {
        self.options.files.is_some_and(|files| files.exists(path))
    }

    /// The records of a log file. An empty name is an empty log.
    pub(super) fn read(&self, path: &str) -> Result<Vec<IoLogRecord>, ResumeError> {
        if path.is_empty() {
            return Ok(Vec::new());
        }
        let packed = self
            .options
            .files
            .and_then(|files| files.read(path).ok())
            .ok_or_else(|| ResumeError::BrokenReference {
                path: path.to_owned(),
            })?;
        decode_log(&packed, &self.options.limits)
    }
}

/// The records of a packed log (`.record.gz`), as Checkbox reads it: where the packing is damaged the log
/// ends quietly, and neither delay nor stream is checked. A delay that is no number is 0.
///
/// # Errors
/// [`ResumeError::Corrupted`]: it ends within its packing, or a line is no record.
pub fn decode_log(packed: &[u8], limits: &Limits) -> Result<Vec<IoLogRecord>, ResumeError> {
    let mut text = Vec::new();
    match inflate_into(packed, limits, &mut text) {
        Ok(()) | Err(Failure::Damaged) => {}
        Err(failure @ (Failure::Truncated | Failure::TooLarge(_))) => {
            return Err(failure.into_corruption().into());
        }
    }
    let text = String::from_utf8(text).map_err(|_| Corruption::envelope("a log is not UTF-8"))?;
    let records = text
        .lines()
        .enumerate()
        .map(|(index, line)| record(parse(line, limits)?.root(), &Path::ROOT.index(index)));
    Ok(records.collect::<Result<_, Corruption>>()?)
}

fn record(record: Value<'_>, path: &Path<'_>) -> Result<IoLogRecord, Corruption> {
    let mut items = Checked::object(record, path).required(Type::List)?.items();
    let delay = path.index(0);
    let delay = number(Checked::found(items.next(), &delay)?.value);
    let stream = path.index(1);
    let stream = Checked::found(items.next(), &stream)?.value.as_text();
    Ok(IoLogRecord {
        delay,
        stream: match stream {
            Some("stdout") => IoStream::Stdout,
            Some(_) | None => IoStream::Stderr,
        },
        data: read_data(items.next(), path)?.into(),
    })
}

fn number(value: Value<'_>) -> f64 {
    match value.kind() {
        Kind::Int(number) => number as f64,
        Kind::Float(number) => number,
        Kind::Null
        | Kind::Bool(_)
        | Kind::BigInt(_)
        | Kind::Text(_)
        | Kind::List(_)
        | Kind::Object(_) => 0.0,
    }
}

fn join(location: &str, name: &str) -> String {
    let slash = if location.ends_with('/') { "" } else { "/" };
    format!("{location}{slash}{name}")
}

/// Puts the session directory in the place of every old one: of what stands before `OLD_LOCATION` on the
/// same line, of that itself, and of one path component after it.
fn rewrite(path: &str, location: &str) -> String {
    let lines = path.split('\n').map(|line| {
        let mut end = line.len();
        while let Some(at) = line.get(..end).and_then(|line| line.rfind(OLD_LOCATION)) {
            let rest = line.get(at + OLD_LOCATION.len()..).unwrap_or_default();
            let component = rest.find('/').unwrap_or(rest.len());
            if component > 0 {
                return format!("{location}{}", rest.get(component..).unwrap_or_default());
            }
            end = at;
        }
        line.to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
