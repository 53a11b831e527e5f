//! The template engine `jinja2`.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Environment, Error, UndefinedBehavior, Value};
use minijinja_contrib::pycompat::unknown_method_callback;
use session_state::template::TemplateEngine;
use session_state::{EngineError, FieldValue, Parameters};

/// How many steps one text may take; each may also take some bytes of memory.
const FUEL: u64 = 100_000;

/// Fills in texts as Jinja2 does: `{{ name }}`, `{% if name %}`, filters, and the methods of Python's texts.
///
/// A name that is not there is empty, as it is in Jinja2. No text reads files or other templates, and one
/// that takes too long is an error.
#[derive(Debug)]
pub struct Jinja2 {
    environment: Environment<'static>,
}

impl Default for Jinja2 {
    fn default() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Lenient);
        environment.set_unknown_method_callback(unknown_method_callback);
        environment.set_fuel(Some(FUEL));
        let empty = || Value::from(BTreeMap::<String, Value>::new());
        environment.add_global("__checkbox_env__", empty());
        environment.add_global("__system_env__", empty());
        environment.add_global("__on_ubuntucore__", false);
        Self { environment }
    }
}

impl Jinja2 {
    /// The engine with variables of a process, which texts see as `__system_env__`. Without it they see
    /// none, and what they make depends on nothing but records.
    #[must_use]
    pub fn with_environment(
        mut self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let variables: BTreeMap<String, Value> = variables
            .into_iter()
            .map(|(name, value)| (name, Value::from(value)))
            .collect();
        self.environment
            .add_global("__system_env__", Value::from(variables));
        self
    }
}

impl TemplateEngine for Jinja2 {
    fn name(&self) -> &str {
        "jinja2"
    }

    fn names(&self, text: &str) -> BTreeSet<String> {
        self.environment
            .template_from_str(text)
            .map(|template| template.undeclared_variables(false).into_iter().collect())
            .unwrap_or_default()
    }

    fn fill_in(&self, text: &str, parameters: &Parameters) -> Result<String, EngineError> {
        let context: BTreeMap<&str, Value> = parameters
            .iter()
            .map(|(name, value)| (&**name, value_of(value)))
            .collect();
        self.environment
            .template_from_str(text)
            .and_then(|template| template.render(Value::from(context)))
            .map_err(|error| engine_error(&error))
    }
}

fn value_of(value: &FieldValue) -> Value {
    match value {
        FieldValue::Null => Value::from(()),
        FieldValue::Bool(value) => Value::from(*value),
        FieldValue::Int(value) => Value::from(*value),
        FieldValue::Float(value) => Value::from(*value),
        FieldValue::BigInt(text) | FieldValue::Text(text) => Value::from(&**text),
        FieldValue::List(items) => items.iter().map(value_of).collect(),
        FieldValue::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (&**key, value_of(value)));
            Value::from(entries.collect::<BTreeMap<&str, Value>>())
        }
    }
}

fn engine_error(error: &Error) -> EngineError {
    let what = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    let message = match error.line() {
        Some(line) => format!("{what} (line {line} of the text)"),
        None => what,
    };
    EngineError {
        message: message.into(),
    }
}
