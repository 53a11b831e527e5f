//! Records of file after file into units, with all errors on the way.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use camino::Utf8Path;
use session_state::template::{Template, TemplateError};
use session_state::{FieldRef, FieldValue, JobDefinition, JobId, OtherUnit, PluginKind};

use crate::check::check_job;
use crate::error::{UnitError, UnitErrorKind};
use crate::format::{Entry, Source, Written};
use crate::kind::UnitKind;
use crate::plan::TestPlan;
use crate::read::ReadOptions;
use crate::spelling::meant;
use crate::units::{Place, UnitNote, Units};

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

    /// Takes the units of one file.
    pub(crate) fn take(&mut self, text: &str, file: &str) {
        let source = Source::new(text, file);
        let document = source.document(&self.options.limits);
        if document.entries.is_empty() && document.error.is_none() {
            self.fail(UnitError::of_file(file, UnitErrorKind::Empty));
        }
        for entry in &document.entries {
            self.take_unit(&Written {
                source: &source,
                entry,
            });
        }
        if let Some((at, kind)) = document.error {
            self.fail(source.error(at, kind));
        }
    }

    fn take_unit(&mut self, written: &Written<'_>) {
        match kind_of(written) {
            Ok(UnitKind::Job | UnitKind::SetupJob) => self.take_job(written),
            Ok(UnitKind::Template) => self.take_template(written),
            Ok(UnitKind::TestPlan) => self.take_plan(written),
            Ok(
                kind @ (UnitKind::Category
                | UnitKind::ManifestEntry
                | UnitKind::PackagingMetaData
                | UnitKind::Exporter
                | UnitKind::Unit),
            ) => self.take_other(kind, written),
            Err(error) => self.fail(error),
        }
    }

    fn take_template(&mut self, written: &Written<'_>) {
        let id = written.text("id").or_else(|| written.text("template-id"));
        if !self.take_id(UnitKind::Template, id, written) {
            return;
        }
        let template = Template::new(
            self.options.namespace.clone(),
            self.fields(written.entry),
            Some(written.origin()),
        );
        let checked = template.map_err(|error| (fault_field(&error), error.into()));
        let checked =
            checked.and_then(
                |template| match self.options.engines.named(template.engine()) {
                    Ok(_) => Ok(template),
                    Err(error) => Err(("template-engine", error.into())),
                },
            );
        match checked {
            Ok(template) => self.units.templates.push(Arc::new(template)),
            Err((field, kind)) => self.fail(written.error(field, kind)),
        }
    }

    fn take_plan(&mut self, written: &Written<'_>) {
        if !self.take_id(UnitKind::TestPlan, written.text("id"), written) {
            return;
        }
        let plan = TestPlan::new(
            self.options.namespace.clone(),
            self.fields(written.entry),
            Some(written.origin()),
        );
        match plan {
            Ok(plan) => self.units.plans.push(Arc::new(plan)),
            Err(faults) => {
                for reason in faults {
                    let (field, line) = (reason.field.clone(), reason.line.clone());
                    let kind = UnitErrorKind::Plan { reason };
                    self.fail(written.error_in(&field, &line, 0, kind));
                }
            }
        }
    }

    fn take_job(&mut self, written: &Written<'_>) {
        let job = self.definition(written);
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
        if job.plugin() == Some(PluginKind::Local) {
            self.units.notes.push(UnitNote {
                place: written.place("plugin"),
                text: "local jobs are of plainbox 0.38 and before: a template makes jobs too, and is checked before it runs"
                    .to_owned(),
            });
        }
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
        for field in &written.entry.fields {
            if let Some(known) = meant(&field.name) {
                self.units.notes.push(UnitNote {
                    place: written.place(&field.name),
                    text: format!(
                        "the field '{}' has no effect: did you mean '{known}'?",
                        field.name
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
        if self.take_id(kind, written.text("id"), written) {
            let unit = OtherUnit::new(self.definition(written));
            self.units.others.push(Arc::new(unit));
        }
    }

    /// The fields of a unit, with what the engine it asks for makes of them.
    fn definition(&mut self, written: &Written<'_>) -> JobDefinition {
        let definition = JobDefinition::new(
            self.options.namespace.clone(),
            self.fields(written.entry),
            None,
            Some(written.origin()),
        );
        match written
            .text("template-engine")
            .map(|name| self.options.engines.named(name))
        {
            Some(Ok(Some(engine))) => definition.rendered_by(engine),
            Some(Ok(None) | Err(_)) | None => definition,
        }
    }

    /// Whether the unit may stand under its id: it has one if it needs one, and the first one has it.
    fn take_id(&mut self, kind: UnitKind, partial: Option<&str>, written: &Written<'_>) -> bool {
        let Some(partial) = partial.filter(|id| !id.is_empty()) else {
            if kind.needs_id() {
                self.fail(written.error_at_start(UnitErrorKind::MissingId { unit: kind }));
            }
            return !kind.needs_id();
        };
        let field = match written.entry.field("id") {
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

    fn fields(&mut self, entry: &Entry) -> Vec<(Arc<str>, FieldValue)> {
        entry
            .fields
            .iter()
            .map(|field| (self.shared_name(&field.name), field.value.clone()))
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
    let found = match written.value("unit") {
        None | Some(FieldValue::Null) => return Ok(UnitKind::Job),
        Some(value) => FieldRef::from(value).as_text().unwrap_or_default(),
    };
    found.parse().map_err(|_| {
        let found = found.into();
        written.error("unit", UnitErrorKind::UnknownUnit { found })
    })
}

/// The field that an error about a template is about.
fn fault_field(error: &TemplateError) -> &'static str {
    match error {
        TemplateError::TooManyImports { .. } | TemplateError::Import(_) => "template-imports",
        TemplateError::Filter(_) => "template-filter",
        // Also a missing field: the error is shown where the unit begins.
        TemplateError::NoResource | _ => "template-resource",
    }
}
