//! Where a scenario is replayed: a directory of its own, and its names in the words of the recording.

use std::ffi::OsStr;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use session_storage::{Dir, Fs, RealFs, Repository};

use super::told;
use crate::conformance::bad::{Unanswered, bad};

/// The program whose doings were recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    PlainBox054,
    Checkbox73,
}

impl Program {
    pub(super) const fn file(self) -> &'static str {
        match self {
            Self::PlainBox054 => "legacy/plainbox-0.5.4.json",
            Self::Checkbox73 => "legacy/checkbox-7.3.json",
        }
    }

    pub(super) const fn row(self) -> &'static str {
        match self {
            Self::PlainBox054 => "legacy/plainbox-0.5.4",
            Self::Checkbox73 => "legacy/checkbox-7.3",
        }
    }

    /// The end of the recorded names of sessions.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::PlainBox054 => "",
            Self::Checkbox73 => ".session",
        }
    }

    /// What the repository is called in the recording.
    pub(super) const fn location(self) -> &'static str {
        match self {
            Self::PlainBox054 => "/tmp/ROOT/repo",
            Self::Checkbox73 => "/var/tmp/checkbox-ng/sessions",
        }
    }

    /// The version of the sessions it writes.
    pub(super) const fn version(self) -> u8 {
        match self {
            Self::PlainBox054 => 3,
            Self::Checkbox73 => 11,
        }
    }
}

/// A directory of its own, and what was made in it.
pub(super) struct Place {
    pub(super) program: Program,
    pub(super) fs: Arc<dyn Fs>,
    /// What stands for the root of the recording.
    pub(super) root: Utf8PathBuf,
    /// Recorded directory names in order of creation, and ours.
    names: Vec<(String, String)>,
    /// Whether every session is made at the same time.
    pub(super) frozen_clock: bool,
    _kept: tempfile::TempDir,
}

impl Place {
    pub(super) fn new(program: Program, scenario: &str) -> Result<Self, Unanswered> {
        let kept = told(tempfile::tempdir())?;
        let root = Utf8Path::from_path(kept.path());
        let root = root.ok_or_else(|| bad("the temporary directory is not Unicode"))?;
        Ok(Self {
            program,
            fs: Arc::new(RealFs),
            root: root.to_owned(),
            names: Vec::new(),
            frozen_clock: scenario == "same-timestamp",
            _kept: kept,
        })
    }

    /// The repository.
    pub(super) fn location(&self) -> Utf8PathBuf {
        match self.program {
            Program::PlainBox054 => self.root.join("repo"),
            Program::Checkbox73 => self.root.join("checkbox-ng/sessions"),
        }
    }

    pub(super) fn dir(&self, path: &Utf8Path) -> Result<Arc<dyn Dir>, Unanswered> {
        told(self.fs.open_dir(path))
    }

    /// The directory of the repository, made when a step needs it.
    pub(super) fn repository_dir(&self) -> Result<Arc<dyn Dir>, Unanswered> {
        let location = self.location();
        let below = location.strip_prefix(&self.root).unwrap_or(&location);
        make_dirs(&self.dir(&self.root)?, below.as_str())
    }

    pub(super) fn repository(&self) -> Result<Repository, Unanswered> {
        told(Repository::open(Arc::clone(&self.fs), &self.location()))
    }

    /// Notes the name of a session that was made, and answers with its name in the recording.
    pub(super) fn note(&mut self, ours: &str) -> String {
        let recorded = match self.frozen_clock {
            true => ours.to_owned(),
            false => format!("S{}{}", self.names.len() + 1, self.program.suffix()),
        };
        self.names.push((recorded.clone(), ours.to_owned()));
        recorded
    }

    /// How many sessions were made.
    pub(super) fn made(&self) -> i64 {
        i64::try_from(self.names.len()).unwrap_or(i64::MAX)
    }

    /// Our name in the words of the recording.
    pub(super) fn recorded_name(&self, ours: &str) -> String {
        let known = self.names.iter().find(|(_, name)| name == ours);
        known.map_or_else(|| ours.to_owned(), |(recorded, _)| recorded.clone())
    }

    /// Our path in the words of the recording.
    pub(super) fn recorded_path(&self, ours: &Utf8Path) -> String {
        let (location, root) = (self.location(), &self.root);
        let (top, rest) = match (ours.strip_prefix(&location), ours.strip_prefix(root)) {
            (Ok(rest), _) => (self.program.location(), rest),
            (Err(_), Ok(rest)) => ("/tmp/ROOT", rest),
            (Err(_), Err(_)) => return ours.to_string(),
        };
        let names = rest
            .components()
            .map(|name| self.recorded_name(name.as_str()));
        std::iter::once(top.to_owned())
            .chain(names)
            .collect::<Vec<_>>()
            .join("/")
    }
}

/// Makes the directories of a path, those that are not there.
pub(super) fn make_dirs(dir: &Arc<dyn Dir>, path: &str) -> Result<Arc<dyn Dir>, Unanswered> {
    let mut dir = Arc::clone(dir);
    for name in path.split('/') {
        // One that is there is as good.
        let _ = dir.make_dir(OsStr::new(name));
        dir = told(dir.open_dir(OsStr::new(name)))?;
    }
    Ok(dir)
}
