//! Jobs that came into being during a run, through the facade: those of templates, and those that local jobs printed.

use std::sync::Arc;

use session_state::template::Template;
use session_state::{
    IoLog, IoLogRecord, IoStream, JobDefinition, JobId, JobOutcome, JobResult, SessionState,
};

use crate::{Format, Loss, ResumeOptions, SuspendOptions, losses, resume, suspend};

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

fn named(losses: &[Loss]) -> Vec<&str> {
    let told = losses.iter().find(|loss| loss.kind() == "unprinted-jobs");
    let jobs = told.map_or(&[][..], Loss::jobs);
    jobs.iter().map(JobId::as_str).collect()
}

/// What a resume with these definitions lacks, in its own words; nothing when it comes to its end.
fn missing(bytes: &[u8], units: &[Arc<JobDefinition>]) -> Option<String> {
    let templates = [template()];
    let options = ResumeOptions {
        templates: &templates,
        ..ResumeOptions::default()
    };
    let error = resume(bytes, units, &options, None).err()?;
    std::error::Error::source(&error).map(ToString::to_string)
}

/// Versions 1 to 3 keep the last result of a job alone, so what only an earlier one brought in is not made again.
#[test]
fn jobs_that_only_an_earlier_result_printed_are_named_and_are_those_a_resume_misses() {
    let local = Arc::new(JobDefinition::new(
        None,
        fields(&[("id", "z"), ("plugin", "local")]),
        None,
        None,
    ));
    let units = [resource(), Arc::clone(&local)];
    let mut state = SessionState::with_jobs(units.clone()).unwrap();
    state.add_template(template());
    let record = |state: &mut SessionState, job: &str, output: &str| {
        let result = printed(output);
        state.update_job_result(&job.into(), result, None).unwrap();
    };
    record(
        &mut state,
        "z",
        "id: y\nplugin: local\n\nid: stays\nplugin: manual\n",
    );
    record(&mut state, "y", "id: x\nplugin: manual\n");
    record(&mut state, "disks", "name: sda\n\nname: sdb\n");
    let written = |state: &SessionState, version| {
        let format = Format::Checkbox(version);
        let lost = losses(state, format, &SuspendOptions::default());
        let bytes = suspend(state, format, &SuspendOptions::default()).unwrap();
        (lost, bytes)
    };
    for version in 1..=11 {
        let (lost, bytes) = written(&state, version);
        assert_eq!(named(&lost), [""; 0], "{version}");
        assert_eq!(missing(&bytes, &units), None, "{version}");
    }
    record(&mut state, "z", "id: stays\nplugin: manual\n");
    record(&mut state, "disks", "name: sda\n");
    state.update_desired_jobs(&["x".into(), "check-sdb".into()]);
    for version in 1..=11 {
        let (lost, bytes) = written(&state, version);
        if version > 3 {
            assert_eq!(named(&lost), [""; 0], "{version}");
            assert_eq!(missing(&bytes, &units), None, "{version}");
            continue;
        }
        assert_eq!(named(&lost), ["y", "x", "check-sdb"], "{version}");
        let text = lost
            .iter()
            .map(ToString::to_string)
            .find(|text| text.contains("y, x"));
        assert!(
            text.unwrap()
                .contains("unless it is given their definitions")
        );
        assert_eq!(
            missing(&bytes, &units).as_deref(),
            Some("Unknown jobs remaining: check-sdb, x, y (at $.session.jobs)"),
            "{version}"
        );
        let made = |id: &&str| Arc::clone(state.job_state(*id).unwrap().definition());
        let given: Vec<_> = named(&lost).iter().map(made).collect();
        let all = [&units[..], &given].concat();
        assert_eq!(missing(&bytes, &all), None, "{version}");
    }
}

/// A job whose maker has left the session is made by nothing any more, in no version.
#[test]
fn jobs_whose_maker_is_gone_are_named_in_every_version() {
    let mut state = with_one_disk();
    state.trim_jobs(|job| job.id().as_str() == "disks").unwrap();
    for version in 1..=11 {
        let lost = losses(
            &state,
            Format::Checkbox(version),
            &SuspendOptions::default(),
        );
        assert_eq!(named(&lost), ["check-sda"], "{version}");
    }
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
