//! The units a session is resumed with.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;
use session_state::template::Template;
use session_state::{JobDefinition, JobId};

use super::bad::{Unanswered, bad, items, member, optional_text, text};
use super::wrapped::fields;

/// The units of an entry: `jobs` of a case.
pub(super) struct Units {
    pub(super) definitions: Vec<Arc<JobDefinition>>,
    pub(super) templates: Vec<Arc<Template>>,
}

impl Units {
    pub(super) fn of(jobs: &Value) -> Result<Self, Unanswered> {
        let mut units = Self {
            definitions: Vec::new(),
            templates: Vec::new(),
        };
        for unit in items(jobs, "units")? {
            let namespace = namespace_of(jobs, unit)?;
            match text(unit, "kind")? {
                "job" | "setup_job" => {
                    let job = definition(namespace, unit.get("data"), None)?;
                    units.definitions.push(Arc::new(job));
                }
                "template" => {
                    let data = fields(member(unit, "data")?)?;
                    // A unit that is no template makes nothing; Checkbox too lives with it.
                    let made = Template::new(namespace.map(Arc::from), data, None);
                    units.templates.extend(made.ok().map(Arc::new));
                }
                "category" => {}
                other => return Err(bad(format!("no kind of unit is called {other:?}"))),
            }
        }
        Ok(units)
    }

    /// The ids of the jobs among them; any other job of a session was made.
    pub(super) fn ids(&self) -> HashSet<&JobId> {
        self.definitions.iter().map(|job| job.id()).collect()
    }
}

/// The namespace of a unit: its own, else that of all.
pub(super) fn namespace_of<'v>(
    jobs: &'v Value,
    unit: &'v Value,
) -> Result<Option<&'v str>, Unanswered> {
    match unit.get("namespace") {
        Some(_) => optional_text(unit, "namespace"),
        None => optional_text(jobs, "namespace"),
    }
}

/// A definition from its namespace, its fields and the parameters of its template.
pub(super) fn definition(
    namespace: Option<&str>,
    data: Option<&Value>,
    parameters: Option<&Value>,
) -> Result<JobDefinition, Unanswered> {
    let data = fields(data.ok_or_else(|| bad("a unit has no fields"))?)?;
    let parameters = match parameters {
        None | Some(Value::Null) => None,
        Some(parameters) => Some(
            fields(parameters)?
                .into_iter()
                .map(|(name, value)| (Box::from(&*name), value))
                .collect(),
        ),
    };
    Ok(JobDefinition::new(
        namespace.map(Arc::from),
        data,
        parameters,
        None,
    ))
}
