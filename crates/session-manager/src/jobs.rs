//! Around a job: the note before it, the log while it runs, the result after it.

use std::ffi::OsStr;

use session_state::{IoLog, JobId, JobOutcome, JobResult, JobState};
use session_storage::{Dir, OpenMode, Space, WellKnownDirs};
use suspend_resume::Format;

use crate::error::{CheckpointError, LogError};
use crate::log::{
    Attempt, JobLog, LeftPart, finish, io_logs, keep, own_name, read_part, remove_part,
    remove_unowned,
};
use crate::manager::SessionManager;
use crate::resume::{
    Fate, FateRow, Flight, FlightAction, LeftResult, ResultFile, clear_result_file, fate_of,
    write_respawn_file,
};

impl SessionManager {
    /// Notes that a job is about to run, and makes that durable together with every result recorded before: one
    /// frame, one flush. Only then may the job be started.
    ///
    /// A job with the flag `noreturn` or `autorestart` may take the machine down; before one begins, everything on the
    /// file system of the session is made durable besides.
    ///
    /// # Errors
    /// See [`CheckpointError`]; the job must not be started.
    pub fn begin_job(&mut self, job: &JobId) -> Result<Space, CheckpointError> {
        self.clear_share(job)?;
        // An announcement that was withdrawn meanwhile, by a result say, is none.
        let noted = self.device.state().metadata().intent.as_ref();
        let announced = self.announced.take().filter(|intent| Some(intent) == noted);
        if announced.is_none_or(|intent| intent.job != *job) {
            let at = self.options.now_seconds();
            self.device
                .state_mut()
                .start_job(job, self.options.boot(), at)
                .map_err(|source| CheckpointError::Job {
                    id: self.storage.id().clone(),
                    source,
                })?;
        }
        let space = self.checkpoint()?;
        if self.may_go_down(job) {
            self.barrier()?;
        }
        Ok(space)
    }

    /// Tells jobs with the flag `noreturn` how the session is gone on with after they took the machine down: the
    /// command is put into `session-share/__respawn_checkbox` before such a job begins. Not durable: to be said
    /// anew after loading.
    pub fn set_respawn_command(&mut self, command: Option<String>) {
        self.respawn_command = command;
    }

    /// Whether the job may take the machine down.
    fn may_go_down(&self, job: &JobId) -> bool {
        let job = self.device.state().job_state(job);
        job.is_some_and(JobState::may_take_machine_down)
    }

    /// Takes away, durably, what an earlier job left as its result, and puts the respawn command where a job that
    /// does not return looks for it.
    fn clear_share(&self, job: &JobId) -> Result<(), CheckpointError> {
        let failed = |source| CheckpointError::Share {
            id: self.storage.id().clone(),
            source,
        };
        let dirs = WellKnownDirs::new(&self.storage);
        clear_result_file(dirs).map_err(failed)?;
        let Some(command) = &self.respawn_command else {
            return Ok(());
        };
        let job = self.device.state().job_state(job);
        if job.is_some_and(|job| job.definition().has_flag("noreturn")) {
            let share = dirs.session_share().map_err(failed)?;
            write_respawn_file(&*share, command).map_err(failed)?;
        }
        Ok(())
    }

    /// Makes everything on the file system of the session durable: logs, shared files, what other programs wrote.
    fn barrier(&self) -> Result<(), CheckpointError> {
        let dir = self.storage.dir();
        dir.sync_filesystem()
            .map_err(|source| CheckpointError::Barrier {
                id: self.storage.id().clone(),
                source,
            })
    }

    /// Opens the log of the job that was begun last. That the log is there says that the job was started.
    ///
    /// # Errors
    /// See [`LogError`].
    pub fn open_log(&mut self, job: &JobId) -> Result<JobLog, LogError> {
        let attempt = Attempt {
            session: self.uuid.as_str(),
            job: job.clone(),
            number: self.attempt_in_flight(job),
            inline_bytes_max: self.options.inline_log_bytes_max,
            faults: self.options.faults(),
        };
        self.logs.begin(&self.storage, attempt)
    }

    /// Records the result of a job that ran; the log goes with the result when it is small, else into files
    /// that are durable when this returns. The result is durable after the next checkpoint.
    ///
    /// # Errors
    /// See [`LogError`]; the result is not recorded, and the job counts as cut short.
    pub fn finish_job(&mut self, mut log: JobLog, result: JobResult) -> Result<(), LogError> {
        let finished = finish(&mut log, &self.options.limits, self.options.faults())?;
        let result = JobResult {
            io_log: finished.io_log,
            ..result
        };
        self.device
            .state_mut()
            .update_job_result(log.job(), result, finished.output.as_deref())?;
        self.logs.ended(&log);
        Ok(())
    }

    /// Records that a job was stopped on purpose: it is to be run again, and its attempts are counted afresh. What
    /// it wrote is kept in `io-logs`.
    ///
    /// # Errors
    /// See [`LogError`].
    pub fn abandon_job(&mut self, log: JobLog) -> Result<(), LogError> {
        self.device
            .state_mut()
            .update_job_result(log.job(), JobResult::default(), None)?;
        if self.kept_as() != Format::Native {
            // Without this name the session says that the job was cut short: it has no other note.
            self.device.state_mut().set_running_job_name(None);
        }
        self.logs.stopped(log, self.options.faults())
    }

    /// Decides about the job that was in flight when the run before ended, and puts its log where it belongs. To be
    /// called when no process of that run lives any more. The decision is durable with the next checkpoint.
    ///
    /// # Errors
    /// See [`LogError`]; nothing was decided, and calling again is possible.
    pub fn settle_flight(&mut self) -> Result<Fate, LogError> {
        let dir = io_logs(&self.storage)?;
        self.sweep_parts(&*dir)?;
        let fate = match self.left_over.flight.clone() {
            Some(flight) => self.settle(&*dir, &flight)?,
            None => Fate::Nothing,
        };
        self.left_over.traces = None;
        self.left_over.flight = None;
        Ok(fate)
    }

    /// Puts the logs without an end where they belong, save that of the job in flight: one whose result is durable
    /// goes, any other is kept.
    fn sweep_parts(&self, dir: &dyn Dir) -> Result<(), LogError> {
        let flight = self.left_over.flight.as_ref();
        let others = self
            .left_parts()
            .iter()
            .filter(|part| flight.is_none_or(|flight| !part.is_of(&flight.job, flight.attempt)));
        for part in others {
            self.put_away(dir, part)?;
        }
        if self.logs.has_kept() {
            return Ok(());
        }
        remove_unowned(dir, self.left_parts())
    }

    /// Removes a log without an end when its attempt has a durable result, and keeps it under its final name otherwise.
    pub(crate) fn put_away(&self, dir: &dyn Dir, part: &LeftPart) -> Result<(), LogError> {
        if part.has_result(self.device.state()) {
            remove_part(dir, &part.name).map_err(LogError::Directory)
        } else {
            self.keep(dir, &part.name, &part.job, part.attempt)
        }
    }

    fn left_parts(&self) -> &[LeftPart] {
        self.left_over
            .traces
            .as_ref()
            .map_or(&[], |traces| &traces.parts)
    }

    fn settle(&mut self, dir: &dyn Dir, flight: &Flight) -> Result<Fate, LogError> {
        let (row, action) = fate_of(&flight.facts);
        match action {
            FlightAction::RunNow => self
                .announced
                .clone_from(&self.device.state().metadata().intent),
            FlightAction::RunAgain => self.keep_flight(dir, flight)?,
            FlightAction::Record(outcome) => self.record_fate(dir, flight, row, outcome)?,
        }
        Ok(Fate::Decided {
            job: flight.job.clone(),
            attempt: flight.attempt,
            row,
            action,
        })
    }

    /// Gives a job in flight an outcome, with the output of its last attempt as far as it fits a result.
    fn record_fate(
        &mut self,
        dir: &dyn Dir,
        flight: &Flight,
        row: FateRow,
        outcome: JobOutcome,
    ) -> Result<(), LogError> {
        let mut records = match self.left_part_of(flight) {
            Some(part) => {
                let file = dir
                    .open_file(&part.name, OpenMode::Read)
                    .map_err(LogError::Directory)?;
                let limits = &self.options.limits;
                read_part(&*file, &flight.job, limits, self.options.faults())?
            }
            None => Vec::new(),
        };
        let mut room = self.options.inline_log_bytes_max;
        records.retain(|record| {
            let fits = record.data.len() <= room;
            room = room.saturating_sub(record.data.len());
            fits
        });
        self.keep_flight(dir, flight)?;
        let left = match &flight.result_file {
            ResultFile::Left(left) => left.clone(),
            ResultFile::Absent | ResultFile::Invalid => LeftResult::default(),
        };
        let words = match row {
            FateRow::TooOften => {
                let attempts = flight.facts.attempts;
                format!("started {attempts} times, and the run was cut short each time")
            }
            FateRow::NotStarted
            | FateRow::LeftResult
            | FateRow::LeftNonsense
            | FateRow::WentDownForPerson
            | FateRow::WentDown
            | FateRow::CheckboxNoReturn
            | FateRow::CheckboxShell
            | FateRow::Restarted
            | FateRow::CutShort => row.reason().to_owned(),
        };
        let comments = match left.comments {
            Some(own) => format!("{own}\n{words}"),
            None => words,
        };
        let result = JobResult {
            outcome: Some(outcome),
            comments: Some(comments.into()),
            return_code: left.return_code.map(Into::into),
            execution_duration: left.execution_duration,
            io_log: IoLog::Memory(records),
        };
        self.device
            .state_mut()
            .update_job_result(&flight.job, result, None)?;
        Ok(())
    }

    /// The log of the attempt in flight, where one says that it is.
    fn left_part_of(&self, flight: &Flight) -> Option<&LeftPart> {
        let mut parts = self.left_parts().iter();
        parts.find(|part| part.is_of(&flight.job, flight.attempt))
    }

    /// Keeps the log of the attempt in flight, if there is one; its own file may not say whose it is.
    fn keep_flight(&self, dir: &dyn Dir, flight: &Flight) -> Result<(), LogError> {
        let (job, attempt) = (&flight.job, flight.attempt);
        match self.left_part_of(flight) {
            Some(part) => self.keep(dir, &part.name, job, attempt),
            None => self.keep(dir, &own_name(job, attempt), job, attempt),
        }
    }

    fn keep(&self, dir: &dyn Dir, name: &OsStr, job: &JobId, attempt: u32) -> Result<(), LogError> {
        keep(dir, name, job, attempt, self.options.faults())
    }

    fn attempt_in_flight(&self, job: &JobId) -> u32 {
        let intent = self.device.state().metadata().intent.as_ref();
        intent
            .filter(|intent| intent.job == *job)
            .map_or(1, |intent| intent.attempt)
    }
}
