//! Loading a session whose jobs all have results.

use std::path::Path;
use std::sync::Arc;

use session_manager::SessionManager;
use session_state::{JobDefinition, SessionState};
use session_storage::{RealFs, SessionStorage};
use suspend_resume::{Format, Limits, decode_changes, resume_native};

use super::kit::{Run, expect_results, options, selected};
use super::original::{ITS_FORMAT, load_by};
use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::jobs::number;
use crate::method::{Contender, CountingFs, Row, Syncs, Unit, instructions, measured, time_rounds};
use crate::plainbox::{ABSENT, ORIGINAL, PlainBox};
use crate::run::{RunOptions, Scale};
use crate::sessions::only_session;

const FLOOR: &str = "recovery + decode + state";

/// What each job prints.
const OUTPUT: &str = "1024 of 1024 checked, nothing to report\n";

/// Loading to go on with it, beside only reading it; and beside the original, which is asked once.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let jobs = options.scale.pick(10_000, 1_000, 20);
    let (definitions, state) = selected(jobs)?;
    let folder = disk::scratch().doing("make a scratch folder")?;
    let storage = killed(folder.path(), state.clone())?;
    let mut contenders = [
        Contender::new("ours", || {
            expect_results("ours", load(&storage)?.state(), jobs)
        }),
        Contender::new(FLOOR, || {
            expect_results("the floor", &read(&storage)?, jobs)
        }),
    ];
    let rounds = time_rounds(options.scale.rounds(), &mut contenders)?;
    let work = format!("load {jobs} jobs with a result each, to go on with them");
    let ours = rounds.median_ns("ours", 1);
    let row = Row::new(&work, ours, Unit::Nanoseconds)
        .beside(FLOOR, rounds.median_ns(FLOOR, 1))
        .ratio_at_most(rounds.ratio("ours", FLOOR), FLOOR, 1.3);
    if options.scale == Scale::Least {
        return Ok(vec![row]);
    }
    let exact = instruction_row(options, jobs)?;
    let bar = format!("under 1/500 of {ORIGINAL}");
    let Some(plainbox) = PlainBox::find()? else {
        return Ok(vec![row, exact, Row::not_measured(work, bar, ABSENT)]);
    };
    let theirs = theirs(&plainbox, &definitions, state)?;
    let words = format!("{bar} (1/{:.0})", theirs / ours);
    Ok(vec![
        row.beside(format!("{ORIGINAL} (1 round)"), theirs)
            .judged(&words, ours < theirs / 500.0),
        exact,
    ])
}

/// A session that was run to its end, and whose manager was killed then.
fn killed(folder: &Path, state: SessionState) -> Result<SessionStorage, BenchError> {
    let fs = Arc::new(CountingFs::new(Syncs::CountedOnly));
    let mut run = Run::begin(fs, folder, Format::Native, state)?.printing(OUTPUT);
    run.finish()?;
    drop(run);
    only_session(folder)
}

/// The same without the waiting for the disk.
fn instruction_row(options: &RunOptions, jobs: usize) -> Result<Row, BenchError> {
    let work = format!("load {jobs} jobs with a result each: instructions");
    let count = |what: &str| {
        let probe = ["manager", what, &jobs.to_string()];
        instructions(&options.program, &probe)
    };
    let (Some(ours), Some(floor)) = (count("load")?, count("read")?) else {
        let bar = format!("at most 1.3 × {FLOOR}");
        return Ok(Row::not_measured(work, bar, "no valgrind here"));
    };
    Ok(Row::new(work, ours as f64, Unit::Instructions)
        .beside(FLOOR, floor as f64)
        .at_most_times(FLOOR, 1.3))
}

/// One load, or one reading of the same session.
pub(super) fn probe(what: &str, jobs: &str) -> Result<(), BenchError> {
    let (_, state) = selected(number(jobs)?)?;
    let folder = disk::scratch().doing("make a scratch folder")?;
    let storage = killed(folder.path(), state)?;
    match what {
        "load" => measured(|| load(&storage)).map(drop),
        _ => measured(|| read(&storage)).map(drop),
    }
}

fn load(storage: &SessionStorage) -> Result<SessionManager, BenchError> {
    SessionManager::load_session(storage.clone(), options()?, None).doing("load a session")
}

/// Everything that has to be done to know the state, and nothing that is done to go on with it.
fn read(storage: &SessionStorage) -> Result<SessionState, BenchError> {
    let limits = Limits::default();
    let recovered = storage.recover().doing("recover")?;
    let mut state = resume_native(&recovered.snapshot, &limits).doing("decode")?;
    for frame in &recovered.frames {
        let changes = frame.parts.last().map_or(&[][..], |part| part);
        for change in decode_changes(changes, &limits).doing("decode")? {
            state.apply(&change).doing("apply a change")?;
        }
    }
    Ok(state)
}

/// What the original takes for the same session, kept in its newest format by our manager.
fn theirs(
    plainbox: &PlainBox,
    definitions: &[Arc<JobDefinition>],
    state: SessionState,
) -> Result<f64, BenchError> {
    let scratch = disk::scratch().doing("make a scratch folder")?;
    let mut run = Run::begin(Arc::new(RealFs), scratch.path(), ITS_FORMAT, state)?;
    run.record_all()?;
    load_by(plainbox, definitions, run.manager.storage().location())
}
