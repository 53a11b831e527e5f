//! Records of file after file into units, with all errors on the way.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use camino::Utf8Path;
use session_state::record::{
    Record, RecordError, RecordErrorKind, RecordField, Records, is_space, text_lines,
    universal_newlines,
};
use session_state::{FieldValue, JobDefinition, JobId};

use crate::check::check_job;
use crate::error::{UnitError, UnitErrorKind};
use crate::kind::UnitKind;
use crate::read::ReadOptions;
use crate::spelling::meant;
use crate::units::{OtherUnit, Place, UnitNote, Units};

/// Gathers the units of all files.
pub(crate) struct Collector<'a> {
    options: &'a ReadOptions,
    units: Units,
    errors: Vec<UnitError>,
    /// Where each id of a kind was first defined.
    places: HashMap<(UnitKind, Box<str>), Place>,
    /// Which of the jobs has an id.
    jobs: HashMap<JobId, usize>,
    /// The names of fields met so far, each kept once.
    names: HashMap<Box<str>, Arc<str>>,
}

/// The text of one file, to find columns and to quote from.
pub(crate) struct Source {
    file: Arc<str>,
    text: String,
    /// Where each line begins.
    starts: Vec<usize>,
}

/// One record and the file it is from.
pub(crate) struct Written<'a> {
    pub(crate) source: &'a Source,
    pub(crate) record: &'a Record,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(options: &'a ReadOptions) -> Self {
        Self {
            options,
            units: Units::default(),
            errors: Vec::new(),
            places: HashMap::new(),
            jobs: HashMap::new(),
            names: HashMap::new(),
        }
    }

    pub(crate) fn options(&self) -> &'a ReadOptions {
        self.options
    }

    pub(crate) fn note_file(&mut self, path: &Utf8Path) {
        self.units.files.push(path.to_owned());
    }

    pub(crate) fn fail(&mut self, error: UnitError) {
        if self.errors.len() < self.options.limits.errors.max(1) {
            self.errors.push(error);
        }
    }

    pub(crate) fn finish(self) -> Result<Units, Vec<UnitError>> {
        if self.errors.is_empty() {
            Ok(self.units)
        } else {
            Err(self.errors)
        }
    }

    /// Takes the records of one file.
    pub(crate) fn take(&mut self, text: &str, file: &str, parsed: Records) {
        let source = Source::new(text, file);
        for record in &parsed.records {
            self.take_record(&Written {
                source: &source,
                record,
            });
        }
        if let Some(error) = parsed.error {
            self.fail(source.record_error(error));
        }
    }

    fn take_record(&mut self, written: &Written<'_>) {
        match kind_of(written) {
            Ok(UnitKind::Job) => self.take_job(written),
            Ok(kind) => self.take_other(kind, written),
            Err(error) => self.fail(error),
        }
    }

    fn take_job(&mut self, written: &Written<'_>) {
        let job = JobDefinition::new(
            self.options.namespace.clone(),
            self.fields(written.record),
            None,
            Some(written.record.origin(written.source.file.clone())),
        );
        if self.is_known(&job) {
            self.units.notes.push(UnitNote {
                place: written.start(),
                text: format!(
                    "the job '{}' is defined once more in the same words",
                    job.id()
                ),
            });
            return;
        }
        let partial = job.partial_id().map(Cow::into_owned);
        if !self.take_id(UnitKind::Job, partial.as_deref(), written) {
            return;
        }
        self.note_misspelt(written);
        let wrong = check_job(&job, written);
        if wrong.is_empty() {
            self.jobs.insert(job.id().clone(), self.units.jobs.len());
            self.units.jobs.push(Arc::new(job));
        }
        for error in wrong {
            self.fail(error);
        }
    }

    fn note_misspelt(&mut self, written: &Written<'_>) {
        for field in written.record.fields() {
            if let Some(known) = meant(field.name()) {
                self.units.notes.push(UnitNote {
                    place: written.place(field.name()),
                    text: format!(
                        "the field '{}' has no effect: did you mean '{known}'?",
                        field.name()
                    ),
                });
            }
        }
    }

    /// Whether a job of that id has the same fields; definitions are told apart by their checksums.
    fn is_known(&self, job: &JobDefinition) -> bool {
        let known = self
            .jobs
            .get(job.id())
            .and_then(|&at| self.units.jobs.get(at));
        known.is_some_and(|known| known.checksum() == job.checksum())
    }

    fn take_other(&mut self, kind: UnitKind, written: &Written<'_>) {
        let unit = OtherUnit {
            kind,
            namespace: self.options.namespace.clone(),
            fields: self.fields(written.record),
            origin: written.record.origin(written.source.file.clone()),
        };
        if !self.take_id(kind, unit.partial_id(), written) {
            return;
        }
        let name = unit.partial_id().unwrap_or("without an id");
        self.units.notes.push(UnitNote {
            place: written.start(),
            text: format!(
                "the {kind} '{name}' is kept but has no effect: only jobs are used so far"
            ),
        });
        self.units.others.push(unit);
    }

    /// Whether the unit may stand under its id: it has one if it needs one, and the first one has it.
    fn take_id(&mut self, kind: UnitKind, partial: Option<&str>, written: &Written<'_>) -> bool {
        let Some(partial) = partial.filter(|id| !id.is_empty()) else {
            if kind.needs_id() {
                self.fail(written.error_at_start(UnitErrorKind::MissingId { unit: kind }));
            }
            return !kind.needs_id();
        };
        let field = match written.record.field("id") {
            Some(_) => "id",
            None => "name",
        };
        let id: Box<str> = match &self.options.namespace {
            Some(_) if partial.contains("::") => {
                let kind = UnitErrorKind::QualifiedId { id: partial.into() };
                self.fail(written.error(field, kind));
                return false;
            }
            Some(namespace) => format!("{namespace}::{partial}").into(),
            None => partial.into(),
        };
        let key = (kind, id);
        if let Some(first) = self.places.get(&key) {
            let first = first.clone();
            let (unit, id) = key;
            self.fail(written.error(field, UnitErrorKind::DuplicateId { unit, id, first }));
            return false;
        }
        self.places.insert(key, written.place(field));
        true
    }

    fn fields(&mut self, record: &Record) -> Vec<(Arc<str>, FieldValue)> {
        record
            .fields()
            .iter()
            .map(|field| {
                let value = FieldValue::Text(field.value().into());
                (self.shared_name(field.name()), value)
            })
            .collect()
    }

    fn shared_name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        let shared: Arc<str> = name.into();
        self.names.insert(name.into(), shared.clone());
        shared
    }
}

fn kind_of(written: &Written<'_>) -> Result<UnitKind, UnitError> {
    match written.record.get("unit") {
        None => Ok(UnitKind::Job),
        Some(found) => found.parse().map_err(|_| {
            let found = found.into();
            written.error("unit", UnitErrorKind::UnknownUnit { found })
        }),
    }
}

impl Source {
    fn new(text: &str, file: &str) -> Self {
        let text = universal_newlines(text).into_owned();
        let starts = text_lines(&text).scan(0, |next, line| {
            let start = *next;
            *next += line.len();
            Some(start)
        });
        Self {
            file: file.into(),
            starts: starts.collect(),
            text,
        }
    }

    fn line(&self, number: u32) -> &str {
        let index = usize::try_from(number)
            .unwrap_or(usize::MAX)
            .wrapping_sub(1);
        let start = self.starts.get(index).copied().unwrap_or(self.text.len());
        let end = index.checked_add(1).and_then(|next| self.starts.get(next));
        let line = self
            .text
            .get(start..end.copied().unwrap_or(self.text.len()));
        line.unwrap_or_default().trim_end_matches(is_line_end)
    }

    fn place(&self, line: u32, column: u32) -> Place {
        Place {
            file: self.file.clone(),
            line,
            column,
        }
    }

    fn record_error(&self, error: RecordError) -> UnitError {
        let text = self.line(error.line);
        let column = match &error.kind {
            RecordErrorKind::StrayContinuation => 1,
            RecordErrorKind::NoColon { .. } | RecordErrorKind::DuplicateKey { .. } => {
                column_of_text(text, 0)
            }
        };
        UnitError::at(
            self.place(error.line, column),
            text,
            UnitErrorKind::Record(error.kind),
        )
    }
}

impl Written<'_> {
    /// An error about the value of a field.
    pub(crate) fn error(&self, field: &str, kind: UnitErrorKind) -> UnitError {
        let place = self.place(field);
        let line = self.source.line(place.line);
        UnitError::at(place, line, kind)
    }

    /// An error about one line of the value of a field, at a byte of that line.
    pub(crate) fn error_in(
        &self,
        field: &str,
        line: &str,
        offset: usize,
        kind: UnitErrorKind,
    ) -> UnitError {
        let start = self.place(field).line;
        let found = (start..=self.record.line_end())
            .map(|number| (number, self.source.line(number)))
            .filter(|(_, text)| !text.starts_with('#'))
            .find_map(|(number, text)| Some((number, text, text.rfind(line)?)));
        match found {
            Some((number, text, at)) => {
                let column = column_at(text, at.saturating_add(offset));
                UnitError::at(self.source.place(number, column), text, kind)
            }
            None => self.error(field, kind),
        }
    }

    /// An error about the record as a whole.
    pub(crate) fn error_at_start(&self, kind: UnitErrorKind) -> UnitError {
        let place = self.start();
        let line = self.source.line(place.line);
        UnitError::at(place, line, kind)
    }

    /// Where the record begins.
    pub(crate) fn start(&self) -> Place {
        self.source.place(self.record.line_start(), 1)
    }

    /// Where the value of a field begins; the start of the record when it has no such field.
    pub(crate) fn place(&self, field: &str) -> Place {
        let Some(field) = self.record.field(field) else {
            return self.start();
        };
        let line = self.record.line_of(field);
        let text = self.source.line(line);
        self.source
            .place(line, column_of_text(text, value_start(text, field)))
    }
}

/// The byte at which the value may begin: behind the colon when the key stands on the same line.
fn value_start(line: &str, field: &RecordField) -> usize {
    match line.split_once(':') {
        Some((before, _))
            if !line.starts_with(' ') && before.trim_matches(is_space) == field.name() =>
        {
            before.len() + 1
        }
        Some(_) | None => 0,
    }
}

/// The column of the first character that is no white space, from a byte on.
fn column_of_text(line: &str, from: usize) -> u32 {
    let rest = line.get(from..).unwrap_or_default();
    let lead = rest.len() - rest.trim_start_matches(is_space).len();
    column_at(line, from + lead)
}

/// The column of a byte.
fn column_at(line: &str, byte: usize) -> u32 {
    let before = line.get(..byte).unwrap_or(line);
    u32::try_from(before.chars().count()).map_or(u32::MAX, |count| count.saturating_add(1))
}

fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}
