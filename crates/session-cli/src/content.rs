//! What a session holds, whatever format it is in and wherever it lies.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use job_units::{Units, engines};
use session_manager::{DormantSession, ManagerOptions, OwnLogs, PeekKind, peek_session};
use session_state::{JobId, SessionState};
use session_storage::{SessionStorage, Verdict};
use suspend_resume::{
    Format, Peek, ResumeOptions, Resumed, SuspendOptions, peek, resume_bare, resume_whole,
};

use crate::command::run::units;
use crate::error::{Failure, OfSession};
use crate::output::Talk;
use crate::source::Source;

/// A session that was read.
#[derive(Debug)]
pub(crate) struct Content {
    /// Its id, or the path of its file.
    pub(crate) name: String,
    /// The directory it lies in.
    pub(crate) location: Utf8PathBuf,
    /// In which format it is.
    pub(crate) kept_as: Format,
    /// Its state.
    pub(crate) state: SessionState,
    /// Where the definitions in the state come from.
    pub(crate) definitions: Definitions,
    /// What the journal of a native session directory says of itself.
    pub(crate) verdict: Option<Verdict>,
    /// When it was last written, in nanoseconds since the epoch.
    pub(crate) modified_ns: i128,
    /// What the state does not hold of it.
    pub(crate) kept: SuspendOptions,
}

/// Where definitions come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Definitions {
    /// The session holds them.
    Stored,
    /// They were given.
    Given,
    /// There are none: a Checkbox session, and no unit files.
    Absent,
}

impl Definitions {
    /// The word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Given => "given",
            Self::Absent => "absent",
        }
    }
}

/// Reads a session. Unit files are for sessions in a Checkbox format, which do not hold their definitions; without
/// them such a session is read as far as it goes.
///
/// # Errors
/// It cannot be read, or the unit files cannot be used.
pub(crate) fn read(
    source: &Source,
    unit_files: &[Utf8PathBuf],
    options: &ManagerOptions,
    talk: &mut Talk,
) -> Result<Content, Failure> {
    let units = match unit_files {
        [] => None,
        files => Some(units(files, talk)?),
    };
    match source {
        Source::File(file) => {
            let name = file.path.to_string();
            let content = decode(&name, &file.bytes, &file.beside, units.as_ref())?;
            Ok(Content {
                modified_ns: file.modified_ns,
                ..content
            })
        }
        Source::Session(storage) => of_session(storage, units.as_ref(), options),
    }
}

fn of_session(
    storage: &SessionStorage,
    units: Option<&Units>,
    options: &ManagerOptions,
) -> Result<Content, Failure> {
    let name = storage.id().to_string();
    let unreadable = |error| Failure::Read(OfSession::new(&name, error));
    let peek = peek_session(storage, options).map_err(unreadable)?;
    let content = match &peek.kind {
        PeekKind::Native(_) => {
            let dormant = DormantSession::read(storage, options).map_err(unreadable)?;
            Content {
                name: name.clone(),
                location: storage.location().to_owned(),
                kept_as: Format::Native,
                state: dormant.state,
                definitions: Definitions::Stored,
                verdict: dormant.verdict,
                modified_ns: 0,
                kept: SuspendOptions::default(),
            }
        }
        PeekKind::Checkbox { .. } => {
            let bytes = storage
                .load_checkpoint()
                .map_err(|error| unreadable(error.into()))?;
            let bytes = bytes.unwrap_or_default();
            decode(&name, &bytes, &OwnLogs::of(storage), units)?
        }
    };
    Ok(Content {
        modified_ns: peek.modified_ns,
        ..content
    })
}

/// Decodes the bytes of a whole session.
fn decode(
    name: &str,
    bytes: &[u8],
    files: &OwnLogs,
    units: Option<&Units>,
) -> Result<Content, Failure> {
    let undecoded = |error| Failure::Decode(OfSession::new(name, error));
    let (jobs, templates) = match units {
        Some(units) => (&units.jobs[..], &units.templates[..]),
        None => (&[][..], &[][..]),
    };
    let mut options = ResumeOptions::default();
    options.location = Some(files.location().to_string());
    options.files = Some(files);
    options.templates = templates;
    options.engines = engines();
    let is_checkbox = match peek(bytes, &options.limits).map_err(undecoded)? {
        Peek::Checkbox(_) => true,
        Peek::Native(_) | _ => false,
    };
    let (resumed, checksums, definitions) = match (is_checkbox, units) {
        (true, None) => {
            let bare = resume_bare(bytes, &options).map_err(undecoded)?;
            (bare.resumed, bare.checksums, Definitions::Absent)
        }
        (_, units) => {
            let resumed = resume_whole(bytes, jobs, &options, None).map_err(undecoded)?;
            let definitions = match units.filter(|_| is_checkbox) {
                Some(_) => Definitions::Given,
                None => Definitions::Stored,
            };
            (resumed, BTreeMap::new(), definitions)
        }
    };
    Ok(Content {
        name: name.to_owned(),
        location: files.location().to_owned(),
        kept_as: resumed.format,
        definitions,
        verdict: None,
        modified_ns: 0,
        kept: kept(&resumed, checksums, files),
        state: resumed.state,
    })
}

fn kept(resumed: &Resumed, checksums: BTreeMap<JobId, String>, files: &OwnLogs) -> SuspendOptions {
    let mut kept = SuspendOptions::default();
    kept.session_dir = Some(files.location().to_string());
    kept.system_information
        .clone_from(&resumed.system_information);
    kept.unknown_fields.clone_from(&resumed.unknown_fields);
    kept.checksums = checksums;
    if let Format::Checkbox(..=4) = resumed.format {
        // Relative names of these versions depend on where a program ran; they are kept as they stand.
        kept.working_dir.clone_from(&kept.session_dir);
    }
    kept
}
