//! Templates become jobs when the records they are for arrive.

use std::sync::Arc;

use super::expansion::ExpansionFault;
use super::session::SessionState;
use crate::change::Change;
use crate::graph::Node;
use crate::id::JobId;
use crate::job::{JobDefinition, UnknownPlugin};
use crate::metadata::flags::STRICT_TEMPLATE_EXPANSION;
use crate::resource::Resource;
use crate::state::observer::Signal;
use crate::template::{Engines, Template};
use crate::unit::OtherUnit;

impl SessionState {
    /// Adds a template. When records of its resource job are recorded with a result from now on, each that
    /// passes its filter becomes a job, made by that resource job, or a unit of the kind that the template says. A template that is there already, wherever
    /// it was written, changes nothing.
    #[doc(alias = "add_unit")]
    pub fn add_template(&mut self, template: Arc<Template>) {
        if !self.templates.has(&template) {
            self.take_template(&template);
            self.record(|_| Change::TemplateAdded { template });
        }
    }

    pub(crate) fn has_template(&self, template: &Template) -> bool {
        self.templates.has(template)
    }

    /// Removes the templates of an id; the jobs they made stay. Answers how many there were.
    #[doc(alias = "remove_unit")]
    pub fn remove_templates(&mut self, id: &str) -> usize {
        let removed = self.drop_templates(id);
        if removed > 0 {
            self.record(|_| Change::TemplatesRemoved {
                template: id.into(),
            });
        }
        removed
    }

    /// Gives the state the engines for the texts of templates, in the place of those it had. They belong to
    /// the program, not to the session.
    pub fn set_engines(&mut self, engines: Engines) {
        self.engines = engines;
    }

    /// The door for templates that come in.
    pub(super) fn take_template(&mut self, template: &Arc<Template>) {
        if !self.templates.has(template) {
            self.templates.push(Arc::clone(template));
            self.tell(&Signal::TemplateAdded(template));
        }
    }

    /// The door for templates that go out.
    pub(super) fn drop_templates(&mut self, id: &str) -> usize {
        let removed = self.templates.remove(id);
        for template in &removed {
            self.tell(&Signal::TemplateRemoved(template));
        }
        removed.len()
    }

    /// Makes the jobs that follow from new records. One empty record makes none.
    pub(super) fn expand_templates(&mut self, node: Node) {
        let via = self.graph.id(node).clone();
        let templates: Vec<Arc<Template>> = self.templates.of(&via).to_vec();
        let records = match self.resources.get(&node) {
            Some(records) if !templates.is_empty() && **records != [Resource::default()] => {
                records.clone()
            }
            Some(_) | None => return,
        };
        for template in templates {
            match template.instances(&records, &self.engines) {
                Ok(instances) => instances
                    .into_iter()
                    .for_each(|instance| self.take_instance(instance, &via)),
                Err(source) => self.expansion_faults.push(ExpansionFault::Engine {
                    template: template.id().to_owned(),
                    source,
                }),
            }
        }
    }

    /// Adds what each template would make, as far as it can be told without records
    /// ([`Template::fake_instance`]). A job of such an id that is there stays, whatever it is. For a state that is
    /// only shown: nothing tells these jobs from others.
    #[doc(alias = "fake_resources")]
    pub fn add_fake_instances(&mut self) {
        self.expansion_faults.clear();
        for template in self.templates.all().to_vec() {
            match template.fake_instance(1, &self.engines) {
                Ok(instance) if self.job_state(instance.id()).is_some() => {}
                Ok(instance) => self.take_instance(instance, template.resource()),
                Err(source) => self.expansion_faults.push(ExpansionFault::Engine {
                    template: template.id().to_owned(),
                    source,
                }),
            }
        }
    }

    fn take_instance(&mut self, instance: JobDefinition, via: &JobId) {
        let faults = faults(&instance);
        let strict = self.metadata.flags.contains(STRICT_TEMPLATE_EXPANSION);
        if faults.is_empty() || strict {
            if !instance.is_job() {
                self.add_other_unit(Arc::new(OtherUnit::new(instance)));
            } else if let Err(clash) = self.add_job(Arc::new(instance), Some(via.clone())) {
                self.expansion_faults.push(clash.into());
            }
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
    if let (true, Some(text), None) = (
        instance.is_job(),
        instance.text("plugin"),
        instance.plugin(),
    ) {
        faults.push(ExpansionFault::Plugin {
            job: job.clone(),
            source: UnknownPlugin(text.into_owned()),
        });
    }
    faults
}
