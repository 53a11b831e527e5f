//! Fields that a version does not know: ignored, kept, written again where they stood.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use session_state::JobOutcome;

use super::oddities::{job, packed};
use crate::{Format, Loss, ResumeOptions, Resumed, SuspendOptions, losses, resume_whole, suspend};

pub(super) fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(bytes)
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn resumed(json: &str) -> Resumed {
    resume_whole(&packed(json), &[job()], &ResumeOptions::default(), None).unwrap()
}

fn written(resumed: &Resumed, version: u8) -> String {
    let options = SuspendOptions {
        system_information: resumed.system_information.clone(),
        unknown_fields: resumed.unknown_fields.clone(),
        ..SuspendOptions::default()
    };
    text(&suspend(&resumed.state, Format::Checkbox(version), &options).unwrap())
}

/// A session with unknown fields in every object, its keys in their order.
fn odd_session() -> String {
    let pass = r#"{"a_first":[1.5,null],"comments":null,"execution_duration":null,"io_log":[[0.0,"stdout","eAo=","more",{"x":1}],[0.5,"stderr",""]],"outcome":"pass","return_code":0,"z":"é"}"#;
    let fail = r#"{"comments":null,"execution_duration":2.0,"io_log":[],"io_log_filename":"/logs/a","outcome":"fail","return_code":1}"#;
    let checksum = job().checksum();
    [
        r#"{"Before":true,"session":{"desired_job_list":["a"],"#,
        &format!(r#""jobs":{{"a":"{checksum}"}},"mandatory_job_list":[],"#),
        r#""metadata":{"app_blob":"","app_id":null,"colour":{"b":[9007199254740993,{}]},"#,
        r#""custom_joblist":false,"flags":[],"last_job_start_time":null,"rejected_jobs":[],"#,
        r#""remaining_todo_jobs":false,"running_job_name":null,"title":"t","zz":NaN},"#,
        &format!(r#""results":{{"a":[{pass},{fail}]}},"#),
        r#""system_information":{"uname":{"outputs":{"payload":[1],"stderr":"","took":3},"#,
        r#""success":true,"tool_version":"1","unit":"s"}},"zone":"utc"},"version":11}"#,
    ]
    .concat()
}

#[test]
fn fields_a_version_does_not_know_are_written_again_where_they_stood() {
    let session = odd_session().replace(r#","zz":NaN"#, "");
    let resumed = resumed(&session);
    assert_eq!(written(&resumed, 11), session);
    assert_eq!(
        resumed.unknown_fields.paths(),
        [
            "$.Before",
            "$.session.zone",
            "$.session.metadata.colour",
            "$.session.system_information.uname.unit",
            "$.session.system_information.uname.outputs.took",
            "$.session.results.a[0].a_first",
            "$.session.results.a[0].z",
            "$.session.results.a[0].io_log[0][3]",
            "$.session.results.a[1].io_log",
        ]
    );
    assert_eq!(written(&self::resumed(&odd_session()), 11), odd_session());
}

#[test]
fn they_stay_with_their_result_when_others_follow() {
    let mut resumed = resumed(&odd_session());
    let crash = session_state::JobResult::of(JobOutcome::Crash);
    resumed
        .state
        .update_job_result(&"a".into(), crash, None)
        .unwrap();
    let text = written(&resumed, 11);
    assert!(
        text.contains(r#"[{"a_first":[1.5,null],"comments":null"#),
        "{text}"
    );
    assert!(
        text.contains(r#""io_log":[],"outcome":"crash","return_code":null}]"#),
        "{text}"
    );
}

#[test]
fn they_are_not_written_in_another_version() {
    let resumed = resumed(&odd_session());
    let options = SuspendOptions {
        system_information: resumed.system_information.clone(),
        unknown_fields: resumed.unknown_fields.clone(),
        ..SuspendOptions::default()
    };
    let told = |format| {
        let all = losses(&resumed.state, format, &options).into_iter();
        all.filter(|loss| matches!(loss, Loss::SystemInformation | Loss::UnknownField(_)))
            .map(|loss| loss.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(told(Format::Checkbox(11)), [""; 0]);
    assert_eq!(
        told(Format::Checkbox(10)).len(),
        resumed.unknown_fields.paths().len()
    );
    let natively = told(Format::Native);
    assert_eq!(
        natively[..2],
        [
            "what the machine said of itself",
            "the unknown field $.Before"
        ]
    );
    assert_eq!(told(Format::Checkbox(7)), natively);
    let text = written(&resumed, 10);
    for name in [
        "Before", "colour", "zone", "a_first", "took", "unit", "more",
    ] {
        assert!(!text.contains(name), "{name} in {text}");
    }
}

#[test]
fn a_mandatory_list_that_an_old_version_does_not_read_stays() {
    let checksum = job().checksum();
    let session = format!(
        r#"{{"session":{{"desired_job_list":[],"jobs":{{"a":"{checksum}"}},"mandatory_job_list":["a"],"metadata":{{"flags":[],"running_job_name":null,"title":null}},"results":{{"a":[{{"comments":null,"execution_duration":null,"io_log":[],"outcome":null,"return_code":null}}]}}}},"version":1}}"#
    );
    let mut resumed = resumed(&session);
    assert_eq!(written(&resumed, 1), session);
    resumed
        .state
        .set_mandatory_jobs(vec!["a".into(), "a".into()]);
    assert!(written(&resumed, 1).contains(r#""mandatory_job_list":["a","a"]"#));
}
