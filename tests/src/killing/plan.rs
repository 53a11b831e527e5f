//! A generated session: short jobs that depend on each other, some of which fail, sleep, talk much, take the
//! program down or are made by a template while the session runs; and a test plan that chooses among them.

use std::collections::{BTreeMap, BTreeSet};

use crate::random::Random;

/// The names in the records of resource jobs, one record each.
const NAMES: [&str; 3] = ["a", "b", "c"];

/// One job of a generated session.
#[derive(Clone, Debug)]
pub struct PlannedJob {
    /// Its id.
    pub id: String,
    /// What kind of unit brings it in.
    pub kind: Kind,
    /// Jobs that must pass first.
    pub depends: Vec<String>,
    /// Jobs that must only come first.
    pub after: Vec<String>,
    /// A resource job, and whether the requirement on it holds.
    pub requires: Option<(String, bool)>,
    /// How long it sleeps between its two marks, in milliseconds.
    pub nap_ms: u64,
    /// Whether a process of its own does the sleeping.
    pub forks: bool,
    /// Whether it writes more than fits beside its result.
    pub is_loud: bool,
    /// Its exit code.
    pub exit_code: u64,
    /// The result it leaves before it takes the program down, as a job does that has the machine start anew.
    pub goes_down_as: Option<&'static str>,
}

/// What kind of unit brings a job in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An ordinary job.
    Plain,
    /// Its output is records that others require; so many of them.
    Resource(usize),
    /// It runs before everything else, and only for a test plan.
    Setup,
    /// A template makes it of a record of this resource job.
    MadeOf(String),
}

/// A template of a generated session.
#[derive(Clone, Debug)]
pub struct PlannedTemplate {
    /// Its id; those of its jobs are this and the name of the record.
    pub id: String,
    /// The resource job.
    pub resource: String,
    /// Whether its texts are for jinja2, and not for the default engine.
    pub is_jinja2: bool,
    /// The record that its filter leaves out.
    pub filtered: Option<&'static str>,
    /// What each of its jobs is, but for the name.
    pub job: PlannedJob,
}

/// A test plan of a generated session: ids and patterns, part by part.
#[derive(Clone, Debug, Default)]
pub struct PlannedSelection {
    /// What is to be run.
    pub include: Vec<String>,
    /// What is left out after all.
    pub exclude: Vec<String>,
    /// What is always run.
    pub mandatory: Vec<String>,
    /// What is run before the others are selected.
    pub bootstrap: Vec<String>,
    /// What is run before everything else.
    pub setup: Vec<String>,
}

impl PlannedSelection {
    /// Whether a job is named, and not left out.
    fn names(&self, id: &str) -> bool {
        let is_in = |ids: &[String]| ids.iter().any(|known| known == id);
        is_in(&self.include) && !is_in(&self.exclude)
    }
}

/// The jobs of a generated session.
#[derive(Clone, Debug)]
pub struct Plan {
    /// In the order of the unit file; those that templates may make stand at the end.
    pub jobs: Vec<PlannedJob>,
    /// The templates.
    pub templates: Vec<PlannedTemplate>,
    /// The test plan that is run; every job that is no setup job, where there is none.
    pub selection: Option<PlannedSelection>,
}

impl Plan {
    /// Draws 10 to 30 jobs, up to two templates and, once in three, a test plan.
    #[must_use]
    pub fn draw(random: &mut Random) -> Self {
        let count = random.between(10, 30);
        let mut jobs: Vec<PlannedJob> = Vec::new();
        for number in 1..=count {
            let kind = if number <= 2 || random.one_in(8) {
                Kind::Resource(index(random, NAMES.len()) + 1)
            } else {
                Kind::Plain
            };
            let name = match kind {
                Kind::Resource(_) => "facts",
                Kind::Plain | Kind::Setup | Kind::MadeOf(_) => "job",
            };
            jobs.push(job(random, format!("{name}_{number}"), kind, &jobs));
        }
        let templates: Vec<PlannedTemplate> = (0..random.between(0, 2))
            .map(|number| template(random, number, &jobs))
            .collect();
        let selection = random.one_in(3).then(|| {
            let setup = job(random, "setup_1".to_owned(), Kind::Setup, &[]);
            let selection = selection(random, &jobs, &templates, &setup);
            jobs.push(setup);
            selection
        });
        // A person writes them in any order.
        for place in (1..jobs.len()).rev() {
            jobs.swap(place, index(random, place + 1));
        }
        let made = templates.iter().flat_map(|template| made(template, &jobs));
        let made: Vec<PlannedJob> = made.collect();
        jobs.extend(made);
        Self {
            jobs,
            templates,
            selection,
        }
    }

    /// The outcome that a job's own exit code decides, if nothing else has a say in it.
    #[must_use]
    pub fn outcome_by_exit_code(&self, job: &PlannedJob) -> Option<&'static str> {
        let is_had = match &job.kind {
            Kind::Plain | Kind::Resource(_) => self.is_selected(&job.id),
            Kind::Setup => self.selection.is_some(),
            Kind::MadeOf(_) => false,
        };
        let is_free = is_had && job.depends.is_empty() && job.requires.is_none();
        let by_code = if job.exit_code == 0 { "pass" } else { "fail" };
        is_free.then_some(job.goes_down_as.unwrap_or(by_code))
    }

    /// These jobs, and all whose outcome, or whose being there, may depend on theirs: what needs them, and what a test
    /// plan does not name and only jobs bring in that may be missing.
    #[must_use]
    pub fn touched_by(&self, roots: &BTreeSet<String>) -> BTreeSet<String> {
        let mut touched = roots.clone();
        loop {
            let before = touched.len();
            for job in &self.jobs {
                let required = job.requires.iter().map(|(id, _)| id);
                let resource = match &job.kind {
                    Kind::MadeOf(resource) => Some(resource),
                    Kind::Plain | Kind::Resource(_) | Kind::Setup => None,
                };
                let mut needed = job.depends.iter().chain(required).chain(resource);
                if needed.any(|id| touched.contains(id)) {
                    touched.insert(job.id.clone());
                }
                if touched.contains(&job.id) && !self.is_selected(&job.id) {
                    let required = job.requires.iter().map(|(id, _)| id);
                    let brought_in = job.depends.iter().chain(&job.after).chain(required);
                    touched.extend(brought_in.filter(|id| !self.is_selected(id)).cloned());
                }
            }
            if touched.len() == before {
                return touched;
            }
        }
    }

    fn is_selected(&self, id: &str) -> bool {
        let selection = self.selection.as_ref();
        selection.is_none_or(|selection| selection.names(id))
    }

    /// The jobs by id.
    #[must_use]
    pub fn by_id(&self) -> BTreeMap<&str, &PlannedJob> {
        self.jobs.iter().map(|job| (job.id.as_str(), job)).collect()
    }
}

/// Draws what a job does, and what it needs of those that were drawn before.
fn job(random: &mut Random, id: String, kind: Kind, before: &[PlannedJob]) -> PlannedJob {
    PlannedJob {
        id,
        depends: earlier(random, before, 3),
        after: earlier(random, before, 5),
        requires: requirement(random, before),
        nap_ms: if random.one_in(2) {
            random.between(20, 80)
        } else {
            0
        },
        forks: random.one_in(2),
        is_loud: random.one_in(8),
        exit_code: if random.one_in(7) {
            random.between(1, 9)
        } else {
            0
        },
        goes_down_as: match kind {
            Kind::Plain | Kind::MadeOf(_) if random.one_in(12) => {
                Some(match random.between(0, 2) {
                    0 => "pass",
                    1 => "fail",
                    _ => "skip",
                })
            }
            Kind::Plain | Kind::MadeOf(_) | Kind::Resource(_) | Kind::Setup => None,
        },
        kind,
    }
}

fn template(random: &mut Random, number: u64, jobs: &[PlannedJob]) -> PlannedTemplate {
    let resources: Vec<&PlannedJob> = resources(jobs).collect();
    let resource = resources
        .get(index(random, resources.len()))
        .map_or_else(String::new, |resource| resource.id.clone());
    let id = format!("made_{number}");
    let kind = Kind::MadeOf(resource.clone());
    PlannedTemplate {
        job: job(random, id.clone(), kind, jobs),
        id,
        resource,
        is_jinja2: random.one_in(2),
        filtered: random
            .one_in(3)
            .then(|| NAMES.get(index(random, NAMES.len())).copied())
            .flatten(),
    }
}

/// The jobs a template makes when its resource job comes to its end.
fn made(template: &PlannedTemplate, jobs: &[PlannedJob]) -> Vec<PlannedJob> {
    let resource = jobs.iter().find(|job| job.id == template.resource);
    let names = resource.map_or(&[][..], |resource| names(&resource.kind));
    names
        .iter()
        .filter(|name| template.filtered != Some(name))
        .map(|name| PlannedJob {
            id: format!("{}_{name}", template.id),
            ..template.job.clone()
        })
        .collect()
}

/// The names in the records that a job prints.
pub(super) fn names(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::Resource(records) => NAMES.get(..*records).unwrap_or(&NAMES),
        Kind::Plain | Kind::Setup | Kind::MadeOf(_) => &[],
    }
}

fn selection(
    random: &mut Random,
    jobs: &[PlannedJob],
    templates: &[PlannedTemplate],
    setup: &PlannedJob,
) -> PlannedSelection {
    let mut selection = PlannedSelection {
        setup: vec![setup.id.clone()],
        ..PlannedSelection::default()
    };
    for (place, job) in jobs.iter().enumerate() {
        // The first is always there, so that something is to be run.
        if place == 0 || !random.one_in(4) {
            selection.include.push(job.id.clone());
        }
        if place > 0 && random.one_in(12) {
            selection.exclude.push(job.id.clone());
        }
        if random.one_in(12) {
            selection.mandatory.push(job.id.clone());
        }
    }
    for template in templates {
        let by_id = random.one_in(2);
        selection.include.push(if by_id {
            template.id.clone()
        } else {
            format!("{}_.*", template.id)
        });
    }
    let bootstrap = resources(jobs).filter(|_| random.one_in(3));
    selection.bootstrap = bootstrap.map(|job| job.id.clone()).collect();
    selection
}

fn resources(jobs: &[PlannedJob]) -> impl Iterator<Item = &PlannedJob> {
    jobs.iter()
        .filter(|job| matches!(job.kind, Kind::Resource(_)))
}

/// One earlier job or two, once in `rarity` draws.
fn earlier(random: &mut Random, jobs: &[PlannedJob], rarity: u64) -> Vec<String> {
    let mut ids = BTreeSet::new();
    if !jobs.is_empty() && random.one_in(rarity) {
        for _ in 0..random.between(1, 2) {
            let job = jobs.get(index(random, jobs.len()));
            ids.extend(job.map(|job| job.id.clone()));
        }
    }
    ids.into_iter().collect()
}

fn requirement(random: &mut Random, jobs: &[PlannedJob]) -> Option<(String, bool)> {
    let resources: Vec<&PlannedJob> = resources(jobs).collect();
    if resources.is_empty() || !random.one_in(4) {
        return None;
    }
    let job = resources.get(index(random, resources.len()))?;
    let holds = !random.one_in(3);
    Some((job.id.clone(), holds))
}

/// A place in a list of so many.
fn index(random: &mut Random, count: usize) -> usize {
    let last = (count as u64).saturating_sub(1);
    usize::try_from(random.between(0, last)).unwrap_or(0)
}
