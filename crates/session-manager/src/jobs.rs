//! Around a job: the note before it, the log while it runs, the result after it.

use session_state::{IoLog, JobId, JobOutcome, JobResult, JobState};
use session_storage::{Dir, OpenMode, Space};

use crate::error::{CheckpointError, LogError};
use crate::fate::{Fate, Flight, fate_of};
use crate::log::{JobLog, finish, keep, read_part, remove_part};
use crate::manager::SessionManager;

impl SessionManager {
    /// Notes that a job is about to run, and makes that durable together with every result recorded before: one
    /// frame, one flush. Only then may the job be started.
    ///
    /// # Errors
    /// See [`CheckpointError`]; the job must not be started.
    pub fn begin_job(&mut self, job: &JobId) -> Result<Space, CheckpointError> {
        let announced = self.announced.take();
        if announced.is_none_or(|intent| intent.job != *job) {
            let at = self.options.now_seconds();
            self.state
                .start_job(job, self.options.boot(), at)
                .map_err(|source| CheckpointError::Job {
                    id: self.storage.id().clone(),
                    source,
                })?;
        }
        self.checkpoint()
    }

    /// Opens the log of the job that was begun last. That the log is there says that the job was started.
    ///
    /// # Errors
    /// See [`LogError`].
    pub fn open_log(&self, job: &JobId) -> Result<JobLog, LogError> {
        JobLog::create(
            self.io_logs()?,
            &self.uuid_text(),
            job,
            self.attempt_in_flight(job),
            self.options.inline_log_bytes_max,
        )
    }

    /// Records the result of a job that ran; the log goes with the result when it is small, else into files
    /// that are durable when this returns. The result is durable after the next checkpoint.
    ///
    /// # Errors
    /// See [`LogError`]; the result is not recorded, and the job counts as cut short.
    pub fn finish_job(&mut self, mut log: JobLog, result: JobResult) -> Result<(), LogError> {
        let finished = finish(&mut log, &self.options.limits)?;
        let result = JobResult {
            io_log: finished.io_log,
            ..result
        };
        self.state
            .update_job_result(log.job(), result, finished.output.as_deref())?;
        self.ended_parts.push(log.name);
        Ok(())
    }

    /// Records that a job was stopped on purpose: it is to be run again, and its attempts are counted afresh. What
    /// it wrote is kept in `io-logs`.
    ///
    /// # Errors
    /// See [`LogError`].
    pub fn abandon_job(&mut self, log: JobLog) -> Result<(), LogError> {
        let JobLog { dir, job, .. } = log;
        let attempt = self.attempt_in_flight(&job);
        self.state
            .update_job_result(&job, JobResult::default(), None)?;
        keep(&*dir, &job, attempt)
    }

    /// Decides about the job that was in flight when the run before ended, and puts its log where it belongs. To be
    /// called when no process of that run lives any more. The decision is durable with the next checkpoint.
    ///
    /// # Errors
    /// See [`LogError`]; nothing was decided, and calling again is possible.
    pub fn settle_flight(&mut self) -> Result<Fate, LogError> {
        let dir = self.io_logs()?;
        self.sweep_parts(&*dir)?;
        let fate = match self.left_over.flight.clone() {
            Some(flight) => self.settle(&*dir, &flight)?,
            None => Fate::Nothing,
        };
        self.left_over.parts.clear();
        self.left_over.flight = None;
        Ok(fate)
    }

    /// Puts the logs without an end where they belong, save that of the job in flight: one whose result is durable
    /// goes, any other is kept.
    fn sweep_parts(&self, dir: &dyn Dir) -> Result<(), LogError> {
        let flight = self.left_over.flight.as_ref();
        let others = self.left_over.parts.iter().filter(|part| {
            flight.is_none_or(|flight| flight.job != part.job || flight.attempt != part.attempt)
        });
        for part in others {
            let has_result = self
                .state
                .job_state(&part.job)
                .is_some_and(|job| job.outcome().is_some() && job.attempts_begun() == part.attempt);
            if has_result {
                remove_part(dir, &part.name).map_err(LogError::Directory)?;
            } else {
                keep(dir, &part.job, part.attempt)?;
            }
        }
        Ok(())
    }

    fn settle(&mut self, dir: &dyn Dir, flight: &Flight) -> Result<Fate, LogError> {
        let started = self
            .state
            .job_state(&flight.job)
            .map_or(0, JobState::started_attempts);
        let fate = fate_of(flight, started, self.options.attempts_max);
        match &fate {
            Fate::Nothing => {}
            Fate::StartNow { .. } => self.announced.clone_from(&self.state.metadata().intent),
            Fate::StartAgain { job, attempt } => keep(dir, job, *attempt)?,
            Fate::Crashed { attempts, .. } => self.record_crash(dir, flight, *attempts)?,
        }
        Ok(fate)
    }

    /// Gives a job that was cut short too often the outcome `crash`, with the output of its last attempt.
    fn record_crash(
        &mut self,
        dir: &dyn Dir,
        flight: &Flight,
        attempts: u32,
    ) -> Result<(), LogError> {
        let mut parts = self.left_over.parts.iter();
        let part = parts.find(|part| part.job == flight.job && part.attempt == flight.attempt);
        let mut records = match part {
            Some(part) => {
                let file = dir
                    .open_file(&part.name, OpenMode::Read)
                    .map_err(LogError::Directory)?;
                read_part(&*file, &flight.job, &self.options.limits)?
            }
            None => Vec::new(),
        };
        let mut room = self.options.inline_log_bytes_max;
        records.retain(|record| {
            let fits = record.data.len() <= room;
            room = room.saturating_sub(record.data.len());
            fits
        });
        keep(dir, &flight.job, flight.attempt)?;
        let comment = format!("started {attempts} times, and the run was cut short each time");
        let result = JobResult {
            outcome: Some(JobOutcome::Crash),
            comments: Some(comment.into()),
            io_log: IoLog::Memory(records),
            ..JobResult::default()
        };
        self.state.update_job_result(&flight.job, result, None)?;
        Ok(())
    }

    fn attempt_in_flight(&self, job: &JobId) -> u32 {
        let intent = self.state.metadata().intent.as_ref();
        intent
            .filter(|intent| intent.job == *job)
            .map_or(1, |intent| intent.attempt)
    }
}
