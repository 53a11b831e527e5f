//! Which of the known jobs a plan means.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use session_state::{JobDefinition, JobId};

use super::resolve::ResolvedPlan;
use super::unit::{Inclusion, TestPlan};

impl ResolvedPlan {
    /// The jobs to select: those that are included, in the order of the plan and, where a pattern fits
    /// several, in the order of the jobs; less those that are excluded, and those of the bootstrap, which
    /// have run before.
    pub fn select(&self, jobs: &[Arc<JobDefinition>]) -> Vec<JobId> {
        let unwanted = [
            self.lists(|plan| &plan.exclude),
            self.lists(|plan| &plan.bootstrap),
        ]
        .concat();
        let mut selected = designated(&self.lists(|plan| &plan.include), jobs);
        selected.retain(|job| !unwanted.iter().any(|known| known.pattern.fits_job(job)));
        ids(&selected)
    }

    /// The jobs that every selection includes.
    pub fn mandatory(&self, jobs: &[Arc<JobDefinition>]) -> Vec<JobId> {
        ids(&designated(&self.lists(|plan| &plan.mandatory), jobs))
    }

    /// The jobs to run before the others are selected.
    pub fn bootstrap(&self, jobs: &[Arc<JobDefinition>]) -> Vec<JobId> {
        ids(&designated(&self.lists(|plan| &plan.bootstrap), jobs))
    }

    /// The setup jobs to run before everything else.
    pub fn setup(&self, jobs: &[Arc<JobDefinition>]) -> Vec<JobId> {
        let setup: Vec<Arc<JobDefinition>> = jobs
            .iter()
            .filter(|job| job.is_setup_job())
            .cloned()
            .collect();
        ids(&designated(&self.lists(|plan| &plan.setup), &setup))
    }

    /// The includes, mandatory includes and others, as written, that fit none of the jobs, with the plan
    /// they stand in. What templates will make later may still fit them.
    pub fn idle<'a>(&'a self, jobs: &[Arc<JobDefinition>]) -> Vec<(&'a TestPlan, &'a str)> {
        let idle = |inclusion: &&Inclusion| !jobs.iter().any(|job| inclusion.pattern.fits_job(job));
        self.parts
            .iter()
            .flat_map(|plan| {
                [&plan.setup, &plan.bootstrap, &plan.mandatory, &plan.include]
                    .into_iter()
                    .flatten()
                    .filter(idle)
                    .map(|inclusion| (&**plan, &*inclusion.written))
            })
            .collect()
    }
}

/// The jobs that any of the lists mean; the first mention of a job decides its place.
fn designated<'a>(
    inclusions: &[&Inclusion],
    jobs: &'a [Arc<JobDefinition>],
) -> Vec<&'a Arc<JobDefinition>> {
    let mut by_id: HashMap<&str, &Arc<JobDefinition>> = HashMap::new();
    let mut by_template: HashMap<String, Vec<&Arc<JobDefinition>>> = HashMap::new();
    for job in jobs {
        by_id.entry(job.id().as_str()).or_insert(job);
        if let Some(template) = job.template_id() {
            by_template
                .entry(template.into_owned())
                .or_default()
                .push(job);
        }
    }
    let mut chosen = Vec::new();
    let mut known: HashSet<&JobId> = HashSet::new();
    let mut take = |job: &'a Arc<JobDefinition>| {
        if known.insert(job.id()) {
            chosen.push(job);
        }
    };
    for inclusion in inclusions {
        let pattern = &inclusion.pattern;
        if !pattern.is_id() {
            let fitting = jobs.iter().filter(|job| pattern.fits_job(job));
            fitting.for_each(&mut take);
        } else if let Some(job) = by_id.get(pattern.as_str()) {
            take(job);
        } else if let Some(made) = by_template.get(pattern.as_str()) {
            made.iter().copied().for_each(&mut take);
        }
    }
    chosen
}

fn ids(jobs: &[&Arc<JobDefinition>]) -> Vec<JobId> {
    jobs.iter().map(|job| job.id().clone()).collect()
}
