//! A template and its instances.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::engine::{DEFAULT, Engines, TemplateEngine, UnknownEngine};
use super::error::TemplateError;
use super::names::collect;
use crate::expr::{Budget, Import, Program, Scope, parse_imports};
use crate::field::FieldValue;
use crate::id::JobId;
use crate::job::{JobDefinition, Origin, Parameters};
use crate::resource::Resource;

/// The parameter that holds the number of an instance.
const INDEX: &str = "__index__";

/// A unit that makes a unit of each record of a resource.
///
/// It is data, as it was written; the engine for its texts comes in when it makes something.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    id: Box<str>,
    namespace: Option<Arc<str>>,
    resource: JobId,
    filter: Program,
    unit: Box<str>,
    engine: Box<str>,
    fields: Vec<(Arc<str>, FieldValue)>,
    origin: Option<Origin>,
}

impl Template {
    /// Makes a template from the raw fields of its unit.
    ///
    /// # Errors
    ///
    /// A field is missing or cannot be read.
    pub fn new(
        namespace: Option<Arc<str>>,
        fields: Vec<(Arc<str>, FieldValue)>,
        origin: Option<Origin>,
    ) -> Result<Self, TemplateError> {
        let text = |name| text_of(&fields, name);
        let imports = imports(text("template-imports").unwrap_or_default())?;
        let scope = Scope {
            namespace: namespace.as_deref(),
            imports: &imports,
        };
        let resource = text("template-resource").ok_or(TemplateError::NoResource)?;
        let resource = scope.resource(resource);
        let filter = Program::parse(text("template-filter").unwrap_or_default(), &scope)
            .map_err(TemplateError::Filter)?;
        let id = match text("template-id") {
            Some(id) => id.to_owned(),
            None => plain_id(text("id").unwrap_or_default()),
        };
        Ok(Self {
            id: scope.qualify(&id).as_str().into(),
            resource,
            filter,
            unit: text("template-unit").unwrap_or("job").into(),
            engine: text("template-engine").unwrap_or(DEFAULT).into(),
            namespace,
            fields,
            origin,
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

    /// The name of the engine for its texts: the field `template-engine`, `default` unless set.
    pub fn engine(&self) -> &str {
        &self.engine
    }

    /// The namespace of its provider.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// What it is, in one line: the field `template-summary`.
    pub fn summary(&self) -> Option<&str> {
        self.text("template-summary")
    }

    /// What it is for: the field `template-description`.
    pub fn description(&self) -> Option<&str> {
        self.text("template-description")
    }

    fn text(&self, name: &str) -> Option<&str> {
        text_of(&self.fields, &format!("_{name}")).or_else(|| text_of(&self.fields, name))
    }

    /// The raw fields, in the order they were written.
    pub fn fields(&self) -> &[(Arc<str>, FieldValue)] {
        &self.fields
    }

    /// Where it was written.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// Whether it is the same unit, wherever the two were written.
    pub fn is_same_unit(&self, other: &Self) -> bool {
        self.namespace == other.namespace && self.fields == other.fields
    }

    /// One definition for each record that passes the filter, in the order of the records, counted from
    /// 1 over those that pass. A filter that cannot be evaluated lets nothing pass.
    ///
    /// Texts stay as they are written, beside what the engine makes of them; what cannot be filled in is
    /// told by [`JobDefinition::faults`].
    ///
    /// # Errors
    ///
    /// The engine is not at hand.
    pub fn instances(
        &self,
        records: &[Resource],
        engines: &Engines,
    ) -> Result<Vec<JobDefinition>, UnknownEngine> {
        let engine = engines.named(&self.engine)?;
        let data = self.data();
        let names = names(&data, engine);
        let mut budget = Budget::default();
        let mut instances = Vec::new();
        for record in records {
            if self.passes(record, &mut budget) {
                let index = i64::try_from(instances.len()).unwrap_or(i64::MAX - 1) + 1;
                let parameters = parameters(record, &names, index);
                instances.push(self.instance(data.clone(), parameters, engine));
            }
        }
        Ok(instances)
    }

    /// What the template makes, as far as it can be told without records: one definition that every filter lets
    /// pass, in which each name that the texts refer to stands in capitals (`name_slug` as `NAME`), and `index` as
    /// the number. For those who show what a template is about; no session runs such a job.
    ///
    /// # Errors
    ///
    /// The engine is not at hand.
    pub fn fake_instance(
        &self,
        index: i64,
        engines: &Engines,
    ) -> Result<JobDefinition, UnknownEngine> {
        let engine = engines.named(&self.engine)?;
        let data = self.data();
        let fake = |name: Box<str>| {
            let value = match &*name {
                "index" => index.to_string(),
                _ => name.strip_suffix("_slug").unwrap_or(&name).to_uppercase(),
            };
            (name, FieldValue::Text(value.into()))
        };
        let names = names(&data, engine).into_iter();
        // What an engine knows by itself stays what it is.
        let names = names.filter(|name| !name.starts_with("__"));
        let mut parameters: Parameters = names.map(fake).collect();
        parameters.insert(INDEX.into(), FieldValue::Int(index));
        Ok(self.instance(data, parameters, engine))
    }

    fn instance(
        &self,
        data: Vec<(Arc<str>, FieldValue)>,
        parameters: Parameters,
        engine: Option<&dyn TemplateEngine>,
    ) -> JobDefinition {
        let namespace = self.namespace.clone();
        let definition = JobDefinition::new(namespace, data, Some(parameters), self.origin.clone());
        match engine {
            Some(engine) => definition.rendered_by(engine),
            None => definition,
        }
    }

    /// What all instances hold: the fields that are not about the template, and where they come from.
    fn data(&self) -> Vec<(Arc<str>, FieldValue)> {
        let added = [
            ("template-engine", &self.engine),
            ("template-id", &self.id),
            ("unit", &self.unit),
        ];
        self.fields
            .iter()
            .filter(|(name, _)| !name.starts_with("template-") && **name != *"unit")
            .cloned()
            .chain(added.map(|(name, text)| (name.into(), FieldValue::Text(text.clone()))))
            .collect()
    }

    fn passes(&self, record: &Resource, budget: &mut Budget) -> bool {
        let records = std::slice::from_ref(record);
        let known = |id: &JobId| (*id == self.resource).then_some(records);
        self.filter.evaluate(&known, budget).is_ok()
    }
}

/// The names that the texts refer to.
fn names(
    data: &[(Arc<str>, FieldValue)],
    engine: Option<&dyn TemplateEngine>,
) -> BTreeSet<Box<str>> {
    let mut names = BTreeSet::new();
    for (_, value) in data {
        collect(value, engine, &mut names);
    }
    names
}

/// The fields of a record that the texts refer to, and the number of the instance.
fn parameters(record: &Resource, names: &BTreeSet<Box<str>>, index: i64) -> Parameters {
    let mut parameters: Parameters = record
        .iter()
        .filter(|(name, _)| names.contains(*name))
        .map(|(name, value)| (name.into(), FieldValue::Text(value.into())))
        .collect();
    parameters.insert(INDEX.into(), FieldValue::Int(index));
    parameters
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

/// The id of a template that has none of its own: what of the partial id can stand in an id.
fn plain_id(partial: &str) -> String {
    let allowed = |c: &char| c.is_ascii_alphanumeric() || "-_.:/\\".contains(*c);
    partial.chars().filter(allowed).collect()
}
