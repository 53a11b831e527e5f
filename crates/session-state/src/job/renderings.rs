//! What a template engine made of the texts of a definition.

use std::collections::BTreeMap;

use super::definition::{JobDefinition, Parameters, each_text};
use crate::template::TemplateEngine;

/// A text that a template engine could not fill in: what the engine says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EngineError {
    /// A fragment without a final period.
    pub message: Box<str>,
}

/// What became of the texts of a definition: by text as it is written, the text filled in or why it cannot
/// be. A text that is not here means itself.
pub type Renderings = BTreeMap<Box<str>, Result<Box<str>, EngineError>>;

impl JobDefinition {
    /// This definition with its texts, and those of its siblings, filled in by an engine other than the
    /// default one. A text that cannot be filled in stays as it is written; [`faults`](Self::faults) tells.
    #[must_use]
    pub fn rendered_by(self, engine: &dyn TemplateEngine) -> Self {
        let none = Parameters::new();
        let parameters = self.parameters().unwrap_or(&none).clone();
        let mut renderings = Renderings::new();
        let mut waiting = vec![self.clone()];
        while let Some(job) = waiting.pop() {
            for (_, value) in job.fields() {
                each_text(value, &mut |text| {
                    if !renderings.contains_key(text) {
                        let made = engine
                            .fill_in(text, &parameters)
                            .map(String::into_boxed_str);
                        renderings.insert(text.into(), made);
                    }
                });
            }
            if job.may_have_siblings() {
                let job = job.with_renderings(renderings.clone());
                waiting.extend(job.siblings().unwrap_or_default());
            }
        }
        renderings.retain(|text, made| made.as_ref() != Ok(text));
        self.with_renderings(renderings)
    }
}
