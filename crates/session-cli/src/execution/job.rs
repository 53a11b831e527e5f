//! One job: begun, run, and recorded.

use std::thread;
use std::time::Duration;

use job_runner::{EndCause, JobCommand, JobEnd, JobInput, Judge, Leftovers, RunError};
use session_manager::{JobLog, LogError};
use session_state::{JobId, JobResult, JobState};
use session_storage::Space;

use super::walk::{Execution, Step};
use crate::decision::{Script, is_failure, not_started, result_of};
use crate::error::Failure;
use crate::exit_code::Exit;
use crate::json::{Event, Line};
use crate::sink::LogSink;
use crate::wording;

/// How often is looked whether the machine goes down.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl Execution<'_> {
    pub(crate) fn execute(
        &mut self,
        job: &JobId,
        script: Script,
        judge: Judge,
        input: JobInput,
    ) -> Result<Step, Failure> {
        let space = self
            .manager
            .begin_job(job)
            .map_err(|source| self.checkpoint_failure(source))?;
        self.report();
        if self.heed(space) {
            return Ok(Step::DiskFull);
        }
        let attempt = self.attempt(job);
        if self.json {
            let job = job.as_str();
            self.talk.json(&Line::new(Event::Started { job, attempt }));
        }
        let done = self.reported;
        self.progress.begin(job.as_str(), done, self.estimate);

        let mut command = self.command(job, script, attempt);
        command.input = input;
        let mut log = match self.manager.open_log(job) {
            Ok(log) => log,
            Err(source) => return self.without_log(source),
        };
        let mut sink = LogSink::new(&mut log);
        let end = job_runner::run(&command, &mut sink, self.stop.cancel());
        let last_lines = sink.into_last_lines();
        if let Ok(end) = &end
            && self.is_noreturn(job)
            && let Some(step) = self.await_shutdown(job, end)
        {
            return Ok(step);
        }
        let result = match end {
            Ok(end) => self.result(&end, judge),
            Err(RunError::Sink { source, .. }) => {
                return self.give_up(log, source);
            }
            Err(error) => Some(not_started(&error)),
        };
        let Some(result) = result else {
            self.manager
                .abandon_job(log)
                .map_err(|source| self.log_failure(source))?;
            return Ok(Step::Stopped(
                self.stop.requested().unwrap_or(Exit::Interrupt),
            ));
        };
        if result.outcome.is_some_and(is_failure) {
            self.last_output.insert(job.clone(), last_lines);
        }
        if let Err(source) = self.manager.finish_job(log, result) {
            return self.without_log(source);
        }
        self.tell_expansion();
        self.unreported.push(job.clone());
        Ok(Step::Next)
    }

    fn is_noreturn(&self, job: &JobId) -> bool {
        let state = self.manager.state().job_state(job);
        state.is_some_and(|job| job.definition().has_flag("noreturn"))
    }

    /// A job that does not return has ended: the machine goes down, or was told to. Waits for that, and leaves the
    /// job in flight. `None` when the job failed, or a person stopped the run: then it is treated as any other.
    fn await_shutdown(&mut self, job: &JobId, end: &JobEnd) -> Option<Step> {
        match end.cause {
            EndCause::Exited(0) | EndCause::Signalled(_) | EndCause::Cancelled => {}
            EndCause::Exited(_) | EndCause::TimedOut => return None,
        }
        let mut told = false;
        loop {
            match self.stop.requested() {
                Some(exit @ (Exit::Terminate | Exit::Hangup)) if !self.is_abort_known() => {
                    self.progress.end();
                    return Some(Step::GoingDown(exit));
                }
                Some(_) => return None,
                None => {}
            }
            if !told {
                told = true;
                let job = wording::one_line(job.as_str());
                self.talk.note(&format!(
                    "job {job} does not return; waiting for the machine to go down"
                ));
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    fn is_abort_known(&self) -> bool {
        self.is_abort_requested().unwrap_or(false)
    }

    fn result(&mut self, end: &JobEnd, judge: Judge) -> Option<JobResult> {
        for survivor in &end.survivors {
            self.talk.note(&format!(
                "warning: process {} could not be ended: {}",
                survivor.orphan.pid,
                wording::command(&survivor.orphan.command)
            ));
        }
        result_of(end, judge)
    }

    fn attempt(&self, job: &JobId) -> u32 {
        let state = self.manager.state().job_state(job);
        state.map_or(1, JobState::attempts_begun)
    }

    fn command(&self, job: &JobId, script: Script, attempt: u32) -> JobCommand {
        let mut command = JobCommand::new(script.text, self.manager.uuid_text());
        command.shell = script.shell;
        if self.is_noreturn(job) {
            // What it left running may be what takes the machine down.
            command.leftovers = Leftovers::Leave;
        }
        let share = self.manager.storage().location().join("session-share");
        command.environment = [
            ("PLAINBOX_SESSION_SHARE", share.into_string()),
            ("SESSION_ID", self.id.clone()),
            ("SESSION_JOB_ID", job.as_str().to_owned()),
            ("SESSION_ATTEMPT", attempt.to_string()),
        ]
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
        command
    }

    /// The output of a job can no longer be kept: the job is to be run again. Whether that can still be noted
    /// changes nothing about the cause, which is what is told.
    fn give_up(&mut self, log: JobLog, source: job_runner::SinkError) -> Result<Step, Failure> {
        let noted = self.manager.abandon_job(log);
        let cause = source.downcast_ref::<LogError>();
        if noted.is_ok() && cause.is_some_and(LogError::is_disk_full) {
            return Ok(Step::DiskFull);
        }
        if noted.is_ok() && self.manager.checkpoint().is_ok() {
            self.report();
        }
        self.progress.end();
        Err(Failure::Sink {
            id: self.id.clone(),
            source,
        })
    }

    /// A log cannot be begun or ended: its job waits for room, or nothing can go on.
    fn without_log(&mut self, source: LogError) -> Result<Step, Failure> {
        if source.is_disk_full() {
            Ok(Step::DiskFull)
        } else {
            Err(self.log_failure(source))
        }
    }

    /// Tells when the disk is full and when it has room again; whether the room that was put aside comes to its end.
    fn heed(&mut self, space: Space) -> bool {
        match space {
            Space::Plenty => {
                if std::mem::take(&mut self.disk_full_told) {
                    self.talk.note("note: the disk has room again");
                }
            }
            Space::DiskFull { .. } if self.disk_full_told => {}
            Space::DiskFull { .. } => {
                self.disk_full_told = true;
                self.talk.note(
                    "warning: the disk is full; results go into the room that was put aside for this",
                );
            }
        }
        space.is_running_out()
    }

    /// What of the output of the last job could not be made into further jobs.
    fn tell_expansion(&mut self) {
        for fault in self.manager.state().expansion_faults() {
            self.talk
                .note(&format!("problem: {}", wording::chain(fault)));
        }
    }
}
