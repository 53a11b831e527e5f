//! What fills in the texts of templates.
//!
//! The engine `default` (`{name}`) belongs to the model: its texts are filled in whenever they are asked
//! for. Any other engine comes from outside as a value. It works when a definition is made and never again:
//! what it made of each text is kept with the definition, so that a session can be read without it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::job::{EngineError, Parameters};

/// The name of the engine that needs none.
pub(super) const DEFAULT: &str = "default";

/// Fills in texts in a language of its own.
///
/// The same text and parameters must always give the same answer, and any text an answer in bounded time:
/// ids and checksums of jobs follow from it.
pub trait TemplateEngine: fmt::Debug + Send + Sync {
    /// What the field `template-engine` calls it.
    fn name(&self) -> &str;

    /// The names of the parameters that a text refers to; none of a text it cannot read.
    fn names(&self, text: &str) -> BTreeSet<String>;

    /// The text with the parameters filled in.
    ///
    /// # Errors
    ///
    /// The text cannot be read, or asks for something that cannot be done.
    fn fill_in(&self, text: &str, parameters: &Parameters) -> Result<String, EngineError>;
}

/// A template asks for an engine that is not at hand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{found}' is not a template engine: expected {}", known.join(" or "))]
pub struct UnknownEngine {
    /// What it asks for.
    pub found: Box<str>,
    /// Those at hand.
    pub known: Vec<Box<str>>,
}

/// The engines that are at hand beside the default one.
#[derive(Clone, Debug, Default)]
pub struct Engines {
    engines: Vec<Arc<dyn TemplateEngine>>,
}

impl Engines {
    /// Adds an engine. Of two of one name the first is used.
    #[must_use]
    pub fn with(mut self, engine: Arc<dyn TemplateEngine>) -> Self {
        self.engines.push(engine);
        self
    }

    /// The engine of that name; `None` for the default one.
    ///
    /// # Errors
    ///
    /// No engine has that name.
    pub fn named(&self, name: &str) -> Result<Option<&dyn TemplateEngine>, UnknownEngine> {
        match self.engines.iter().find(|engine| engine.name() == name) {
            Some(engine) => Ok(Some(&**engine)),
            None if name == DEFAULT => Ok(None),
            None => Err(UnknownEngine {
                found: name.into(),
                known: self.names().map(Box::from).collect(),
            }),
        }
    }

    /// The names of all, the default one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(DEFAULT).chain(self.engines.iter().map(|engine| engine.name()))
    }

    /// Whether there is none beside the default one.
    pub fn is_empty(&self) -> bool {
        self.engines.is_empty()
    }
}
