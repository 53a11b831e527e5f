//! Templates become jobs when the records they are for arrive.

use std::sync::Arc;

use super::session::SessionState;
use crate::graph::Node;
use crate::id::JobId;
use crate::job::{FormatError, JobDefinition, UnknownPlugin};
use crate::problem::DuplicateJob;
use crate::resource::Resource;
use crate::template::Template;

/// The flag of a session that keeps faulty instances of templates as jobs that cannot pass, instead of
/// leaving them out.
const STRICT: &str = "strict_template_expansion";

/// What was wrong with an instance of a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpansionFault {
    /// A field of a job cannot be filled in. Left out, unless the session expands strictly.
    #[error("cannot fill in field '{field}' of job '{job}'")]
    Field {
        /// The job.
        job: JobId,
        /// The field as it was written.
        field: String,
        /// Why.
        #[source]
        source: FormatError,
    },
    /// A job is of no known kind. Left out, unless the session expands strictly.
    #[error("cannot take field 'plugin' of job '{job}'")]
    Plugin {
        /// The job.
        job: JobId,
        /// Why.
        #[source]
        source: UnknownPlugin,
    },
    /// The session has a different job of that id. Left out.
    #[error(transparent)]
    Duplicate(#[from] DuplicateJob),
}

impl SessionState {
    /// Adds a template. When records of its resource job are recorded with a result from now on, each that
    /// passes its filter becomes a job, made by that resource job. Templates are given anew to each program
    /// that opens the session; the jobs they made are durable.
    pub fn add_template(&mut self, template: Arc<Template>) {
        let node = self.intern(template.resource());
        self.templates.entry(node).or_default().push(template);
    }

    /// What was wrong with templates when the last result of a resource job was recorded.
    pub fn expansion_faults(&self) -> &[ExpansionFault] {
        &self.expansion_faults
    }

    /// Makes the jobs that follow from new records. One empty record makes none.
    pub(super) fn expand_templates(&mut self, node: Node) {
        self.expansion_faults.clear();
        let Some(templates) = self.templates.get(&node).cloned() else {
            return;
        };
        let records = self.resources.get(&node).cloned().unwrap_or_default();
        if records == [Resource::default()] {
            return;
        }
        let via = self.graph.id(node).clone();
        for template in templates.iter().filter(|template| template.unit() == "job") {
            for instance in template.instances(&records) {
                self.take_instance(instance, &via);
            }
        }
    }

    fn take_instance(&mut self, instance: JobDefinition, via: &JobId) {
        let faults = faults(&instance);
        let strict = self.metadata.flags.contains(STRICT);
        if (faults.is_empty() || strict)
            && let Err(clash) = self.add_job(Arc::new(instance), Some(via.clone()))
        {
            self.expansion_faults.push(clash.into());
        }
        self.expansion_faults.extend(faults);
    }
}

fn faults(instance: &JobDefinition) -> Vec<ExpansionFault> {
    let job = instance.id();
    let fields = instance.faults().into_iter();
    let mut faults: Vec<ExpansionFault> = fields
        .map(|(field, source)| ExpansionFault::Field {
            job: job.clone(),
            field,
            source,
        })
        .collect();
    if let (Some(text), None) = (instance.text("plugin"), instance.plugin()) {
        faults.push(ExpansionFault::Plugin {
            job: job.clone(),
            source: UnknownPlugin(text.into_owned()),
        });
    }
    faults
}
