//! The judge of the kill loop can say no, and the generator draws what it promises.

use std::collections::BTreeSet;
use std::path::Path;

use job_units::{ReadOptions, parse_units};

use super::marks::judge;
use super::{Kind, Marks, Plan, outcomes_in_json_lines, outcomes_in_plain_lines};
use crate::random::Random;

#[test]
fn a_run_that_was_cut_and_run_again_is_fine() {
    let marks = judge("a", "start 1\nstart 2\nend 2\n").expect("fine");
    assert_eq!(marks, Marks { starts: 2, ends: 1 });
}

#[test]
fn a_run_that_goes_on_beside_its_successor_is_found() {
    assert!(judge("a", "start 1\nstart 2\nend 1\nend 2\n").is_err());
    assert!(judge("a", "start 1\nstart 2\nend 2\nend 1\n").is_err());
    assert!(judge("a", "start 1\nend 1\nend 1\n").is_err());
    assert!(judge("a", "end 1\n").is_err());
}

#[test]
fn only_whole_lines_count() {
    let text = "[ 1/12] pass               a (0.01 s)\n[ 2/12] skipped-dependency b - a\n\n3 jobs: 1 pass\n[3/12] fail c";
    let wanted = [("a", "pass"), ("b", "skipped-dependency")];
    let wanted = wanted.map(|(job, outcome)| (job.to_owned(), outcome.to_owned()));
    assert_eq!(outcomes_in_plain_lines(text), wanted);
    let text = "{\"version\":1,\"event\":\"outcome\",\"job\":\"a\",\"outcome\":\"pass\"}\n{\"version\":1,\"eve";
    assert_eq!(outcomes_in_json_lines(text).as_deref(), Ok(&wanted[..1]));
}

/// The jobs that every session has.
fn plain(plan: &Plan) -> usize {
    let is_plain = |kind: &Kind| match kind {
        Kind::Plain | Kind::Resource(_) => true,
        Kind::Setup | Kind::MadeOf(_) => false,
    };
    let jobs = plan.jobs.iter();
    jobs.filter(|job| is_plain(&job.kind)).count()
}

#[test]
fn every_unit_file_is_read_without_a_mistake() {
    for seed in 0..50 {
        let plan = Plan::draw(&mut Random::new(seed));
        let text = plan.unit_file(Path::new("/marks"));
        let units = parse_units(&text, "plan.pxu", &ReadOptions::default());
        let units = units.unwrap_or_else(|errors| panic!("{}\n{text}", errors[0]));
        assert_eq!(units.templates.len(), plan.templates.len(), "{text}");
        assert_eq!(units.plans.len(), usize::from(plan.selection.is_some()));
    }
}

#[test]
fn plans_are_the_same_for_a_seed_and_hold_every_kind_of_job() {
    let marks = Path::new("/marks");
    let plans: Vec<Plan> = (0..50)
        .map(|seed| Plan::draw(&mut Random::new(seed)))
        .collect();
    let again = Plan::draw(&mut Random::new(7)).unit_file(marks);
    assert_eq!(plans[7].unit_file(marks), again);
    assert!(plans.iter().all(|plan| (10..=30).contains(&plain(plan))));
    let jobs: Vec<_> = plans.iter().flat_map(|plan| &plan.jobs).collect();
    assert!(jobs.iter().any(|job| job.exit_code != 0));
    assert!(jobs.iter().any(|job| job.nap_ms > 0 && job.forks));
    assert!(
        jobs.iter()
            .any(|job| job.is_loud && job.kind == Kind::Plain)
    );
    assert!(jobs.iter().any(|job| !job.depends.is_empty()));
    assert!(jobs.iter().any(|job| !job.after.is_empty()));
    assert!(jobs.iter().any(|job| job.kind == Kind::Setup));
    let is_made = |kind: &Kind| matches!(kind, Kind::MadeOf(_));
    assert!(jobs.iter().any(|job| is_made(&job.kind)));
    for is_jinja2 in [true, false] {
        let mut templates = plans.iter().flat_map(|plan| &plan.templates);
        assert!(templates.any(|template| template.is_jinja2 == is_jinja2));
    }
    for holds in [true, false] {
        let fits = |(_, value): &(String, bool)| *value == holds;
        assert!(
            jobs.iter()
                .any(|job| job.requires.as_ref().is_some_and(fits))
        );
    }
}

#[test]
fn what_only_a_job_brings_in_that_may_be_missing_may_be_missing_too() {
    let plan = (0..).map(|seed| Plan::draw(&mut Random::new(seed)));
    let brings_in = |plan: Plan| {
        let selection = plan.selection.as_ref()?;
        let (resource, brought_in) = plan.jobs.iter().find_map(|job| match &job.kind {
            Kind::MadeOf(resource) => {
                let alone = |id: &&String| !selection.include.contains(id);
                Some((resource.clone(), job.after.iter().find(alone)?.clone()))
            }
            Kind::Plain | Kind::Resource(_) | Kind::Setup => None,
        })?;
        Some((resource, brought_in, plan.clone()))
    };
    let (resource, brought_in, plan) = plan.take(500).find_map(brings_in).expect("one does");
    assert!(
        plan.touched_by(&BTreeSet::from([resource]))
            .contains(&brought_in)
    );
}

#[test]
fn what_a_job_touches_reaches_through_dependencies() {
    let plan = (0..).map(|seed| Plan::draw(&mut Random::new(seed)));
    let with_edge = |plan: Plan| {
        let job = plan.jobs.iter().find(|job| !job.depends.is_empty())?;
        Some((job.id.clone(), job.depends[0].clone(), plan.clone()))
    };
    let (job, root, plan) = plan.take(50).find_map(with_edge).expect("one has an edge");
    let touched = plan.touched_by(&BTreeSet::from([root.clone()]));
    assert!(touched.contains(&job) && touched.contains(&root));
    assert!(plan.touched_by(&BTreeSet::new()).is_empty());
}
