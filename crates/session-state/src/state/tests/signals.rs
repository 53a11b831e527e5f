//! Observers hear what happens, in the documented order.

use std::sync::{Arc, Mutex};

use super::kit::{id, ids, job, listen, printed, taken};
use crate::field::FieldValue;
use crate::job::{JobDefinition, JobOutcome, JobResult};
use crate::state::observer::Signal;
use crate::state::{JobState, SessionState};
use crate::template::Template;

#[test]
fn templates_are_heard_of() {
    let template = || {
        let fields = [("id", "t-{x}"), ("template-resource", "r")];
        let fields = fields.map(|(name, text)| (Arc::from(name), text.into()));
        Arc::new(Template::new(None, fields.to_vec(), None).unwrap())
    };
    let mut state = SessionState::new();
    let (heard, _subscription) = listen(&state);
    state.add_template(template());
    assert_eq!(taken(&heard), ["template t-x added"]);
    state.add_template(template());
    assert_eq!(taken(&heard), [""; 0], "it is there already");
    assert_eq!(state.remove_templates("t-x"), 1);
    assert_eq!(taken(&heard), ["template t-x removed"]);
    assert_eq!((state.remove_templates("t-x"), taken(&heard).len()), (0, 0));
}

#[test]
fn signals_come_in_order() {
    let mut state = SessionState::new();
    let (heard, subscription) = listen(&state);

    state.add_job(job(&[("id", "a")]), None).unwrap();
    assert_eq!(
        taken(&heard),
        ["map changed", "unit a added", "job a added"]
    );
    state.add_job(job(&[("id", "a")]), None).unwrap();
    assert_eq!(taken(&heard), [""; 0], "an equal job changes nothing");

    state.update_desired_jobs(&ids(&["a"]));
    assert_eq!(taken(&heard), [""; 0]);

    let pass = || JobResult::of(JobOutcome::Pass);
    state.update_job_result(&id("a"), pass(), None).unwrap();
    assert_eq!(
        taken(&heard),
        [
            "history of a is 1 long",
            "result of a changed",
            "map changed",
            "a is Some(Pass)"
        ]
    );
    state.update_job_result(&id("a"), pass(), None).unwrap();
    assert_eq!(taken(&heard), ["map changed", "a is Some(Pass)"]);

    state.update_desired_jobs(&[]);
    state.add_job(job(&[("id", "b")]), None).unwrap();
    taken(&heard);
    state.trim_jobs(|_| true).unwrap();
    assert_eq!(
        taken(&heard),
        [
            "map changed",
            "job a removed",
            "unit a removed",
            "job b removed",
            "unit b removed"
        ]
    );
    state.trim_jobs(|_| true).unwrap();
    assert_eq!(taken(&heard), [""; 0]);

    state.add_job(job(&[("id", "a")]), None).unwrap();
    taken(&heard);
    state.remove_job(&id("a")).unwrap();
    assert_eq!(
        taken(&heard),
        ["unit a removed", "job a removed", "map changed"]
    );

    drop(subscription);
    state.add_job(job(&[("id", "a")]), None).unwrap();
    assert_eq!(taken(&heard), [""; 0]);
}

#[test]
fn readiness_is_judged_after_the_signals() {
    let mut state = SessionState::new();
    let jobs = [
        job(&[("id", "r"), ("plugin", "resource")]),
        job(&[("id", "a"), ("requires", "r.x == '1'")]),
    ];
    for job in jobs {
        state.add_job(job, None).unwrap();
    }
    state.update_desired_jobs(&ids(&["a"]));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let eye = Arc::clone(&seen);
    let _subscription = state.subscribe(move |state: &SessionState, _: &Signal<'_>| {
        let ready = state.job_state("a").map(JobState::can_start);
        eye.lock().unwrap().push(ready);
    });
    let result = printed(JobOutcome::Pass, &["x: 1"]);
    state.update_job_result(&id("r"), result, None).unwrap();
    assert_eq!(*seen.lock().unwrap(), [Some(false); 4]);
    assert!(state.job_state("a").unwrap().can_start());
}

#[test]
fn siblings_are_announced_depth_first() {
    let mut state = SessionState::new();
    let (heard, _subscription) = listen(&state);
    let listed = |id: &str| FieldValue::Map(vec![("id".into(), id.into())]);
    let fields = vec![
        ("id".into(), "a".into()),
        ("flags".into(), "also-after-suspend".into()),
        (
            "siblings".into(),
            FieldValue::List(vec![listed("b"), listed("c")]),
        ),
    ];
    let definition = JobDefinition::new(None, fields, None, None);
    state.add_job(Arc::new(definition), None).unwrap();
    let added: Vec<String> = taken(&heard)
        .into_iter()
        .filter(|text| text.starts_with("job"))
        .collect();
    assert_eq!(
        added,
        [
            "job a added",
            "job b added",
            "job after-suspend-b added",
            "job c added",
            "job after-suspend-c added",
            "job after-suspend-a added"
        ]
    );
}
