//! What can be wrong with a unit file, and where.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use session_state::PluginKind;
use session_state::expr::{ExpressionError, ImportError};
use session_state::record::RecordErrorKind;
use session_state::template::{TemplateError, UnknownEngine};
use thiserror::Error;

use crate::kind::UnitKind;
use crate::plan::PlanFault;
use crate::units::Place;

/// One thing that is wrong with a unit file. Its text begins with `FILE:LINE:COLUMN: `, or with
/// `FILE: ` when it is about the file as a whole, and ends with what was expected.
#[derive(Debug)]
#[non_exhaustive]
pub struct UnitError {
    /// The file, as it was named.
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The column in characters, counted from 1.
    pub column: Option<u32>,
    /// The line as it stands in the file, without its end; empty when there is none to show.
    pub text: Box<str>,
    /// What is wrong.
    pub kind: UnitErrorKind,
}

impl UnitError {
    pub(crate) fn of_file(file: impl Into<Arc<str>>, kind: UnitErrorKind) -> Self {
        Self {
            file: file.into(),
            line: None,
            column: None,
            text: Box::default(),
            kind,
        }
    }

    pub(crate) fn at(place: Place, text: &str, kind: UnitErrorKind) -> Self {
        Self {
            file: place.file,
            line: Some(place.line),
            column: Some(place.column),
            text: text.into(),
            kind,
        }
    }
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for number in [self.line, self.column].into_iter().flatten() {
            write!(f, ":{number}")?;
        }
        write!(f, ": {}", self.kind)
    }
}

impl Error for UnitError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.kind.source()
    }
}

/// What is wrong with a unit file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UnitErrorKind {
    /// There is no such file or folder.
    #[error(
        "no such file or folder: expected a unit file or a folder that holds some, so check the name"
    )]
    NotFound,
    /// The file or folder cannot be read.
    #[error("cannot read it")]
    Unreadable(#[source] io::Error),
    /// One file was asked for and a folder was named.
    #[error("is a folder: expected one unit file")]
    IsFolder,
    /// A folder holds no unit file.
    #[error(
        "holds no unit file: expected files whose names end in .pxu, .txt, .in, .yaml, .yml or .json"
    )]
    NothingInFolder,
    /// A path below a folder is not Unicode.
    #[error(
        "has a name that is not Unicode: expected a name that can be written down, so rename it"
    )]
    NameNotUnicode,
    /// The file is too large.
    #[error("is larger than {limit} bytes: expected a unit file, so split it or raise the limit")]
    TooLarge {
        /// The greatest size that is read.
        limit: u64,
    },
    /// There are too many files.
    #[error(
        "holds more than {limit} unit files: expected fewer, so name a folder further down or raise the limit"
    )]
    TooManyFiles {
        /// The greatest number that is read.
        limit: usize,
    },
    /// The file holds bytes that no text holds.
    #[error(
        "is not a text file (byte {byte:#04x} at offset {offset}): expected a unit file in UTF-8"
    )]
    NotText {
        /// The offset of the byte from the start of the file.
        offset: usize,
        /// The byte.
        byte: u8,
    },
    /// The file begins with a byte order mark, which would become part of the first key.
    #[error("begins with a byte order mark: expected plain UTF-8, so save it without one")]
    ByteOrderMark,
    /// The file holds no record.
    #[error(
        "holds no unit: expected at least one, such as the lines `id: hello`, `plugin: shell`, `command: echo hello`"
    )]
    Empty,
    /// A line that no record can hold.
    #[error(transparent)]
    Record(RecordErrorKind),
    /// The text stops being YAML.
    #[error("not YAML: {what}: expected a map of fields such as `id: hello`")]
    NotYaml {
        /// What the parser says.
        what: Box<str>,
    },
    /// The text stops being JSON.
    #[error(
        "not JSON: expected an object of fields such as {{\"id\": \"hello\"}}, or a list of objects"
    )]
    NotJson,
    /// A document is neither a unit nor a list of units.
    #[error("no unit: expected a map of fields, such as `id: hello`")]
    NoUnit,
    /// A key stands twice in one map.
    #[error("the field '{field}' stands twice, first on line {first}: expected each field once")]
    RepeatedField {
        /// The key.
        field: Box<str>,
        /// The line of the one before.
        first: u32,
    },
    /// A key of a map is a list, a map or an alias.
    #[error("a key that is no text: expected the name of a field")]
    KeyIsNoText,
    /// Something else than maps is merged into a map.
    #[error("`<<` merges what is no map: expected a map, or a list of maps")]
    MergesNoMap,
    /// Lists and maps stand too deep in each other.
    #[error("nested more than {limit} deep: expected the value of a field to be two or three deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// An alias stands for nothing, or for what it is a part of.
    #[error("an alias for what is not complete: expected the name of an anchor before it")]
    EndlessAlias,
    /// Aliases repeat too much.
    #[error(
        "aliases repeat more than {limit} bytes: expected less, so write it out or raise the limit"
    )]
    AliasesTooLarge {
        /// The limit.
        limit: u64,
    },
    /// A tag does not fit the value, or is none that unit files know.
    #[error("the tag `{tag}` does not fit: expected a value without a tag")]
    WrongTag {
        /// The tag.
        tag: Box<str>,
    },
    /// A template is none.
    #[error("{}", chain(reason))]
    Template {
        /// What is wrong with it.
        reason: TemplateError,
    },
    /// A template asks for an engine that is not at hand.
    #[error(transparent)]
    Engine(#[from] UnknownEngine),
    /// A line of a test plan cannot be read.
    #[error("{reason}")]
    Plan {
        /// What is wrong with it.
        reason: PlanFault,
    },
    /// The field `unit` names no kind of unit.
    #[error("'{found}' is not a kind of unit: expected {}", one_of(UnitKind::ALL.map(UnitKind::as_str)))]
    UnknownUnit {
        /// What it says.
        found: Box<str>,
    },
    /// A unit has no id.
    #[error("the {unit} has no id: expected a field such as `id: {}`", example_id(*.unit))]
    MissingId {
        /// The kind of the unit.
        unit: UnitKind,
    },
    /// A partial id holds the separator of namespaces.
    #[error(
        "the id '{id}' holds `::`: expected an id without it, because the namespace is put in front"
    )]
    QualifiedId {
        /// The id.
        id: Box<str>,
    },
    /// Two units of a kind have the same id.
    #[error(
        "the {unit} '{id}' is already defined at {first}: expected each id once, so rename one of the two"
    )]
    DuplicateId {
        /// The kind of both.
        unit: UnitKind,
        /// The id, with its namespace.
        id: Box<str>,
        /// The place of the one before.
        first: Place,
    },
    /// A job does not say what kind of job it is.
    #[error("the job '{id}' has no plugin: expected a field such as `plugin: shell`")]
    MissingPlugin {
        /// The id of the job.
        id: Box<str>,
    },
    /// A job is of an unknown kind.
    #[error("'{found}' is not a kind of job: expected {}", one_of(plugins()))]
    UnknownPlugin {
        /// What the field `plugin` says.
        found: Box<str>,
    },
    /// A line of the field `requires` is no requirement.
    #[error("illegal requirement `{text}`: {reason}")]
    Requirement {
        /// The line, or the part of it that is no requirement alone.
        text: Box<str>,
        /// What is wrong with it.
        reason: ExpressionError,
    },
    /// The field `imports` is none: it holds lines such as `from com.example import package as p`.
    #[error("{reason}, as in `from com.example import package as p`")]
    Import {
        /// What is wrong with it.
        reason: ImportError,
    },
    /// A job that runs something does not say what.
    #[error("the {plugin} job '{id}' has no command: expected a field such as `command: true`")]
    MissingCommand {
        /// The id of the job.
        id: Box<str>,
        /// Its kind.
        plugin: PluginKind,
    },
}

/// The kinds a job should have: `local` is read for the sake of old files.
pub(crate) fn plugins() -> impl Iterator<Item = &'static str> {
    PluginKind::ALL
        .into_iter()
        .filter(|&kind| kind != PluginKind::Local)
        .map(PluginKind::as_str)
}

impl From<TemplateError> for UnitErrorKind {
    fn from(reason: TemplateError) -> Self {
        Self::Template { reason }
    }
}

/// An error and its causes in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

fn one_of(names: impl IntoIterator<Item = &'static str>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    format!("one of {}", names.join(", "))
}

fn example_id(kind: UnitKind) -> String {
    format!("my-{}", kind.as_str().replace(' ', "-"))
}
