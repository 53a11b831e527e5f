//! Sessions in Checkbox's formats through the facade: written, peeked, resumed, written again.

use std::sync::Arc;

use session_state::{JobDefinition, JobId, SessionState};

use super::sample::sample;
use crate::{
    BareSession, Format, Limits, Loss, Obstacle, Peek, ResumeOptions, SuspendError, SuspendOptions,
    losses, peek, resume, resume_bare, suspend,
};

const DIR: &str = "/srv/sessions/a.session";

/// The sample without what no cycle through Checkbox's formats leaves as it is.
fn session() -> SessionState {
    let (mut state, _) = sample();
    state.set_mandatory_jobs(Vec::new());
    state.update_desired_jobs(&[JobId::from("bench::disk/rw")]);
    state.set_rejected_jobs(vec![JobId::from("bench::odd")]);
    state
}

fn definitions(state: &SessionState) -> Vec<Arc<JobDefinition>> {
    state
        .jobs()
        .map(|job| Arc::clone(job.definition()))
        .collect()
}

fn written(state: &SessionState, version: u8) -> Vec<u8> {
    let options = SuspendOptions {
        session_dir: Some(DIR.to_owned()),
        ..SuspendOptions::default()
    };
    suspend(state, Format::Checkbox(version), &options).unwrap()
}

fn resumed(bytes: &[u8], definitions: &[Arc<JobDefinition>]) -> SessionState {
    let options = ResumeOptions {
        location: Some(DIR.to_owned()),
        ..ResumeOptions::default()
    };
    resume(bytes, definitions, &options, None).unwrap()
}

#[test]
fn every_version_is_read_and_written_again_as_it_was() {
    let state = session();
    for version in 1..=11 {
        let bytes = written(&state, version);
        assert_eq!(bytes[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
        let Peek::Checkbox(peeked) = peek(&bytes, &Limits::default()).unwrap() else {
            panic!("taken for a native session");
        };
        assert_eq!(
            (peeked.version, peeked.metadata.title),
            (version, state.metadata().title.clone())
        );
        let again = resumed(&bytes, &definitions(&state));
        assert_eq!(written(&again, version), bytes, "version {version}");
        assert!(again.run_list().eq(state.run_list()), "version {version}");
    }
}

#[test]
fn without_definitions_a_session_is_written_again_as_it_was_and_in_other_versions() {
    let state = session();
    let bare = |bytes: &[u8]| {
        let options = ResumeOptions {
            location: Some(DIR.to_owned()),
            ..ResumeOptions::default()
        };
        resume_bare(bytes, &options).unwrap()
    };
    let written_bare = |session: &BareSession, version: u8| {
        let options = SuspendOptions {
            session_dir: Some(DIR.to_owned()),
            checksums: session.checksums.clone(),
            ..SuspendOptions::default()
        };
        let state = &session.resumed.state;
        let lost = losses(state, Format::Checkbox(version), &options);
        assert!(
            !lost
                .iter()
                .any(|loss| ["everything", "jobs"].contains(&loss.kind()))
        );
        suspend(state, Format::Checkbox(version), &options).unwrap()
    };
    for version in 1..=11 {
        let bytes = written(&state, version);
        let session = bare(&bytes);
        assert_eq!(session.resumed.format, Format::Checkbox(version));
        assert_eq!(written_bare(&session, version), bytes, "version {version}");
        let newest = resumed(&written_bare(&session, 11), &definitions(&state));
        assert!(newest.run_list().eq(state.run_list()), "version {version}");
    }
    let native = suspend(&state, Format::Native, &SuspendOptions::default()).unwrap();
    let error = resume_bare(&native, &ResumeOptions::default()).unwrap_err();
    assert!(error.is_corrupted());
}

#[test]
fn the_newest_version_keeps_results_and_metadata() {
    let state = session();
    let again = resumed(&written(&state, 11), &definitions(&state));
    for (ours, theirs) in again.jobs().zip(state.jobs()) {
        assert_eq!(ours.id(), theirs.id());
        let outcomes = |job: &session_state::JobState| -> Vec<_> {
            job.history()
                .iter()
                .map(|result| (result.outcome, result.return_code.clone()))
                .collect()
        };
        assert_eq!(outcomes(ours), outcomes(theirs));
    }
    let cpu = JobId::from("bench::cpu");
    assert_eq!(again.resources(&cpu), state.resources(&cpu));
    let mut expected = state.metadata().clone();
    expected.intent = None;
    assert_eq!(*again.metadata(), expected);
}

#[test]
fn mandatory_jobs_multiply_as_they_do_with_checkbox() {
    let (mut state, _) = sample();
    state.set_rejected_jobs(Vec::new());
    let definitions = definitions(&state);
    for copies in 2..5 {
        state = resumed(&written(&state, 11), &definitions);
        let desired: Vec<&str> = state.desired_jobs().map(JobId::as_str).collect();
        let (last, mandatory) = desired.split_last().unwrap();
        assert_eq!(*last, "bench::disk/rw");
        assert_eq!(mandatory, vec!["bench::cpu"; copies]);
    }
}

#[test]
fn what_a_version_cannot_carry_is_told() {
    let job = |name: &str| vec![JobId::from(name)];
    let (mut state, _) = sample();
    let told = losses(&state, Format::Checkbox(6), &SuspendOptions::default());
    let obstacle = Obstacle::UnknownRejectedJob("gone".into());
    assert_eq!(told.last(), Some(&Loss::Everything(obstacle)));
    state.set_rejected_jobs(job("bench::odd"));
    let told = |version: u8| {
        losses(
            &state,
            Format::Checkbox(version),
            &SuspendOptions::default(),
        )
    };
    let always = [
        Loss::Definitions { jobs: 4 },
        Loss::ToRunAgain(job("bench::disk/rw")),
        Loss::Attempts(vec!["bench::cpu".into(), "bench::disk/rw".into()]),
        Loss::RemainingAttempts(job("bench::disk/rw")),
        Loss::Overrides(job("bench::disk/rw")),
        Loss::Templates { templates: 1 },
        Loss::OtherUnits { units: 1 },
        Loss::Manifest,
        Loss::Intent("bench::disk/rw".into()),
        Loss::LogIdentities(job("bench::disk/rw")),
    ];
    assert_eq!(told(11), always);
    assert_eq!(told(10), [&always[..], &[Loss::RemainingTodoJobs]].concat());
    let mut oldest = always.to_vec();
    oldest.remove(1);
    oldest.insert(8, Loss::History(job("bench::disk/rw")));
    let more = [
        Loss::MandatoryJobs(job("bench::cpu")),
        Loss::RejectedJobs(job("bench::odd")),
        Loss::AppBlob,
        Loss::AppId,
        Loss::LastJobStartTime,
        Loss::RemainingTodoJobs,
    ];
    assert_eq!(told(1), [&oldest[..], &more].concat());
    let format = Format::Checkbox(1);
    assert_eq!(
        losses(&SessionState::new(), format, &SuspendOptions::default()),
        []
    );
}

#[test]
fn there_are_eleven_formats() {
    for version in [0, 12, 255] {
        let error = suspend(
            &session(),
            Format::Checkbox(version),
            &SuspendOptions::default(),
        );
        assert!(
            matches!(error, Err(SuspendError::NoSuchFormat { version: found }) if found == version)
        );
    }
}
