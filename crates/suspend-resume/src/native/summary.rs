//! The summary: what a list of sessions shows, at a cost that does not depend on the number of jobs.

use std::collections::BTreeSet;
use std::io;

use session_state::{JobOutcome, SessionState};

use super::canonical::check_canonical;
use super::decoder::Decoder;
use super::encoder::Encoder;
use super::head::{is_newer, refuse_development};
use super::packet;
use super::wire;
use crate::error::{Corruption, ResumeError, SuspendError};
use crate::limits::Limits;

/// What a session says about itself without being opened.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// The title.
    pub title: Option<String>,
    /// The application that owns the session.
    pub app_id: Option<String>,
    /// The flags.
    pub flags: BTreeSet<String>,
    /// The job in flight, or else the one begun last.
    pub running_job: Option<String>,
    /// Which attempt at that job is in flight, counted from 1; `None` when none is.
    pub running_attempt: Option<u32>,
    /// When the last job was begun, in seconds since the epoch.
    pub last_job_start_time: Option<f64>,
    /// Whether the jobs were chosen by hand.
    pub custom_joblist: bool,
    /// Whether anything was left to do when a job was begun or ended last.
    pub remaining_todo_jobs: bool,
    /// How many jobs the session knows.
    pub jobs_total: u64,
    /// How many of them are to be run.
    pub run_list_len: u64,
    /// How many jobs have each outcome, in the order of [`JobOutcome::ALL`].
    outcomes: [u64; JobOutcome::ALL.len()],
}

impl Summary {
    /// The summary of a state. It walks nothing.
    pub fn of(state: &SessionState) -> Self {
        let metadata = state.metadata();
        let counts = state.outcome_counts();
        let intent = metadata.intent.as_ref();
        Self {
            title: metadata.title.clone(),
            app_id: metadata.app_id.clone(),
            flags: metadata.flags.clone(),
            running_job: intent
                .map(|intent| intent.job.as_str().to_owned())
                .or_else(|| metadata.running_job_name.clone()),
            running_attempt: intent.map(|intent| intent.attempt),
            last_job_start_time: metadata.last_job_start_time,
            custom_joblist: metadata.custom_joblist,
            remaining_todo_jobs: metadata.remaining_todo_jobs,
            jobs_total: state.job_count() as u64,
            run_list_len: state.run_list().len() as u64,
            outcomes: JobOutcome::ALL.map(|outcome| counts.get(Some(outcome)) as u64),
        }
    }

    /// How many jobs have that outcome.
    pub fn jobs_with(&self, outcome: JobOutcome) -> u64 {
        self.outcomes()
            .find(|(known, _)| *known == outcome)
            .map_or(0, |(_, jobs)| jobs)
    }

    /// Every outcome and how many jobs have it.
    pub fn outcomes(&self) -> impl Iterator<Item = (JobOutcome, u64)> {
        JobOutcome::ALL.into_iter().zip(self.outcomes)
    }

    /// How many jobs have an outcome.
    pub fn jobs_with_outcome(&self) -> u64 {
        self.outcomes
            .iter()
            .fold(0, |sum, jobs| sum.saturating_add(*jobs))
    }

    /// Encodes the summary as the first part of a journal frame.
    ///
    /// # Errors
    /// None known; bincode could have some.
    pub fn encode(&self) -> Result<Vec<u8>, SuspendError> {
        packet::encode(packet::Kind::Summary, |encoder| encoder.put_summary(self))
            .map_err(SuspendError::from)
    }

    /// Decodes what [`encode`](Self::encode) wrote; of a newer release's summary the part that is known here.
    ///
    /// # Errors
    /// [`ResumeError::Corrupted`]; [`ResumeError::IncompatibleSession`] for the summary of a development version.
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, ResumeError> {
        let (layout, body) = packet::unseal(packet::Kind::Summary, bytes, limits)?;
        refuse_development(layout)?;
        Ok(Self::decode_body(layout, body, limits)?)
    }

    pub(super) fn decode_body(
        layout: u16,
        body: &[u8],
        limits: &Limits,
    ) -> Result<Self, Corruption> {
        let mut decoder = Decoder::new(body, limits);
        let summary = decoder.take_summary()?;
        if !is_newer(layout) {
            decoder.finish()?;
            check_canonical(body, |encoder| encoder.put_summary(&summary))?;
        }
        Ok(summary)
    }
}

impl Encoder<'_, '_> {
    pub(super) fn put_summary(&mut self, summary: &Summary) -> io::Result<()> {
        self.put(wire::Summary {
            title: summary.title.as_deref(),
            app_id: summary.app_id.as_deref(),
            running_job: summary.running_job.as_deref(),
            running_attempt: summary.running_attempt,
            last_job_start_time: summary.last_job_start_time,
            custom_joblist: summary.custom_joblist,
            remaining_todo_jobs: summary.remaining_todo_jobs,
            jobs_total: summary.jobs_total,
            run_list_len: summary.run_list_len,
            outcomes: summary.outcomes,
        })?;
        self.put_flags(&summary.flags)
    }
}

impl Decoder<'_> {
    fn take_summary(&mut self) -> Result<Summary, Corruption> {
        let summary: wire::Summary<'_> = self.take()?;
        Ok(Summary {
            title: self.owned(summary.title)?,
            app_id: self.owned(summary.app_id)?,
            running_job: self.owned(summary.running_job)?,
            running_attempt: summary.running_attempt,
            last_job_start_time: summary.last_job_start_time,
            custom_joblist: summary.custom_joblist,
            remaining_todo_jobs: summary.remaining_todo_jobs,
            jobs_total: summary.jobs_total,
            run_list_len: summary.run_list_len,
            outcomes: summary.outcomes,
            flags: self.take_flags()?,
        })
    }
}
