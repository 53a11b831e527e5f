//! Jobs that need a person: told, begun and judged at the terminal; every answer is durable before the next question.

use job_runner::{JobInput, Judge};
use session_state::{JobId, JobOutcome, JobResult, PluginKind};

use crate::decision::{Script, with_comment};
use crate::error::Failure;
use crate::execution::{Execution, Step};
use crate::exit_code::Exit;
use crate::person::Answer;
use crate::wording;

/// What a person answered to the question how a job went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// So.
    Outcome(JobOutcome),
    /// First a few words.
    Comment(String),
    /// Not now.
    Stop,
    /// Something that is no answer.
    Unknown,
}

impl Verdict {
    /// Reads an answer: `p`, `f`, `s`, `q`, or `c` and words.
    pub(crate) fn read(line: &str) -> Self {
        match line.split_once(char::is_whitespace) {
            Some(("c", words)) => Self::Comment(words.trim().to_owned()),
            Some(_) => Self::Unknown,
            None => match line {
                "p" => Self::Outcome(JobOutcome::Pass),
                "f" => Self::Outcome(JobOutcome::Fail),
                "s" => Self::Outcome(JobOutcome::Skip),
                "q" => Self::Stop,
                _ => Self::Unknown,
            },
        }
    }
}

impl Execution<'_> {
    /// Does a job with a person: says what it is about, waits for a go, runs its command, asks how it went.
    ///
    /// # Errors
    /// As of any job: its output or its result cannot be kept.
    pub(crate) fn attend(
        &mut self,
        job: &JobId,
        kind: PluginKind,
        script: Option<Script>,
    ) -> Result<Step, Failure> {
        self.progress.end();
        // A job whose command ran, and that was not judged before the run ended, is only to be judged.
        let is_judged_late = self.outcome(job) == Some(JobOutcome::Undecided);
        self.tell_job(job);
        if kind.waits_for_start() && script.is_some() && !is_judged_late {
            self.talk
                .note("Enter begins the job, s skips it, q stops the run");
            match self.answer() {
                Answer::Line(line) if line == "s" => {
                    let skip = with_comment(JobOutcome::Skip, "skipped by the operator");
                    self.record(job, skip)?;
                    self.checkpoint()?;
                    return Ok(Step::Next);
                }
                Answer::Line(line) if line == "q" => return Ok(Step::Stopped(Exit::Interrupt)),
                Answer::Line(_) => {}
                Answer::Gone => return Ok(Step::Stopped(Exit::Interrupt)),
                Answer::Stopped(exit) => return Ok(Step::Stopped(exit)),
            }
        }
        let judge = if kind.needs_verdict() {
            Judge::Person
        } else {
            Judge::ReturnCode
        };
        if let Some(script) = script.filter(|_| !is_judged_late) {
            let step = self.execute(job, script, judge, JobInput::Inherited)?;
            let has_ended = self.outcome(job).is_some();
            if !matches!(step, Step::Next) || !has_ended || judge == Judge::ReturnCode {
                return Ok(step);
            }
        }
        self.judge(job)
    }

    /// Asks how a job went until the person says so.
    fn judge(&mut self, job: &JobId) -> Result<Step, Failure> {
        // Reported is the verdict, not that there is none yet.
        self.unreported.retain(|known| known != job);
        let mut result = self.result_so_far(job);
        result.outcome = Some(JobOutcome::Undecided);
        self.keep(job, &result)?;
        loop {
            self.talk
                .note("How did it go? p passed, f failed, s skipped, c WORDS adds a comment, q stops the run");
            let verdict = match self.answer() {
                Answer::Line(line) => Verdict::read(&line),
                Answer::Gone => Verdict::Stop,
                Answer::Stopped(exit) => return Ok(Step::Stopped(exit)),
            };
            match verdict {
                Verdict::Outcome(outcome) => {
                    result.outcome = Some(outcome);
                    self.record(job, result)?;
                    self.checkpoint()?;
                    return Ok(Step::Next);
                }
                Verdict::Comment(words) => {
                    result.comments = Some(match result.comments.take() {
                        Some(before) => format!("{before}\n{words}").into(),
                        None => words.into(),
                    });
                    self.keep(job, &result)?;
                }
                Verdict::Stop => return Ok(Step::Stopped(Exit::Interrupt)),
                Verdict::Unknown => self.talk.note("that is none of the answers"),
            }
        }
    }

    /// Makes what is known of a job durable without reporting it.
    fn keep(&mut self, job: &JobId, result: &JobResult) -> Result<(), Failure> {
        self.record(job, result.clone())?;
        self.unreported.retain(|known| known != job);
        self.checkpoint()
    }

    fn outcome(&self, job: &JobId) -> Option<JobOutcome> {
        let state = self.manager.state().job_state(job);
        state.and_then(session_state::JobState::outcome)
    }

    fn result_so_far(&self, job: &JobId) -> JobResult {
        let state = self.manager.state().job_state(job);
        state.map_or_else(JobResult::default, |job| job.result().clone())
    }

    fn answer(&self) -> Answer {
        match &self.person {
            Some(person) => person.answer(self.stop),
            None => Answer::Gone,
        }
    }

    fn tell_job(&mut self, job: &JobId) {
        let Some(known) = self.manager.state().job_state(job) else {
            return;
        };
        let definition = known.definition();
        let mut lines = vec![String::new(), format!("{job}: {}", definition.summary())];
        if let Some(text) = definition.description() {
            lines.extend(text.lines().map(|line| format!("    {line}")));
        }
        for line in lines {
            self.talk.note(&wording::one_line(&line));
        }
    }
}
