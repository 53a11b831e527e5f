//! Every outcome in every format of a release: it refuses exactly those sessions of which the loss report says so.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use session_state::{JobDefinition, JobId, JobOutcome, JobResult, SessionState};
use suspend_resume::{Format, Loss, SuspendOptions, losses, suspend};

use super::generate::LOCATION;
use super::peer::{Peer, PeerError};
use super::release::Release;

/// What the release and the report do not say alike, in words.
pub(super) fn check(peer: &mut Peer, release: Release) -> Result<Vec<String>, PeerError> {
    let mut differences = Vec::new();
    for outcome in JobOutcome::ALL {
        let state = with_outcome(outcome);
        for version in 1..=release.newest_format() {
            let told = is_told(&state, version, release);
            let format = Format::Checkbox(version);
            let file = match suspend(&state, format, &SuspendOptions::default()) {
                Ok(file) => file,
                Err(error) => {
                    differences.push(format!("{outcome} in version {version}: {error}"));
                    continue;
                }
            };
            let answer = peer.ask(&json!({
                "units": [{"id": "job", "plugin": "shell", "command": "true"}],
                "namespace": null,
                "session": STANDARD.encode(&file),
                "location": LOCATION,
                "flags": ["ignore-job-checksums"],
            }))?;
            let error = answer.get("error");
            if error.is_some() != told {
                differences.push(format!(
                    "{outcome} in version {version}: told as refused: {told}, its answer: {}",
                    error.unwrap_or(&json!("accepted"))
                ));
            }
        }
    }
    Ok(differences)
}

fn with_outcome(outcome: JobOutcome) -> SessionState {
    let fields = [("id", "job"), ("plugin", "shell"), ("command", "true")];
    let fields = fields.map(|(name, value)| (name.into(), value.into()));
    let job = JobDefinition::new(None, fields.into(), None, None);
    let mut state = SessionState::new();
    let added = state.add_job(job.into(), None);
    let recorded = state.update_job_result(&JobId::new("job"), JobResult::of(outcome), None);
    debug_assert!(added.is_ok() && recorded.is_ok(), "it is the only job");
    state
}

/// Whether the report says that the release refuses the session.
fn is_told(state: &SessionState, version: u8, release: Release) -> bool {
    let lost = losses(state, Format::Checkbox(version), &SuspendOptions::default());
    let is_this = |number: &&str| release.number().starts_with(&format!("{number}."));
    lost.iter().any(
        |loss| matches!(loss, Loss::OldReleases { releases, .. } if releases.iter().any(is_this)),
    )
}
