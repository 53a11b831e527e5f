//! A template and its instances.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::engine::{DEFAULT, Engines, TemplateEngine};
use super::error::TemplateError;
use super::names::collect;
use crate::expr::{Budget, Import, Program, Scope, parse_imports};
use crate::field::FieldValue;
use crate::id::JobId;
use crate::job::{JobDefinition, Origin, Parameters};
use crate::resource::Resource;

/// A unit that makes a unit of each record of a resource.
#[derive(Clone, Debug)]
pub struct Template {
    id: Box<str>,
    namespace: Option<Arc<str>>,
    resource: JobId,
    filter: Program,
    unit: Box<str>,
    /// None for the default one.
    engine: Option<Arc<dyn TemplateEngine>>,
    /// The fields of every instance.
    data: Vec<(Arc<str>, FieldValue)>,
    /// The names that those refer to.
    names: BTreeSet<Box<str>>,
    origin: Option<Origin>,
}

impl Template {
    /// Makes a template from the raw fields of its unit.
    ///
    /// # Errors
    ///
    /// A field is missing or cannot be read, or the engine is not at hand.
    pub fn new(
        namespace: Option<Arc<str>>,
        fields: &[(Arc<str>, FieldValue)],
        origin: Option<Origin>,
        engines: &Engines,
    ) -> Result<Self, TemplateError> {
        let text = |name| text_of(fields, name);
        let imports = imports(text("template-imports").unwrap_or_default())?;
        let scope = Scope {
            namespace: namespace.as_deref(),
            imports: &imports,
        };
        let resource = text("template-resource").ok_or(TemplateError::NoResource)?;
        let resource = scope.resource(resource);
        let filter = Program::parse(text("template-filter").unwrap_or_default(), &scope)
            .map_err(TemplateError::Filter)?;
        let engine = engine(text("template-engine").unwrap_or(DEFAULT), engines)?;
        let unit = text("template-unit").unwrap_or("job");
        let id = match text("template-id") {
            Some(id) => id.to_owned(),
            None => plain_id(text("id").unwrap_or_default()),
        };
        let id = scope.qualify(&id).as_str().to_owned();
        let engine_name = engine.as_ref().map_or(DEFAULT, |engine| engine.name());
        let data = data(fields, &id, unit, engine_name);
        let mut names = BTreeSet::new();
        for (_, value) in &data {
            collect(value, engine.as_deref(), &mut names);
        }
        Ok(Self {
            data,
            id: id.into(),
            resource,
            filter,
            unit: unit.into(),
            engine,
            names,
            origin,
            namespace,
        })
    }

    /// The full id of the template itself.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The full id of the job whose records it is for.
    pub fn resource(&self) -> &JobId {
        &self.resource
    }

    /// The kind of the units it makes: the field `template-unit`, `job` unless set.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// The name of what fills in its texts.
    pub fn engine(&self) -> &str {
        self.engine.as_ref().map_or(DEFAULT, |engine| engine.name())
    }

    /// Where it was written.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// One definition for each record that passes the filter, in the order of the records, counted from
    /// 1 over those that pass. A filter that cannot be evaluated lets nothing pass.
    pub fn instances(&self, records: &[Resource]) -> Vec<JobDefinition> {
        let mut budget = Budget::default();
        let mut instances = Vec::new();
        for record in records {
            if self.passes(record, &mut budget) {
                let index = i64::try_from(instances.len()).unwrap_or(i64::MAX - 1);
                instances.push(self.instance(record, index + 1));
            }
        }
        instances
    }

    /// The definition for one record. Its texts stay as they are written, beside what the engine makes of
    /// them; what cannot be filled in is told by [`JobDefinition::faults`].
    pub fn instance(&self, record: &Resource, index: i64) -> JobDefinition {
        let mut parameters: Parameters = record
            .iter()
            .filter(|(name, _)| self.names.contains(*name))
            .map(|(name, value)| (name.into(), FieldValue::Text(value.into())))
            .collect();
        parameters.insert("__index__".into(), FieldValue::Int(index));
        let definition = JobDefinition::new(
            self.namespace.clone(),
            self.data.clone(),
            Some(parameters),
            self.origin.clone(),
        );
        match &self.engine {
            Some(engine) => definition.rendered_by(&**engine),
            None => definition,
        }
    }

    fn passes(&self, record: &Resource, budget: &mut Budget) -> bool {
        let records = std::slice::from_ref(record);
        let known = |id: &JobId| (*id == self.resource).then_some(records);
        self.filter.evaluate(&known, budget).is_ok()
    }
}

fn text_of<'a>(fields: &'a [(Arc<str>, FieldValue)], name: &str) -> Option<&'a str> {
    fields.iter().find_map(|(known, value)| match value {
        FieldValue::Text(text) if **known == *name => Some(&**text),
        FieldValue::Text(_)
        | FieldValue::Null
        | FieldValue::Bool(_)
        | FieldValue::Int(_)
        | FieldValue::BigInt(_)
        | FieldValue::Float(_)
        | FieldValue::List(_)
        | FieldValue::Map(_) => None,
    })
}

fn imports(text: &str) -> Result<Vec<Import>, TemplateError> {
    let imports = parse_imports(text).map_err(TemplateError::Import)?;
    match imports.len() {
        0 | 1 => Ok(imports),
        count => Err(TemplateError::TooManyImports { count }),
    }
}

fn engine(name: &str, engines: &Engines) -> Result<Option<Arc<dyn TemplateEngine>>, TemplateError> {
    match engines.find(name) {
        Some(engine) => Ok(Some(Arc::clone(engine))),
        None if name == DEFAULT => Ok(None),
        None => Err(TemplateError::UnknownEngine {
            found: name.into(),
            known: engines.names().map(str::to_owned).collect(),
        }),
    }
}

/// What all instances hold: the fields that are not about the template, and where they come from.
fn data(
    fields: &[(Arc<str>, FieldValue)],
    id: &str,
    unit: &str,
    engine: &str,
) -> Vec<(Arc<str>, FieldValue)> {
    let added = [
        ("template-engine", engine),
        ("template-id", id),
        ("unit", unit),
    ];
    fields
        .iter()
        .filter(|(name, _)| !name.starts_with("template-") && **name != *"unit")
        .cloned()
        .chain(added.map(|(name, text)| (name.into(), FieldValue::Text(text.into()))))
        .collect()
}

/// The id of a template that has none of its own: what of the partial id can stand in an id.
fn plain_id(partial: &str) -> String {
    let allowed = |c: &char| c.is_ascii_alphanumeric() || "-_.:/\\".contains(*c);
    partial.chars().filter(allowed).collect()
}
