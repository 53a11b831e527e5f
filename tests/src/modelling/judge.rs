//! What is there, held against the model.

use session_manager::{
    DormantSession, Fate, FlightAction, ResumeEnvironment, ResumePolicy, SessionManager,
    plan_resume,
};
use session_state::SessionState;

use super::figures::{Broken, broken};
use super::model::Model;
use super::run::{Moment, Play};
use super::world::commands;

impl Play {
    pub(super) fn compare_memory(&self) -> Result<(), Broken> {
        let Some(manager) = &self.manager else {
            return Ok(());
        };
        let found = Model::of(manager.state());
        if found == self.now {
            Ok(())
        } else {
            Err(Broken(format!(
                "in memory {found:?}\nthe model says {:?}",
                self.now
            )))
        }
    }

    /// Another process looks: it sees what is acknowledged, or what is being written.
    pub(super) fn look(&self) -> Result<(), Broken> {
        if self.acknowledged.is_none() && self.written.is_empty() {
            return Ok(());
        }
        let storage = self.world.storage(true).map_err(broken)?;
        let known = self.world.known(&self.now.commands);
        match DormantSession::read_with(&storage, &self.world.options(), &known) {
            Ok(dormant) => self.expect(&dormant.state).map(|_| ()),
            Err(_) if self.acknowledged.is_none() => Ok(()),
            Err(error) => Err(broken(error)),
        }
    }

    /// What is read is the acknowledged state, or one that was begun to be written later.
    pub(super) fn expect(&self, state: &SessionState) -> Result<Moment, Broken> {
        let found = Model::of(state);
        let allowed = self.acknowledged.iter().chain(&self.written);
        let kept = |moment: &&Moment| {
            if self.world.is_checkbox {
                moment.model.as_checkbox_keeps_it() == found.as_checkbox_keeps_it()
            } else {
                moment.state == *state
            }
        };
        allowed.clone().find(kept).cloned().ok_or_else(|| {
            let models: Vec<&Model> = allowed.map(|moment| &moment.model).collect();
            Broken(format!("{found:?}\nopens; allowed are {models:?}"))
        })
    }

    /// A plan made beside says what loading finds.
    pub(super) fn plan_agrees(&self, manager: &SessionManager) -> Result<(), Broken> {
        let storage = self.world.storage(true).map_err(broken)?;
        let known = self.world.known(&commands(manager.state()));
        let options = self.world.options();
        let dormant = DormantSession::read_with(&storage, &options, &known).map_err(broken)?;
        let environment = ResumeEnvironment::of(&options, ResumePolicy::default());
        let plan = plan_resume(&dormant, None, &environment);
        let planned = plan.flight.map(|flight| flight.job);
        let loaded = manager
            .left_over()
            .flight
            .as_ref()
            .map(|flight| flight.job.clone());
        if planned == loaded {
            Ok(())
        } else {
            Err(Broken(format!("planned {planned:?}, loaded {loaded:?}")))
        }
    }

    /// A job is never started more often than is allowed, and what was recorded is there.
    pub(super) fn check_fate(&self, manager: &SessionManager, fate: &Fate) -> Result<(), Broken> {
        let Fate::Decided { job, action, .. } = fate else {
            return Ok(());
        };
        let known = manager.state().job_state(job);
        let outcome = known.and_then(session_state::JobState::outcome);
        let attempts = known.map_or(0, session_state::JobState::started_attempts);
        let holds = match action {
            FlightAction::Record(wanted) => outcome == Some(*wanted),
            FlightAction::RunNow => true,
            FlightAction::RunAgain => attempts < 3,
        };
        if holds {
            Ok(())
        } else {
            Err(Broken(format!(
                "{fate:?} with {attempts} attempts and {outcome:?}"
            )))
        }
    }
}
