//! Errors say of which kind they are, and where in the document the value stands.

use super::oddities::{job as definition, packed};
use crate::{Place, ResumeError, ResumeOptions, resume};

/// A session of version 11 with one result; `change` takes its text apart.
fn refused(change: impl FnOnce(String) -> String) -> ResumeError {
    let checksum = definition().checksum();
    let session = format!(
        r#"{{"session":{{"desired_job_list":["a"],"jobs":{{"a":"{checksum}"}},"mandatory_job_list":[],"metadata":{{"app_blob":"","app_id":null,"custom_joblist":false,"flags":[],"last_job_start_time":null,"rejected_jobs":[],"remaining_todo_jobs":false,"running_job_name":null,"title":"t"}},"results":{{"a":[{{"comments":null,"execution_duration":null,"io_log":[[0.0,"stdout","eAo="]],"outcome":"pass","return_code":0}}]}},"system_information":{{}}}},"version":11}}"#
    );
    let options = ResumeOptions::default();
    assert!(resume(&packed(&session), &[definition()], &options, None).is_ok());
    let changed = change(session.clone());
    assert_ne!(changed, session, "the change changes nothing");
    resume(&packed(&changed), &[definition()], &options, None).unwrap_err()
}

#[test]
fn errors_name_the_place_of_the_offending_value() {
    for (from, to, place) in [
        (
            r#""title":"t""#,
            r#""titles":"t""#,
            "$.session.metadata.title",
        ),
        (
            r#""flags":[]"#,
            r#""flags":["x",1]"#,
            "$.session.metadata.flags[1]",
        ),
        (
            r#""outcome":"pass""#,
            r#""outcome":"passed""#,
            "$.session.results.a[0].outcome",
        ),
        (
            r#""eAo=""#,
            r#""eAo""#,
            "$.session.results.a[0].io_log[0][2]",
        ),
        (
            r#""desired_job_list":["a"]"#,
            r#""desired_job_list":["a","b"]"#,
            "$.session.desired_job_list[1]",
        ),
        (
            r#""jobs":{"#,
            r#""jobs":{"ns::b c":1,"#,
            "$.session.jobs['ns::b c']",
        ),
        (r#""version":11"#, r#""version":[]"#, "$.version"),
        (r#"{"session""#, r#"{"sessions""#, "$.session"),
    ] {
        let error = refused(|session| session.replacen(from, to, 1));
        let ResumeError::Corrupted(corruption) = error else {
            panic!("{place}: {error:?}");
        };
        let place = Place::Json(place.to_owned());
        assert_eq!(corruption.place, place, "{corruption}");
    }
    let no_json = refused(|session| session.replacen(r#""version""#, "version", 1));
    let ResumeError::Corrupted(corruption) = no_json else {
        panic!("not corrupted: {no_json:?}");
    };
    assert!(matches!(corruption.place, Place::Byte(_)), "{corruption}");
}

#[test]
fn errors_are_of_the_documented_kinds() {
    let newer = refused(|session| session.replacen(r#""version":11"#, r#""version":12"#, 1));
    assert!(newer.is_incompatible() && newer.advice().is_some());
    assert_eq!(
        newer.to_string(),
        "unsupported version 12; this release reads versions 1 to 11 of Checkbox's format"
    );
    let checksum = definition().checksum().to_string();
    let changed = refused(|session| session.replacen(&checksum, &"0".repeat(64), 1));
    assert!(changed.advice().is_some());
    let ResumeError::IncompatibleJob { job, stored, known } = changed else {
        panic!("{changed:?}");
    };
    assert_eq!((job.as_str(), known), ("a", checksum));
    assert_eq!(stored, "0".repeat(64));
    let log = r#""io_log_filename":"/nowhere/a""#;
    let with_log = |session: String| {
        let result = r#""io_log":[[0.0,"stdout","eAo="]]"#;
        session.replacen(result, log, 1)
    };
    let checksum = definition().checksum();
    let session = with_log(format!(
        r#"{{"session":{{"desired_job_list":[],"jobs":{{"a":"{checksum}"}},"metadata":{{"flags":[],"running_job_name":null,"title":null}},"results":{{"a":[{{"comments":null,"execution_duration":null,"io_log":[[0.0,"stdout","eAo="]],"outcome":"pass","return_code":0}}]}}}},"version":1}}"#
    ));
    let options = ResumeOptions {
        check_file_references: true,
        ..ResumeOptions::default()
    };
    let missing = resume(&packed(&session), &[definition()], &options, None).unwrap_err();
    assert!(
        matches!(&missing, ResumeError::BrokenReference { path } if path == "/nowhere/a"),
        "{missing:?}"
    );
}
