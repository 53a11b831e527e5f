//! The ways in: folders and files, one file, a text.

use std::collections::HashSet;
use std::sync::Arc;

use camino::Utf8Path;
use session_state::template::Engines;

use crate::collect::Collector;
use crate::error::{UnitError, UnitErrorKind};
use crate::files::{Limits, find, text_of};
use crate::jinja2::Jinja2;
use crate::units::Units;

/// How unit files are read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReadOptions {
    /// The namespace of the provider, put before every id; none unless set.
    pub namespace: Option<Arc<str>>,
    /// How much is read.
    pub limits: Limits,
    /// The engines that templates may ask for: `default` and `jinja2` unless set.
    pub engines: Engines,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            namespace: None,
            limits: Limits::default(),
            engines: engines(),
        }
    }
}

/// The engines of this crate, for states that make jobs of templates.
pub fn engines() -> Engines {
    Engines::default().with(Arc::new(Jinja2::default()))
}

impl ReadOptions {
    /// The default with a namespace.
    pub fn in_namespace(namespace: impl Into<Arc<str>>) -> Self {
        Self {
            namespace: Some(namespace.into()),
            ..Self::default()
        }
    }
}

/// Reads files and folders. Below a folder the files that end in `.pxu`, `.txt`, `.in`, `.yaml`, `.yml` or
/// `.json` are read, sorted by name, hidden ones left out; a file that is named itself is read whatever its
/// name, and a file that is met twice is read once. The ending tells the format, which is PXU unless it says
/// otherwise.
///
/// # Errors
///
/// Everything that is wrong with any of them, at most [`Limits::errors`]; the list is never empty.
pub fn read_units<P: AsRef<Utf8Path>>(
    paths: impl IntoIterator<Item = P>,
    options: &ReadOptions,
) -> Result<Units, Vec<UnitError>> {
    let mut collector = Collector::new(options);
    let mut known = HashSet::new();
    for path in paths {
        match find(path.as_ref(), &options.limits) {
            Ok(files) => {
                for file in files {
                    if file.canonicalize().map_or(true, |real| known.insert(real)) {
                        read_one(&file, &mut collector);
                    }
                }
            }
            Err(error) => collector.fail(error),
        }
    }
    collector.finish()
}

/// Reads one file.
///
/// # Errors
///
/// As [`read_units`]; a folder is one too.
pub fn read_unit_file(path: &Utf8Path, options: &ReadOptions) -> Result<Units, Vec<UnitError>> {
    let mut collector = Collector::new(options);
    read_one(path, &mut collector);
    collector.finish()
}

/// Reads a text as a unit file. `file` is the name that origins and errors carry, and its ending the format.
///
/// # Errors
///
/// As [`read_units`].
pub fn parse_units(text: &str, file: &str, options: &ReadOptions) -> Result<Units, Vec<UnitError>> {
    let mut collector = Collector::new(options);
    take_text(text, file, &mut collector);
    collector.finish()
}

fn read_one(path: &Utf8Path, collector: &mut Collector<'_>) {
    match text_of(path, &collector.options().limits) {
        Ok(text) => {
            collector.note_file(path);
            take_text(&text, path.as_str(), collector);
        }
        Err(error) => collector.fail(error),
    }
}

fn take_text(text: &str, file: &str, collector: &mut Collector<'_>) {
    if text.starts_with('\u{feff}') {
        collector.fail(UnitError::of_file(file, UnitErrorKind::ByteOrderMark));
        return;
    }
    collector.take(text, file);
}
