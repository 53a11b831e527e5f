//! A run of jobs that do nothing, through the manager and its journal.

use std::sync::{Arc, Mutex, PoisonError};

use session_storage::{Fs, RealFs};
use suspend_resume::{Format, Summary, encode_changes};

use super::kit::{Run, selected};
use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::flat::Flat;
use crate::jobs::number;
use crate::method::{Contender, CountingFs, Row, Syncs, Unit, measured, time_rounds};
use crate::run::{RunOptions, Scale};
use crate::storage::{DIRECT_FLOOR, FLOOR, begin_direct_floor, begin_floor};

/// How many jobs one turn of a round runs.
const TURN: usize = 100;

/// What the header of a frame takes, as `docs/formats-journal.md` says.
const FRAME_HEADER: usize = 120;

/// How many jobs a probe counts the instructions of: as many as fill the room that is there.
const PROBED: usize = 400;

/// The same work at a raw rate of at least 0.85.
const TIME_MAX: f64 = 1.0 / 0.85;

/// What the device is asked for per job of a whole run.
pub(super) fn device_rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let jobs = options.scale.pick(10_000, 2_000, 20);
    let Some(device) = options.device()? else {
        let why = "the kernel has no counters for the device";
        return Ok(vec![Row::not_measured(
            "flushes and write requests a job",
            "at most 1.01 and 2.2",
            why,
        )]);
    };
    let folder = tempfile::tempdir_in(device.folder()).doing("make a scratch folder")?;
    let (_, state) = selected(jobs)?;
    let mut run = Run::begin(Arc::new(RealFs), folder.path(), Format::Native, state)?;
    device.settle()?;
    let before = device.counters()?;
    run.finish()?;
    device.settle()?;
    let asked = device.counters()?.since(before);
    let where_ = device.whose();
    let row = |what: &str, unit, count: u64| {
        let work = format!("{what} a job, a run of {jobs} jobs{where_}");
        Row::new(work, count as f64 / jobs as f64, unit)
    };
    Ok(vec![
        row("flushes", Unit::Count, asked.flushes).at_most(1.01),
        row("write requests", Unit::Count, asked.requests).at_most(2.2),
        row("device bytes", Unit::Bytes, asked.bytes),
    ])
}

/// How long a job takes, beside one raw append of the same length with its flush; and whether that depends on the
/// size of the session.
pub(super) fn time_rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let [small, middle, large] = sizes(options.scale);
    let turn = options.scale.pick(TURN, TURN, small);
    let home = disk::scratch().doing("make a scratch folder")?;
    let folder = || tempfile::tempdir_in(home.path()).doing("make a scratch folder");
    let begin = |jobs: usize| {
        let folder = folder()?;
        let (_, state) = selected(jobs)?;
        let run = Run::begin(Arc::new(RealFs), folder.path(), Format::Native, state)?;
        Ok((folder, run))
    };
    let change = vec![0x5A; frame_bytes()?];
    let (_floors, mut floor, mut direct) = {
        let folders = [folder()?, folder()?];
        let floor = begin_floor(folders[0].path())?;
        let direct = begin_direct_floor(folders[1].path())?;
        (folders, floor, direct)
    };
    let (_middle_folder, mut middle_run) = begin(middle)?;
    let (_large_folder, mut large_run) = begin(large)?;
    let count = options.scale.rounds();
    // All of them beforehand: a device writes faster, by a tenth, to where zeros were written a moment ago, and to the
    // large session that happens once in five turns.
    let mut small_runs: Vec<_> = (0..=count)
        .map(|_| begin(small))
        .collect::<Result<_, _>>()?;
    let mut untouched = small_runs.iter_mut();
    let (ours, few, many) = (named(middle), named(small), named(large));
    let raw = |keeper: &mut dyn crate::storage::Keeper| {
        (0..turn).try_for_each(|number| keeper.keep(number as u64, &change))
    };
    let mut contenders = [
        Contender::new(&ours, || middle_run.go(turn)),
        Contender::new(FLOOR, || raw(floor.as_mut())),
        Contender::new(DIRECT_FLOOR, || raw(direct.as_mut())),
        Contender::new(&few, || {
            let (_, run) = untouched
                .next()
                .ok_or("no session is left")
                .doing("run one")?;
            run.go(turn)
        }),
        Contender::new(&many, || large_run.go(turn)),
    ];
    let rounds = time_rounds(count, &mut contenders)?;
    let beside_floor = Row::new(
        format!("time of a job, a run of {middle} jobs"),
        rounds.median_ns(&ours, turn),
        Unit::Nanoseconds,
    )
    .beside(DIRECT_FLOOR, rounds.median_ns(DIRECT_FLOOR, turn))
    .beside(FLOOR, rounds.median_ns(FLOOR, turn))
    .ratio_at_most(rounds.ratio(&ours, DIRECT_FLOOR), DIRECT_FLOOR, TIME_MAX);
    let flat = Row::new(
        format!("time of a job, a run of {large} jobs"),
        rounds.median_ns(&many, turn),
        Unit::Nanoseconds,
    )
    .beside(&few, rounds.median_ns(&few, turn))
    .ratio_at_most(rounds.ratio(&many, &few), &few, 1.05);
    Ok(vec![beside_floor, flat])
}

fn named(jobs: usize) -> String {
    format!("a run of {jobs} jobs")
}

fn sizes(scale: Scale) -> [usize; 3] {
    match scale {
        Scale::Full => [100, 10_000, 100_000],
        Scale::Quick => [100, 2_000, 20_000],
        Scale::Least => [4, 8, 12],
    }
}

/// How long the frame of a job is, before it is rounded up.
fn frame_bytes() -> Result<usize, BenchError> {
    let folder = disk::scratch().doing("make a scratch folder")?;
    let (_, state) = selected(10)?;
    let fs: Arc<dyn Fs> = Arc::new(CountingFs::new(Syncs::CountedOnly));
    let mut run = Run::begin(fs, folder.path(), Format::Native, state)?;
    run.go(5)?;
    let longest = Arc::new(Mutex::new(0));
    let seen = Arc::clone(&longest);
    run.manager.on_durable(Box::new(move |state, changes| {
        let changes = encode_changes(changes).map_or(0, |bytes| bytes.len());
        let summary = Summary::of(state).encode().map_or(0, |bytes| bytes.len());
        let mut longest = seen.lock().unwrap_or_else(PoisonError::into_inner);
        *longest = (FRAME_HEADER + changes + summary).max(*longest);
    }));
    run.go(3)?;
    let longest = *longest.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(longest)
}

/// The instructions of a job, at three sizes of the session.
pub(super) fn flat_rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    if options.scale == Scale::Least {
        return Ok(Vec::new());
    }
    let flat = Flat {
        work: "instructions of a job",
        flat_in: "session",
        probe: ["manager", "run"],
        sizes: [PROBED, 10_000, options.scale.pick(100_000, 50_000, 0)],
        repetitions: PROBED,
    };
    Ok(vec![flat.row(options)?])
}

/// A session of so many jobs, of which so many are run and measured.
pub(super) fn probe(jobs: &str, run: &str) -> Result<(), BenchError> {
    let (jobs, count) = (number(jobs)?, number(run)?);
    let folder = disk::scratch().doing("make a scratch folder")?;
    let fs: Arc<dyn Fs> = Arc::new(CountingFs::new(Syncs::CountedOnly));
    let (_, state) = selected(jobs)?;
    let mut run = Run::begin(fs, folder.path(), Format::Native, state)?;
    measured(|| run.go(count))
}
