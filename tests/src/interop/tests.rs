//! What tells a difference from none, without a release at the other side.

use serde_json::{Value, json};

use super::compare::{compared, told};
use super::generate::Sample;
use super::release::Release;
use crate::conformance::Difference;
use crate::random::Random;

fn samples() -> impl Iterator<Item = Sample> {
    (0..60).map(|round| Sample::draw(&mut Random::of_round(3, round), Release::V0_38_0))
}

#[test]
fn a_state_is_as_it_tells_itself() {
    for sample in samples() {
        let told = Value::Object(told(&sample.state));
        let same = compared(&told, &sample.state, false);
        assert!(
            same.differences.is_empty() && !same.reordered,
            "{:?}",
            same.differences
        );
    }
}

#[test]
fn every_part_that_is_told_otherwise_is_a_difference() {
    let mut changed = 0;
    for sample in samples() {
        let whole = Value::Object(told(&sample.state));
        let Some(id) = sample
            .state
            .jobs()
            .find(|job| !job.history().is_empty())
            .map(|job| job.id().as_str())
        else {
            continue;
        };
        let job = format!("/job_states/{}", id.replace('/', "~1"));
        for path in [
            "/metadata/title".to_owned(),
            "/metadata/flags".to_owned(),
            "/job_list".to_owned(),
            "/desired_job_list".to_owned(),
            format!("{job}/outcome"),
            format!("{job}/can_start"),
            format!("{job}/readiness_inhibitors"),
            format!("{job}/result_history/0/comments"),
            format!("{job}/result_history/0/return_code"),
            format!("{job}/result_history/0/execution_duration"),
            format!("/job_checksums/{}", id.replace('/', "~1")),
        ] {
            let mut other = whole.clone();
            *other.pointer_mut(&path).expect("it is told") = json!("something else");
            let found = compared(&other, &sample.state, false).differences;
            assert!(!found.is_empty(), "{path} is not compared");
            changed += 1;
        }
    }
    assert!(changed > 100, "most sessions have results");
}

#[test]
fn the_order_of_the_run_list_is_told_apart_from_what_is_in_it() {
    let mut reversed = 0;
    for sample in samples() {
        let mut other = Value::Object(told(&sample.state));
        let Some(list) = other["run_list"]
            .as_array_mut()
            .filter(|list| list.len() > 1)
        else {
            continue;
        };
        list.reverse();
        let found = compared(&other, &sample.state, false);
        assert!(found.reordered && found.differences.is_empty());
        other["run_list"].as_array_mut().expect("a list").pop();
        let found = compared(&other, &sample.state, false);
        assert!(!found.reordered && !found.differences.is_empty());
        reversed += 1;
    }
    assert!(reversed > 10, "most sessions have several jobs to run");
}

#[test]
fn a_listed_deviation_is_one_only_where_it_is_listed() {
    let id =
        |release: Release, first, version, path: &str, expected: Option<Value>, actual: Value| {
            let actual = Some(actual);
            let difference = Difference {
                path: path.to_owned(),
                expected,
                actual,
            };
            release.deviation(first, version, &difference)
        };
    let (new, old) = (Release::V0_38_0, Release::V0_5_4);
    let (rejected, blob) = ("session.metadata.rejected_jobs", "metadata.app_blob");
    assert_eq!(id(new, 6, 6, rejected, None, json!([])), Some("D2"));
    assert_eq!(id(new, 6, 5, rejected, None, json!([])), None);
    assert_eq!(id(new, 6, 6, rejected, Some(json!(["a"])), json!([])), None);
    assert_eq!(
        id(new, 1, 4, blob, Some(Value::Null), json!("")),
        Some("R1")
    );
    assert_eq!(id(new, 2, 4, blob, Some(Value::Null), json!("")), None);
    assert_eq!(id(new, 1, 4, blob, Some(json!("eA==")), json!("")), None);
    assert_eq!(
        id(old, 1, 1, "session.mandatory_job_list", None, json!([])),
        Some("R2")
    );
    assert_eq!(
        id(new, 1, 1, "session.mandatory_job_list", None, json!([])),
        None
    );
    assert_eq!(
        id(old, 1, 1, "resource_map.r", Some(json!([])), json!([{}])),
        Some("R3")
    );
    assert_eq!(
        id(new, 1, 1, "resource_map.r", Some(json!([])), json!([{}])),
        None
    );
    assert_eq!(
        id(old, 1, 1, "job_list", Some(json!([])), json!([{}])),
        None
    );
}
