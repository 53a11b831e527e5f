//! Jobs that came into being during a run, through the facade: those of templates, and those that local jobs printed.

use std::sync::Arc;

use session_state::template::Template;
use session_state::{
    IoLog, IoLogRecord, IoStream, JobDefinition, JobId, JobOutcome, JobResult, SessionState,
};

use crate::{Format, ResumeOptions, SuspendOptions, resume, suspend};

fn fields(fields: &[(&str, &str)]) -> Vec<(Arc<str>, session_state::FieldValue)> {
    let field = |(name, text): &(&str, &str)| (Arc::from(*name), (*text).into());
    fields.iter().map(field).collect()
}

fn resource() -> Arc<JobDefinition> {
    let fields = fields(&[("id", "disks"), ("plugin", "resource")]);
    Arc::new(JobDefinition::new(None, fields, None, None))
}

fn template() -> Arc<Template> {
    let fields = fields(&[
        ("template-resource", "disks"),
        ("id", "check-{name}"),
        ("plugin", "shell"),
    ]);
    Arc::new(Template::new(None, fields, None).unwrap())
}

fn printed(text: &str) -> JobResult {
    let record = |line: &str| IoLogRecord {
        delay: 0.0,
        stream: IoStream::Stdout,
        data: line.as_bytes().into(),
    };
    JobResult {
        io_log: IoLog::Memory(text.split_inclusive('\n').map(record).collect()),
        ..JobResult::of(JobOutcome::Pass)
    }
}

fn with_one_disk() -> SessionState {
    let mut state = SessionState::with_jobs([resource()]).unwrap();
    state.add_template(template());
    let disks = JobId::from("disks");
    state
        .update_job_result(&disks, printed("name: sda\n"), None)
        .unwrap();
    state.update_desired_jobs(&["check-sda".into()]);
    state
}

#[test]
fn jobs_of_templates_come_back_with_the_result_of_their_resource() {
    let state = with_one_disk();
    let bytes = suspend(&state, Format::Checkbox(11), &SuspendOptions::default()).unwrap();
    let templates = [template()];
    let options = ResumeOptions {
        templates: &templates,
        ..ResumeOptions::default()
    };
    let again = resume(&bytes, &[resource()], &options, None).unwrap();
    assert!(again.run_list().eq(state.run_list()));
    let via = again.job_state("check-sda").unwrap().via();
    assert_eq!(via.map(JobId::as_str), Some("disks"));
    let without = resume(&bytes, &[resource()], &ResumeOptions::default(), None);
    let error = without.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(
        cause,
        "Unknown jobs remaining: check-sda (at $.session.jobs)"
    );
}

#[test]
fn a_native_session_makes_further_jobs_of_the_templates_it_is_given() {
    let bytes = suspend(&with_one_disk(), Format::Native, &SuspendOptions::default()).unwrap();
    let templates = [template()];
    let options = ResumeOptions {
        templates: &templates,
        ..ResumeOptions::default()
    };
    let mut seen = 0;
    let mut early = |_: &mut SessionState| {
        seen += 1;
        None
    };
    for with_callback in [false, true] {
        let callback: Option<crate::EarlyCallback<'_>> = with_callback.then_some(&mut early);
        let mut state = resume(&bytes, &[resource()], &options, callback).unwrap();
        assert!(state.job_state("check-sda").is_some());
        let disks = JobId::from("disks");
        let more = printed("name: sda\n\nname: sdb\n");
        state.update_job_result(&disks, more, None).unwrap();
        assert!(state.job_state("check-sdb").is_some());
    }
    assert_eq!(seen, 1);
}

#[test]
fn jobs_of_local_jobs_come_back_with_what_these_printed() {
    let local = |id: &str| {
        let fields = fields(&[("id", id), ("plugin", "local")]);
        Arc::new(JobDefinition::new(None, fields, None, None))
    };
    let mut state = SessionState::with_jobs([local("z")]).unwrap();
    let z = JobId::from("z");
    let both = printed("id: y\nplugin: local\n\nid: never\n");
    state.update_job_result(&z, both, None).unwrap();
    let last = printed("id: x\nplugin: manual\n");
    state.update_job_result(&"y".into(), last, None).unwrap();
    state.update_desired_jobs(&["x".into()]);
    state.trim_jobs(|job| job.id().as_str() == "never").unwrap();
    for version in [1, 3, 11] {
        let format = Format::Checkbox(version);
        let bytes = suspend(&state, format, &SuspendOptions::default()).unwrap();
        let again = resume(&bytes, &[local("z")], &ResumeOptions::default(), None).unwrap();
        let ids: Vec<&str> = again.jobs().map(|job| job.id().as_str()).collect();
        assert_eq!(
            ids,
            ["z", "y", "x"],
            "what the session does not list is dropped"
        );
        assert!(again.run_list().eq(state.run_list()));
        let via = |id: &str| again.job_state(id).unwrap().via().map(JobId::as_str);
        assert_eq!([via("z"), via("y"), via("x")], [None, Some("z"), Some("y")]);
    }
}
