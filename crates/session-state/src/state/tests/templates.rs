//! Templates become jobs when records arrive.

use std::sync::Arc;

use super::kit::{id, job, printed};
use crate::change::Change;
use crate::job::{JobOutcome, JobResult};
use crate::state::{ExpansionFault, SessionState};
use crate::template::Template;

fn state() -> SessionState {
    let resource = job(&[("id", "net"), ("plugin", "resource")]);
    let mut state = SessionState::with_jobs([resource]).unwrap();
    let fields = [
        ("id", "up-{name}"),
        ("plugin", "shell"),
        ("command", "ip link show {name} {speed}"),
        ("template-resource", "net"),
        ("template-filter", "net.kind == 'wired'"),
    ];
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (Arc::from(*name), (*value).into()))
        .collect();
    let template = Template::new(None, fields, None).unwrap();
    state.add_template(Arc::new(template));
    state.record_changes(true);
    state
}

fn listed(state: &SessionState) -> Vec<&str> {
    state.jobs().map(|job| job.id().as_str()).collect()
}

fn arrive(state: &mut SessionState, lines: &[&str]) {
    let result = printed(JobOutcome::Pass, lines);
    state.update_job_result(&id("net"), result, None).unwrap();
}

const RECORDS: &[&str] = &[
    "name: lo",
    "kind: none",
    "",
    "name: eth0",
    "kind: wired",
    "speed: 100",
    "",
    "name: eth1",
    "kind: wired",
];

#[test]
fn records_become_jobs() {
    let mut state = state();
    let mut copy = state.clone();
    arrive(&mut state, RECORDS);
    assert_eq!(listed(&state), ["net", "up-eth0"]);
    let made = state.job_state("up-eth0").unwrap();
    assert_eq!(made.via(), Some(&id("net")));
    let command = made.definition().command();
    assert_eq!(command.as_deref(), Some("ip link show eth0 100"));
    assert!(matches!(
        state.expansion_faults(),
        [ExpansionFault::Field { field, .. }] if field == "command"
    ));

    for change in state.pending_changes() {
        copy.apply(change).unwrap();
    }
    assert_eq!(copy, state);
    let added = |change: &&Change| matches!(change, Change::JobAdded { .. });
    assert_eq!(state.pending_changes().iter().filter(added).count(), 1);

    arrive(&mut state, RECORDS);
    assert_eq!(listed(&state), ["net", "up-eth0"], "equal jobs are one");
}

#[test]
fn strict_sessions_keep_faulty_jobs() {
    let mut state = state();
    state.set_flag("strict_template_expansion");
    arrive(&mut state, RECORDS);
    assert_eq!(listed(&state), ["net", "up-eth0", "up-eth1"]);
    let command = state.job_state("up-eth1").unwrap().definition().command();
    assert_eq!(
        command.as_deref(),
        Some("ip link show eth1 MISSING_PARAM_2")
    );
    assert_eq!(state.expansion_faults().len(), 1);
}

#[test]
fn clashes_are_told() {
    let mut state = state();
    state.add_job(job(&[("id", "up-eth0")]), None).unwrap();
    arrive(&mut state, &RECORDS[3..6]);
    assert!(matches!(
        state.expansion_faults(),
        [ExpansionFault::Duplicate(clash)] if clash.job == id("up-eth0")
    ));
    arrive(&mut state, &[]);
    assert!(state.expansion_faults().is_empty());
}

#[test]
fn without_records_nothing_is_made() {
    let mut state = state();
    arrive(&mut state, &[]);
    let hollow = JobResult::default();
    state.update_job_result(&id("net"), hollow, None).unwrap();
    assert_eq!(listed(&state), ["net"]);
}

#[test]
fn templates_outlive_taking_over_other_contents() {
    let mut old = state();
    let jobs = [
        job(&[("id", "a")]),
        job(&[("id", "net"), ("plugin", "resource")]),
    ];
    old.adopt(SessionState::with_jobs(jobs).unwrap());
    arrive(&mut old, RECORDS);
    assert_eq!(listed(&old), ["a", "net", "up-eth0"]);
}

#[test]
fn a_template_makes_units_of_the_kind_it_says() {
    let mut state =
        SessionState::with_jobs([job(&[("id", "net"), ("plugin", "resource")])]).unwrap();
    state.record_changes(true);
    let mut copy = state.clone();
    for (kind, id) in [("category", "c-{name}"), ("setup job", "s-{name}")] {
        let fields = [
            ("id", id),
            ("name", "{name} things"),
            ("plugin", "shell"),
            ("template-unit", kind),
            ("template-resource", "net"),
        ];
        let fields = fields.map(|(name, value)| (Arc::from(name), value.into()));
        let template = Template::new(None, fields.to_vec(), None).unwrap();
        state.add_template(Arc::new(template));
    }
    arrive(&mut state, &["name: lo"]);
    assert_eq!(listed(&state), ["net", "s-lo"]);
    let category = state.other_unit("category", "c-lo").unwrap();
    let name = category.fields().text("name").map(String::from);
    assert_eq!(name.as_deref(), Some("lo things"));
    for change in state.pending_changes() {
        copy.apply(change).unwrap();
    }
    assert_eq!(copy, state);
}

#[test]
fn fakes_show_what_templates_would_make() {
    let mut state = state();
    state.add_fake_instances();
    assert_eq!(
        listed(&state),
        ["net", "up-NAME"],
        "the filter does not count"
    );
    let fake = state.job_state("up-NAME").unwrap().definition();
    assert_eq!(fake.command().as_deref(), Some("ip link show NAME SPEED"));
    let mut other = self::state();
    other.add_job(job(&[("id", "up-NAME")]), None).unwrap();
    other.add_fake_instances();
    assert!(other.expansion_faults().is_empty());
    assert_eq!(other.job_state("up-NAME").unwrap().via(), None);
}
