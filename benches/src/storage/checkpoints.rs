//! One change, made durable: what the device is asked to do, and how long it takes.

use super::keeper::{Changes, DIRECT_FLOOR, FLOOR, Keeper, OURS, everybody};
use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::method::{Contender, DeviceCounters, Row, Unit, time_rounds};
use crate::run::RunOptions;

/// How many checkpoints one turn of a round has.
const TURN: usize = 100;

/// What the device is asked for per checkpoint, preallocation included, folds apart.
pub(super) fn device_rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let count = options.scale.pick(10_000, 2_000, 20);
    let Some(device) = options.device()? else {
        let why = "the kernel has no counters for the device";
        return Ok(vec![Row::not_measured(
            "device bytes, requests, flushes",
            "",
            why,
        )]);
    };
    let mut asked: Vec<(&str, DeviceCounters)> = Vec::new();
    for (name, begin) in everybody() {
        let folder = tempfile::tempdir_in(device.folder()).doing("make a scratch folder")?;
        let mut keeper = begin(folder.path())?;
        let mut changes = Changes::new();
        // The first change may still set something up.
        changes.keep(keeper.as_mut(), 1)?;
        device.settle()?;
        let before = device.counters()?;
        changes.keep(keeper.as_mut(), count)?;
        device.settle()?;
        asked.push((name, device.counters()?.since(before)));
    }
    let where_ = device.whose();
    let row = |what: &str, unit, number: fn(&DeviceCounters) -> u64| {
        let each = |asked: &DeviceCounters| number(asked) as f64 / count as f64;
        let ours = asked.first().map_or(f64::NAN, |(_, asked)| each(asked));
        let work = format!("{what} a checkpoint{where_}");
        asked
            .iter()
            .skip(1)
            .fold(Row::new(work, ours, unit), |row, (name, asked)| {
                row.beside(*name, each(asked))
            })
    };
    let bytes = row("device bytes", Unit::Bytes, |asked| asked.bytes);
    let peers: Vec<f64> = bytes
        .others
        .iter()
        .filter(|(name, _)| name != FLOOR && name != DIRECT_FLOOR)
        .map(|(_, figure)| figure.value)
        .collect();
    let ours = bytes.ours.map_or(f64::NAN, |ours| ours.value);
    let below = peers.iter().all(|peer| ours < *peer);
    Ok(vec![
        bytes.at_most(4_400.0).judged("below the peers", below),
        row("write requests", Unit::Count, |asked| asked.requests).at_most(2.1),
        row("flushes", Unit::Count, |asked| asked.flushes).at_most(1.01),
    ])
}

/// How long a checkpoint takes, on the disk below the build folder.
pub(super) fn time_rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let turn = options.scale.pick(TURN, TURN, 5);
    let home = disk::scratch().doing("make a scratch folder")?;
    let mut folders = Vec::new();
    let mut contenders = Vec::new();
    for (name, begin) in everybody() {
        let folder = tempfile::tempdir_in(home.path()).doing("make a scratch folder")?;
        let mut keeper: Box<dyn Keeper> = begin(folder.path())?;
        let mut changes = Changes::new();
        folders.push(folder);
        contenders.push(Contender::new(name, move || {
            changes.keep(keeper.as_mut(), turn)
        }));
    }
    let rounds = time_rounds(options.scale.rounds(), &mut contenders)?;
    let ours = rounds.median_ns(OURS, turn);
    let row = |other: &str, limit: f64| {
        Row::new(
            format!("time of a checkpoint beside {other}"),
            ours,
            Unit::Nanoseconds,
        )
        .beside(other, rounds.median_ns(other, turn))
        .ratio_at_most(rounds.ratio(OURS, other), other, limit)
    };
    let mut rows = Vec::new();
    for (name, _) in everybody() {
        let limit = match name {
            FLOOR | DIRECT_FLOOR => 1.10,
            _ => 1.0,
        };
        if name != OURS {
            rows.push(row(name, limit));
        }
    }
    Ok(rows)
}
