//! What the device of a session knows, takes and refuses.

use std::sync::Arc;

use super::{DeviceContext, DeviceError, PlanRules, Provider};
use crate::id::JobId;
use crate::job::{JobDefinition, JobOutcome};
use crate::overrides::{OverridableField, OverrideRules};
use crate::state::tests::kit::{id, ids, job, listen, printed, taken};
use crate::state::{JobState, RemoveJobError, SessionState};
use crate::template::Template;
use crate::unit::{OtherUnit, Unit};

/// A definition in the namespace `ns`.
fn named(fields: &[(&str, &str)]) -> JobDefinition {
    let fields = fields
        .iter()
        .map(|(name, value)| (Arc::from(*name), (*value).into()));
    JobDefinition::new(Some("ns".into()), fields.collect(), None, None)
}

fn unit_job(fields: &[(&str, &str)]) -> Unit {
    Unit::Job(Arc::new(named(fields)))
}

fn category(partial: &str) -> Unit {
    let fields = named(&[("unit", "category"), ("id", partial), ("name", "Disks")]);
    Unit::Other(Arc::new(OtherUnit::new(fields)))
}

fn template() -> Unit {
    let fields = [
        ("id", "up-{name}"),
        ("plugin", "manual"),
        ("template-resource", "net"),
    ];
    let fields = fields.map(|(name, text)| (Arc::from(name), text.into()));
    let template = Template::new(Some("ns".into()), fields.to_vec(), None);
    Unit::Template(Arc::new(template.unwrap()))
}

fn provider(units: Vec<Unit>) -> Provider {
    Provider {
        name: "disks".into(),
        namespace: Some("ns".into()),
        units,
    }
}

fn listed(context: &DeviceContext) -> Vec<&str> {
    let jobs = context.state().jobs().map(JobState::id);
    jobs.map(JobId::as_str).collect()
}

#[test]
fn a_provider_is_heard_of_before_its_units_and_none_comes_twice() {
    let mut context = DeviceContext::default();
    let (heard, _subscription) = listen(context.state());
    let units = vec![unit_job(&[("id", "a")]), category("io"), template()];
    context.add_provider(provider(units)).unwrap();
    assert_eq!(
        taken(&heard),
        [
            "provider disks added",
            "map changed",
            "unit ns::a added",
            "job ns::a added",
            "category Some(\"ns::io\") added",
            "template ns::up-name added",
        ]
    );
    let again = context.add_provider(provider(vec![unit_job(&[("id", "b")])]));
    let error = again.unwrap_err();
    assert_eq!(
        error.to_string(),
        "attempting to add the same provider twice: disks"
    );
    assert_eq!((taken(&heard).len(), context.providers().len()), (0, 1));
    assert_eq!(&*context.providers()[0].qualify("a"), "ns::a");
    assert_eq!(&*context.providers()[0].qualify("other::a"), "other::a");
}

#[test]
fn a_context_around_a_state_knows_its_units_and_their_providers() {
    let jobs = [
        named(&[("id", "a")]),
        named(&[("id", "b"), ("depends", "a")]),
    ];
    let state = SessionState::with_jobs(jobs.map(Arc::new)).unwrap();
    let mut context = DeviceContext::new(state);
    assert_eq!(context.providers().len(), 1);
    assert_eq!(context.units().count(), 2);
    let error = context.add_unit(unit_job(&[("id", "a")])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "attempting to add the same unit twice: ns::a"
    );
    let other = context.add_unit(unit_job(&[("id", "a"), ("plugin", "manual")]));
    assert!(matches!(other, Err(DeviceError::Duplicate(clash)) if clash.job == id("ns::a")));
    assert_eq!(context.into_state().job_count(), 2);
}

#[test]
fn units_are_found_by_kind_and_id_and_go_as_they_came() {
    let mut context = DeviceContext::default();
    let all = [unit_job(&[("id", "a")]), category("io"), template()];
    for unit in &all {
        context.add_unit(unit.clone()).unwrap();
        let twice = context.add_unit(unit.clone()).unwrap_err();
        assert!(matches!(twice, DeviceError::UnitTwice { .. }), "{twice}");
    }
    for unit in &all {
        let id = unit.id().unwrap();
        assert_eq!(context.unit(unit.kind(), id).as_ref(), Some(unit));
        assert_eq!(context.unit("exporter", id), None);
        context.remove_unit(unit).unwrap();
        assert_eq!(context.unit(unit.kind(), id), None);
        let gone = context.remove_unit(unit).unwrap_err();
        assert!(matches!(gone, DeviceError::UnknownUnit { .. }), "{gone}");
    }
    assert_eq!(context.units().count(), 0);
}

#[test]
fn of_several_units_of_one_id_the_last_is_found() {
    let mut context = DeviceContext::default();
    context.add_unit(category("io")).unwrap();
    let fields = named(&[("unit", "category"), ("id", "io"), ("name", "Drives")]);
    let later = Unit::Other(Arc::new(OtherUnit::new(fields)));
    context.add_unit(later.clone()).unwrap();
    assert_eq!(context.units().count(), 2);
    assert_eq!(context.unit("category", "ns::io"), Some(later));
    let fields = named(&[("unit", "category"), ("id", "io"), ("name", "Neither")]);
    let neither = Unit::Other(Arc::new(OtherUnit::new(fields)));
    let gone = context.remove_unit(&neither);
    assert!(matches!(gone, Err(DeviceError::UnknownUnit { .. })));
    assert_eq!(context.units().count(), 2, "neither of the two is that one");
}

#[test]
fn a_job_that_is_to_be_run_stays() {
    let mut context = DeviceContext::default();
    let unit = unit_job(&[("id", "a")]);
    context.add_unit(unit.clone()).unwrap();
    context.state_mut().update_desired_jobs(&ids(&["ns::a"]));
    let refused = context.remove_unit(&unit).unwrap_err();
    let jobs = ids(&["ns::a"]);
    assert_eq!(refused, RemoveJobError::OnRunList { jobs }.into());
    assert_eq!(listed(&context), ["ns::a"]);
}

#[test]
fn what_a_template_made_is_found_and_may_be_added_again() {
    let mut context = DeviceContext::default();
    let net = unit_job(&[("id", "net"), ("plugin", "resource")]);
    context
        .add_provider(provider(vec![net, template()]))
        .unwrap();
    let records = printed(JobOutcome::Pass, &["name: lo"]);
    let state = context.state_mut();
    state
        .update_job_result(&id("ns::net"), records, None)
        .unwrap();
    let made = context.unit(Unit::JOB, "ns::up-lo").expect("it was made");
    context.add_unit(made).unwrap();
    assert_eq!(listed(&context), ["ns::net", "ns::up-lo"]);
}

#[test]
fn a_shared_value_is_computed_once_until_it_is_forgotten() {
    let mut context = DeviceContext::new(SessionState::with_jobs([job(&[("id", "a")])]).unwrap());
    let mut computed = 0;
    let mut count = |context: &mut DeviceContext| {
        let count = context.shared("jobs", |state| {
            computed += 1;
            state.job_count()
        });
        (*count, computed)
    };
    assert_eq!((count(&mut context), count(&mut context)), ((1, 1), (1, 1)));
    context.add_unit(unit_job(&[("id", "b")])).unwrap();
    assert_eq!(count(&mut context), (1, 1));
    assert!(context.forget_shared("jobs"));
    assert!(!context.forget_shared("jobs"));
    assert_eq!(count(&mut context), (2, 2));
    let text = context.shared("jobs", |state| state.job_count().to_string());
    assert_eq!(*text, "2", "a value of another type");
}

/// Puts `plan` in the place of the category of all jobs, and makes some mandatory.
#[derive(Debug)]
struct Plan(&'static [&'static str], &'static str);

impl OverrideRules for Plan {
    fn overrides_of(&self, _: &JobDefinition) -> Vec<(OverridableField, &str)> {
        vec![(OverridableField::CategoryId, self.1)]
    }
}

impl PlanRules for Plan {
    fn mandatory_jobs(&self, known: &[Arc<JobDefinition>]) -> Vec<JobId> {
        let known = known.iter().map(|job| job.id().clone());
        known.filter(|job| self.0.contains(&job.as_str())).collect()
    }
}

#[test]
fn test_plans_put_values_in_place_and_make_jobs_mandatory() {
    let jobs = ["a", "b", "c"].map(|id| job(&[("id", id)]));
    let mut context = DeviceContext::new(SessionState::with_jobs(jobs).unwrap());
    context.state_mut().update_desired_jobs(&ids(&["b", "c"]));
    let desired = |context: &DeviceContext| -> Vec<JobId> {
        context.state().desired_jobs().cloned().collect()
    };
    let category = |context: &DeviceContext, job: &str| {
        let job = context.state().job_state(job).unwrap();
        job.effective_category_id().as_str().to_owned()
    };
    assert_eq!(
        context.set_test_plans(Some(Arc::new(Plan(&["a", "c"], "x")))),
        []
    );
    assert_eq!(desired(&context), ids(&["a", "c", "b"]), "each job once");
    assert_eq!(category(&context, "b"), "x");
    context.add_unit(Unit::Job(job(&[("id", "d")]))).unwrap();
    assert_eq!(category(&context, "d"), "x", "also a job that comes later");
    assert_eq!(context.set_test_plans(None), []);
    context.add_unit(Unit::Job(job(&[("id", "e")]))).unwrap();
    assert_ne!(category(&context, "e"), "x");
    assert_eq!(category(&context, "d"), "x", "what was put there stays");
    assert_eq!(desired(&context), ids(&["a", "c", "b"]));
}
