//! Our errors by the classes and in the words of the recorded ones.

use serde_json::{Value, json};
use session_state::{DuplicateJob, JobId, Problem};
use suspend_resume::{ResumeError, SuspendError};

/// An error of the reading of a session.
pub(super) fn of_resume(error: &ResumeError, stage: &str) -> Value {
    let (class, message) = match error {
        ResumeError::Corrupted(corruption) => {
            ("CorruptedSessionError", corruption.what.to_string())
        }
        ResumeError::IncompatibleSession { found, .. } => (
            "IncompatibleSessionError",
            format!("Unsupported version {found}"),
        ),
        ResumeError::IncompatibleJob { job, .. } => (
            "IncompatibleJobError",
            format!("Definition of job '{job}' has changed"),
        ),
        ResumeError::BrokenReference { .. } => ("BrokenReferenceToExternalFile", error.to_string()),
        ResumeError::Definitions(clash) => return of_clash(clash, stage),
        other => ("SessionResumeError", other.to_string()),
    };
    json!({
        "status": "error",
        "class": class,
        "module": "plainbox.impl.session.resume",
        "message": message,
        "stage": stage,
        "is_session_resume_error": true,
    })
}

fn of_clash(clash: &DuplicateJob, stage: &str) -> Value {
    json!({
        "status": "error",
        "class": "DependencyDuplicateError",
        "module": "plainbox.impl.depmgr",
        "message": Problem::from(clash.clone()).to_string(),
        "stage": stage,
        "is_session_resume_error": false,
    })
}

/// An error of the writing of a session.
pub(super) fn of_suspend(error: &SuspendError) -> Value {
    let (class, message) = match error {
        SuspendError::LogWithoutName => ("ValueError", "no path specified".to_owned()),
        SuspendError::Encode(_) | SuspendError::NoSuchFormat { .. } | _ => {
            ("SuspendError", error.to_string())
        }
    };
    json!({ "error": class, "message": message })
}

/// What is wrong with a selection.
pub(super) fn of_problem(problem: &Problem) -> Value {
    let class = match problem {
        Problem::Unknown { .. } => "DependencyUnknownError",
        Problem::Cycle { .. } => "DependencyCycleError",
        Problem::Missing { .. } => "DependencyMissingError",
        Problem::Duplicate(DuplicateJob { .. }) => "DependencyDuplicateError",
        Problem::IllegalRequirement { .. } => "IllegalRequirement",
        Problem::UnknownSalvage { .. } => "UnknownSalvage",
    };
    let mut value = json!({
        "class": class,
        "message": problem.to_string(),
        "affected_job": problem.affected_job().as_str(),
        "affecting_job": problem.affecting_job().map(JobId::as_str),
    });
    match problem {
        Problem::Cycle { trail, .. } => value["trail"] = trail.iter().map(JobId::as_str).collect(),
        Problem::Missing { missing, kind, .. } => {
            value["missing_job_id"] = json!(missing.as_str());
            value["dep_type"] = json!(kind.to_string());
        }
        Problem::Unknown { .. }
        | Problem::Duplicate(_)
        | Problem::IllegalRequirement { .. }
        | Problem::UnknownSalvage { .. } => {}
    }
    value
}
