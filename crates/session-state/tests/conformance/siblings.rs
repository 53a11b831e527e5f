//! Copies that jobs ask for are those the documented system made, in the order it ran them.

use std::sync::Arc;

use serde_json::Value;
use session_state::{JobId, SessionState};

use crate::corpus::{definition, lines_with, texts};

#[test]
fn siblings_are_those_of_the_corpus() {
    let (mut sessions, mut copies) = (0, 0);
    for case in lines_with("cases.jsonl.gz", &["\"siblings\"", "also-after-suspend"]) {
        let expected = &case["expected"];
        let name = case["name"].as_str().expect("a name");
        if expected["status"] != "ok" || !has_only_jobs(&case["jobs"]) {
            continue;
        }
        let mut state = SessionState::new();
        for unit in case["jobs"]["units"].as_array().expect("a list") {
            let namespace = unit.get("namespace").unwrap_or(&case["jobs"]["namespace"]);
            let job = definition(namespace, &unit["data"], None).expect("plain texts");
            state.add_job(Arc::new(job), None).expect("no clash");
        }
        for made in expected["generated_jobs"].as_array().expect("a list") {
            let id = made["id"].as_str().expect("an id");
            let job = state
                .job_state(id)
                .unwrap_or_else(|| panic!("{name}: no {id}"));
            let checksum = job.definition().checksum().to_string();
            assert_eq!(Some(&*checksum), made["checksum"].as_str(), "{name}: {id}");
            copies += 1;
        }
        let desired: Vec<JobId> = texts(&expected["desired_job_list"])
            .iter()
            .map(|id| JobId::new(&**id))
            .collect();
        assert_eq!(state.update_desired_jobs(&desired), [], "{name}");
        let run_list: Vec<String> = state.run_list().map(ToString::to_string).collect();
        assert_eq!(run_list, texts(&expected["run_list"]), "{name}");
        sessions += 1;
    }
    assert_eq!((sessions, copies), (8, 20));
}

fn has_only_jobs(jobs: &Value) -> bool {
    let units = jobs["units"].as_array().into_iter().flatten();
    units.into_iter().all(|unit| unit["kind"] == "job")
}
