//! A generated session: short jobs that depend on each other, some of which fail, sleep, talk much or take the
//! program down.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::random::Random;

/// The file in which all jobs mark their starts and ends.
pub(super) const ALL: &str = "all";

/// One job of a generated session.
#[derive(Clone, Debug)]
pub struct PlannedJob {
    /// Its id.
    pub id: String,
    /// Whether its output is records that others require.
    pub is_resource: bool,
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

/// The jobs of a generated session.
#[derive(Clone, Debug)]
pub struct Plan {
    /// In the order of the unit file.
    pub jobs: Vec<PlannedJob>,
}

impl Plan {
    /// Draws 10 to 30 jobs.
    #[must_use]
    pub fn draw(random: &mut Random) -> Self {
        let count = random.between(10, 30);
        let mut jobs: Vec<PlannedJob> = Vec::new();
        for number in 1..=count {
            let is_resource = number <= 2 || random.one_in(8);
            let kind = if is_resource { "facts" } else { "job" };
            let job = PlannedJob {
                id: format!("{kind}_{number}"),
                is_resource,
                depends: earlier(random, &jobs, 3),
                after: earlier(random, &jobs, 5),
                requires: requirement(random, &jobs),
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
                goes_down_as: (!is_resource && random.one_in(12)).then(|| {
                    match random.between(0, 2) {
                        0 => "pass",
                        1 => "fail",
                        _ => "skip",
                    }
                }),
            };
            jobs.push(job);
        }
        // A person writes them in any order.
        for index in (1..jobs.len()).rev() {
            if let Ok(other) = usize::try_from(random.between(0, index as u64)) {
                jobs.swap(index, other);
            }
        }
        Self { jobs }
    }

    /// The unit file; every job marks its start and its end in a file of its own in `marks`.
    #[must_use]
    pub fn unit_file(&self, marks: &Path) -> String {
        let mut text = String::new();
        for job in &self.jobs {
            let lines = [
                format!("id: {}", job.id),
                format!(
                    "plugin: {}",
                    if job.is_resource { "resource" } else { "shell" }
                ),
                "shell: /bin/sh".to_owned(),
                job.goes_down_as
                    .map_or_else(String::new, |_| "flags: noreturn".to_owned()),
                list("depends", &job.depends),
                list("after", &job.after),
                job.requires
                    .as_ref()
                    .map_or_else(String::new, |(id, holds)| {
                        format!(
                            "requires: {id}.present == '{}'",
                            if *holds { "yes" } else { "no" }
                        )
                    }),
                command(job, marks),
            ];
            for line in lines.iter().filter(|line| !line.is_empty()) {
                text.push_str(line);
                text.push('\n');
            }
            text.push('\n');
        }
        text
    }

    /// The outcome that a job's own exit code decides, if nothing else has a say in it.
    #[must_use]
    pub fn outcome_by_exit_code(job: &PlannedJob) -> Option<&'static str> {
        let is_free = job.depends.is_empty() && job.requires.is_none();
        let by_code = if job.exit_code == 0 { "pass" } else { "fail" };
        is_free.then_some(job.goes_down_as.unwrap_or(by_code))
    }

    /// These jobs, and all whose outcome may depend on theirs.
    #[must_use]
    pub fn touched_by(&self, roots: &BTreeSet<String>) -> BTreeSet<String> {
        let mut touched = roots.clone();
        loop {
            let before = touched.len();
            for job in &self.jobs {
                let required = job.requires.iter().map(|(id, _)| id);
                if job
                    .depends
                    .iter()
                    .chain(required)
                    .any(|id| touched.contains(id))
                {
                    touched.insert(job.id.clone());
                }
            }
            if touched.len() == before {
                return touched;
            }
        }
    }

    /// The jobs by id.
    #[must_use]
    pub fn by_id(&self) -> BTreeMap<&str, &PlannedJob> {
        self.jobs.iter().map(|job| (job.id.as_str(), job)).collect()
    }
}

/// One earlier job or two, once in `rarity` draws.
fn earlier(random: &mut Random, jobs: &[PlannedJob], rarity: u64) -> Vec<String> {
    let mut ids = BTreeSet::new();
    if !jobs.is_empty() && random.one_in(rarity) {
        for _ in 0..random.between(1, 2) {
            let index = random.between(0, jobs.len() as u64 - 1);
            let job = usize::try_from(index)
                .ok()
                .and_then(|index| jobs.get(index));
            ids.extend(job.map(|job| job.id.clone()));
        }
    }
    ids.into_iter().collect()
}

fn requirement(random: &mut Random, jobs: &[PlannedJob]) -> Option<(String, bool)> {
    if !random.one_in(4) {
        return None;
    }
    let resources: Vec<_> = jobs.iter().filter(|job| job.is_resource).collect();
    let last = (resources.len() as u64).checked_sub(1)?;
    let index = usize::try_from(random.between(0, last)).ok()?;
    let holds = !random.one_in(3);
    resources.get(index).map(|job| (job.id.clone(), holds))
}

fn list(field: &str, ids: &[String]) -> String {
    if ids.is_empty() {
        String::new()
    } else {
        format!("{field}: {}", ids.join(" "))
    }
}

/// The command: marks stand in the job's own file, and in one that all jobs share.
fn command(job: &PlannedJob, marks: &Path) -> String {
    let own = marks.join(&job.id);
    let (id, own, all) = (&job.id, own.display(), marks.join(ALL));
    let all = all.display();
    let mut text = format!(
        "command:\n mark() {{ echo \"$1 $$\" >> '{own}'; echo \"$1 {id} $$\" >> '{all}'; }}\n mark start\n"
    );
    let nap = format!("sleep 0.{:03}", job.nap_ms);
    text.push_str(&match (job.nap_ms, job.forks) {
        (0, _) => " mark end\n".to_owned(),
        (_, true) => format!(" ({nap}; mark end) &\n wait\n"),
        (_, false) => format!(" {nap}\n mark end\n"),
    });
    if let Some(outcome) = job.goes_down_as {
        text.push_str(&format!(
            " echo '{{\"outcome\": \"{outcome}\"}}' > \"$PLAINBOX_SESSION_SHARE/__result\"\n kill -9 $PPID\n sleep 600\n"
        ));
    } else if job.is_resource {
        text.push_str(" echo 'present: yes'\n");
    } else if job.is_loud {
        text.push_str(" seq 1 6000\n");
    } else {
        text.push_str(" echo done\n");
    }
    text.push_str(" exit ");
    text.push_str(&job.exit_code.to_string());
    text
}
