//! A session of one of Checkbox's formats: resumed, described, peeked, and written again in every format.

use std::io::{self, Read as _, Write as _};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use job_units::Jinja2;
use serde_json::{Map, Value, json};
use session_state::template::Engines;
use session_state::{JobState, SessionState};
use sha2::{Digest as _, Sha256};
use suspend_resume::{
    Format, Limits, LogFiles, ResumeOptions, SuspendError, SuspendOptions, SystemInformation,
    peek_checkbox, resume_checkbox, suspend, system_information,
};

use super::bad::{Unanswered, bad};
use super::failure::{of_resume, of_suspend};
use super::python;
use super::session::{described, metadata};
use super::units::Units;
use super::wrapped::from_field;

/// The formats of Checkbox.
const FORMATS: std::ops::RangeInclusive<u8> = 1..=11;

/// Where the recording program ran.
const WORKING_DIR: &str = "/";

/// A session with what it is resumed with.
pub(super) struct Given<'g> {
    pub(super) session: &'g [u8],
    pub(super) units: &'g Units,
    pub(super) files: &'g dyn LogFiles,
    pub(super) location: Option<&'g str>,
    /// Flags of resume, by their documented names.
    pub(super) flags: &'g [&'g str],
}

/// A session that was resumed.
pub(super) struct Resumed {
    state: SessionState,
    /// What the machine said of itself; `None` before version 8.
    information: Option<SystemInformation>,
}

impl Given<'_> {
    /// Resumes the session. Answers with its description, or with the error, and with what came of it.
    pub(super) fn answer(&self) -> Result<(Value, Option<Resumed>), Unanswered> {
        let mut options = ResumeOptions::default();
        options.files = Some(self.files);
        options.templates = &self.units.templates;
        options.engines = Engines::default().with(Arc::new(Jinja2::default()));
        options.location = self.location.map(str::to_owned);
        options.ignore_job_checksums = self.flags.contains(&"ignore-job-checksums");
        options.check_file_references = self.flags.contains(&"file-reference-checks");
        options.rewrite_log_pathnames = self.flags.contains(&"rewrite-log-pathnames");
        let (peek, version) = self.peek();
        let resumed = resume_checkbox(self.session, &self.units.definitions, &options, None);
        let (mut answer, resumed) = match resumed {
            Err(error) => (of_resume(&error, "resume"), None),
            Ok(resumed) => {
                let resumed = Resumed {
                    state: resumed.state,
                    information: resumed.system_information,
                };
                (self.described(&resumed, version)?, Some(resumed))
            }
        };
        answer["peek"] = peek;
        Ok((answer, resumed))
    }

    fn described(&self, resumed: &Resumed, version: Value) -> Result<Value, Unanswered> {
        let given = self.units.ids();
        let made = |job: &JobState| !given.contains(job.id());
        let mut answer = Map::from_iter([
            ("status".to_owned(), json!("ok")),
            ("version".to_owned(), version),
        ]);
        answer.extend(described(&resumed.state, self.files, made));
        answer.insert("system_information".into(), resumed.collected()?);
        Ok(Value::Object(answer))
    }

    /// The version as it stands in the session: `true` is 1 too, and so is 1.0.
    fn written_version(&self, version: u8) -> Value {
        let document = inflate(self.session).ok();
        let document = document.and_then(|text| python::parse_json(&text).ok());
        let written = document.and_then(|mut document| Some(document.get_mut("version")?.take()));
        written.unwrap_or_else(|| version.into())
    }

    /// What the session says of itself, and its version.
    fn peek(&self) -> (Value, Value) {
        match peek_checkbox(self.session, &Limits::default()) {
            Err(error) => (of_resume(&error, "peek"), Value::Null),
            Ok(peek) => {
                let mut told = metadata(&peek.metadata);
                let rejected = peek.rejected_jobs.iter();
                told["rejected_jobs"] = rejected.map(|job| from_field(job.into())).collect();
                (
                    json!({ "status": "ok", "metadata": told }),
                    self.written_version(peek.version),
                )
            }
        }
    }
}

impl Resumed {
    /// The collected outputs, as the newest format holds them; null before version 8.
    fn collected(&self) -> Result<Value, Unanswered> {
        if self.information.is_none() {
            return Ok(Value::Null);
        }
        // Only that part is wanted, and no other state can stand in its way.
        let nothing = Self {
            state: SessionState::new(),
            information: self.information.clone(),
        };
        let text = nothing.written(*FORMATS.end(), None);
        let text = text.map_err(|error| bad(error.to_string()))?;
        let mut document = python::parse_json(&text)?;
        let mut tools = document["session"]["system_information"].take();
        for (_, tool) in tools.as_object_mut().into_iter().flatten() {
            in_recorded_order(tool, &["tool_version", "success", "outputs"]);
            let outputs = ["payload", "stdout", "stderr", "return_code"];
            in_recorded_order(&mut tool["outputs"], &outputs);
        }
        Ok(tools)
    }

    /// The text of the session in a format.
    fn written(&self, version: u8, session_dir: Option<&str>) -> Result<String, SuspendError> {
        let mut options = SuspendOptions::default();
        options.session_dir = session_dir.map(str::to_owned);
        options.working_dir = Some(WORKING_DIR.to_owned());
        options.system_information = self.information.clone();
        let packed = suspend(&self.state, Format::Checkbox(version), &options)?;
        Ok(inflate(&packed)?)
    }

    /// The session written again in every format, by the hash of the text; the text itself in the newest where
    /// it is no longer than so many bytes. Format 8 is left out where the session holds no outputs, since the
    /// recording would have collected those of its machine.
    pub(super) fn written_again(&self, dir: Option<&str>, text_bytes_max: usize) -> Value {
        let information = self.information.as_ref();
        let collected = information.is_some_and(|known| known.tools().next().is_some());
        let mut hashes = Map::new();
        let mut newest = None;
        for version in FORMATS.filter(|version| *version != 8 || collected) {
            let written = self.written(version, dir);
            let hash = match &written {
                Ok(text) => hash(text).into(),
                Err(error) => of_suspend(error),
            };
            hashes.insert(version.to_string(), hash);
            newest = written.ok();
        }
        let mut answer = json!({ "session_dir": dir, "sha256": hashes });
        if let Some(text) = newest.filter(|text| text.len() <= text_bytes_max) {
            answer["json_v11"] = text.into();
        }
        answer
    }
}

/// Puts the members of an object into the order they are recorded in, which differences go by.
fn in_recorded_order(value: &mut Value, order: &[&str]) {
    if let Some(object) = value.as_object_mut() {
        for key in order {
            if let Some((key, member)) = object.shift_remove_entry(*key) {
                object.insert(key, member);
            }
        }
    }
}

/// The text in a packed session.
pub(crate) fn inflate(packed: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    MultiGzDecoder::new(packed).read_to_string(&mut text)?;
    Ok(text)
}

/// A packed session.
pub(super) fn deflate(text: &str) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes())?;
    packer.finish()
}

/// The collected outputs in the text of a session.
pub(super) fn information_of(text: &str) -> Option<SystemInformation> {
    let packed = deflate(text).ok()?;
    system_information(&packed, &Limits::default()).ok()?
}

fn hash(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
