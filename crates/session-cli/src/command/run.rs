//! `session run`: a new session of the jobs of unit files.

use std::sync::Arc;

use camino::Utf8PathBuf;
use job_units::{ReadOptions, Units, engines, read_units};
use session_manager::{Lifecycle, ManagerOptions, SessionManager};
use session_state::{JobId, Problem, SessionState, UnknownJob, flags};
use suspend_resume::{Format, SuspendOptions, losses};

use crate::args::Run;
use crate::config::{Place, own_command};
use crate::error::{Failure, OfSession};
use crate::execution::Execution;
use crate::exit_code::Exit;
use crate::json::{Event, Line};
use crate::output::Talk;
use crate::selection::{Selection, problem_words};
use crate::signals::Stop;
use crate::standing::APP_ID;
use crate::wording;

/// So many mistakes and problems are told one by one.
const TOLD_MAX: usize = 100;

/// Creates a session of the jobs of the unit files, all or those of a plan, makes it durable, tells its id, and runs it.
///
/// # Errors
/// The unit files cannot be used, the session cannot be created, or its results cannot be kept.
pub(crate) fn run(arguments: &Run, talk: &mut Talk) -> Result<Exit, Failure> {
    let json = arguments.common.json;
    let units = units(&arguments.units, talk)?;
    let selection = match &arguments.plan {
        Some(plan) => Selection::of_plan(&units.plans, plan)?,
        None => Selection::Everything,
    };
    let mut state = state_of(&units)?;
    if arguments.strict_templates {
        state.set_flag(flags::STRICT_TEMPLATE_EXPANSION);
    }
    state.set_app_blob(selection.blob());
    let left_out = begin(&selection, &mut state, talk)?;
    state.set_title(Some(
        arguments
            .title
            .clone()
            .unwrap_or_else(|| title(&units.files)),
    ));
    state.set_app_id(Some(APP_ID.to_owned()));

    let repository = Place::choose(arguments.common.repository.as_deref())?.create()?;
    let stop = Stop::on_signals().map_err(Failure::Signals)?;
    tell_losses(&state, arguments.format, talk);
    let mut manager = SessionManager::builder(repository, options()?)
        .format(arguments.format)
        .create_with_state(state)?;
    let id = manager.id().to_string();
    manager
        .checkpoint()
        .map_err(|error| Failure::Checkpoint(OfSession::new(&id, error)))?;
    announce(&manager, json, false, talk);
    Execution::new(manager, selection, &stop, talk, json, left_out)
        .with_person()?
        .run()
}

/// Tells what the format the session is kept in cannot carry.
pub(crate) fn tell_losses(state: &SessionState, format: Format, talk: &mut Talk) {
    for loss in losses(state, format, &SuspendOptions::default()) {
        let loss = wording::one_line(&loss.to_string());
        talk.note(&format!("note: {format} does not keep: {loss}"));
    }
}

/// What the manager is told about us.
///
/// # Errors
/// The machine has no randomness to give.
pub(crate) fn options() -> Result<ManagerOptions, Failure> {
    let mut options = ManagerOptions::system().map_err(Failure::Host)?;
    options.holder.command = own_command();
    options.engines = engines();
    Ok(options)
}

/// Tells which session it is.
pub(crate) fn announce(manager: &SessionManager, json: bool, resumed: bool, talk: &mut Talk) {
    let id = manager.id().as_str();
    if !json {
        return talk.data(&format!("session {id}"));
    }
    let state = manager.state();
    talk.json(&Line::new(Event::Session {
        id,
        location: manager.storage().location().as_str(),
        title: state.metadata().title.as_deref(),
        jobs: state.job_count(),
        jobs_left: state.todo_count(),
        resumed,
    }));
}

/// Reads unit files, and tells every mistake in them.
pub(crate) fn units(paths: &[Utf8PathBuf], talk: &mut Talk) -> Result<Units, Failure> {
    let units = match read_units(paths, &ReadOptions::default()) {
        Ok(units) => units,
        Err(errors) => {
            for error in errors.iter().take(TOLD_MAX) {
                talk.note(&format!("error: {}", wording::chain(error)));
                if !error.text.is_empty() {
                    talk.note(&format!("    {}", wording::one_line(&error.text)));
                }
            }
            return Err(Failure::Units { errors });
        }
    };
    for note in units.notes.iter().take(TOLD_MAX) {
        talk.note(&format!("note: {note}"));
    }
    Ok(units)
}

/// Everything the units bring into a session.
///
/// # Errors
/// Two different jobs have one id.
fn state_of(units: &Units) -> Result<SessionState, Failure> {
    let mut state = SessionState::new();
    state.set_engines(engines());
    for job in &units.jobs {
        state.add_job(Arc::clone(job), None)?;
    }
    for template in &units.templates {
        state.add_template(Arc::clone(template));
    }
    for unit in &units.others {
        state.add_other_unit(Arc::clone(unit));
    }
    Ok(state)
}

/// Selects the jobs of the first phase, and enters it.
///
/// # Errors
/// Nothing can be run, now or later.
pub(crate) fn begin(
    selection: &Selection,
    state: &mut SessionState,
    talk: &mut Talk,
) -> Result<Vec<JobId>, Failure> {
    selection.override_fields(state);
    let phase = selection.first_phase(state);
    let selected = selection.select(phase, state).map_err(lost_job)?;
    tell_problems(&selected.problems, talk);
    if state.run_list().len() == 0 && phase == Lifecycle::Running {
        return Err(Failure::NothingToRun);
    }
    phase
        .enter(state)
        .map_err(|error| Failure::Lifecycle(OfSession::new("", error)))?;
    Ok(selected.left_out)
}

/// Tells what could not be had.
pub(crate) fn tell_problems(problems: &[Problem], talk: &mut Talk) {
    for problem in problems.iter().take(TOLD_MAX) {
        talk.note(&format!("problem: {}", problem_words(problem)));
    }
    if problems.len() > TOLD_MAX {
        talk.note(&format!("and {} problems more", problems.len() - TOLD_MAX));
    }
}

fn lost_job(source: UnknownJob) -> Failure {
    Failure::UnknownJob {
        id: String::new(),
        source,
    }
}

/// The names of the files, the first few of them.
pub(crate) fn title(files: &[Utf8PathBuf]) -> String {
    const NAMES_MAX: usize = 3;
    let mut names: Vec<&str> = files
        .iter()
        .filter_map(|file| file.file_name())
        .take(NAMES_MAX)
        .collect();
    if files.len() > NAMES_MAX {
        names.push("...");
    }
    names.join(", ")
}
