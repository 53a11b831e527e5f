//! What holds after every step of any history: nothing needs to be computed anew, and the changes are the
//! whole truth.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;

use super::kit::{NAMES, id, job, name, printed, random_job, random_jobs};
use crate::change::MetadataChange;
use crate::field::FieldValue;
use crate::graph::Node;
use crate::id::JobId;
use crate::job::{JobDefinition, JobOutcome, JobResult};
use crate::overrides::OverridableField;
use crate::readiness::UNDESIRED;
use crate::resource::Resource;
use crate::state::{JobParts, JobState, SessionParts, SessionState};
use crate::template::Template;
use crate::unit::OtherUnit;

/// How many local jobs there are.
const LOCALS: usize = 2;

/// One step of a history, by numbers of jobs.
#[derive(Clone, Debug)]
enum Step {
    Add(Arc<JobDefinition>),
    Remove(usize),
    Replace(Arc<JobDefinition>),
    Trim(usize),
    Mandatory(Vec<usize>),
    Select(Vec<usize>),
    SelectMore(Vec<usize>),
    SelectLess(Vec<usize>),
    Start(usize),
    Record(usize, Option<JobOutcome>, bool),
    Print(usize, Vec<usize>),
    Resources(usize, bool),
    Metadata(MetadataChange),
    Override(usize, OverridableField),
    Attempts(usize, i32),
    Manifest(bool),
    Template(usize),
    DropTemplates(usize),
    Unit(usize),
    DropUnits(usize),
}

/// A template for the records of a job, which makes one further job of each.
fn template(number: usize) -> Arc<Template> {
    let fields = [
        ("id", format!("made-{number}-{{x}}")),
        ("template-resource", name(number)),
        ("plugin", "manual".to_owned()),
    ];
    let fields = fields.map(|(field, text)| (Arc::from(field), (&*text).into()));
    Arc::new(Template::new(None, fields.to_vec(), None).unwrap())
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let number = || 0..NAMES + 1;
    let outcome = proptest::option::weighted(0.8, proptest::sample::select(&JobOutcome::ALL[..]));
    let metadata = prop_oneof![
        Just(MetadataChange::Title(Some("title".to_owned()))),
        Just(MetadataChange::FlagSet("incomplete".to_owned())),
        Just(MetadataChange::FlagCleared("incomplete".to_owned())),
        Just(MetadataChange::AppBlob(Some(vec![0, 255]))),
        Just(MetadataChange::RejectedJobs(vec![id("j1")])),
        Just(MetadataChange::Intent(None)),
    ];
    let step = prop_oneof![
        2 => (0..NAMES).prop_flat_map(|number| random_job(number, false)).prop_map(Step::Add),
        1 => number().prop_map(Step::Remove),
        2 => (0..NAMES).prop_flat_map(|number| random_job(number, false)).prop_map(Step::Replace),
        1 => number().prop_map(Step::Trim),
        1 => vec(number(), 0..3).prop_map(Step::Mandatory),
        3 => vec(number(), 0..NAMES).prop_map(Step::Select),
        3 => vec(number(), 0..3).prop_map(Step::SelectMore),
        2 => vec(number(), 0..3).prop_map(Step::SelectLess),
        2 => number().prop_map(Step::Start),
        8 => (number(), outcome, any::<bool>())
            .prop_map(|(number, outcome, good)| Step::Record(number, outcome, good)),
        2 => (0..LOCALS, vec(0..NAMES + LOCALS, 0..3))
            .prop_map(|(number, jobs)| Step::Print(number, jobs)),
        1 => (number(), any::<bool>()).prop_map(|(number, good)| Step::Resources(number, good)),
        1 => metadata.prop_map(Step::Metadata),
        1 => (number(), proptest::sample::select(&OverridableField::ALL[..]))
            .prop_map(|(number, field)| Step::Override(number, field)),
        1 => (number(), 0..4).prop_map(|(number, attempts)| Step::Attempts(number, attempts)),
        1 => any::<bool>().prop_map(Step::Manifest),
        2 => number().prop_map(Step::Template),
        1 => number().prop_map(Step::DropTemplates),
        2 => number().prop_map(Step::Unit),
        1 => number().prop_map(Step::DropUnits),
    ];
    vec(step, 1..25)
}

/// Lines that define jobs: local ones in full, others by their ids alone.
fn definitions(numbers: &[usize]) -> Vec<String> {
    let lines = numbers.iter().flat_map(|number| {
        let (id, plugin) = match number.checked_sub(NAMES) {
            Some(local) => (format!("l{local}"), "plugin: local"),
            None => (name(*number), "summary: printed"),
        };
        [format!("id: {id}"), plugin.to_owned(), String::new()]
    });
    lines.collect()
}

fn take(state: &mut SessionState, step: &Step) {
    let named = |numbers: &[usize]| numbers.iter().map(|number| id(&name(*number))).collect();
    match step {
        Step::Add(job) => drop(state.add_job(Arc::clone(job), None)),
        Step::Remove(number) => drop(state.remove_job(&id(&name(*number)))),
        Step::Replace(job) => drop(state.replace_job(Arc::clone(job))),
        Step::Trim(number) => drop(state.trim_jobs(|job| job.id().as_str() > &*name(*number))),
        Step::Mandatory(numbers) => state.set_mandatory_jobs(named(numbers)),
        Step::Select(numbers) => {
            let wanted: Vec<JobId> = named(numbers);
            state.update_desired_jobs(&wanted);
        }
        Step::SelectMore(numbers) => {
            let more: Vec<JobId> = named(numbers);
            state.add_desired_jobs(&more);
        }
        Step::SelectLess(numbers) => {
            let less: Vec<JobId> = named(numbers);
            state.remove_desired_jobs(&less);
        }
        Step::Start(number) => drop(state.start_job(&id(&name(*number)), Some("boot"), 5.0)),
        Step::Record(number, outcome, good) => {
            let result = match outcome {
                None => JobResult::default(),
                Some(outcome) => printed(*outcome, &[if *good { "x: 1" } else { "x: 0" }]),
            };
            drop(state.update_job_result(&id(&name(*number)), result, None));
        }
        Step::Print(number, jobs) => {
            let local = job(&[("id", &format!("l{number}")), ("plugin", "local")]);
            drop(state.add_job(Arc::clone(&local), None));
            let lines = definitions(jobs);
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let result = printed(JobOutcome::Pass, &lines);
            state.update_job_result(local.id(), result, None).unwrap();
        }
        Step::Resources(number, good) => {
            let value = if *good { "1" } else { "0" };
            let records = vec![Resource::new([("x", value)])];
            state.set_resources(&id(&name(*number)), records);
        }
        Step::Metadata(change) => state.change_metadata(change.clone()),
        Step::Override(number, field) => {
            let overrides = [(field.as_str(), "other")];
            state
                .apply_overrides(&id(&name(*number)), overrides)
                .unwrap();
        }
        Step::Attempts(number, attempts) => {
            drop(state.set_attempts(&id(&name(*number)), *attempts));
        }
        Step::Manifest(answer) => {
            state.set_manifest([("m".into(), FieldValue::Bool(*answer))].into());
        }
        Step::Template(number) => state.add_template(template(*number)),
        Step::DropTemplates(number) => {
            state.remove_templates(template(*number).id());
        }
        Step::Unit(number) => {
            let fields = [("unit", "category"), ("id", &*name(*number))];
            let unit = OtherUnit::new(JobDefinition::clone(&job(&fields)));
            state.add_other_unit(Arc::new(unit));
        }
        Step::DropUnits(number) => {
            state.remove_other_units("category", &name(*number));
        }
    }
}

/// Everything kept up to date is what computing it anew gives.
fn check(state: &SessionState) {
    for (number, slot) in state.states.iter().enumerate() {
        let node = Node::from_number(u32::try_from(number).unwrap());
        let Some(job) = slot else { continue };
        assert_eq!(
            usize::from(job.asked),
            state.desired.iter().filter(|known| **known == node).count(),
            "{}",
            job.id()
        );
        assert_eq!(
            job.on_run_list,
            state.run_list.contains(&node),
            "{}",
            job.id()
        );
        if state.run_list.contains(&node) {
            assert_eq!(job.inhibitors(), state.inhibitors(node), "{}", job.id());
        } else {
            assert_eq!(job.inhibitors(), UNDESIRED, "{}", job.id());
        }
    }
    let outcomes = || state.jobs().map(JobState::outcome);
    for outcome in JobOutcome::ALL.map(Some).into_iter().chain([None]) {
        let counted = outcomes().filter(|known| *known == outcome).count();
        assert_eq!(state.outcome_counts().get(outcome), counted);
    }
    assert_eq!(state.outcome_counts().total(), state.job_count());
    let todo = state
        .run_list_states()
        .filter(|job| job.outcome().is_none());
    assert_eq!(state.todo_count(), todo.count());
}

/// The state taken apart and put together again.
fn rebuilt(state: &SessionState) -> SessionState {
    let parts = SessionParts {
        jobs: state
            .jobs()
            .map(|job| JobParts {
                definition: Arc::clone(job.definition()),
                via: job.via().cloned(),
                result: Arc::new(job.result().clone()),
                history: job.history().to_vec(),
                attempts_begun: job.attempts_begun(),
                started_attempts: job.started_attempts(),
                attempts: job.attempts(),
                overrides: job.overrides().cloned().unwrap_or_default(),
            })
            .collect(),
        desired: state.desired_jobs().cloned().collect(),
        mandatory: state.mandatory_jobs().cloned().collect(),
        run_list: state.run_list().cloned().collect(),
        resources: state
            .resource_map()
            .map(|(id, records)| (id.clone(), records.to_vec()))
            .collect(),
        templates: state.templates().to_vec(),
        units: state.other_units().to_vec(),
        manifest: state.manifest().clone(),
        metadata: state.metadata().clone(),
    };
    SessionState::restore(parts).expect("the parts are those of a state")
}

fn inhibitors(state: &SessionState) -> Vec<String> {
    let texts = state.jobs().map(JobState::readiness_text);
    texts.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_step_keeps_the_state_whole(jobs in random_jobs(false), steps in steps()) {
        let mut state = SessionState::with_jobs(jobs).unwrap();
        state.record_changes(true);
        for step in &steps {
            take(&mut state, step);
            check(&state);
        }
        let again = rebuilt(&state);
        check(&again);
        prop_assert_eq!(&again, &state);
        prop_assert_eq!(inhibitors(&again), inhibitors(&state));
    }

    #[test]
    fn changes_bring_a_copy_to_the_new_state(jobs in random_jobs(true), steps in steps()) {
        let mut state = SessionState::with_jobs(jobs).unwrap();
        state.record_changes(true);
        let mut copy = state.clone();
        for step in &steps {
            take(&mut state, step);
            let count = state.pending_changes().len();
            for change in state.pending_changes() {
                copy.apply(change).unwrap();
            }
            state.forget_changes(count);
            prop_assert!(state.pending_changes().is_empty());
            prop_assert!(copy.pending_changes().is_empty());
            prop_assert_eq!(&copy, &state);
            prop_assert_eq!(inhibitors(&copy), inhibitors(&state));
            check(&copy);
        }
    }

    #[test]
    fn a_refused_change_changes_nothing(jobs in random_jobs(true), steps in steps()) {
        let mut recorded = SessionState::with_jobs(jobs).unwrap();
        recorded.record_changes(true);
        steps.iter().for_each(|step| take(&mut recorded, step));
        let mut other = SessionState::new();
        for change in recorded.pending_changes() {
            let before = other.clone();
            if other.apply(change).is_err() {
                prop_assert_eq!(&other, &before);
            }
            check(&other);
        }
    }
}
