//! How a run ends: paused, given up, or done.

use std::time::Duration;

use session_manager::{Lifecycle, PauseReason, SessionManager};

use super::walk::Execution;
use crate::error::{Failure, OfSession};
use crate::exit_code::Exit;
use crate::json::{Event, Line};
use crate::output::Talk;
use crate::summary::Summary;
use crate::wording;

impl Execution<'_> {
    /// Stops where the session stands: everything recorded is durable and reported, and the session is closed. When
    /// somebody asked for it, the session is given up for good.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub(crate) fn pause(self, exit: Exit) -> Result<Exit, Failure> {
        self.pause_for(PauseReason::Asked, exit)
    }

    /// As [`pause`](Self::pause), since the disk is full.
    pub(super) fn pause_full(self) -> Result<Exit, Failure> {
        self.progress.end();
        self.talk
            .note("error: the disk is full; the run pauses before anything is lost");
        self.pause_for(PauseReason::DiskFull, Exit::Storage)
    }

    fn pause_for(mut self, why: PauseReason, exit: Exit) -> Result<Exit, Failure> {
        if self.is_abort_requested()? {
            return self.abort(exit);
        }
        self.manager.pause(why);
        self.checkpoint()?;
        let left = self.manager.state().todo_count();
        let id = self.id.clone();
        let note = format!(
            "stopped with {} left; go on with `session resume {id}`",
            wording::count(left, "job")
        );
        let event = Event::Stopped {
            id: &id,
            jobs_left: left,
        };
        self.leave(event, &note, exit)
    }

    fn abort(mut self, exit: Exit) -> Result<Exit, Failure> {
        self.manager
            .abort()
            .map_err(|error| Failure::Abort(OfSession::new(&self.id, error)))?;
        self.report();
        let left = self.manager.state().todo_count();
        let id = self.id.clone();
        let note = format!(
            "given up with {} left; the results are kept",
            wording::count(left, "job")
        );
        let event = Event::Aborted {
            id: &id,
            jobs_left: left,
        };
        self.leave(event, &note, exit)
    }

    /// Closes the session before all jobs have an outcome, and tells so.
    fn leave(self, event: Event<'_>, note: &str, exit: Exit) -> Result<Exit, Failure> {
        self.progress.end();
        close(self.manager, &self.id)?;
        if self.json {
            self.talk.json(&Line::new(event));
        }
        self.talk.note(note);
        Ok(exit)
    }

    pub(super) fn finish(mut self) -> Result<Exit, Failure> {
        self.enter(Lifecycle::Finished)?;
        self.checkpoint()?;
        for words in self.selection.idle(self.manager.state()) {
            self.talk.note(&format!("note: {words}"));
        }
        self.progress.end();
        let took = self.begun.elapsed();
        let summary = Summary::of(&self.id, self.manager.state(), &self.last_output);
        close(self.manager, &self.id)?;
        Ok(tell_summary(&summary, took, self.json, self.talk))
    }
}

fn close(manager: SessionManager, id: &str) -> Result<(), Failure> {
    manager
        .close()
        .map_err(|error| Failure::Checkpoint(OfSession::new(id, error)))
}

/// Tells how a session went, and the exit code of that.
pub(crate) fn tell_summary(summary: &Summary, took: Duration, json: bool, talk: &mut Talk) -> Exit {
    if json {
        talk.json(&Line::new(summary.event(took)));
    } else {
        summary.lines(took).iter().for_each(|line| talk.data(line));
    }
    Exit::of_failures(summary.failed())
}
