//! One round: a session of ours goes to the release and comes back.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use session_state::{JobResult, SessionState};
use suspend_resume::{Format, ResumeError, ResumeOptions, SuspendOptions, resume, suspend};

use super::compare::compared;
use super::generate::{LOCATION, Sample};
use super::peer::{Peer, PeerError};
use super::release::Release;
use crate::conformance::{Difference, differences, inflate};
use crate::random::Random;

/// What a round came to.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// States of ours that were compared with states the release told.
    pub(super) states: u64,
    /// Texts of ours that were compared with texts the release wrote.
    pub(super) texts: u64,
    /// Listed deviations, and how often each was met.
    pub(super) deviations: BTreeMap<&'static str, u64>,
    /// What is not the same and not listed, in words.
    pub(super) differences: Vec<String>,
}

/// Plays a round.
pub(super) fn play(
    peer: &mut Peer,
    release: Release,
    random: &mut Random,
) -> Result<Round, PeerError> {
    let sample = Sample::draw(random, release);
    let version = sample.version;
    let mut round = Round::default();
    let file = match written(&sample.state, version) {
        Ok(file) => file,
        Err(error) => {
            round
                .differences
                .push(format!("we cannot write version {version}: {error}"));
            return Ok(round);
        }
    };
    let request = json!({
        "units": sample.units_as_json(),
        "namespace": sample.namespace,
        "session": STANDARD.encode(&file),
        "location": LOCATION,
        "flags": ["ignore-job-checksums"],
    });
    let answer = peer.ask(&request)?;
    if let Some(error) = answer.get("error") {
        round
            .differences
            .push(format!("version {version} of ours is refused: {error}"));
        return Ok(round);
    }
    let Some(ours) = round.read(&sample, &file, &answer["state"], version, "read from ours,")
    else {
        return Ok(round);
    };
    round.carried(&sample.state, &ours, version);
    for (version, theirs) in answer["written"].as_object().into_iter().flatten() {
        let version = version.parse().unwrap_or_default();
        let file = STANDARD.decode(theirs["session"].as_str().unwrap_or_default());
        round.same_text(
            &sample,
            &ours,
            theirs["text"].as_str().unwrap_or_default(),
            version,
        );
        round.read(
            &sample,
            &file.unwrap_or_default(),
            &theirs["state"],
            version,
            "read from theirs,",
        );
    }
    Ok(round)
}

impl Round {
    /// Reads a file as the release did, and compares.
    fn read(
        &mut self,
        sample: &Sample,
        file: &[u8],
        theirs: &Value,
        version: u8,
        what: &str,
    ) -> Option<SessionState> {
        match resumed(sample, file) {
            Ok(state) => {
                let compared = compared(theirs, &state, sample.namespace.is_some());
                self.states += 1;
                if compared.reordered {
                    *self.deviations.entry("D8").or_default() += 1;
                }
                self.judge(sample, version, what, compared.differences);
                Some(state)
            }
            Err(error) => {
                let error = crate::say::chain(&error);
                self.differences.push(format!(
                    "version {version} {what} is refused by us: {error}"
                ));
                None
            }
        }
    }

    /// What was in the session before it was written is in it after it was read, as far as the version carries it.
    fn carried(&mut self, before: &SessionState, after: &SessionState, version: u8) {
        for job in before.jobs() {
            let Some(read) = after.job_state(job.id()) else {
                if !job.history().is_empty() {
                    self.differences.push(format!(
                        "version {version}: {} is lost with its results",
                        job.id()
                    ));
                }
                continue;
            };
            let last = job.history().len().saturating_sub(1);
            let from = if version < 4 { last } else { 0 };
            let kept = job.history().get(from..).unwrap_or_default();
            // Comments are written without the escapes that colour them.
            if !kept
                .iter()
                .map(|result| plain(result))
                .eq(read.history().iter().map(|result| plain(result)))
            {
                self.differences.push(format!(
                    "version {version}: the results of {} are not those written",
                    job.id()
                ));
            }
        }
        let (before, after) = (before.metadata(), after.metadata());
        let kept = before.title == after.title
            && before.flags == after.flags
            && before.running_job_name == after.running_job_name
            && (version < 2 || before.app_blob == after.app_blob)
            && (version < 3 || before.app_id == after.app_id);
        if !kept {
            self.differences.push(format!(
                "version {version}: the metadata is not what was written"
            ));
        }
    }

    /// For one state both write one text.
    fn same_text(&mut self, sample: &Sample, state: &SessionState, theirs: &str, version: u8) {
        let ours = match written(state, version) {
            Ok(file) => inflate(&file).expect("it was just packed"),
            Err(error) => {
                self.differences
                    .push(format!("we cannot write version {version}: {error}"));
                return;
            }
        };
        self.texts += 1;
        if ours == theirs {
            return;
        }
        let values = (
            serde_json::from_str::<Value>(&ours),
            serde_json::from_str::<Value>(theirs),
        );
        let (Ok(mut ours), Ok(mut theirs)) = values else {
            self.differences
                .push(format!("version {version}: a text that is not JSON"));
            return;
        };
        if sample.namespace.is_some() {
            for text in [&mut ours, &mut theirs] {
                forget_checksums(text);
            }
        }
        let listed_before: u64 = self.deviations.values().sum();
        let found = differences(&theirs, &ours);
        let same = found.is_empty() && sample.namespace.is_none();
        self.judge(sample, version, "text of", found);
        let listed: u64 = self.deviations.values().sum();
        if same && listed == listed_before {
            self.differences.push(format!(
                "text of version {version}: the same values in other words"
            ));
        }
    }

    /// Sorts differences into listed deviations and others.
    fn judge(&mut self, sample: &Sample, version: u8, what: &str, found: Vec<Difference>) {
        for difference in found {
            match sample
                .release
                .deviation(sample.version, version, &difference)
            {
                Some(id) => *self.deviations.entry(id).or_default() += 1,
                None => self
                    .differences
                    .push(format!("{what} version {version}: {difference}")),
            }
        }
    }
}

fn plain(result: &JobResult) -> JobResult {
    let mut plain = result.clone();
    plain.comments = result.plain_comments().map(Into::into);
    plain
}

/// The old releases leave the namespace out of checksums.
fn forget_checksums(text: &mut Value) {
    let jobs = text
        .pointer_mut("/session/jobs")
        .and_then(Value::as_object_mut);
    for (_, checksum) in jobs.into_iter().flatten() {
        *checksum = Value::Null;
    }
}

fn written(state: &SessionState, version: u8) -> Result<Vec<u8>, suspend_resume::SuspendError> {
    let mut options = SuspendOptions::default();
    options.session_dir = Some(LOCATION.to_owned());
    suspend(state, Format::Checkbox(version), &options)
}

fn resumed(sample: &Sample, file: &[u8]) -> Result<SessionState, ResumeError> {
    let mut options = ResumeOptions::default();
    options.location = Some(LOCATION.to_owned());
    options.ignore_job_checksums = sample.namespace.is_some();
    resume(file, &sample.definitions, &options, None)
}
