//! Resource jobs make the jobs they made.

use std::sync::Arc;

use serde_json::Value;
use session_state::template::Template;
use session_state::{JobId, SessionState};

use crate::corpus::{definition, field, lines_with, texts};
use crate::sessions::result;

#[test]
fn templates_make_the_recorded_jobs() {
    let (mut sessions, mut made) = (0, 0);
    for case in lines_with("cases.jsonl.gz", &["\"kind\":\"template\""]) {
        let expected = &case["expected"];
        if expected["status"] == "ok"
            && let Some(mut state) = state(&case)
        {
            sessions += 1;
            made += check(&case, &mut state);
        }
    }
    assert_eq!((sessions, made), (49, 121));
}

/// A state of the given jobs and templates; `None` when a template has an engine of another crate.
fn state(case: &Value) -> Option<SessionState> {
    let mut state = SessionState::new();
    for flag in texts(&case["expected"]["metadata"]["flags"]) {
        state.set_flag(flag);
    }
    for unit in case["jobs"]["units"].as_array()? {
        let namespace = unit.get("namespace").unwrap_or(&case["jobs"]["namespace"]);
        if unit["kind"] == "template" {
            let fields: Vec<_> = unit["data"]
                .as_object()?
                .iter()
                .map(|(name, value)| Some((Arc::from(&**name), field(value)?)))
                .collect::<Option<_>>()?;
            let namespace = namespace.as_str().map(Arc::from);
            let template = Template::new(namespace, fields, None).ok()?;
            assert_eq!(Some(template.id()), unit["template_id"].as_str());
            if template.engine() != "default" {
                return None;
            }
            state.add_template(Arc::new(template));
        } else if unit["kind"] != "category" {
            let job = definition(namespace, &unit["data"], None)?;
            state.add_job(Arc::new(job), None).ok()?;
        }
    }
    Some(state)
}

fn check(case: &Value, state: &mut SessionState) -> usize {
    let name = case["name"].as_str().expect("a name");
    let jobs = case["expected"]["job_states"].as_object().expect("a map");
    let mut waiting: Vec<(&String, &Value)> = jobs.iter().collect();
    loop {
        let (known, unknown): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(id, _)| state.job_state(id).is_some());
        if known.is_empty() {
            break;
        }
        for (id, job) in known {
            for entry in job["result_history"].as_array().expect("a list") {
                let known = state.update_job_result(&JobId::new(&**id), result(entry), None);
                known.expect("the job is known");
            }
        }
        waiting = unknown;
    }
    let generated = case["expected"]["generated_jobs"].as_array();
    for made in generated.into_iter().flatten() {
        let id = made["id"].as_str().expect("an id");
        let job = state
            .job_state(id)
            .unwrap_or_else(|| panic!("{name}: no {id}"));
        let checksum = job.definition().checksum().to_string();
        assert_eq!(Some(&*checksum), made["checksum"].as_str(), "{name}: {id}");
    }
    generated.map_or(0, Vec::len)
}
