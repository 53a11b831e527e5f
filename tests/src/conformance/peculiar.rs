//! The states of the table `suspend`, which the corpus describes by their names only.

use serde_json::{Value, json};
use session_state::{
    IoLog, IoLogRecord, IoStream, JobId, JobOutcome, JobResult, SessionState, StoredLog,
};
use suspend_resume::{Format, SuspendError, SuspendOptions, suspend};

use super::bad::{Unanswered, bad};
use super::resumed::{inflate, information_of};
use super::units::definition;
use super::wrapped::json_text;

const NAMESPACE: &str = "com.example.corpus";
const ALPHA: &str = "com.example.corpus::alpha";
const DIRECTORY: &str = "/session";

/// The text of a state in a version. States that hold values of the wrong type cannot be made here.
pub(super) fn suspended(
    name: &str,
    version: u8,
) -> Result<Result<String, SuspendError>, Unanswered> {
    let mut state = fresh()?;
    let result = match name {
        "plain-fresh" => None,
        "plain-run" => {
            run(&mut state);
            Some(JobResult {
                return_code: Some(0.into()),
                execution_duration: Some(1.0),
                io_log: memory(0.5, b"x\n"),
                ..passed()
            })
        }
        "last-job-nan" => {
            state.set_last_job_start_time(Some(f64::NAN));
            None
        }
        "duration-inf" => Some(JobResult {
            execution_duration: Some(f64::INFINITY),
            ..passed()
        }),
        "io-log-delay-negative" => Some(JobResult {
            io_log: memory(-1.0, b"x"),
            ..passed()
        }),
        // Older versions write null for a name that is not there, which a name of ours never is.
        "disk-no-filename" if version >= 5 => Some(stored("")),
        "disk-relative" => Some(stored(DIRECTORY)),
        _ => return Err(Unanswered::RuledOut),
    };
    if let Some(result) = result {
        let known = state.update_job_result(&JobId::from(ALPHA), result, None);
        known.map_err(|error| bad(error.to_string()))?;
    }
    let mut options = SuspendOptions::default();
    options.session_dir = Some(DIRECTORY.to_owned());
    options.system_information = information_of(&json_text(&with_outputs())?);
    Ok(suspend(&state, Format::Checkbox(version), &options)
        .and_then(|packed| Ok(inflate(&packed)?)))
}

/// Three jobs that never ran, in a state as Checkbox makes it.
fn fresh() -> Result<SessionState, Unanswered> {
    let units = [
        json!({"unit": "job", "id": "alpha", "plugin": "shell", "command": "true", "_summary": "First job"}),
        json!({"unit": "job", "id": "beta", "plugin": "shell", "command": "true", "_summary": "Second job", "depends": "alpha"}),
        json!({"unit": "job", "id": "gamma", "plugin": "manual", "_description": "Do something by hand"}),
    ];
    let mut state = SessionState::new();
    state.set_app_blob(Some(Vec::new()));
    for unit in units {
        let job = definition(Some(NAMESPACE), Some(&unit), None)?;
        let added = state.add_job(job.into(), None);
        added.map_err(|error| bad(error.to_string()))?;
    }
    Ok(state)
}

/// All metadata set, two jobs selected.
fn run(state: &mut SessionState) {
    let id = |partial: &str| JobId::new(format!("{NAMESPACE}::{partial}"));
    state.set_title(Some("T".to_owned()));
    state.set_app_blob(Some(vec![0, 0xff]));
    state.set_app_id(Some("id".to_owned()));
    state.set_custom_joblist(true);
    state.set_last_job_start_time(Some(1.0));
    state.set_rejected_jobs(vec![id("gamma")]);
    state.set_remaining_todo_jobs(true);
    state.set_running_job_name(Some("x".to_owned()));
    state.update_desired_jobs(&[id("beta"), id("gamma")]);
}

fn passed() -> JobResult {
    JobResult::of(JobOutcome::Pass)
}

fn memory(delay: f64, data: &[u8]) -> IoLog {
    IoLog::Memory(vec![IoLogRecord {
        delay,
        stream: IoStream::Stdout,
        data: data.into(),
    }])
}

fn stored(path: &str) -> JobResult {
    let log = StoredLog {
        path: path.into(),
        identity: None,
    };
    JobResult {
        io_log: IoLog::Stored(log),
        ..passed()
    }
}

/// A document with the outputs that all these states hold.
fn with_outputs() -> Value {
    let empty = json!({
        "title": null, "flags": [], "running_job_name": null, "app_blob": "", "app_id": null,
        "custom_joblist": false, "rejected_jobs": [], "last_job_start_time": null,
        "remaining_todo_jobs": false,
    });
    let outputs = json!({
        "inxi": {
            "outputs": {
                "payload": {"CPU": [{"cores": 4, "model": "Example \u{2122} CPU"}], "f": 1.5, "n": null},
                "stderr": "",
            },
            "success": true,
            "tool_version": "3.3.34",
        },
        "journalctl": {
            "outputs": {"return_code": 1, "stderr": "no journal\n", "stdout": "partial\n"},
            "success": false,
            "tool_version": "systemd 255",
        },
        "kernel_cmdline": {
            "outputs": {"payload": {"cmdline": "ro quiet splash"}, "stderr": "warn: x"},
            "success": true,
            "tool_version": "7.3.0",
        },
    });
    json!({ "session": {"metadata": empty, "system_information": outputs}, "version": 11 })
}
